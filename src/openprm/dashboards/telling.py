"""Numbers, days and filters as a person reads them, on a page and in a mail."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.dashboards.rules.asking import Ask
from openprm.dashboards.wording import PARTS, PERIODS
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.kpis.queries import Figure, TargetFor
from openprm.partners import queries as partners
from openprm.ui import format as formats
from openprm.ui.format import Viewer

DASH = "—"
MONEY = ("money", "money_per_day")
UNITS = {
    "money_per_day": gettext_lazy("a day"),
    "percent": "%",
    "points": gettext_lazy("points"),
    "days": gettext_lazy("days"),
    "hours": gettext_lazy("hours"),
}


def amount(value: Decimal | None, unit: str, currency: str, viewer: Viewer, *, compact: bool = True) -> str:
    """A dash for a number that is not there: it is not a zero."""
    if value is None:
        return DASH
    if unit in MONEY:
        return formats.money(Money(round(value), currency), viewer, compact=compact)
    return formats.number(round(value, 2 if unit == "ratio" else 1).normalize() + 0, viewer)


def unit_of(unit: str) -> str:
    return str(UNITS.get(unit, ""))


def with_unit(value: Decimal | None, unit: str, currency: str, viewer: Viewer, *, compact: bool = True) -> str:
    """ "€61.3k", "93 %", "38 days"."""
    text, word = amount(value, unit, currency, viewer, compact=compact), unit_of(unit)
    return f"{text} {word}" if word and value is not None else text


def told(figure: Figure, viewer: Viewer, *, compact: bool = True) -> str:
    return with_unit(figure.value, figure.unit, figure.currency, viewer, compact=compact)


def change(figure: Figure, viewer: Viewer) -> tuple[str, str, str]:
    """The change with its sign, its tone (better or worse) and its direction; nothing without something to compare with."""
    if not figure.change:
        return "", "", ""
    up = figure.change > 0
    tone = "" if figure.direction == "none" else "ok" if up == (figure.direction == "up") else "bad"
    return ("+" if up else "") + with_unit(figure.change, figure.unit, figure.currency, viewer), tone, "up" if up else "down"


def target(one: TargetFor | None, figure: Figure, viewer: Viewer) -> str:
    if one is None:
        return ""
    return _("Target %(value)s") % {"value": with_unit(one.value, figure.unit, figure.currency, viewer)}


def is_short(one: TargetFor | None, figure: Figure) -> bool:
    """Whether a number is not where its target wants it."""
    if one is None or figure.value is None or figure.direction == "none":
        return False
    return figure.value < one.value if figure.direction == "up" else figure.value > one.value


def rows_as_of(moment: datetime, viewer: Viewer) -> str:
    """Of when the rows under the numbers are."""
    return _("Rows as of %(moment)s") % {"moment": formats.moment(moment, viewer)}


def span(since: date, as_of: date, period: str, viewer: Viewer) -> str:
    if period == "all":
        return _("Everything up to %(day)s") % {"day": formats.full_day(as_of, viewer)}
    words = {"since": formats.full_day(since, viewer), "until": formats.full_day(as_of, viewer), "period": PERIODS[period]}
    return _("%(period)s, %(since)s to %(until)s") % words


def month(day: date, viewer: Viewer) -> str:
    """ "Dec 2025"."""
    return format_date(day, "LLL y", locale=viewer.babel)


def narrowed(actor: Actor, ask: Ask) -> tuple[tuple[str, str], ...]:
    """The parts in words: ("Motion", "Resell")."""
    return tuple((str(PARTS[part]), _labels(actor, part).get(value, value)) for part, value in ask.parts.items())


def _labels(actor: Actor, part: str) -> Mapping[str, str]:
    choices = {
        "program": lambda: partners.program_choices(actor), "tier": partners.tier_codes, "type": lambda: partners.type_labels().items(),
        "motion": lambda: partners.motion_labels().items(),
    }  # fmt: skip
    return {str(code): str(label) for code, label in choices[part]()} if part in choices else {}
