"""Computing a month, replaying a run, and locking what stands."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from openprm.attribution import policies
from openprm.attribution.events import CreditAssigned, MonthLocked
from openprm.attribution.models import Credit, Month, Result, Run, Touch
from openprm.attribution.queries.reading import deal_of, touch_of
from openprm.attribution.rules import canonical
from openprm.attribution.rules.months import back, first_of, span
from openprm.attribution.rules.words import Outcome
from openprm.attribution.services import writing
from openprm.attribution.services.computing import AT_ONCE, Difference, Journeys, Reading, difference, divided, read, settled
from openprm.attribution.services.configuring import ensure_configuration
from openprm.attribution.services.judging import Judge
from openprm.attribution.services.unit import LockedMonth, as_system, in_batches, one_at_a_time, words
from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id

MOST_MONTHS = 1200


class _AsItStands(Exception):
    """The month came out as the run that stands says already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """`is_new` is False where the month came out as it stands already."""

    run_id: UUID
    number: int
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A run computed again from what it was given. `body` is the file of its result."""

    run_id: UUID
    sha256: str
    is_equal: bool
    body: bytes


def compute(*, actor: Actor, month: date, at: datetime) -> Made:
    """Divide what was won in a month by the configuration in force and what is known now; the newest run stands for the month.

    Raises NotAllowed, Invalid (a month ahead), LockedMonth.
    """
    refuse_if(policies.why_not_run(actor))
    if first_of(month) > at.date():
        raise Invalid(_("This month lies ahead."), field="month")
    with as_system():
        one_at_a_time("runs")
        return _compute(actor, first_of(month), at)


def compute_due(*, at: datetime) -> int:
    """Every month that is not locked, from the first decided deal to this one; gives how many came out differently.

    What nothing has changed before costs a look at its deals, no more.
    """
    with as_system():
        locked = set(Month.objects.filter(locked_at__isnull=False).values_list("month", flat=True))
        begun = deals.first_decided() or at
    first, this = first_of(begun.date()), first_of(at.date())
    months = [back(this, count) for count in range(min(MOST_MONTHS, (this.year - first.year) * 12 + this.month - first.month + 1))]
    return sum(compute(actor=SYSTEM, month=month, at=at).is_new for month in reversed(months) if month not in locked)


def _compute(actor: Actor, month: date, at: datetime) -> Made:
    standing = Month.objects.filter(month=month).select_related("run").locked().first()
    if standing and standing.locked_at:
        raise LockedMonth(_("%(month)s is locked. What is found later is counted apart.") % {"month": f"{month:%Y-%m}"})
    reading, judge = read(month, ensure_configuration(at=at), at), Judge(at)
    found = difference(reading, standing.run, judge) if standing else None
    if found and not found.is_new:
        return Made(run_id=standing.run_id, number=standing.run.number, is_new=False)
    try:
        with transaction.atomic():
            run = _write(actor, reading, judge, standing.run if standing else None, found)
    except _AsItStands:
        return Made(run_id=standing.run_id, number=standing.run.number, is_new=False)
    Month.objects.update_or_create(month=month, defaults={"run": run})
    audit.record(actor, "attribution.computed", run, at=at)
    return Made(run_id=run.pk, number=run.number, is_new=True)


def _write(actor: Actor, reading: Reading, judge: Judge, standing: Run | None, found: Difference | None) -> Run:
    """All deals of the month under a new run: those that differ are written, the others copied. Raises _AsItStands."""
    run_id, rules = new_id(), judge.versions
    if standing and found:
        here = {one.id for one in reading.facts}
        gone = [deal_id for deal_id in Result.objects.filter(run=standing).values_list("deal_id", flat=True) if deal_id not in here]
        writing.copy(old=standing.pk, new=run_id, left_out=[*(one.deal.id for one in found.anew), *gone])
        writing.write(run_id, reading.facts, found.anew)
        rules = rules | {(kind, version_id, number) for kind, version_id, number in standing.rules}
    else:
        writing.write(run_id, reading.facts, (one for batch in settled(reading, judge, reading.facts) for one in batch))
    sha = writing.sha256_of(run_id)
    if standing and (standing.result_sha256, standing.configuration_sha256) == (sha, reading.configuration.sha256):
        raise _AsItStands
    run = Run(
        id=run_id, number=(Run.objects.aggregate(last=Max("number"))["last"] or 0) + 1, month=reading.month, configuration=reading.configuration,
        configuration_sha256=reading.configuration.sha256, as_of=reading.at, rules=sorted(rules), result_sha256=sha, currency=deals.base_currency(),
        made_by_id=actor.user_id, made_by_name=actor.name[:120], **writing.sums_of(run_id),
    )  # fmt: skip
    run.save(force_insert=True)
    return run


def replay(*, actor: Actor, run_id: UUID) -> Replay:
    """Compute a run again: its deals as they were read, its touches as they were known on its day, the rules and the configuration of that day.

    Raises NotFound.
    """
    run = policies.reach_runs(actor).select_related("configuration").one(run_id)
    with as_system():
        again = divided(Judge(run.as_of), run.configuration, lambda: journeys_of(run, run.as_of))
        body = b"".join(canonical.line(one) + b"\n" for batch in again for one in batch)
    sha = canonical.sha256(body)
    return Replay(run_id=run.pk, sha256=sha, is_equal=sha == run.result_sha256, body=body)


def journeys_of(run: Run, at: datetime, only: Collection[UUID] | None = None) -> Iterator[Journeys]:
    """The deals of a run (or only these) in the order of its file, with the touches that it kept as they were known at a moment."""
    rows = Result.objects.filter(run=run).order_by("closed_at", "deal_id").defer("judged", "line")
    rows = rows if only is None else rows.filter(deal_id__in=only)
    for batch in in_batches(rows.iterator(chunk_size=AT_ONCE), AT_ONCE):
        wanted = {one for row in batch for one in row.touch_ids}
        known = {row.pk: touch_of(row, at) for row in Touch.objects.filter(pk__in=wanted)}
        yield [(deal_of(row), [known[one] for one in row.touch_ids]) for row in batch]


@transaction.atomic
def lock_month(*, actor: Actor, month: date, run_id: UUID | None = None, note: str = "", at: datetime) -> UUID:
    """Make the run that stands for a month final. Its credit goes out to everybody who waits for it.

    With `run_id`, only if that run still stands. Raises NotAllowed, Invalid, LockedMonth.
    """
    row = policies.reach_months(actor).filter(month=first_of(month)).locked().first()
    if row is None:
        raise Invalid(_("Nothing was computed for this month yet."), field="month")
    refuse_if(policies.why_not_lock(actor, row, at))
    if run_id not in (None, row.run_id):
        raise LockedMonth(_("Another run stands for %(month)s now. Look at it first.") % {"month": f"{row.month:%Y-%m}"})
    if row.run.as_of < span(row.month)[1]:
        raise LockedMonth(_("The run of %(month)s is from before its end. Compute it once more, then lock it.") % {"month": f"{row.month:%Y-%m}"})
    before = row.snapshot()
    row.locked_at, row.locked_by_id, row.locked_by_name = at, actor.user_id, actor.name[:120]
    row.note = words("note", note, most=500, required=False)
    row.save()
    audit.record(actor, "attribution.locked", row, before=before, refs=(row.run_id,), at=at)
    publish(MonthLocked(run_id=row.run_id, month=row.month, actor_id=actor.user_id, at=at))
    return row.run_id


def _strongest(rows: Sequence[Credit]) -> str:
    return str(Outcome.SOURCED if any(row.outcome == Outcome.SOURCED for row in rows) else Outcome.INFLUENCED)


def assign(*, run_id: UUID, at: datetime) -> int:
    """Announce the credit of a locked run, deal by deal; gives how many deals. Safe to call twice."""
    told = 0
    credits = Credit.objects.filter(run=run_id).select_related("run").order_by("deal_id", "partner_id").iterator(chunk_size=AT_ONCE)
    for _deal_id, group in groupby(credits, key=lambda row: row.deal_id):
        rows = list(group)
        one, told = rows[0], told + 1
        publish(
            CreditAssigned(
                run_id=run_id, month=one.run.month, deal_id=one.deal_id, deal_kind=one.kind, outcome=_strongest(rows), currency=one.currency,
                partner_ids=tuple(row.partner_id for row in rows), basis_points=tuple(row.basis_points for row in rows),
                credit_minor=tuple(row.credit_minor for row in rows), at=at,
            )
        )  # fmt: skip
    return told
