"""Numbers as pictures, each with a sentence and the table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kpis import queries, wording
from openprm.ui.format import Viewer

KEPT = {"month": gettext_lazy("Each month"), "12m": gettext_lazy("Twelve months")}
BARS = {"money", "count"}
THOUSAND = Decimal(1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The kept numbers, newest first for the table; `chart` is None when there are fewer than two."""

    rows: Sequence[tuple[date, str, int, str]]
    chart: dict[str, Any] | None


def history(told: queries.Figure, kept: Sequence[queries.Kept], period: str, viewer: Viewer) -> History:
    rows = [(one.as_of, wording.said(one.value, told.unit, one.currency, viewer), one.n, one.configuration[:8]) for one in reversed(kept)]
    chart = _over_time(told, kept, period, viewer) if sum(one.value is not None for one in kept) > 1 else None
    return History(rows=rows, chart=chart)


def _over_time(told: queries.Figure, kept: Sequence[queries.Kept], period: str, viewer: Viewer) -> dict[str, Any]:
    unit, scale = _unit(told)
    last = next(one for one in reversed(kept) if one.value is not None)
    summary = _("%(label)s as it was told at the end of %(count)d months. The last one: %(value)s.") % {
        "label": told.label,
        "count": len(kept),
        "value": wording.said(last.value, told.unit, last.currency, viewer),
    }
    series = {
        "name": str(KEPT[period]),
        "type": "bar" if told.unit in BARS and period == "month" else "line",
        "color": 1,
        "data": [None if one.value is None else float(round(one.value / scale, 2)) for one in kept],
    }
    return {"summary": summary, "unit": unit, "categories": [date_format(one.as_of, "M Y") for one in kept], "series": [series]}


def _unit(told: queries.Figure) -> tuple[str, Decimal]:
    """What the axis says, and by how much a value is divided for it."""
    if told.unit in wording.MONEY:
        thousands = THOUSAND / wording.major(Decimal(1), told.currency)
        return ("keur" if told.currency == "EUR" else f"k {told.currency}"), thousands
    return {"percent": " %", "days": " d", "hours": " h"}.get(told.unit, ""), Decimal(1)


def _percent(share: Decimal) -> float:
    return float(round(100 * share, 1))


def curve(told: queries.Figure) -> dict[str, Any] | None:
    """Who still waits, over the days, in steps from all of them on day 0, with the ends of its band as dashed lines."""
    if len(told.curve) < 2:
        return None
    steps = told.curve
    begin = (replace(steps[0], days=0, waiting=Decimal(1), low=Decimal(1), high=Decimal(1)),) if steps[0].days else ()
    every = (*begin, *steps)
    summary = _("Of %(n)d partners, %(share)s percent still wait after %(days)d days.") % {
        "n": told.n,
        "share": round(100 * steps[-1].waiting),
        "days": steps[-1].days,
    }
    lines = (("waiting", _("Still waiting"), 1, False), ("low", _("95 % from"), 7, True), ("high", _("95 % to"), 7, True))
    series = [
        {"name": label, "type": "line", "color": color, "dashed": dashed, "step": "end", "data": [_percent(getattr(step, name)) for step in every]}
        for name, label, color, dashed in lines
    ]
    return {"summary": summary, "unit": " %", "max": 100, "categories": [_("day %(day)d") % {"day": step.days} for step in every], "series": series}
