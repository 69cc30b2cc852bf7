"""A dashboard ready to print: numbers and charts in the reader's language, with where each one opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from openprm.dashboards import addresses, telling
from openprm.dashboards.queries import Board, Chart, Series, Tile
from openprm.kernel.money import Money, minor_units
from openprm.ui import format as formats
from openprm.ui.format import Viewer

SPARK = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTile:
    label: str
    value: str
    unit: str
    about: str
    url: str
    detail: str
    between: str
    target: str
    is_short: bool
    delta: str
    tone: str
    direction: str
    before: str
    spark: tuple[float, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBand:
    title: str
    tiles: tuple[ShownTile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    name: str
    color: int
    total: str
    is_dashed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChart:
    """`spec` is what charts.js draws; the table holds the same values exactly."""

    key: str
    title: str
    about: str
    empty: str
    url: str
    legend: tuple[Legend, ...]
    spec: dict[str, Any]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tile(one: Tile, board: Board, viewer: Viewer) -> ShownTile:
    figure = one.figure
    delta, tone, direction = telling.change(figure, viewer)
    return ShownTile(
        label=figure.label, value=telling.amount(figure.value, figure.unit, figure.currency, viewer),
        unit=telling.unit_of(figure.unit) if figure.value is not None else "", about=" ".join((one.definition.formula, *one.definition.edge_cases)),
        url=addresses.number(board, figure.name), detail=figure.reason or _rows(figure.n, viewer), between=_between(one, viewer),
        target=telling.target(one.target, figure, viewer), is_short=telling.is_short(one.target, figure), delta=delta, tone=tone, direction=direction,
        before=_before(one, viewer), spark=_spark(one), notes=figure.notes,
    )  # fmt: skip


def _rows(n: int, viewer: Viewer) -> str:
    return _("n = %(n)s") % {"n": formats.number(n, viewer)}


def _between(one: Tile, viewer: Viewer) -> str:
    figure = one.figure
    if figure.low is None or figure.high is None:
        return ""
    words = {name: telling.amount(end, figure.unit, figure.currency, viewer) for name, end in (("low", figure.low), ("high", figure.high))}
    return _("95 %% from %(low)s to %(high)s") % words


def _before(one: Tile, viewer: Viewer) -> str:
    figure = one.figure
    if figure.before_since is None or figure.before is None:
        return ""
    return _("was %(value)s") % {"value": telling.with_unit(figure.before, figure.unit, figure.currency, viewer)}


def _spark(one: Tile) -> tuple[float, ...]:
    """The numbers as they were told; a change of currency begins a new line."""
    kept = [row for row in one.trend if row.currency == one.figure.currency and row.value is not None]
    return tuple(float(row.value) for row in kept[-SPARK:] if row.value is not None) if len(kept) > 1 else ()


def bands(board: Board, viewer: Viewer) -> tuple[ShownBand, ...]:
    return tuple(ShownBand(title=band.title, tiles=tuple(tile(one, board, viewer) for one in band.tiles)) for band in board.bands)


def equation(board: Board, viewer: Viewer) -> str:
    """ "€38,100.00 + €12,000.00 + €5.00 = €50,105.00": exact, so that the sum can be checked by eye."""
    parts = [telling.amount(one.figure.value, "money", board.currency, viewer, compact=False) for one in board.kinds]
    return f"{' + '.join(parts)} = {telling.amount(board.whole.figure.value, 'money', board.currency, viewer, compact=False)}"


def chart(one: Chart, board: Board, viewer: Viewer) -> ShownChart:
    return ShownChart(
        key=one.key, title=one.title, about=one.about, empty=one.empty, url=addresses.number(board, one.kpi),
        legend=tuple(_legend(series, one, viewer) for series in one.series) if one.axis in ("month", "year", "days") else (),
        spec=_spec(one, viewer) if not one.empty else {}, head=(_head(one), *(series.name for series in one.series)),
        rows=tuple((name, *(_exact(series.values[place], one, viewer) for series in one.series)) for place, name in enumerate(_names(one, viewer))),
    )  # fmt: skip


def _legend(series: Series, one: Chart, viewer: Viewer) -> Legend:
    total = sum((value for value in series.values if value is not None), Decimal(0))
    text = "" if one.unit == "percent" else _compact(total, one, viewer)
    return Legend(name=series.name, color=series.color, total=text, is_dashed=series.is_dashed)


def _head(one: Chart) -> str:
    return {"month": _("Month"), "year": _("Year"), "days": _("Days after joining")}.get(one.axis, _("Name"))


def _names(one: Chart, viewer: Viewer) -> list[str]:
    if one.axis == "month":
        return [telling.month(date.fromisoformat(day), viewer) for day in one.categories]
    return [day[:4] for day in one.categories] if one.axis == "year" else list(one.categories)


def _exact(value: Decimal | None, one: Chart, viewer: Viewer) -> str:
    unit = {"money": "money", "percent": "percent"}.get(one.unit, "count")
    return telling.with_unit(value, unit, one.currency, viewer, compact=False)


def _compact(value: Decimal, one: Chart, viewer: Viewer) -> str:
    return formats.money(Money(round(value), one.currency), viewer, compact=True) if one.unit == "money" else formats.number(value, viewer)


def _spec(one: Chart, viewer: Viewer) -> dict[str, Any]:
    names = _names(one, viewer)
    return {
        "kind": "bars", "unit": {"money": "", "percent": " %"}.get(one.unit, ""), "currency": one.currency if one.unit == "money" else "",
        "categories": names, "level": one.level, "whole": one.unit == "count", "summary": _summary(one, names, viewer),
        "series": [_series(series, one) for series in one.series],
    } | ({"max": 100} if one.step else {})  # fmt: skip


def _series(series: Series, one: Chart) -> dict[str, Any]:
    scale = 10 ** minor_units(one.currency) if one.unit == "money" else 1
    drawn = {"name": series.name, "type": series.kind, "color": series.color, "data": [_plain(value, scale) for value in series.values]}
    return drawn | ({"stack": series.stack} if series.stack else {}) | ({"step": "end"} if one.step else {}) | ({"dashed": True} if series.is_dashed else {})


def _plain(value: Decimal | None, scale: int) -> float | None:
    return None if value is None else round(float(value) / scale, 2)


def _summary(one: Chart, names: Sequence[str], viewer: Viewer) -> str:
    """What the picture says, for those who hear it: the total and the largest of each series."""
    words = [one.about]
    for series in one.series:
        values = [(value, name) for value, name in zip(series.values, names, strict=True) if value is not None]
        if values:
            top, where = max(values)
            words.append(_("%(series)s: highest %(value)s (%(where)s).") % {"series": series.name, "value": _exact(top, one, viewer), "where": where})
    return " ".join(words)
