"""From earned to owed: hold, release, approve by a person or by the published rule, decline with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from openprm.earnings import policies
from openprm.earnings.events import EarningsDecided
from openprm.earnings.models import Alert, Earning
from openprm.earnings.rules.months import add_months
from openprm.earnings.rules.states import OPEN, AlertState, Kind, State
from openprm.earnings.services.unit import book, clean, for_rules, load, record_lines, required, save, save_all
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, NotFound, Refusal, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.rulebook import queries as rules
from openprm.rulebook import services as rulebook

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDone:
    """A line of a bulk action that was left as it is, and why."""

    id: UUID
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a bulk action did."""

    done: tuple[UUID, ...]
    refused: tuple[NotDone, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Why lines are approved: a person, or a clause of the published rule."""

    clause: str = ""
    text: str = ""
    reason: str = ""


@dataclass
class Known:
    """What the rules of forfeiture said at one moment: by program, and by amount where they ask for it."""

    asks_amount: dict[UUID | None, bool] = field(default_factory=dict)
    said: dict[tuple[UUID | None, Money | None], tuple[int, tuple[int, ...]]] = field(default_factory=dict)


@transaction.atomic
def approve(*, actor: Actor, earning_id: UUID, reason: str = "", version: int | None = None, at: datetime) -> None:
    """What was earned is owed from now on, with the corrections that wait behind it. Raises NotFound, NotAllowed, Stale, Invalid."""
    row = load(actor, earning_id, version=version)
    refuse_if(policies.why_not_approve(actor, row, open_alerts=_alerts([row]).get(row.pk, 0)))
    _approve(actor, [row, *_followers([row])], Ground(reason=clean(reason, "reason", 1000)), at)


@transaction.atomic
def approve_many(*, actor: Actor, earning_ids: Sequence[UUID], at: datetime) -> Done:
    """Approve the lines that can be, all in one go; the others stay as they are and say why. Raises Invalid for more than 200."""
    _refuse_too_many(earning_ids)
    wanted = list(dict.fromkeys(earning_ids))
    rows = {row.pk: row for row in policies.reach(actor).filter(pk__in=wanted).locked()}
    alerts, refused, good = _alerts(list(rows.values())), [], []
    for one in wanted:
        row = rows.get(one)
        reason = policies.why_not_approve(actor, row, open_alerts=alerts.get(one, 0)) if row else NotFound().message
        if reason or row is None:
            refused.append(NotDone(id=one, number=row.number if row else "", reason=reason or ""))
        else:
            good.append(row)
    _approve(actor, [*good, *_followers(good)], Ground(), at)
    return Done(done=tuple(row.pk for row in good), refused=tuple(refused))


@transaction.atomic
def decline(*, actor: Actor, earning_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Strike a line before it is owed; the partner reads why. Raises NotFound, NotAllowed, Stale, Invalid."""
    row = load(actor, earning_id, version=version)
    refuse_if(policies.why_not_decline(actor, row))
    reason = required(reason)
    rows = [row, *_followers([row])]
    strike(actor, rows, State.DECLINED, reason, at)
    publish(EarningsDecided(partner_id=row.partner_id, earning_ids=_ids(rows), state="declined", reason=reason, actor_id=actor.user_id, automatic=False, at=at))


@transaction.atomic
def decline_many(*, actor: Actor, earning_ids: Sequence[UUID], reason: str, at: datetime) -> Done:
    """Decline the lines that can be, all for one reason. Raises Invalid."""
    reason = required(reason)
    return _each(actor, earning_ids, lambda one: decline(actor=actor, earning_id=one, reason=reason, at=at))


@transaction.atomic
def hold(*, actor: Actor, earning_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Let a line wait until somebody releases it; the partner reads why. Raises NotFound, NotAllowed, Stale, Invalid."""
    row = load(actor, earning_id, version=version)
    refuse_if(policies.why_not_hold(actor, row))
    before = row.snapshot()
    row.state, row.hold_reason, row.hold_is_manual = State.HELD, required(reason), True
    save(row, "state", "hold_reason", "hold_is_manual")
    record_lines(actor, "earning.held", [(row, before)], at, note=row.hold_reason)
    publish(
        EarningsDecided(partner_id=row.partner_id, earning_ids=(row.pk,), state="held", reason=row.hold_reason, actor_id=actor.user_id, automatic=False, at=at)
    )


@transaction.atomic
def hold_many(*, actor: Actor, earning_ids: Sequence[UUID], reason: str, at: datetime) -> Done:
    reason = required(reason)
    return _each(actor, earning_ids, lambda one: hold(actor=actor, earning_id=one, reason=reason, at=at))


@transaction.atomic
def release(*, actor: Actor, earning_id: UUID, version: int | None = None, at: datetime) -> None:
    """End a hold by hand: the line waits for its review, or until its waiting time is over. Raises NotFound, NotAllowed, Stale."""
    row = load(actor, earning_id, version=version)
    refuse_if(policies.why_not_release(actor, row))
    before = row.snapshot()
    row.hold_is_manual = False
    if not _alerts([row]):
        row.hold_reason = ""
        row.state = release_state(row, at)
    save(row, "state", "hold_reason", "hold_is_manual")
    record_lines(actor, "earning.released", [(row, before)], at)


def release_state(row: Earning, at: datetime) -> State:
    """Where a line goes when nobody holds it: on while its waiting time runs."""
    waits = row.hold_is_manual or (row.hold_until is not None and row.hold_until > at.date())
    return State.HELD if waits else State.NEW


def release_due(*, at: datetime, most: int = 500) -> int:
    """Lines whose waiting time is over go to the review; gives how many. Safe to repeat."""
    rows = list(_free_of_alerts(Earning.objects.filter(state=State.HELD, hold_until__lte=at.date(), hold_is_manual=False)).locked()[:most])
    before = [(row, row.snapshot()) for row in rows]
    for row in rows:
        row.state, row.hold_reason = State.NEW, ""
    save_all(rows, "state", "hold_reason")
    record_lines(SYSTEM, "earning.released", before, at, note=_("The waiting time is over."))
    approve_by_rule(rows, at)
    return len(rows)


def approve_by_rule(rows: Iterable[Earning], at: datetime) -> int:
    """Approve what the published rule lets through; the others wait for a person. Gives how many were approved."""
    rows = [row for row in rows if row.state == State.NEW]
    paid, tiers = _paid_before(rows), partners.enrollments({row.partner_id for row in rows}, at) if rows else {}
    groups: dict[Ground, list[Earning]] = {}
    for program_id in dict.fromkeys(row.program_id for row in rows):
        own = [row for row in rows if row.program_id == program_id]
        tier_of = {row.partner_id: tiers[row.partner_id].tier_code if row.partner_id in tiers else "" for row in own}
        inputs = [_inputs(row, tier_of[row.partner_id], paid.get(row.partner_id, 0)) for row in own]
        for row, verdict in zip(own, rulebook.evaluate_many(kind="earnings.review", program_id=program_id, inputs=inputs, at=at), strict=True):
            if verdict.outcome and verdict.outcome.get("decision") == "approve":
                groups.setdefault(Ground(verdict.clause, verdict.clause_text), []).append(row)
    for ground, found in groups.items():
        _approve(SYSTEM, [*found, *_followers(found)], ground, at)
    return sum(len(found) for found in groups.values())


def _inputs(row: Earning, tier: str, paid_before: int) -> dict[str, Any]:
    event = row.event.code if row.event else "manual"
    return {
        "event": event,
        "amount": for_rules(row.amount_minor, row.currency, row.occurred_on),
        "tier": tier,
        "paid_before": paid_before,
        "is_correction": row.amount_minor < 0,
    }


def _paid_before(rows: Sequence[Earning]) -> dict[UUID, int]:
    found = Earning.objects.filter(partner__in={row.partner_id for row in rows}, state=State.PAID).values_list("partner_id").annotate(n=Count("pk"))
    return dict(found)


def _approve(actor: Actor, rows: Sequence[Earning], ground: Ground, at: datetime) -> None:
    rows = list({row.pk: row for row in rows if row.state in OPEN}.values())
    before, known = [(row, row.snapshot()) for row in rows], Known()
    for row in rows:
        set_approved(row, actor, ground, at, known)
    save_all(rows, *APPROVAL)
    book(actor, "earnings.approved", rows, at.date(), at)
    record_lines(actor, "earning.approved", before, at, note=ground.reason)
    for partner_id, found in _by_partner(rows).items():
        publish(
            EarningsDecided(
                partner_id=partner_id, earning_ids=_ids(found), state="approved", reason=ground.reason or ground.clause, actor_id=actor.user_id,
                automatic=actor.is_system, at=at,
            )
        )  # fmt: skip


APPROVAL = (
    "state", "approved_at", "payable_from", "clause", "clause_text", "is_automatic", "decided_at", "decided_by", "decided_by_name", "reason", "hold_reason",
    "hold_is_manual", "forfeits_on",
)  # fmt: skip


def set_approved(row: Earning, actor: Actor, ground: Ground, at: datetime, known: Known | None = None) -> None:
    """The columns of an approval, in memory. `known` keeps what the rules said about the other lines of the same moment."""
    row.state, row.approved_at, row.decided_at = State.APPROVED, at, at
    row.payable_from = max(at.date(), row.hold_until) if row.hold_until else at.date()
    row.clause, row.clause_text, row.is_automatic = ground.clause[:60], ground.text[:600], actor.is_system
    row.decided_by_id, row.decided_by_name = (None, "") if actor.is_system else (actor.user_id, actor.name[:120])
    row.reason, row.hold_reason, row.hold_is_manual = ground.reason or row.reason, "", False
    row.forfeits_on = forfeits_on(row, at, known)


def forfeits_on(row: Earning, at: datetime, known: Known | None = None) -> Any:
    """The day on which unpaid money is forfeited by the published rule; None for money that is taken back."""
    if row.amount_minor <= 0:
        return None
    months = warnings_of(row, at, known)[0]
    return add_months(at.date(), months) if months else None


def warnings_of(row: Earning, at: datetime, known: Known | None = None) -> tuple[int, tuple[int, ...]]:
    """(months until money is forfeited, days before at which the partner is warned, the earliest first); zero months is never."""
    known = known or Known()
    if row.program_id not in known.asks_amount:
        table = rules.find_table(kind="earnings.forfeiture", program_id=row.program_id, at=at)
        known.asks_amount[row.program_id] = table is not None and "amount" in table.asked
    amount = for_rules(row.amount_minor, row.currency, row.occurred_on) if known.asks_amount[row.program_id] else None
    if (row.program_id, amount) not in known.said:
        asked = {"kind": "earnings.forfeiture", "program_id": row.program_id, "inputs": {"tier": "", "amount": amount}, "at": at}
        known.said[row.program_id, amount] = _warnings(rulebook.evaluate(**asked).outcome or {})
    return known.said[row.program_id, amount]


def _warnings(found: Mapping[str, Any]) -> tuple[int, tuple[int, ...]]:
    days = sorted({int(found[name]) for name in ("first_warning", "second_warning", "last_warning") if found.get(name) is not None}, reverse=True)
    return int(found.get("months") or 0), tuple(days)


def strike(actor: Actor, rows: Sequence[Earning], state: State, reason: str, at: datetime) -> None:
    """Lines that were never owed leave the books: declined, or taken back before they were approved."""
    before = [(row, row.snapshot()) for row in rows]
    for row in rows:
        row.state, row.reason, row.decided_at, row.is_automatic = state, reason, at, actor.is_system
        row.decided_by_id, row.decided_by_name = (None, "") if actor.is_system else (actor.user_id, actor.name[:120])
        save(row, "state", "reason", "decided_at", "decided_by", "decided_by_name", "is_automatic")
    declined = state == State.DECLINED
    book(actor, "earnings.declined" if declined else "earnings.taken_back", rows, at.date(), at)
    record_lines(actor, "earning.declined" if declined else "earning.taken_back", before, at, note=reason)


def _followers(rows: Sequence[Earning]) -> list[Earning]:
    """Corrections that wait behind these lines: they go along."""
    return list(Earning.objects.filter(corrects__in=[row.pk for row in rows], kind=Kind.CORRECTION, state__in=[str(one) for one in OPEN]).locked())


def _alerts(rows: Sequence[Earning]) -> dict[UUID, int]:
    found = Alert.objects.filter(earning__in=[row.pk for row in rows]).exclude(state=AlertState.DISMISSED)
    return dict(found.values_list("earning_id").annotate(n=Count("pk")))


def _free_of_alerts(rows: Any) -> Any:
    return rows.exclude(pk__in=Alert.objects.filter(~Q(state=AlertState.DISMISSED)).values("earning_id"))


def _each(actor: Actor, earning_ids: Sequence[UUID], act: Any) -> Done:
    _refuse_too_many(earning_ids)
    done, refused = [], []
    numbers = dict(policies.reach(actor).filter(pk__in=list(earning_ids)).values_list("pk", "number"))
    for one in dict.fromkeys(earning_ids):
        try:
            with transaction.atomic():
                act(one)
            done.append(one)
        except Refusal as refusal:
            refused.append(NotDone(id=one, number=numbers.get(one, ""), reason=refusal.message))
    return Done(done=tuple(done), refused=tuple(refused))


def _refuse_too_many(earning_ids: Sequence[UUID]) -> None:
    if len(earning_ids) > MOST_AT_ONCE:
        raise Invalid(_("At most %(most)d lines at once.") % {"most": MOST_AT_ONCE}, field="ids")


def _by_partner(rows: Iterable[Earning]) -> dict[UUID, list[Earning]]:
    found: dict[UUID, list[Earning]] = {}
    for row in rows:
        found.setdefault(row.partner_id, []).append(row)
    return found


def _ids(rows: Iterable[Earning]) -> tuple[UUID, ...]:
    return tuple(row.pk for row in rows)
