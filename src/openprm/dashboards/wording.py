"""What a person reads in place of a code."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.dashboards.rules.asking import Bad, Problem

TITLES: dict[str, Any] = {
    "executive": gettext_lazy("Executive dashboard"),
    "manager": gettext_lazy("My partners"),
    "partner": gettext_lazy("Our dashboard"),
}
ABOUT: dict[str, Any] = {
    "executive": gettext_lazy("What partners brought, what it cost, and how sure we are. Every number opens its rows."),
    "manager": gettext_lazy("The partners you look after: what needs you, how each one stands, and what we owe them."),
    "partner": gettext_lazy("Your own numbers by the definitions that the vendor uses for itself. Every number opens its rows."),
}
PERIODS = {
    "12m": gettext_lazy("Last 12 months"),
    "quarter": gettext_lazy("This quarter"),
    "month": gettext_lazy("This month"),
    "year": gettext_lazy("This year"),
    "all": gettext_lazy("All time"),
}
COMPARES = {"previous": gettext_lazy("The period before"), "last_year": gettext_lazy("A year earlier"), "none": gettext_lazy("Nothing")}
PARTS = {
    "program": gettext_lazy("Program"),
    "tier": gettext_lazy("Tier"),
    "region": gettext_lazy("Region"),
    "type": gettext_lazy("Type"),
    "motion": gettext_lazy("Motion"),
}
EVERY = {"weekly": gettext_lazy("Every week"), "monthly": gettext_lazy("Every month")}
WEEKDAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"), gettext_lazy("Friday"),
    gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip
OUTCOMES = {
    "sent": gettext_lazy("sent"),
    "no_access": gettext_lazy("not sent: the person may no longer see it"),
    "switched_off": gettext_lazy("not sent: the person switched these mails off"),
    "left": gettext_lazy("not sent: the person left the mailing"),
}


def problem(one: Problem) -> str:
    """A sentence that says what was not understood, and what stands in its place."""
    given = {"given": one.given}
    return {
        Bad.DAY: _("“%(given)s” is no day between 1990 and 2199. Write it like 2026-12-31. The numbers below are as of today."),
        Bad.PERIOD: _("“%(given)s” is no period that is known here. The last 12 months are shown."),
        Bad.COMPARE: _("“%(given)s” is nothing to compare with. The period before is beside each number."),
        Bad.PART: _("No partners are known under “%(given)s”. The numbers below are not narrowed by it."),
        Bad.BESIDE: _("Partners are not put side by side by “%(given)s”."),
        Bad.WHOSE: _("“%(given)s” is neither “mine” nor “all”. Your own partners are shown."),
    }[one.bad] % given
