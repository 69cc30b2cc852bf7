"""A comparison with and without partners, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from openprm.attribution.queries import Uplift
from openprm.attribution.rules.uplift import LEAST_PER_SIDE, Comparison
from openprm.kernel.money import Money, format_money


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    label: str
    refused: str
    with_text: str
    without_text: str
    difference: str
    low: str
    high: str
    counts: str


def lines(found: Uplift, locale: str) -> tuple[Line, ...]:
    return tuple(_line(one, found.currency, locale) for one in found.comparisons)


def _line(one: Comparison, currency: str, locale: str) -> Line:
    label, value, gap = {
        "win_rate": (_("Win rate"), _percent, _points),
        "size": (_("Size of won deals (geometric mean)"), lambda x: format_money(Money(round(x), currency), locale), _signed_percent),
        "days": (_("Days to close"), _days, _signed_days),
    }[one.measure]
    return Line(
        label=label, refused=_why(one), with_text=value(one.with_value), without_text=value(one.without_value), difference=gap(one.difference),
        low=gap(one.low), high=gap(one.high), counts=f"{one.with_count} / {one.without_count}",
    )  # fmt: skip


def _why(one: Comparison) -> Any:
    if one.refused == "few":
        return _("Too few deals: at least %(least)d on each side are needed.") % {"least": LEAST_PER_SIDE}
    return _("Deals with and without a partner are too different to compare.") if one.refused else ""


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _points(value: float) -> str:
    return _("%(points)s points") % {"points": f"{100 * value:+.1f}"}


def _signed_percent(value: float) -> str:
    return f"{100 * value:+.1f} %"


def _days(value: float) -> str:
    return f"{value:.0f}"


def _signed_days(value: float) -> str:
    return f"{value:+.0f}"
