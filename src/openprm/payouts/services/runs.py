"""A run: prepared by one person, approved by another. What cannot be paid is held with its reason, never left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.money import Money, minor_units
from openprm.ledger import services as ledger
from openprm.payouts import policies
from openprm.payouts.events import PayoutHeld, RunApproved, RunPrepared
from openprm.payouts.models import Held, Invoice, Item, Payout, Run
from openprm.payouts.queries.checks import approver_of, problems_of
from openprm.payouts.queries.due import due_lines
from openprm.payouts.queries.standing import Facts, Hold, Way, carried, facts_of, standing
from openprm.payouts.rules.netting import Bundle, bundles, why_carried
from openprm.payouts.rules.states import Pay, RunState
from openprm.payouts.services.desk import tell_sources, watch
from openprm.payouts.services.unit import load, move_payout, move_run, record, text

FURTHEST = timedelta(days=60)
CARRIED = frozenset({"minimum", "negative"})


class NothingToPay(Conflict):
    """Nothing that is due can be paid now; the message says why for each."""


class Unpayable(Conflict):
    """A payee that was named cannot be paid; the message says why and what cures it."""


@dataclass(frozen=True, slots=True)
class _Payable:
    bundle: Bundle
    way: Way
    money: Money
    rate: Any


@transaction.atomic
def prepare(
    *,
    actor: Actor,
    pay_on: date | None = None,
    note: str = "",
    partner_ids: Sequence[UUID] | None = None,
    conversions: Mapping[str, str] | None = None,
    at: datetime,
) -> UUID:
    """Put all that is due by `pay_on` into one run, one payment for each payee and currency.

    A currency is converted only when `conversions` names it ({"USD": "EUR"}), for payees without an account of that currency,
    at the rate of the day, which stays on the payment. What cannot be paid is kept in the run as held, with the reason and the
    cure; a payee that was named and cannot be paid is a refusal. Raises NotAllowed, Invalid, NoRate, Unpayable, NothingToPay.
    """
    refuse_if(policies.why_not_prepare(actor))
    day, changes = _pay_day(pay_on or at.date(), at), _conversions(conversions or {})
    found = bundles(due_lines(list(partner_ids) if partner_ids is not None else None, at=at), day)
    facts = facts_of((one.partner_id for one in found), at)
    payable, held = _sorted(facts, found, changes, at)
    if partner_ids is not None:
        _refuse_named(partner_ids, payable, held)
    if not payable:
        raise NothingToPay(_why_nothing(held))
    run = Run.objects.create(
        pay_on=day, note=text("note", note, longest=300, required=False), conversions=changes, prepared_at=at, prepared_by_id=actor.user_id
    )
    run.refresh_from_db(fields=["number"])
    items = [item for one in payable for item in _pay(run, one, facts)]
    taken = Conflict(_("Another run took some of these lines just now. Prepare the run again."))
    with refused_by("line_is_paid_once", taken):
        Item.objects.bulk_create(items)
    Held.objects.bulk_create(
        Held(
            run=run, partner_id=bundle.partner_id, currency=bundle.currency, amount_minor=bundle.total, lines=len(bundle.lines), code=why.code,
            reason=why.reason[:400], cure=why.cure[:400],
        )
        for bundle, why in held
    )  # fmt: skip
    tell_sources("taken", items, run.pk, at=at)
    record(actor, "payout.run_prepared", run, before={}, data={"payments": len(payable), "held": len(held)}, note=run.number, at=at)
    publish(RunPrepared(run_id=run.pk, actor_id=actor.user_id, at=at))
    for bundle, why in held:
        if why.code not in CARRIED:
            publish(PayoutHeld(run_id=run.pk, partner_id=bundle.partner_id, currency=bundle.currency, at=at))
    return run.pk


def _pay_day(day: date, at: datetime) -> date:
    if not at.date() <= day <= at.date() + FURTHEST:
        raise Invalid(_("Choose a payday from today on, at most 60 days ahead."), field="pay_on")
    return day


def _conversions(given: Mapping[str, str]) -> dict[str, str]:
    found = {str(source).upper(): str(target).upper() for source, target in given.items()}
    for source, target in found.items():
        minor_units(source), minor_units(target)
        if source == target or target in found:
            raise Invalid(_("Convert a currency into another one, once."), field="conversions")
    return found


def _sorted(facts: Facts, found: Sequence[Bundle], changes: Mapping[str, str], at: datetime) -> tuple[list[_Payable], list[tuple[Bundle, Hold]]]:
    payable: list[_Payable] = []
    held: list[tuple[Bundle, Hold]] = []
    for bundle in found:
        money, minimum = Money(bundle.total, bundle.currency), facts.minimum(bundle.currency)
        if code := why_carried(bundle, minimum):
            held.append((bundle, carried(code, money, minimum)))
            continue
        way, paid, rate = _way(facts, bundle, money, changes, at)
        if isinstance(way, Hold):
            held.append((bundle, way))
        else:
            payable.append(_Payable(bundle, way, paid, rate))
    return payable, held


def _way(facts: Facts, bundle: Bundle, money: Money, changes: Mapping[str, str], at: datetime) -> tuple[Way | Hold, Money, Any]:
    way = standing(facts, bundle.partner_id, money)
    target = changes.get(money.currency)
    if not (isinstance(way, Hold) and way.code == "no_account" and target):
        return way, money, None
    converted = ledger.convert(money, to=target, on=at.date())
    return standing(facts, bundle.partner_id, converted.money), converted.money, converted.rate


def _refuse_named(partner_ids: Sequence[UUID], payable: Sequence[_Payable], held: Sequence[tuple[Bundle, Hold]]) -> None:
    reached = {one.bundle.partner_id for one in payable}
    refused = [why for bundle, why in held if bundle.partner_id in partner_ids and bundle.partner_id not in reached]
    if refused:
        raise Unpayable(" ".join(f"{why.reason} {why.cure}".strip() for why in refused[:10]), code=f"payout_{refused[0].code}")


def _why_nothing(held: Sequence[tuple[Bundle, Hold]]) -> str:
    if not held:
        return _("Nothing is due by that day.")
    reasons = list(dict.fromkeys(f"{why.reason} {why.cure}".strip() for _bundle, why in held))
    return _("Nothing that is due can be paid now. %(reasons)s") % {"reasons": " ".join(reasons[:10])}


def _pay(run: Run, one: _Payable, facts: Facts) -> list[Item]:
    """Make one payment and give its lines, not saved yet."""
    bundle, way, rate = one.bundle, one.way, one.rate
    payout = Payout.objects.create(
        run=run, partner_id=bundle.partner_id, payee_name=facts.payees[bundle.partner_id].legal_name, amount_minor=one.money.minor, currency=one.money.currency,
        owed_minor=bundle.total, owed_currency=bundle.currency, fx_rate=rate and rate.rate, fx_date=rate and rate.rate_date,
        fx_source=rate.source if rate else "", method=way.method, bank_account=way.account, provider_account=way.provider_account, approved_since=bundle.since,
    )  # fmt: skip
    if way.invoice_id:
        Invoice.objects.filter(pk=way.invoice_id).update(payout=payout)
    return [
        Item(
            payout=payout, partner_id=line.partner_id, source=line.source, line_id=line.id, number=line.number, about=line.about, url=line.url,
            amount_minor=line.amount_minor, currency=line.currency, approved_at=line.approved_at,
        )
        for line in bundle.lines
    ]  # fmt: skip


@transaction.atomic
def approve(*, actor: Actor, run_id: UUID, version: int | None = None, at: datetime) -> None:
    """The second pair of eyes, inside its limit; every payee is checked again. Raises NotFound, NotAllowed, Stale, Unpayable, ForbiddenMove."""
    run = load(policies.reach_runs(actor), run_id, version)
    refuse_if(policies.why_not_approve(actor, run, approver_of(run, at)))
    if problems := [sentence for _payout, sentence in problems_of(run, at)]:
        raise Unpayable(" ".join([*problems[:10], _("Take these payments out of the run, or cure the reason.")]))
    run.approved_at, run.approved_by_id = at, actor.user_id
    with refused_by("run_needs_four_eyes", Conflict(_("Who prepared a run does not approve it."))):
        move_run(run, RunState.APPROVED, "approved_at", "approved_by")
    record(actor, "payout.run_approved", run, after={}, note=run.number, at=at)
    publish(RunApproved(run_id=run.pk, actor_id=actor.user_id, at=at))


@transaction.atomic
def take_out(*, actor: Actor, payout_id: UUID, reason: str, at: datetime) -> None:
    """Take one payment out of a run that is not sent: its lines are due again. Raises NotFound, NotAllowed, Invalid, ForbiddenMove."""
    refuse_if(policies.why_not_prepare(actor))
    payout = load(policies.reach_payouts(actor), payout_id)
    run = load(policies.reach_runs(actor), payout.run_id)
    if run.state != RunState.PREPARED:
        raise Conflict(_("%(number)s was approved as it is. Cancel it and prepare another one.") % {"number": run.number})
    cancel_payout(actor, payout, text("reason", reason, longest=300), at)
    if not Payout.objects.filter(run=run).exclude(state=Pay.CANCELED).exists():
        _cancel(actor, run, _("No payment was left."), at)


def cancel_payout(actor: Actor, payout: Payout, reason: str, at: datetime) -> None:
    """Give back what a payment had taken, before anything was sent."""
    payout.reason = reason
    move_payout(payout, Pay.CANCELED, "reason")
    release(payout, reason, at)
    record(actor, "payout.canceled", payout, after={}, partner_id=payout.partner_id, shared=False, note=reason, refs=(payout.run_id,), at=at)


def release(payout: Payout, reason: str, at: datetime) -> None:
    """The lines of a payment are due again."""
    items = list(Item.objects.filter(payout=payout, live=True))
    Item.objects.filter(payout=payout, live=True).update(live=False)
    Invoice.objects.filter(payout=payout).update(payout=None)
    tell_sources("released", items, reason, at=at)


@transaction.atomic
def cancel(*, actor: Actor, run_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Give up a run before it is sent; all its lines are due again. Raises NotFound, NotAllowed, Invalid, Stale, ForbiddenMove."""
    refuse_if(policies.why_not_prepare(actor))
    run = load(policies.reach_runs(actor), run_id, version)
    words = text("reason", reason, longest=300)
    if run.state not in (RunState.PREPARED, RunState.APPROVED):
        move_run(run, RunState.CANCELED)
    for payout in Payout.objects.filter(run=run, state=Pay.PENDING).locked():
        cancel_payout(actor, payout, words, at)
    _cancel(actor, run, words, at)


def _cancel(actor: Actor, run: Run, reason: str, at: datetime) -> None:
    run.canceled_at, run.reason = at, reason
    move_run(run, RunState.CANCELED, "canceled_at", "reason")
    record(actor, "payout.run_canceled", run, after={}, note=reason, at=at)
    watch(at=at)
