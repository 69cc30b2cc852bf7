"""What became of a payment: it arrived, or it came back. A partner's balance is right at every moment."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, refuse_if
from openprm.kernel.events import publish
from openprm.payouts import policies
from openprm.payouts.events import PayoutCompleted, PayoutFailed
from openprm.payouts.models import Item, Payout, Run
from openprm.payouts.rules.states import ON_THE_WAY, Pay, RunState, run_after
from openprm.payouts.services import booking
from openprm.payouts.services.desk import tell_sources, watch
from openprm.payouts.services.runs import release
from openprm.payouts.services.unit import load, move_payout, move_run, record, text


def complete_payouts(actor: Actor, payouts: Sequence[Payout], at: datetime) -> None:
    """These arrived. Told to the sources and the partners, booked in one go."""
    for payout in payouts:
        payout.completed_at, payout.reason = at, ""
        move_payout(payout, Pay.COMPLETED, "completed_at", "reason")
        record(actor, "payout.completed", payout, after={}, partner_id=payout.partner_id, refs=(payout.run_id,), at=at)
        publish(PayoutCompleted(payout_id=payout.pk, partner_id=payout.partner_id, at=at))
    tell_sources("paid", Item.objects.filter(payout__in=payouts, live=True), at=at)
    for run_id in {payout.run_id for payout in payouts}:
        refresh_run(run_id, at)
    watch(partner_ids=list({payout.partner_id for payout in payouts}), at=at)
    booking.settled(actor, payouts, at)


def fail_payout(actor: Actor, payout: Payout, reason: str, at: datetime) -> None:
    """It came back: the money is in the partner's balance again, with the reason, and its lines are due again."""
    had_arrived = payout.state == Pay.COMPLETED
    payout.failed_at, payout.reason = at, (reason or str(_("The bank gave no reason.")))[:300]
    move_payout(payout, Pay.FAILED, "failed_at", "reason", "transfer_ref", "payout_ref")
    release(payout, payout.reason, at)
    record(actor, "payout.failed", payout, after={}, partner_id=payout.partner_id, note=payout.reason, refs=(payout.run_id,), at=at)
    publish(PayoutFailed(payout_id=payout.pk, partner_id=payout.partner_id, reason=payout.reason, at=at))
    refresh_run(payout.run_id, at)
    (booking.returned if had_arrived else booking.failed)(actor, payout, at)
    watch(partner_ids=[payout.partner_id], at=at)


def refresh_run(run_id: UUID, at: datetime) -> None:
    """Hold the run where its payments stand."""
    run = Run.objects.locked().one(run_id)
    if run.state not in (RunState.SENDING, RunState.SENT):
        return
    wanted = run_after(Payout.objects.filter(run=run).values_list("state", flat=True))
    if wanted == run.state:
        return
    if wanted == RunState.SETTLED:
        run.settled_at = at
        record(SYSTEM, "payout.run_settled", run, after={}, note=run.number, at=at)
    if wanted != RunState.SENDING:
        move_run(run, wanted, "settled_at")


@transaction.atomic
def settle(*, actor: Actor, payout_id: UUID, at: datetime) -> None:
    """A person saw it on the statement. Raises NotFound, NotAllowed, Conflict."""
    payout = _by_hand(actor, payout_id)
    if payout.state not in ON_THE_WAY:
        raise Conflict(_("%(number)s is not on its way.") % {"number": payout.number})
    complete_payouts(actor, [payout], at)


@transaction.atomic
def send_back(*, actor: Actor, payout_id: UUID, reason: str, at: datetime) -> None:
    """A person saw that the bank sent it back. Raises NotFound, NotAllowed, Invalid, Conflict."""
    payout = _by_hand(actor, payout_id)
    words = text("reason", reason, longest=300)
    if payout.state not in ON_THE_WAY | {Pay.COMPLETED}:
        raise Conflict(_("%(number)s is not on its way.") % {"number": payout.number})
    fail_payout(actor, payout, words, at)


def _by_hand(actor: Actor, payout_id: UUID) -> Payout:
    refuse_if(policies.why_not_prepare(actor))
    payout = load(policies.reach_payouts(actor), payout_id)
    if payout.method == "stripe":
        raise Conflict(_("The payment provider tells us what became of %(number)s. It is not set by hand.") % {"number": payout.number})
    if payout.state == Pay.PROCESSED:
        raise Conflict(_("Say first that the file was given to the bank."))
    return payout
