"""What a person reads in place of a code."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.money import Money, minor_units
from openprm.kpis.definitions.deals import ASSOCIATION
from openprm.kpis.definitions.profit import NO_TEAM, UNRATED
from openprm.kpis.definitions.revenue import IN_NO_RUN
from openprm.kpis.models import COST_KINDS as COST_KINDS
from openprm.kpis.rules.outcomes import Why
from openprm.ui import format as formats
from openprm.ui.format import Viewer

DASH = "—"
MONEY = {"money", "money_per_day"}
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
TARGET_PERIODS = {"month": gettext_lazy("Month"), "quarter": gettext_lazy("Quarter"), "year": gettext_lazy("Year")}
SEGMENTS = {
    "partner": gettext_lazy("Partner"),
    "program": gettext_lazy("Program"),
    "tier": gettext_lazy("Tier"),
    "region": gettext_lazy("Region"),
    "type": gettext_lazy("Type"),
    "motion": gettext_lazy("Motion"),
    "manager": gettext_lazy("Partner manager"),
}
MOTIONS = {
    "influence": gettext_lazy("Influence"),
    "transact": gettext_lazy("Resell"),
    "solution": gettext_lazy("Solution"),
    "retain": gettext_lazy("Retain"),
}


def not_measured(missing: Any) -> str:
    return _("not measured: %(missing)s") % {"missing": missing} if missing else ""


def reason(why: Why | None) -> str:
    return str(REASONS[why]) if why else ""


def notes(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(NOTES[code]) for code in codes)


def said(amount: Decimal | None, unit: str, currency: str, viewer: Viewer, *, compact: bool = True) -> str:
    """A number as a person reads it; none is a dash."""
    if amount is None:
        return DASH
    if unit in MONEY:
        return formats.money(Money(round(amount), currency), viewer, compact=compact)
    return formats.number(round(amount, 2 if unit == "ratio" else 1).normalize() + 0, viewer)


def major(amount: Decimal, currency: str) -> Decimal:
    """Minor units as the currency's own units, exactly."""
    return amount.scaleb(-minor_units(currency))
