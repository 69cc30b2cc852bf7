"""What a person reads in place of a code."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kpis.definitions.deals import ASSOCIATION
from openprm.kpis.definitions.profit import NO_TEAM, UNRATED
from openprm.kpis.definitions.revenue import IN_NO_RUN
from openprm.kpis.rules.outcomes import Why

REASONS: dict[Why, Any] = {
    Why.ZERO: gettext_lazy("There is nothing to divide by in this period."),
    Why.EMPTY: gettext_lazy("There are no rows in this period."),
    Why.FEW: gettext_lazy("Too few deals on one side to compare."),
    Why.NOT_REACHED: gettext_lazy("Fewer than half have it yet."),
    Why.SEGMENT: gettext_lazy("Only for all partners together: deals without a partner belong to no part of them."),
    Why.PANEL: gettext_lazy("Shown as several numbers, not as one."),
    Why.NO_COST: gettext_lazy("The costs it needs are not entered for this period."),
}
NOTES = {
    IN_NO_RUN: gettext_lazy("Some of these deals are in no attribution run yet: the rules in force today say who sourced and influenced them."),
    NO_TEAM: gettext_lazy("The cost of the team is not entered: the true cost is higher."),
    UNRATED: gettext_lazy("Some costs are in a currency without a rate on their day: they are not in it."),
    ASSOCIATION: gettext_lazy("An association, not an effect."),
}
UNITS = {
    "money": "",
    "money_per_day": gettext_lazy("a day"),
    "percent": "%",
    "points": gettext_lazy("points"),
    "ratio": "",
    "days": gettext_lazy("days"),
    "hours": gettext_lazy("hours"),
    "count": "",
    "index": "",
}
PERIODS = {
    "12m": gettext_lazy("Last 12 months"),
    "month": gettext_lazy("This month"),
    "quarter": gettext_lazy("This quarter"),
    "year": gettext_lazy("This year"),
    "all": gettext_lazy("All time"),
}


def not_measured(missing: Any) -> str:
    return _("not measured: %(missing)s") % {"missing": missing} if missing else ""


def reason(why: Why | None) -> str:
    return str(REASONS[why]) if why else ""


def notes(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(NOTES[code]) for code in codes)
