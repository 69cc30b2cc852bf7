"""Replay two tables over one history and compare them: who moves, in which month, and what it costs. On columns throughout."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from ..ports import WhatIfSource
from ..rules.reading import ReadTable
from ..rules.replay import Month, Subject, Tally
from .columnar import answered

MEMORY, THREADS = "1GB", 2
SETTLED = ("subject", "at", "answer", "rank", "cost_minor")


class BadHistory(ValueError):
    """The source did not answer with the columns that it promised: a defect, never a person's mistake."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came out for one part of the subjects. `cases` is how many rows each table was asked about."""

    cases: int
    subjects: tuple[Subject, ...]
    tally: Tally


def compare(source: WhatIfSource, history: pa.Table, before: ReadTable, after: ReadTable) -> Compared:
    """Ask both tables about every case of the history. Raises BadHistory, NotColumnar.

    A source whose tables collect, or feed other tables, answers itself by `answer(rows, table, ask)`.
    """
    with closing(duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": THREADS})) as duck:
        duck.register("history", history)
        asked = ibis.duckdb.from_connection(duck)
        settled = [_settled(source, asked.table("history"), table) for table in (before, after)]
        both = asked.create_table("compared", _side_by_side(*settled))
        subjects, months = asked.to_pyarrow(_by_subject(both)), asked.to_pyarrow(_by_month(both))
    found = tuple(_subject(row) for row in subjects.to_pylist())
    return Compared(history.num_rows, found, Tally.of(found, (_month(row) for row in months.to_pylist())))


def _settled(source: WhatIfSource, rows: ir.Table, table: ReadTable) -> ir.Table:
    answer = getattr(source, "answer", None)
    found = source.settle(answer(rows, table, answered) if answer else answered(rows, table))
    if tuple(found.columns) != SETTLED:
        raise BadHistory(f"{source.kind}: settle answered {found.columns}, not {SETTLED}")
    return found


def _side_by_side(before: ir.Table, after: ir.Table) -> ir.Table:
    return before.join(after, ["subject", "at"], rname="new_{name}")


def _by_subject(both: ir.Table) -> ir.Table:
    """Each subject's last answer under both tables, and what all its months cost."""
    better, worse = both.new_rank > both["rank"], both.new_rank < both["rank"]
    return both.group_by("subject").aggregate(
        before=both.answer.argmax(both["at"]),
        after=both.new_answer.argmax(both["at"]),
        rank_before=both["rank"].argmax(both["at"]),
        rank_after=both.new_rank.argmax(both["at"]),
        cost_before=both.cost_minor.sum(),
        cost_after=both.new_cost_minor.sum(),
        months_better=better.sum(),
        months_worse=worse.sum(),
    )


def _by_month(both: ir.Table) -> ir.Table:
    better, worse = both.new_rank > both["rank"], both.new_rank < both["rank"]
    return (
        both.group_by("at")
        .aggregate(better=better.sum(), worse=worse.sum(), cost_before=both.cost_minor.sum(), cost_after=both.new_cost_minor.sum())
        .order_by("at")
    )


def _subject(row: dict) -> Subject:
    return Subject(
        key=row["subject"], before=row["before"] or "", after=row["after"] or "",
        rank_before=_number(row["rank_before"]), rank_after=_number(row["rank_after"]),
        cost_before=int(row["cost_before"] or 0), cost_after=int(row["cost_after"] or 0),
        months_better=int(row["months_better"] or 0), months_worse=int(row["months_worse"] or 0),
    )  # fmt: skip


def _month(row: dict) -> Month:
    at: date = row["at"]
    return Month(at.isoformat(), int(row["better"] or 0), int(row["worse"] or 0), int(row["cost_before"] or 0), int(row["cost_after"] or 0))


def _number(value: object) -> float:
    return float(value) if value is not None else 0.0


def months_back(until: date, count: int) -> Iterable[date]:
    """The first days of `count` months, the last of them the month of `until`."""
    place = until.year * 12 + until.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(place - count + 1, place + 1)]
