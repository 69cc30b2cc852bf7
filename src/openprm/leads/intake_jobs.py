"""What happens after the fact: mails to people behind forms, news of referrals and withdrawals, forgetting."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.jobs import job
from openprm.leads import intake_news as news
from openprm.leads import services


@job(name="leads.mail_confirmation")
def on_confirmation_asked(*, submission_id: UUID, at: datetime) -> None:
    services.send_letter(kind="confirm", submission_id=submission_id, at=at)


@job(name="leads.mail_receipt")
def on_submission_taken_in(*, submission_id: UUID, lead_id: UUID, at: datetime) -> None:
    services.send_letter(kind="receipt", submission_id=submission_id, at=at)


@job(name="leads.tell_referred")
def on_referred(*, referral_id: UUID, lead_id: UUID, direction: str, referrer_id: UUID | None, target_id: UUID | None, at: datetime) -> None:
    if direction != "from_vendor":
        news.tell_referred(referral_id, at)


@job(name="leads.tell_referral_answered")
def on_referral_answered(*, referral_id: UUID, lead_id: UUID, state: str, referrer_id: UUID | None, at: datetime) -> None:
    if referrer_id:
        news.tell_answered(referral_id, at)


@job(name="leads.tell_referrer_of_outcome")
def on_closed(*, lead_id: UUID, number: str, actor_id: UUID | None, at: datetime, partner_id: UUID | None, status: str, reason: str) -> None:
    services.settle_referrals(lead_ids=(lead_id,), is_closed=True, at=at)
    news.tell_outcome(lead_id, status, at)


@job(name="leads.settle_referrals")
def on_offered(*, lead_ids: tuple[UUID, ...], partner_ids: tuple[UUID, ...], methods: tuple[str, ...], actor_id: UUID | None, at: datetime) -> None:
    services.settle_referrals(lead_ids=lead_ids, is_closed=False, at=at)


@job(name="leads.tell_withdrawn")
def on_withdrawn(*, lead_id: UUID, number: str, partner_id: UUID | None, at: datetime) -> None:
    news.tell_withdrawn(lead_id, number, partner_id, at)


@job(name="leads.forget_traces")
def on_erased(*, lead_id: UUID, number: str, actor_id: UUID | None, at: datetime) -> None:
    services.forget_traces(lead_id=lead_id, at=at)


@job(name="leads.forget_unconfirmed", every="35 3 * * *", lock="leads.forget_unconfirmed")
def forget_unconfirmed(*, at: datetime) -> None:
    services.forget_unconfirmed(at=at)


@job(name="leads.forget_old", every="45 3 * * *", lock="leads.forget_old")
def forget_old(*, at: datetime) -> None:
    """Erase the people behind leads that closed two years ago; a full batch is followed by another."""
    if services.forget_old(at=at) >= services.FORGET_AT_ONCE:
        forget_old.defer()
