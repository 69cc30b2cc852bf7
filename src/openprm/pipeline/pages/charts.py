"""The forecast as a chart and as the table beside it: the same numbers, once for eyes and once for everybody."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.money import Money, minor_units
from openprm.pipeline import queries


@dataclass(frozen=True, slots=True)
class MonthCell:
    amount: Money
    count: int
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class StageLine:
    name: str
    probability: int
    category: str
    cells: tuple[MonthCell, ...]
    count: int
    total: Money
    weighted: Money


@dataclass(frozen=True, slots=True)
class Table:
    heads: tuple[str, ...]
    lines: tuple[StageLine, ...]
    totals: tuple[MonthCell, ...]
    weighted: tuple[Money, ...]
    count: int
    total: Money
    all_weighted: Money
    categories: tuple[tuple[str, Money, int], ...]
    overdue: int
    overdue_total: Money


def head(key: str, start: date | None) -> str:
    """What a column of close months is called."""
    named = {"overdue": _("Overdue"), "none": _("No date"), "later": _("Later")}
    return named.get(key) or date_format(start, "M Y") if start or key in named else key


def rows(found: queries.Forecast) -> Table:
    """The table of stages and close months, ready to print."""

    def money(minor: int) -> Money:
        return Money(minor, found.currency)

    def cell(key: str, figures: Any) -> MonthCell:
        return MonthCell(money(figures.total), figures.count, key == "overdue" and figures.count > 0)

    all_of = found.figures
    shares = (("commit", all_of.commit), ("best_case", all_of.best_case), ("pipeline", all_of.pipeline))
    return Table(
        heads=tuple(head(one.key, one.start) for one in found.heads),
        lines=tuple(
            StageLine(
                name=stage.name,
                probability=stage.probability,
                category=queries.CATEGORIES[stage.category](),
                cells=tuple(cell(one.key, one.figures) for one in stage.cells),
                count=stage.figures.count,
                total=money(stage.figures.total),
                weighted=money(stage.figures.weighted),
            )
            for stage in found.stages
        ),
        totals=tuple(cell(one.key, one.figures) for one in found.heads),
        weighted=tuple(money(one.figures.weighted) for one in found.heads),
        count=all_of.count,
        total=money(all_of.total),
        all_weighted=money(all_of.weighted),
        categories=tuple((queries.CATEGORIES[key](), money(value), 100 * value // all_of.total if all_of.total else 0) for key, value in shares),
        overdue=all_of.overdue,
        overdue_total=money(all_of.overdue_total),
    )


@dataclass(frozen=True, slots=True)
class GroupLine:
    name: str
    count: int
    total: Money
    weighted: Money
    commit: Money
    best_case: Money
    pipeline: Money
    overdue: int


def groups(found: queries.Forecast) -> tuple[GroupLine, ...]:
    """The breakdown, ready to print."""
    sums = ("total", "weighted", "commit", "best_case", "pipeline")
    return tuple(
        GroupLine(
            name=row.name,
            count=row.figures.count,
            overdue=row.figures.overdue,
            **{name: Money(getattr(row.figures, name), found.currency) for name in sums},
        )
        for row in found.groups
    )


def target(found: queries.Forecast) -> dict[str, Any]:
    """The coverage of the own target in money; `times` is "2.5", or nothing when the target is reached."""
    coverage = found.target.coverage
    if coverage is None:
        return {}
    amounts = {name: Money(getattr(coverage, name), found.currency) for name in ("won", "missing", "open", "expected")}
    times = coverage.times_hundredths
    return {**amounts, "times": f"{times // 100}.{times % 100:02d}" if times is not None else ""}


def by_month(found: queries.Forecast, actor: Actor) -> dict[str, Any]:
    """Bars of commit, best case and pipeline by close month with the weighted line, in thousands."""
    scale = 1000 * 10 ** minor_units(found.currency)
    series = (("commit", 1), ("best_case", 2), ("pipeline", 7))

    def thousands(minor: int) -> float:
        return round(minor / scale, 1)

    bars = [
        {
            "name": queries.CATEGORIES[key](),
            "type": "bar",
            "stack": "a",
            "color": color,
            "data": [thousands(getattr(one.figures, key)) for one in found.heads],
        }
        for key, color in series
    ]
    line = {
        "name": _("Weighted"),
        "type": "line",
        "dashed": True,
        "color": 3,
        "token": "--chart-plan",
        "data": [thousands(one.figures.weighted) for one in found.heads],
    }
    return {
        "kind": "bars",
        "unit": "keur" if found.currency == "EUR" else "k",
        "categories": [head(one.key, one.start) for one in found.heads],
        "series": [*bars, line],
        "summary": _("Open deals by close month in thousands of %(currency)s: commit, best case and pipeline stacked, with the weighted sum as a line.")
        % {"currency": found.currency},
    }
