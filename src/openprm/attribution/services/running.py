"""Computing a month, replaying a run, and locking what stands."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from openprm.attribution import policies
from openprm.attribution.events import CreditAssigned, MonthLocked
from openprm.attribution.models import Configuration, Credit, LateTouch, Month, Result, Run, Touch
from openprm.attribution.queries.reading import deal_of, settings_of, told_of, touch_of
from openprm.attribution.rules import canonical, journeys
from openprm.attribution.rules.journeys import Deal, Settled
from openprm.attribution.rules.months import back, first_of, span
from openprm.attribution.rules.words import Outcome
from openprm.attribution.services.configuring import ensure_configuration
from openprm.attribution.services.judging import Judge
from openprm.attribution.services.unit import LockedMonth, as_system, one_at_a_time, words
from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.deals.queries import DecidedDeal
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.batches import insert_all
from openprm.kernel.errors import Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id

BATCH = 500
MONTHS_BACK = 24


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
    """Every month that is not locked and may have changed: this one, the two before, and those of two years that nobody computed yet."""
    this = first_of(at.date())
    with as_system():
        standing = set(Month.objects.values_list("month", flat=True))
        locked = set(Month.objects.filter(locked_at__isnull=False).values_list("month", flat=True))
    due = [back(this, count) for count in range(MONTHS_BACK) if count < 3 or back(this, count) not in standing]
    return sum(compute(actor=SYSTEM, month=month, at=at).is_new for month in reversed(due) if month not in locked)


def _compute(actor: Actor, month: date, at: datetime) -> Made:
    standing = Month.objects.filter(month=month).select_related("run").locked().first()
    if standing and standing.locked_at:
        raise LockedMonth(_("%(month)s is locked. What is found later is counted apart.") % {"month": f"{month:%Y-%m}"})
    configuration = ensure_configuration(at=at)
    facts = deals.decided_deals(since=span(month)[0], until=span(month)[1])
    touches = _candidates([_deal(one) for one in facts], configuration.window_days, at)
    judge = Judge(at)
    settled = _settle(judge, configuration, touches)
    sha = canonical.sha256(canonical.result(settled))
    if standing and (standing.run.result_sha256, standing.run.configuration_sha256) == (sha, configuration.sha256):
        return Made(run_id=standing.run_id, number=standing.run.number, is_new=False)
    run = _write(actor, month, configuration, judge, {one.id: one for one in facts}, settled, sha, at)
    Month.objects.update_or_create(month=month, defaults={"run": run})
    audit.record(actor, "attribution.computed", run, at=at)
    return Made(run_id=run.pk, number=run.number, is_new=True)


def _deal(one: DecidedDeal) -> Deal:
    return Deal(
        id=one.id, kind=one.kind, account_id=one.account_id, program_id=one.program_id, deal_type=one.deal_type, is_won=one.is_won,
        opened_at=one.opened_at, closed_at=one.closed_at, base_minor=one.base.minor,
    )  # fmt: skip


def _settle(judge: Judge, configuration: Configuration, found: Sequence[tuple[Deal, Sequence[journeys.Touch]]]) -> tuple[Settled, ...]:
    return journeys.settle(judge.judge(found), configuration.model, settings_of(configuration))


def _candidates(found: Sequence[Deal], window: int, at: datetime) -> list[tuple[Deal, list[journeys.Touch]]]:
    """Each deal with the touches that stand before it, as they are known at `at`."""
    if not found:
        return []
    rows = _rows(found, window, at)
    via: dict[UUID, set[UUID]] = defaultdict(set)
    for row in rows:
        if row.via and row.about:
            via[row.about].add(row.via)
    by_deal, by_account, by_via = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in rows:
        touch = touch_of(row, at)
        by_deal[row.about].append(touch)
        by_account[row.account_id].append(touch)
        if row.about is None:
            by_via[row.via].append(touch)
    return [(deal, _of_deal(deal, window, by_deal, by_account, [touch for one in via[deal.id] for touch in by_via[one]])) for deal in found]


def _of_deal(deal: Deal, window: int, by_deal: Any, by_account: Any, led: list[journeys.Touch]) -> list[journeys.Touch]:
    near = by_account[deal.account_id] if deal.account_id else []
    mine = {touch.id: touch for touch in (*by_deal[deal.id], *near) if journeys.belongs(touch, deal, window)}
    return list((mine | {touch.id: touch for touch in led if touch.occurred_at <= deal.closed_at}).values())


def _rows(found: Sequence[Deal], window: int, at: datetime) -> list[Touch]:
    first, last = min(deal.closed_at for deal in found), max(deal.closed_at for deal in found)
    ids, accounts = [deal.id for deal in found], {deal.account_id for deal in found if deal.account_id}
    known = Touch.objects.filter(recorded_at__lte=at, occurred_at__lte=last).filter(Q(struck_at=None) | Q(struck_at__gt=at))
    led = Touch.objects.filter(about__in=ids, via__isnull=False).values("via")
    near = Q(account__in=accounts, occurred_at__gte=first - timedelta(days=window))
    return list(known.filter(Q(about__in=ids) | near | Q(via__in=led, about=None)))


def _write(
    actor: Actor, month: date, configuration: Configuration, judge: Judge, facts: dict[UUID, DecidedDeal], settled: tuple[Settled, ...], sha: str, at: datetime
) -> Run:  # fmt: skip
    run = Run(
        number=(Run.objects.aggregate(last=Max("number"))["last"] or 0) + 1, month=month, configuration=configuration,
        configuration_sha256=configuration.sha256, as_of=at, rules=sorted(judge.versions), result_sha256=sha, currency=deals.base_currency(),
        made_by_id=actor.user_id, made_by_name=actor.name[:120], late_count=sum(len(one.late) for one in settled), **_sums(settled),
    )  # fmt: skip
    run.save(force_insert=True)
    results = [_result(run, facts[one.deal.id], one) for one in settled]
    place = {row["deal_id"]: row["id"] for row in results}
    credits = [_about(facts[one.deal.id]) | _credit(run, place[one.deal.id], part) for one in settled for part in one.parts]
    late = [
        _about(facts[one.deal.id]) | {"run_id": run.pk, "result_id": place[one.deal.id], "partner_id": judged.touch.partner_id, "touch_id": judged.touch.id}
        for one in settled
        for judged in one.late
    ]
    for model, rows in ((Result, results), (Credit, credits), (LateTouch, late)):
        for start in range(0, len(rows), BATCH):
            insert_all(model, rows[start : start + BATCH])
    return run


def _sums(settled: Sequence[Settled]) -> dict[str, int]:
    won = [one for one in settled if one.deal.is_won]
    sums: dict[str, int] = {"deal_count": len(won)}
    for outcome in Outcome:
        mine = [one for one in won if one.outcome == outcome]
        sums |= {f"{outcome}_count": len(mine), f"{outcome}_minor": sum(one.deal.base_minor for one in mine)}
    return sums


def _result(run: Run, deal: DecidedDeal, one: Settled) -> dict[str, Any]:
    same = ("kind", "number", "country", "account_id", "program_id", "deal_type", "is_won", "opened_at", "closed_at", "fx_rate", "fx_date")
    return {name: getattr(deal, name) for name in same} | {
        "id": new_id(), "run_id": run.pk, "deal_id": deal.id, "customer": deal.customer[:200], "amount_minor": deal.amount.minor,
        "currency": deal.amount.currency, "base_minor": deal.base.minor, "outcome": str(one.outcome),
        "touch_ids": [judged.touch.id for judged in one.judged], "judged": [told_of(judged) for judged in one.judged],
    }  # fmt: skip


def _about(deal: DecidedDeal) -> dict[str, Any]:
    return {
        "kind": deal.kind, "deal_id": deal.id, "number": deal.number, "customer": deal.customer[:200], "account_id": deal.account_id,
        "closed_at": deal.closed_at,
    }  # fmt: skip


def _credit(run: Run, result_id: UUID, part: journeys.Part) -> dict[str, Any]:
    return {
        "run_id": run.pk, "result_id": result_id, "partner_id": part.partner_id, "outcome": str(part.outcome), "basis_points": part.points,
        "credit_minor": part.minor, "currency": run.currency, "evidence": [told_of(judged) for judged in part.evidence],
    }  # fmt: skip


def replay(*, actor: Actor, run_id: UUID) -> Replay:
    """Compute a run again: its deals as they were read, its touches as they were known on its day, the rules and the configuration of that day.

    Raises NotFound.
    """
    run = policies.reach_runs(actor).select_related("configuration").one(run_id)
    with as_system():
        rows = list(Result.objects.filter(run=run))
        known = {row.pk: touch_of(row, run.as_of) for row in Touch.objects.filter(pk__in={one for row in rows for one in row.touch_ids})}
        found = [(deal_of(row), [known[one] for one in row.touch_ids]) for row in rows]
        body = canonical.result(_settle(Judge(run.as_of), run.configuration, found))
    sha = canonical.sha256(body)
    return Replay(run_id=run.pk, sha256=sha, is_equal=sha == run.result_sha256, body=body)


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
    found: dict[UUID, list[Credit]] = defaultdict(list)
    for row in Credit.objects.filter(run=run_id).select_related("run").order_by("deal_id", "partner_id"):
        found[row.deal_id].append(row)
    for rows in found.values():
        one = rows[0]
        publish(
            CreditAssigned(
                run_id=run_id, month=one.run.month, deal_id=one.deal_id, deal_kind=one.kind, outcome=_strongest(rows), currency=one.currency,
                partner_ids=tuple(row.partner_id for row in rows), basis_points=tuple(row.basis_points for row in rows),
                credit_minor=tuple(row.credit_minor for row in rows), at=at,
            )
        )  # fmt: skip
    return len(found)
