"""What was promised against what was kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.promises import catalog
from openprm.promises.ports import PromiseKind
from openprm.promises.rules.record import WEEKS, Week, pattern, rate, week_of
from openprm.promises.terms import find_terms

FEWEST_PARTNERS = 3  # a figure over all partners is shown to one of them only when it does not give another one away
WORRYING_BELOW = 0.8
HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRecord:
    """What became of one promise in a span of time. `total` counts what was kept and what was missed, so also what is
    still unanswered after its due moment; withdrawn and not yet due ones are in none. Hours are those the target counts."""

    code: str
    name: str
    owed_by: str
    target_words: str
    kept: int
    total: int
    rate: float | None
    median_hours: float | None
    p90_hours: float | None
    open: int
    at_risk: int
    overdue: int
    weeks: str

    @property
    def missed(self) -> int:
        return self.total - self.kept

    @property
    def tone(self) -> str:
        """ok when every one was kept, warn from 80 per cent, bad below; nothing without any."""
        if self.rate is None:
            return ""
        return "ok" if self.rate == 1 else "warn" if self.rate >= WORRYING_BELOW else "bad"

    @property
    def weeks_in_words(self) -> str:
        """What the pattern says, for those who hear it."""
        return _("Last %(weeks)d weeks: %(kept)d kept, %(late)d with a late one, %(broken)d with half or more late") % {
            "weeks": len(self.weeks),
            "kept": self.weeks.count("k"),
            "late": self.weeks.count("w"),
            "broken": self.weeks.count("b"),
        }


def since_weeks_ago(at: datetime, weeks: int = WEEKS) -> datetime:
    """The Monday from which the last `weeks` weeks count, the running one included."""
    monday = week_of(at) - timedelta(weeks=weeks - 1)
    return datetime.combine(monday, datetime.min.time(), at.tzinfo)


def record(actor: Actor, partner_id: UUID | None = None, since: datetime | None = None, at: datetime | None = None) -> list[PromiseRecord]:
    """What was promised against what was kept, by promise. A partner gets its own whatever it asks for."""
    assert at is not None, "pass the moment of the request"
    mine = _allowed_partner(actor, partner_id)
    figures = _figures(since or since_weeks_ago(at), at, partner_id=mine)
    return [_record(kind, _side(actor), figures.get(kind.code), at) for kind in catalog.kinds()]


def overall(actor: Actor, since: datetime | None = None, at: datetime | None = None) -> list[PromiseRecord]:
    """The record over all partners, the same for both sides; nothing for a partner while there are fewer than three."""
    assert at is not None, "pass the moment of the request"
    if actor.sees_all_partners:
        return record(actor, since=since, at=at)
    with system_scope():
        figures = _figures(since or since_weeks_ago(at), at, partner_id=None)
    return [_record(kind, _side(actor), row, at) for kind in catalog.kinds() if (row := figures.get(kind.code)) and row["partners"] >= FEWEST_PARTNERS]


def _allowed_partner(actor: Actor, partner_id: UUID | None) -> UUID | None:
    return partner_id if actor.sees_all_partners else actor.partner_id


def _side(actor: Actor) -> str:
    return "partner" if actor.is_partner else "vendor"


# A settled promise counts in the week in which it was kept or fell due. One that is overdue and not marked yet counts as missed.
FIGURES = """
with counted as (
  select code, partner_id, state, taken_seconds, answered_at, missed_at,
         coalesce(settled_at, case when state = 'running' and due_at < %(at)s then due_at end) as settled_at,
         state = 'running' and missed_at is null and due_at >= %(at)s and warn_at <= %(at)s as at_risk,
         state in ('running', 'paused') as open,
         state = 'running' and due_at < %(at)s as overdue
  from promises_clock
  where (settled_at >= %(since)s and settled_at <= %(at)s or settled_at is null and state in ('running', 'paused'))
    and (%(partner_id)s::uuid is null or partner_id = %(partner_id)s)
)
select code,
       count(*) filter (where settled_at >= %(since)s and state = 'kept') as kept,
       count(*) filter (where settled_at >= %(since)s) as total,
       percentile_cont(array[0.5, 0.9]) within group (order by taken_seconds) filter (where taken_seconds is not null and settled_at >= %(since)s) as taken,
       count(*) filter (where open) as open, count(*) filter (where at_risk) as at_risk, count(*) filter (where overdue) as overdue,
       count(distinct partner_id) filter (where settled_at >= %(since)s) as partners
