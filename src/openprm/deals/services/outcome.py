"""Where a deal goes after the decision, or before it when the partner steps back."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.events import DealCanceled, DealStageMoved, DealWithdrawn, DealWon
from openprm.deals.models import Registration
from openprm.deals.rules.lifecycle import Stage, Status
from openprm.deals.services import amendments, booking, clocks, opportunities, renewals, terms
from openprm.deals.services.ending import end_deal
from openprm.deals.services.results import Saved
from openprm.deals.services.review import required_reason
from openprm.deals.services.stages import refuse_bad_move
from openprm.deals.services.stalls import moved
from openprm.deals.services.unit import announce, as_system, load, record, save, saved
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.kernel.money import LARGEST_MINOR


def withdraw(*, actor: Actor, registration_id: UUID, reason: str, version: int | None = None, at: datetime) -> Saved:
    """Take a registration back before it is decided; final. Raises NotFound, NotAllowed, Stale, Invalid."""
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_withdraw(actor, registration))
    reason = required_reason(reason)
    before = registration.snapshot()
    with as_system(actor):
        registration.status, registration.ended_reason, registration.closed_at, registration.answer_due_at = Status.WITHDRAWN, reason, at, None
        save(registration, "status", "ended_reason", "closed_at", "answer_due_at")
        clocks.stop(registration, at)
        record(actor, "deal.withdrawn", registration, before=before, at=at, note=reason)
        announce(DealWithdrawn, registration, actor, at, reason=reason)
    return saved(registration)


def cancel(*, actor: Actor, registration_id: UUID, reason: str, version: int | None = None, at: datetime) -> Saved:
    """Throw a draft away, or end an approved deal that the customer stopped; frees the customer. Raises NotFound, NotAllowed, Stale, Invalid."""
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_cancel(actor, registration))
    reason = required_reason(reason)
    before = registration.snapshot()
    with as_system(actor):
        end_deal(registration, Status.CANCELED, reason, at)
        registration.ended_reason = reason
        amendments.drop_open(registration, at)
        save(registration, "status", "ended_reason", "closed_at", "protected_until", "stalled_alert_at")
        opportunities.clear_marks(registration)
        record(actor, "deal.canceled", registration, before=before, at=at, note=reason)
        announce(DealCanceled, registration, actor, at, reason=reason)
    return saved(registration)


def move_stage(*, actor: Actor, registration_id: UUID, stage: str, next_step: str | None = None, version: int | None = None, at: datetime) -> Saved:
    """Say how far an approved deal is; nothing happens when it stands there already.

    Raises NotFound, NotAllowed, Stale, Invalid with every entry criterion that is not met and what to do about it.
    """
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_advance(actor, registration))
    refuse_bad_move(registration, stage, next_step, at)
    if stage == registration.stage and next_step in (None, registration.next_step):
        return saved(registration)
    before, previous = registration.snapshot(), registration.stage
    registration.next_step = registration.next_step if next_step is None else next_step.strip()
    with as_system(actor):
        if stage != previous:
            registration.stage, registration.stage_changed_at = stage, at
        for name, value in moved(active_at=at).items():
            setattr(registration, name, value)
        save(registration, "stage", "stage_changed_at", "next_step", *moved(active_at=at))
        opportunities.follow(registration, at)
        record(actor, "deal.stage_moved", registration, before=before, at=at)
        announce(DealStageMoved, registration, actor, at, stage=stage, previous=str(previous))
    return saved(registration)


def mark_won(*, actor: Actor, registration_id: UUID, amount_minor: int | None = None, version: int | None = None, at: datetime) -> Saved:
    """Close a deal as won, at the final amount when it differs. The booked rate stays. Raises NotFound, NotAllowed, Stale, Invalid."""
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_advance(actor, registration))
    if amount_minor is not None and not 0 < amount_minor <= LARGEST_MINOR:
        raise Invalid(_("The final amount is larger than zero and has a sensible number of digits."), field="amount_minor")
    before = registration.snapshot()
    with as_system(actor):
        if amount_minor is not None and amount_minor != registration.amount_minor:
            _rebook(registration, amount_minor)
        registration.stage, registration.stage_changed_at = Stage.LAUNCHED, at
        end_deal(registration, Status.CLOSED_WON, "won", at)
        amendments.drop_open(registration, at)
        terms.begin(registration, at)
        renewals.settle_won(registration, at)
        changed = ("status", "stage", "stage_changed_at", "closed_at", "protected_until", "stalled_alert_at")
        save(registration, *changed, "amount_minor", "base_amount_minor")
        opportunities.close(registration, won=True, at=at)
        record(actor, "deal.won", registration, before=before, at=at)
        announce(DealWon, registration, actor, at, account_id=registration.account_id, base_amount_minor=registration.base_amount_minor)
    return saved(registration)


def _rebook(registration: Registration, amount_minor: int) -> None:
    """The final amount at the rate booked with the approval: a won deal's value does not depend on the day it closed."""
    registration.amount_minor = amount_minor
    registration.base_amount_minor = booking.at_booked_rate(registration)
