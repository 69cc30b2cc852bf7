"""Where a deal goes after the decision, or before it when the partner steps back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.events import DealCanceled, DealLost, DealStageMoved, DealStalled, DealWithdrawn, DealWon
from openprm.deals.models import ProtectionGrant, Registration, Task
from openprm.deals.rules.lifecycle import OPEN_STAGES, STALLED_AFTER_DAYS, Stage, Status
from openprm.deals.services import booking, clocks, opportunities
from openprm.deals.services.protection import end_grants
from openprm.deals.services.results import Saved
from openprm.deals.services.review import required_reason
from openprm.deals.services.unit import announce, as_system, load, record, save, saved
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.kernel.money import LARGEST_MINOR

AT_ONCE = 500


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
        _end(registration, Status.CANCELED, reason, at)
        registration.ended_reason = reason
        save(registration, "status", "ended_reason", "closed_at", "protected_until")
        opportunities.clear_marks(registration)
        record(actor, "deal.canceled", registration, before=before, at=at, note=reason)
        announce(DealCanceled, registration, actor, at, reason=reason)
    return saved(registration)


def _end(registration: Registration, status: Status, reason: str, at: datetime) -> None:
    registration.status, registration.closed_at, registration.protected_until = status, at, None
    end_grants(registration, ProtectionGrant.Status.RELEASED, reason, at)
    Task.objects.filter(registration=registration, archived_at__isnull=True).update(archived_at=at)


def move_stage(*, actor: Actor, registration_id: UUID, stage: str, next_step: str | None = None, version: int | None = None, at: datetime) -> Saved:
    """Say how far an approved deal is; nothing happens when it stands there already. Raises NotFound, NotAllowed, Stale, Invalid."""
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_advance(actor, registration))
    _refuse_bad_move(stage, next_step)
    if stage == registration.stage and next_step in (None, registration.next_step):
        return saved(registration)
    before, previous = registration.snapshot(), registration.stage
    registration.next_step = registration.next_step if next_step is None else next_step.strip()
    with as_system(actor):
        if stage != previous:
            registration.stage, registration.stage_changed_at = stage, at
        save(registration, "stage", "stage_changed_at", "next_step")
        opportunities.follow(registration, at)
        record(actor, "deal.stage_moved", registration, before=before, at=at)
        announce(DealStageMoved, registration, actor, at, stage=stage, previous=str(previous))
    return saved(registration)


def _refuse_bad_move(stage: str, next_step: str | None) -> None:
    if stage not in OPEN_STAGES:
        raise Invalid(_("Choose one of the open stages. Won and lost have their own buttons."), field="stage")
    if next_step is not None and len(next_step) > 300:
        raise Invalid(_("The next step is longer than 300 characters. Shorten it."), field="next_step")


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
        _end(registration, Status.CLOSED_WON, "won", at)
        save(registration, "status", "stage", "stage_changed_at", "closed_at", "protected_until", "amount_minor", "base_amount_minor")
        opportunities.close(registration, won=True, at=at)
        record(actor, "deal.won", registration, before=before, at=at)
        announce(DealWon, registration, actor, at, account_id=registration.account_id, base_amount_minor=registration.base_amount_minor)
    return saved(registration)


def _rebook(registration: Registration, amount_minor: int) -> None:
    """The final amount at the rate booked with the approval: a won deal's value does not depend on the day it closed."""
    registration.amount_minor = amount_minor
    registration.base_amount_minor = booking.at_booked_rate(registration)


def mark_lost(*, actor: Actor, registration_id: UUID, reason: str, version: int | None = None, at: datetime) -> Saved:
    """Close a deal as lost, with the reason; frees the customer. Raises NotFound, NotAllowed, Stale, Invalid."""
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_advance(actor, registration))
    reason = required_reason(reason)
    before = registration.snapshot()
    with as_system(actor):
        registration.stage, registration.stage_changed_at, registration.lost_reason = Stage.CLOSED_LOST, at, reason
        _end(registration, Status.CLOSED_LOST, "lost", at)
        save(registration, "status", "stage", "stage_changed_at", "closed_at", "protected_until", "lost_reason")
        opportunities.close(registration, won=False, at=at)
        record(actor, "deal.lost", registration, before=before, at=at, note=reason)
        announce(DealLost, registration, actor, at, reason=reason)
    return saved(registration)


def alert_stalled(*, at: datetime) -> int:
    """Tell both sides of an approved deal that stood still for three weeks, once per standstill (D14)."""
    limit = at - timedelta(days=STALLED_AFTER_DAYS)
    quiet = Q(stalled_alert_at__isnull=True) | Q(stalled_alert_at__lt=F("stage_changed_at"))
    rows = Registration.objects.filter(quiet, status=Status.APPROVED, stage_changed_at__lte=limit)
    stalled = list(Registration.objects.filter(pk__in=list(rows.order_by("stage_changed_at").values_list("pk", flat=True)[:AT_ONCE])).locked())
    for registration in stalled:
        registration.stalled_alert_at = at
        save(registration, "stalled_alert_at")
        days = (at - registration.stage_changed_at).days
        record(SYSTEM, "deal.stalled", registration, after={}, at=at, data={"days": days})
        announce(DealStalled, registration, SYSTEM, at, days=days)
    return len(stalled)
