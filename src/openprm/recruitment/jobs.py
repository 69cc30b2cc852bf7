"""What the queue runs for recruitment: scores, comparisons, letters, reward windows, and the news to both sides."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.jobs import job
from openprm.recruitment import news, services


@job(name="recruitment.compare_all", every="20 3 * * *", lock="recruitment.compare_all", queue="default")
def compare_all(*, at: datetime) -> None:
    """Every company against the best partners, whose results change every day."""
    services.compare(None, at)


@job(name="recruitment.compare_one")
def on_learned(*, company_id: UUID, at: datetime) -> None:
    services.compare_learned(company_id=company_id, at=at)


@job(name="recruitment.rescore")
def on_profile_published(*, profile_id: UUID, program_id: UUID, at: datetime) -> None:
    services.rescore_program(program_id=program_id, at=at)


@job(name="recruitment.deliver")
def on_outreach(*, outreach_id: UUID, at: datetime) -> None:
    services.deliver(outreach_id=outreach_id, at=at)


@job(name="recruitment.end_windows", every="5 2 * * *", lock="recruitment.end_windows")
def end_windows(*, at: datetime) -> None:
    services.end_windows(at=at)


@job(name="recruitment.tell_steps_due", every="0 6 * * *", lock="recruitment.tell_steps_due")
def tell_steps_due(*, at: datetime) -> None:
    news.steps_due(at)


@job(name="recruitment.tell_assigned")
def on_assigned(*, prospect_id: UUID, owner_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    news.assigned(prospect_id, owner_id, at)


@job(name="recruitment.tell_converted")
def on_converted(*, prospect_id: UUID, company_id: UUID, partner_id: UUID, program_id: UUID | None, at: datetime) -> None:
    news.converted(prospect_id, partner_id, at)


@job(name="recruitment.tell_introduced")
def on_referral_made(*, referral_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.introduced(referral_id, at)


@job(name="recruitment.tell_joined")
def on_referral_joined(*, referral_id: UUID, partner_id: UUID, referred_id: UUID, at: datetime) -> None:
    news.to_referrer(referral_id, "recruitment.referral_joined", at)


@job(name="recruitment.tell_declined")
def on_referral_declined(*, referral_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.to_referrer(referral_id, "recruitment.referral_declined", at)


@job(name="recruitment.tell_earning")
def on_referral_qualified(
    *,
    referral_id: UUID,
    partner_id: UUID,
    referred_id: UUID,
    program_id: UUID | None,
    reward_percent: int,
    window_starts_at: datetime,
    window_ends_at: datetime,
    at: datetime,
) -> None:
    news.to_referrer(referral_id, "recruitment.referral_earning", at)
