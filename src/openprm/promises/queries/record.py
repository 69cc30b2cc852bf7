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
from openprm.promises import catalog, figures
from openprm.promises.figures import Open, Settled
from openprm.promises.models import PromiseStanding
from openprm.promises.ports import PromiseKind
from openprm.promises.rules.record import WEEKS, Week, pattern, rate, week_of
from openprm.promises.terms import find_terms

FEWEST_PARTNERS = 3  # a figure over all partners is shown to one of them only when it does not give another one away
WORRYING_BELOW = 0.8
HOUR = 3600
SUM_HOLDS_FOR = timedelta(minutes=15)


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
    sums = _sums(since or since_weeks_ago(at), at, _allowed_partner(actor, partner_id))
    return [_record(kind, _side(actor), *sums.get(kind.code, NOTHING), at) for kind in catalog.kinds()]


def overall(actor: Actor, since: datetime | None = None, at: datetime | None = None) -> list[PromiseRecord]:
    """The record over all partners, the same for both sides; nothing for a partner while there are fewer than three."""
    assert at is not None, "pass the moment of the request"
    if actor.sees_all_partners:
        return record(actor, since=since, at=at)
    with system_scope():
        sums = _sums(since or since_weeks_ago(at), at, None)
    kinds = [kind for kind in catalog.kinds() if sums.get(kind.code, NOTHING)[0].partners >= FEWEST_PARTNERS]
    return [_record(kind, _side(actor), *sums[kind.code], at) for kind in kinds]


def _sums(since: datetime, at: datetime, partner_id: UUID | None) -> dict[str, tuple[Settled, Open]]:
    """By promise: what was settled, with the misses that nobody has marked yet, and what is open."""
    now = figures.open_now(at=at, partner_id=partner_id)
    past = (None if partner_id else _summed_up(since, at)) or figures.settled(since=since, weeks_since=since_weeks_ago(at), at=at, partner_id=partner_id)
    codes = {*now, *past}
    return {code: (figures.with_unmarked(past.get(code, Settled()), now.get(code, Open()), since=since), now.get(code, Open())) for code in codes}


def _summed_up(since: datetime, at: datetime) -> dict[str, Settled] | None:
    """What the job summed up over all partners, when it is of these weeks and not old."""
    rows = list(PromiseStanding.objects.filter(since=since, computed_at__lte=at, computed_at__gte=at - SUM_HOLDS_FOR))
    return {row.code: _settled(row) for row in rows} or None


def _settled(row: PromiseStanding) -> Settled:
    weeks = {date.fromisoformat(day): Week(kept, missed) for day, (kept, missed) in row.weeks.items()}
    return Settled(kept=row.kept, total=row.total, median=row.median_seconds, p90=row.p90_seconds, partners=row.partners, weeks=weeks)


def _allowed_partner(actor: Actor, partner_id: UUID | None) -> UUID | None:
    return partner_id if actor.sees_all_partners else actor.partner_id


def _side(actor: Actor) -> str:
    return "partner" if actor.is_partner else "vendor"


def _hours(seconds: float | None) -> float | None:
    """Hours to one decimal: finer is noise."""
    return round(seconds / HOUR, 1) if seconds is not None else None


NOTHING = (Settled(), Open())


def _record(kind: PromiseKind, side: str, past: Settled, now: Open, at: datetime) -> PromiseRecord:
    terms = find_terms(kind.code, at=at)
    target = terms.target if terms else kind.default_target
    return PromiseRecord(
        code=kind.code,
        name=catalog.name_of(kind.code, side, target),
        owed_by=kind.owed_by,
        target_words=catalog.in_words(target),
        kept=past.kept,
        total=past.total,
        rate=rate(past.kept, past.total),
        median_hours=_hours(past.median),
        p90_hours=_hours(past.p90),
        open=now.open,
        at_risk=now.at_risk,
        overdue=now.overdue,
        weeks=pattern(past.weeks, at=at),
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
