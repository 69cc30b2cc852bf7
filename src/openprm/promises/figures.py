"""The sums behind the record, in SQL. What was settled changes slowly and can be many rows; what is open is few and asked for live.

A settled promise counts in the week in which it was kept or fell due. One that is overdue and not marked yet counts as missed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.kernel import db
from openprm.promises.rules.record import Week, week_of


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Of one promise: what was settled since a moment, the hours it took, how many partners are in it, and the weeks."""

    kept: int = 0
    total: int = 0
    median: float | None = None
    p90: float | None = None
    partners: int = 0
    weeks: Mapping[date, Week] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Open:
    """Of one promise: what is open now. `unmarked` are the due moments of those that ran out and that no job has seen yet."""

    open: int = 0
    at_risk: int = 0
    overdue: int = 0
    unmarked: tuple[datetime, ...] = ()


MINE = "(%(partner_id)s::uuid is null or partner_id = %(partner_id)s)"
WEEKLY = f"""
select code, date_trunc('week', settled_at at time zone 'UTC')::date as week, settled_at >= %(since)s as counts,
       count(*) filter (where state = 'kept') as kept, count(*) as total
from promises_clock where settled_at >= %(weeks_since)s and settled_at <= %(at)s and {MINE} group by 1, 2, 3
"""  # noqa: S608  the parts are ours
TAKEN = f"""
select code, percentile_cont(array[0.5, 0.9]) within group (order by taken_seconds) as taken
from promises_clock where settled_at >= %(since)s and settled_at <= %(at)s and taken_seconds is not null and {MINE} group by code
"""  # noqa: S608  the parts are ours
PARTNERS = """
select code, count(*) as partners
from (select distinct code, partner_id from promises_clock where settled_at >= %(since)s and settled_at <= %(at)s) found group by code
"""
OPEN = f"""
select code, count(*) as open,
       count(*) filter (where state = 'running' and due_at < %(at)s) as overdue,
       count(*) filter (where state = 'running' and missed_at is null and due_at >= %(at)s and warn_at <= %(at)s) as at_risk,
       array_agg(due_at) filter (where state = 'running' and missed_at is null and due_at < %(at)s) as unmarked
from promises_clock where state in ('running', 'paused') and {MINE} group by code
"""  # noqa: S608  the parts are ours


def settled(*, since: datetime, weeks_since: datetime, at: datetime, partner_id: UUID | None) -> dict[str, Settled]:
    """By promise. The weeks reach back to `weeks_since`, the sums to `since`."""
    params = {"since": since, "weeks_since": min(since, weeks_since), "at": at, "partner_id": partner_id}
    found: dict[str, Settled] = {}
    for row in db.rows(WEEKLY, params):
        found[row["code"]] = _with_week(found.get(row["code"], Settled()), row)
    for row in db.rows(TAKEN, params):
        found[row["code"]] = replace(found[row["code"]], median=row["taken"][0], p90=row["taken"][1])
    for row in db.rows(PARTNERS, params) if partner_id is None else ():
        found[row["code"]] = replace(found[row["code"]], partners=row["partners"])
    return found


def _with_week(so_far: Settled, row: Mapping[str, Any]) -> Settled:
    week = so_far.weeks.get(row["week"], Week())
    weeks = {**so_far.weeks, row["week"]: Week(week.kept + row["kept"], week.missed + row["total"] - row["kept"])}
    counted = (row["kept"], row["total"]) if row["counts"] else (0, 0)
    return replace(so_far, kept=so_far.kept + counted[0], total=so_far.total + counted[1], weeks=weeks)


def open_now(*, at: datetime, partner_id: UUID | None) -> dict[str, Open]:
    rows = db.rows(OPEN, {"at": at, "partner_id": partner_id})
    return {row["code"]: Open(open=row["open"], at_risk=row["at_risk"], overdue=row["overdue"], unmarked=tuple(row["unmarked"] or ())) for row in rows}


def with_unmarked(so_far: Settled, now: Open, *, since: datetime) -> Settled:
    """The sums with the misses that no job has marked yet."""
    for due_at in now.unmarked:
        week = so_far.weeks.get(week_of(due_at), Week())
        weeks = {**so_far.weeks, week_of(due_at): Week(week.kept, week.missed + 1)}
        so_far = replace(so_far, total=so_far.total + (due_at >= since), weeks=weeks)
    return so_far
