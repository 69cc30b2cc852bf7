"""What the queue runs for directory: badges follow tiers, listings follow partners, and the news to both sides."""

from datetime import datetime, timedelta
from uuid import UUID

from openprm.directory import news, services
from openprm.kernel.jobs import job

MESSAGES_ARE_KEPT = timedelta(days=730)


@job(name="directory.follow_tier")
def on_tier_changed(*, partner_id: UUID, program_id: UUID, before: str, after: str, at: datetime) -> None:
    _follow(partner_id, at, earned_at=at)


@job(name="directory.follow_enrollment")
def on_enrolled(*, partner_id: UUID, program_id: UUID, tier_code: str, at: datetime) -> None:
    _follow(partner_id, at, earned_at=at)


@job(name="directory.follow_status")
def on_status_changed(*, partner_id: UUID, before: str, after: str, at: datetime) -> None:
    _follow(partner_id, at)


@job(name="directory.follow_end_of_term")
def on_enrollment_expired(*, partner_id: UUID, program_id: UUID, until: datetime, at: datetime) -> None:
    _follow(partner_id, at)


def _follow(partner_id: UUID, at: datetime, *, earned_at: datetime | None = None) -> None:
    services.sync_tier_badges(partner_id=partner_id, at=at, earned_at=earned_at)
    services.project(partner_id=partner_id, at=at)


@job(name="directory.keep_badges", every="20 3 * * *", lock="directory.keep_badges")
def keep_badges(*, at: datetime) -> None:
    """Renew what ends soon, mend what an event missed, and sign the status lists before their time runs out."""
    services.sync_all(at=at)
    services.project_stale(at=at)
    services.refresh_lists(at=at)


@job(name="directory.forget_messages", every="40 3 * * 0", lock="directory.forget_messages")
def forget_messages(*, at: datetime) -> None:
    services.forget_messages(before=at - MESSAGES_ARE_KEPT)


@job(name="directory.tell_profile_waits")
def on_profile_submitted(*, partner_id: UUID, at: datetime) -> None:
    news.profile_waits(partner_id, at)


@job(name="directory.tell_published")
def on_published(*, partner_id: UUID, slug: str, first: bool, at: datetime) -> None:
    news.published(partner_id, first, at)


@job(name="directory.tell_returned")
def on_returned(*, partner_id: UUID, reason: str, hidden: bool, at: datetime) -> None:
    news.returned(partner_id, reason, hidden, at)


@job(name="directory.tell_reference_waits")
def on_reference_submitted(*, partner_id: UUID, reference_id: UUID, at: datetime) -> None:
    news.reference_waits(partner_id, reference_id, at)


@job(name="directory.tell_reference_decided")
def on_reference_decided(*, partner_id: UUID, reference_id: UUID, published: bool, reason: str, at: datetime) -> None:
    news.reference_decided(partner_id, reference_id, published, reason, at)


@job(name="directory.tell_message")
def on_contact(*, partner_id: UUID, message_id: UUID, at: datetime) -> None:
    news.message_received(partner_id, message_id, at)


@job(name="directory.tell_badge_issued")
def on_badge_issued(*, partner_id: UUID, badge_id: UUID, achievement: str, at: datetime) -> None:
    news.badge_issued(partner_id, badge_id, at)


@job(name="directory.tell_badge_revoked")
def on_badge_revoked(*, partner_id: UUID, badge_id: UUID, achievement: str, reason: str, at: datetime) -> None:
    news.badge_revoked(partner_id, badge_id, reason, at)
