"""Models side by side as a chart and in words: the same numbers as the table beside it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from openprm.attribution.queries import Disagreements
from openprm.kernel.money import Money, format_money, minor_units

DRAWN = ("first", "u-shaped", "linear", "last")
MOST_PARTNERS, MOST_MOVES, NAME = 8, 6, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a partner gains or loses from the first to the last touch."""

    partner: str
    words: str
    difference: Money
    is_flagged: bool


def by_model(found: Disagreements, locale: str) -> dict[str, Any]:
    """Bars of the largest partners under four models; the table has all nine."""
    rows, labels = found.partners[:MOST_PARTNERS], dict(found.models)
    places = {name: place for place, (name, _label) in enumerate(found.models)}
    return {
        "kind": "bar", "unit": "keur", "categories": [_short(row.partner) for row in rows], "summary": _summary(found, locale),
        "series": [
            {"name": labels[name], "type": "bar", "color": color, "data": [_thousands(row.credits[places[name]]) for row in rows]}
            for color, name in enumerate(DRAWN, 1)
        ],
    }  # fmt: skip


def moves(found: Disagreements) -> list[Move]:
    """The partners for whom the choice between first and last touch matters most."""
    names = [name for name, _label in found.models]
    first, last = names.index("first"), names.index("last")
    made = [
        Move(
            partner=row.partner, difference=Money(row.credits[last].minor - row.credits[first].minor, row.credits[last].currency),
            words=_("Closes what others opened") if row.credits[last].minor > row.credits[first].minor else _("Opens what others close"),
            is_flagged=row.is_flagged,
        )
        for row in found.partners
        if row.credits[last].minor != row.credits[first].minor
    ]  # fmt: skip
    return sorted(made, key=lambda one: -abs(one.difference.minor))[:MOST_MOVES]


def _summary(found: Disagreements, locale: str) -> str:
    if not found.partners:
        return ""
    widest = max(found.partners, key=lambda row: row.gap)
    low, high = min(widest.credits, key=lambda money: money.minor), max(widest.credits, key=lambda money: money.minor)
    return _("%(count)d partners under four models. The models differ most about %(partner)s: from %(low)s to %(high)s.") % {
        "count": len(found.partners), "partner": widest.partner, "low": format_money(low, locale), "high": format_money(high, locale),
    }  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"


def _thousands(money: Money) -> float:
    return round(money.minor / 10 ** minor_units(money.currency) / 1000, 1)
