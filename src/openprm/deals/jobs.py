"""What the queue runs for deals: clocks of protections, remedies, and the news to both sides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.deals import news, services
from openprm.kernel.jobs import job
from openprm.kernel.money import Money


@job(name="deals.expire_protections", every="*/5 * * * *", lock="deals.expire_protections")
def expire_protections(*, at: datetime) -> None:
    """End what is over; a full batch is followed by another."""
    if services.expire_due(at=at) >= services.EXPIRE_AT_ONCE:
        expire_protections.defer()


@job(name="deals.remind_expiring", every="15 * * * *", lock="deals.remind_expiring")
def remind_expiring(*, at: datetime) -> None:
    services.remind_expiring(at=at)


@job(name="deals.alert_stalled", every="30 5 * * *", lock="deals.alert_stalled")
def alert_stalled(*, at: datetime) -> None:
    """Tell both sides of what stands still; a full batch is followed by another."""
    if services.alert_stalled(at=at) >= services.STALL_AT_ONCE:
        alert_stalled.defer()


@job(name="deals.withdraw_unanswered", every="45 * * * *", lock="deals.withdraw_unanswered")
def withdraw_unanswered(*, at: datetime) -> None:
    """End the wait for answers that do not come; a full batch is followed by another."""
    if services.withdraw_unanswered(at=at) >= services.WITHDRAW_AT_ONCE:
        withdraw_unanswered.defer()


@job(name="deals.remedy_late_decision")
def on_promise_broken(*, clock_id: UUID, code: str, subject_id: UUID, partner_id: UUID, program_id: UUID | None, due_at: datetime, at: datetime) -> None:
    if code == "deals.decision":
        services.remedy_late_decision(registration_id=subject_id, at=at)
    if code == "deals.information" and (ends_at := services.lapses_at(registration_id=subject_id)):
        news.to_partner(subject_id, "deals.unanswered", None, at, ends_at=ends_at)


@job(name="deals.tell_submitted")
def on_submitted(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, outcome: str) -> None:
    if outcome == "review":
        news.to_deciders(registration_id, "deals.submitted", actor_id, at)


@job(name="deals.tell_resubmitted")
def on_resubmitted(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, changed: tuple[str, ...]) -> None:
    news.to_deciders(registration_id, "deals.resubmitted", actor_id, at, changed=changed)


@job(name="deals.tell_review_started")
def on_review_started(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime) -> None:
    news.to_partner(registration_id, "deals.review_started", actor_id, at)


@job(name="deals.tell_step_approved")
def on_step_approved(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, role: str) -> None:
    news.to_deciders(registration_id, "deals.submitted", actor_id, at)


@job(name="deals.tell_approved")
def on_approved(
    *,
    registration_id: UUID,
    partner_id: UUID,
    number: str,
    actor_id: UUID | None,
    at: datetime,
    account_id: UUID,
    automatic: bool,
    protected_until: datetime | None,
) -> None:
    news.to_partner(registration_id, "deals.approved", actor_id, at)
    if automatic:
        news.to_manager(registration_id, "deals.approved", actor_id, at)


@job(name="deals.tell_returned")
def on_returned(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, fields: tuple[str, ...]) -> None:
    news.to_partner(registration_id, "deals.returned", actor_id, at, urgent=True)


@job(name="deals.tell_rejected")
def on_rejected(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, automatic: bool, clause: str) -> None:
    news.to_partner(registration_id, "deals.rejected", actor_id, at)


@job(name="deals.tell_withdrawn")
def on_withdrawn(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, reason: str) -> None:
    if actor_id is None:
        news.to_both(registration_id, "deals.lapsed", None, at)
    else:
        news.to_manager(registration_id, "deals.withdrawn", actor_id, at)


@job(name="deals.tell_canceled")
def on_canceled(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, reason: str) -> None:
    news.to_both(registration_id, "deals.canceled", actor_id, at)


@job(name="deals.tell_extension_requested")
def on_extension_requested(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, reason: str) -> None:
    news.to_manager(registration_id, "deals.extension_requested", actor_id, at)


@job(name="deals.tell_extended")
def on_extended(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, protected_until: datetime) -> None:
    news.to_partner(registration_id, "deals.extended", actor_id, at)


@job(name="deals.tell_expiring")
def on_expiring(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, days: int, protected_until: datetime) -> None:
    news.to_both(registration_id, "deals.expiring", actor_id, at, days=days)


@job(name="deals.tell_expired")
def on_expired(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime) -> None:
    news.to_both(registration_id, "deals.expired", actor_id, at)


@job(name="deals.tell_released")
def on_released(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, reason: str) -> None:
    news.to_partner(registration_id, "deals.released", actor_id, at)


@job(name="deals.tell_stalled")
def on_stalled(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, days: int) -> None:
    news.to_both(registration_id, "deals.stalled", actor_id, at, days=days)
    news.to_account_owner(registration_id, "deals.stalled", actor_id, at, days=days)


@job(name="deals.tell_won")
def on_won(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, account_id: UUID, base_amount_minor: int) -> None:
    news.to_both(registration_id, "deals.won", actor_id, at)


@job(name="deals.tell_lost")
def on_lost(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, reason: str) -> None:
    news.to_manager(registration_id, "deals.lost", actor_id, at)


@job(name="deals.tell_remedied")
def on_remedied(
    *, registration_id: UUID, actor_id: UUID | None, at: datetime, remedy: str, days: int, credit_minor: int = 0, currency: str = "", **_told: Any
) -> None:
    if remedy == "extend":
        news.to_both(registration_id, "deals.remedied", actor_id, at, days=days)
    if remedy == "credit":
        news.to_both(registration_id, "deals.credited", actor_id, at, amount=Money(credit_minor, currency))


@job(name="deals.tell_noted")
def on_noted(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, note_id: UUID, visibility: str) -> None:
    if visibility == "shared":
        news.to_both(registration_id, "deals.noted", actor_id, at)
    else:
        news.to_manager(registration_id, "deals.noted", actor_id, at)
