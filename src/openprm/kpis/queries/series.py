"""Everything a page of numbers needs, from one reading of the facts: the numbers, their sums by month, by partner and by stage, and segments side by side."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ibis

from openprm.kernel.actor import Actor
from openprm.kpis import policies
from openprm.kpis.definitions import registry
from openprm.kpis.definitions.facts import Segment
from openprm.kpis.definitions.kinds import Kpi
from openprm.kpis.definitions.measuring import asked_rows
from openprm.kpis.queries.figures import Asked, Figure, check, told, visible
from openprm.kpis.queries.history import Kept
from openprm.kpis.queries.reading import Reading, reading
from openprm.kpis.rules.windows import Window, months_back, window

MOST_MONTHS = 36
DATED = {"deal": "closed_at", "clock": "started_at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A month, or a calendar year when there are too many months; the first and last ones are cut where the window is."""

    since: date
    by: str
    amounts: Mapping[str, int]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`spans` add up to the figures they are made of. `partners` are amounts by partner id, then KPI; `stages` amount and count by code of the stage."""

    figures: Mapping[str, Figure]
    spans: tuple[Span, ...] = ()
    partners: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    stages: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    beside: tuple[tuple[str, tuple[Figure, ...]], ...] = ()


def sheet(
    actor: Actor,
    names: Sequence[str],
    asked: Asked,
    *,
    by_month: Sequence[str] = (),
    by_partner: Sequence[str] = (),
    by_stage: str = "",
    beside: Sequence[tuple[str, Segment]] = (),
    compared: Sequence[str] = (),
) -> Sheet:
    """These KPIs from one reading. `by_month` and `by_partner` split the rows under a number, so that the parts add up to it.

    `beside` are labelled segments for which the `compared` numbers are told too. Raises NotFound, Invalid.
    """
    check(asked)
    every = {name: visible(actor, name) for name in dict.fromkeys((*names, *by_month, *by_partner, *((by_stage,) if by_stage else ()), *compared))}
    with reading(actor, every.values()) as read:
        parts = _Parts(every, asked, read)
        return Sheet(
            figures={name: told(every[name], asked, read) for name in names},
            spans=parts.spans(by_month),
            partners=parts.partners(by_partner),
            stages=parts.stages(by_stage) if by_stage else {},
            beside=tuple((label, tuple(told(every[name], _of(asked, segment), read) for name in compared)) for label, segment in beside),
        )


def _of(asked: Asked, segment: Segment) -> Asked:
    return Asked(as_of=asked.as_of, period=asked.period, segment=segment)


@dataclass(frozen=True, slots=True)
class _Parts:
    kpis: Mapping[str, Kpi]
    asked: Asked
    read: Reading

    @property
    def window(self) -> Window:
        return window(self.asked.period, self.asked.as_of)

    def _rows(self, name: str) -> ibis.Table | None:
        kpi = self.kpis[name]
        if registry.missing(kpi, self.read.known) or kpi.rows is None or not (kpi.by_segment or self.asked.segment.is_all):
            return None
        return kpi.rows(self.read.facts(kpi, self.window, self.asked.segment))

    def spans(self, names: Sequence[str]) -> tuple[Span, ...]:
        found: dict[str, dict[date, tuple[int, int]]] = {}
        for name in names:
            if (rows := self._rows(name)) is not None:
                found[name] = _monthly(rows, DATED[self.kpis[name].row_kind])
        return tuple(_spans(found, self.window)) if found else ()

    def partners(self, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """Rows that are partners count for themselves, others for the partner they name."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for name in names:
            if (rows := self._rows(name)) is None:
                continue
            owned = rows.mutate(owner=rows.id if self.kpis[name].row_kind == "partner" else rows.partner_id)
            owned = owned.filter(owned.owner.notnull())
            for row in asked_rows(owned.group_by("owner").aggregate(minor=owned.net_minor.sum())):
                found[row["owner"]][name] = int(row["minor"] or 0)
        return dict(found)

    def stages(self, name: str) -> dict[str, tuple[int, int]]:
        rows = self._rows(name)
        if rows is None:
            return {}
        summed = rows.group_by("stage").aggregate(minor=rows.net_minor.sum(), n=rows.count())
        return {row["stage"]: (int(row["minor"] or 0), row["n"]) for row in asked_rows(summed)}


def _monthly(rows: ibis.Table, column: str) -> dict[date, tuple[int, int]]:
    """Amount and number of the rows of each month, in UTC. Clocks have no amount: those that were kept count in its place."""
    minor = rows.net_minor if "net_minor" in rows.columns else rows.is_kept.cast("int64")
    found = rows.select(year=rows[column].year(), month=rows[column].month(), minor=minor)
    summed = found.group_by("year", "month").aggregate(minor=found.minor.sum(), n=found.count())
    return {date(row["year"], row["month"], 1): (int(row["minor"] or 0), row["n"]) for row in asked_rows(summed)}


def _spans(found: Mapping[str, Mapping[date, tuple[int, int]]], asked: Window) -> list[Span]:
    months = sorted(set().union(*found.values()))
    first = max(asked.since.replace(day=1), months[0]) if months and asked.since.year < months[0].year - 3 else asked.since.replace(day=1)
    if not months and asked.days > 366 * 3:
        return []
    every = _months(first, asked.as_of)
    by, to = ("year", _january) if len(every) > MOST_MONTHS else ("month", _itself)
    return [_span(day, by, to, found) for day in dict.fromkeys(map(to, every))]


def _span(day: date, by: str, to: Callable[[date], date], found: Mapping[str, Mapping[date, tuple[int, int]]]) -> Span:
    inside = {name: [pair for month, pair in rows.items() if to(month) == day] for name, rows in found.items()}
    return Span(
        since=day,
        by=by,
        amounts={name: sum(minor for minor, _n in pairs) for name, pairs in inside.items()},
        counts={name: sum(n for _minor, n in pairs) for name, pairs in inside.items()},
    )


def _months(first: date, last: date) -> list[date]:
    found = [last.replace(day=1)]
    while found[-1] > first:
        found.append(months_back(found[-1], 1))
    return found[::-1]


def _january(day: date) -> date:
    return day.replace(month=1, day=1)


def _itself(day: date) -> date:
    return day


def trends(actor: Actor, names: Sequence[str], asked: Asked, *, most: int = 13) -> dict[str, tuple[Kept, ...]]:
    """What was told of each at the ends of months up to the as-of day, oldest first, of this period and segment. One query; the vendor's alone."""
    rows: Any = policies.reach_snapshots(actor).filter(
        kpi__in=list(names), period=asked.period, segment=asked.segment.key, as_of__lte=asked.as_of, as_of__gte=months_back(asked.as_of, most)
    )
    newest: dict[str, dict[date, Kept]] = defaultdict(dict)
    for row in rows.order_by("as_of", "created_at", "pk"):
        newest[row.kpi][row.as_of] = Kept(as_of=row.as_of, value=row.value, n=row.n, why=row.why, currency=row.currency, configuration=row.configuration)
    return {name: tuple(kept.values())[-most:] for name, kept in newest.items()}