from counted group by code
"""
WEEKLY = """
select code, date_trunc('week', settled_at at time zone 'UTC')::date as week,
       count(*) filter (where state = 'kept') as kept, count(*) filter (where state <> 'kept') as missed
from (
  select code, state, partner_id, coalesce(settled_at, case when state = 'running' and due_at < %(at)s then due_at end) as settled_at from promises_clock
  where (settled_at >= %(since)s or settled_at is null and state = 'running' and due_at >= %(since)s)
    and (%(partner_id)s::uuid is null or partner_id = %(partner_id)s)
) counted
where settled_at <= %(at)s group by code, week
"""


def _figures(since: datetime, at: datetime, *, partner_id: UUID | None) -> dict[str, dict[str, Any]]:
    params = {"since": since, "at": at, "partner_id": partner_id}
    found = {row["code"]: {**row, "weeks": {}} for row in db.rows(FIGURES, params)}
    for row in db.rows(WEEKLY, {**params, "since": since_weeks_ago(at)}):
        found.setdefault(row["code"], {**NOTHING, "weeks": {}})["weeks"][row["week"]] = Week(row["kept"], row["missed"])
    return found


def _hours(seconds: float | None) -> float | None:
    """Hours to one decimal: finer is noise."""
    return round(seconds / HOUR, 1) if seconds is not None else None


NOTHING: Mapping[str, Any] = {"kept": 0, "total": 0, "taken": None, "open": 0, "at_risk": 0, "overdue": 0, "partners": 0}


def _record(kind: PromiseKind, side: str, row: Mapping[str, Any] | None, at: datetime) -> PromiseRecord:
    row = row or {**NOTHING, "weeks": {}}
    terms = find_terms(kind.code, at=at)
    target = terms.target if terms else kind.default_target
    median, p90 = row["taken"] or (None, None)
    weeks: dict[date, Week] = row["weeks"]
    return PromiseRecord(
        code=kind.code,
        name=catalog.name_of(kind.code, side, target),
        owed_by=kind.owed_by,
        target_words=catalog.in_words(target),
        kept=row["kept"],
        total=row["total"],
        rate=rate(row["kept"], row["total"]),
        median_hours=_hours(median),
        p90_hours=_hours(p90),
        open=row["open"],
        at_risk=row["at_risk"],
        overdue=row["overdue"],
        weeks=pattern(weeks, at=at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRecord:
    """How one side kept its promises towards, or as, one partner."""

    partner_id: UUID
    name: str
    kept: int
    total: int
    rate: float | None
    median_hours: float | None
    open: int
    overdue: int


BY_PARTNER = """
select partner_id,
       count(*) filter (where settled and state = 'kept') as kept,
       count(*) filter (where settled) as total,
       percentile_cont(0.5) within group (order by taken_seconds) filter (where taken_seconds is not null and settled) as median,
       count(*) filter (where state in ('running', 'paused')) as open,
       count(*) filter (where state = 'running' and due_at < %(at)s) as overdue
from (
  select *, coalesce(settled_at, case when state = 'running' and due_at < %(at)s then due_at end) between %(since)s and %(at)s as settled
  from promises_clock
  where code = any(%(codes)s) and (settled_at between %(since)s and %(at)s or settled_at is null and state in ('running', 'paused'))
) counted group by partner_id
"""


def by_partner(actor: Actor, *, codes: tuple[str, ...] = (), since: datetime, at: datetime) -> list[PartnerRecord]:
    """The record of every partner that has one, over the given promises, by default all that the vendor owes."""
    wanted = list(codes or (kind.code for kind in catalog.kinds() if kind.owed_by == "vendor"))
    rows = db.rows(BY_PARTNER, {"codes": wanted, "since": since, "at": at})
    names = identity.organization_names({row["partner_id"] for row in rows})
    return [_partner_record(row, names.get(row["partner_id"], "")) for row in rows]


def _partner_record(row: Mapping[str, Any], name: str) -> PartnerRecord:
    return PartnerRecord(
        partner_id=row["partner_id"],
        name=name,
        kept=row["kept"],
        total=row["total"],
        rate=rate(row["kept"], row["total"]),
        median_hours=_hours(row["median"]),
        open=row["open"],
        overdue=row["overdue"],
    )
