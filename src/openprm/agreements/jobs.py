"""What the queue runs for agreements: asking partners, the day a version takes effect, reminders, news to both sides."""

from datetime import datetime
from uuid import UUID

from openprm.agreements import news, services
from openprm.kernel.jobs import job


@job(name="agreements.settle_all", every="10 3 * * *")
def settle_all(*, after: UUID | None = None, at: datetime) -> None:
    """Bring every partner up to date, a hundred at a time; the night's run catches what no event told."""
    new, last = services.settle_next(after=after, at=at)
    news.tell_asked(new, at)
    if last:
        settle_all.defer(after=last, at=at)


@job(name="agreements.settle_partner")
def settle_partner(*, partner_id: UUID, at: datetime) -> None:
    news.tell_asked(services.settle(partner_id=partner_id, at=at), at)


@job(name="agreements.take_effect", every="*/10 * * * *", lock="agreements.take_effect")
def take_effect(*, at: datetime) -> None:
    """End what a version overtakes when it takes effect; a full batch is followed by another."""
    waiting = services.partners_to_settle(at=at)
    for partner_id in waiting:
        news.tell_asked(services.settle(partner_id=partner_id, at=at), at)
    if len(waiting) >= services.TAKE_EFFECT_AT_ONCE:
        take_effect.defer(at=at)


@job(name="agreements.remind", every="30 6 * * *", lock="agreements.remind")
def remind(*, at: datetime) -> None:
    """Remind whoever is owed a reminder; a full batch is followed by another."""
    reminded = services.remind_due(at=at)
    news.tell_reminded(reminded, at)
    if reminded:
        remind.defer(at=at)


@job(name="agreements.on_reminded")
def on_reminded(*, acceptance_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.tell_reminded([acceptance_id], at)


@job(name="agreements.on_published")
def on_published(
    *, version_id: UUID, document_id: UUID, code: str, kind: str, number: int, program_id: UUID | None, effective_at: datetime, at: datetime
) -> None:
    settle_all(at=at)
    news.tell_published(version_id, at)


@job(name="agreements.on_withdrawn")
def on_withdrawn(*, version_id: UUID | None, document_id: UUID, at: datetime) -> None:
    settle_all(at=at)


@job(name="agreements.on_partner_created")
def on_partner_created(*, partner_id: UUID, at: datetime) -> None:
    settle_partner(partner_id=partner_id, at=at)


@job(name="agreements.on_partner_enrolled")
def on_partner_enrolled(*, partner_id: UUID, program_id: UUID, tier_code: str, at: datetime) -> None:
    settle_partner(partner_id=partner_id, at=at)


@job(name="agreements.on_partner_status")
def on_partner_status(*, partner_id: UUID, before: str, after: str, at: datetime) -> None:
    settle_partner(partner_id=partner_id, at=at)


@job(name="agreements.on_accepted")
def on_accepted(
    *, acceptance_id: UUID, document_id: UUID, version_id: UUID, code: str, kind: str, number: int, partner_id: UUID, program_id: UUID | None,
    actor_id: UUID | None, is_complete: bool, at: datetime,
) -> None:  # fmt: skip
    news.tell_accepted(acceptance_id, actor_id, at)


@job(name="agreements.on_declined")
def on_declined(
    *, acceptance_id: UUID, document_id: UUID, version_id: UUID, code: str, kind: str, number: int, partner_id: UUID, program_id: UUID | None,
    actor_id: UUID | None, reason: str, at: datetime,
) -> None:  # fmt: skip
    news.tell_declined(acceptance_id, at)


@job(name="agreements.on_countersigned")
def on_countersigned(*, acceptance_id: UUID, document_id: UUID, version_id: UUID, partner_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    news.tell_countersigned(acceptance_id, at)
