"""What the queue runs for conflicts: the sentinel, time passing, and the news to both sides."""

from datetime import datetime
from uuid import UUID

from openprm.conflicts import news, services
from openprm.conflicts.queries.touches import touch_of
from openprm.kernel.jobs import job


@job(name="conflicts.heed")
def on_activity(
    *, activity_id: UUID, account_id: UUID, kind: str, side: str, direction: str, partner_id: UUID | None, about: UUID | None, occurred_at: datetime,
    actor_id: UUID | None, at: datetime, purpose: str = "",
) -> None:  # fmt: skip
    """The sentinel looks at what our own people did at a customer."""
    if side != "vendor" or direction != "out":
        return
    touch, summary = touch_of(activity_id, author_id=actor_id, purpose=purpose)
    services.heed(touch, summary=summary, at=at)


@job(name="conflicts.reveal", every="*/5 * * * *", lock="conflicts.reveal")
def reveal(*, at: datetime) -> None:
    """Open the statements whose time is over; a full batch is followed by another."""
    if services.reveal_due(at=at) >= services.REVEAL_AT_ONCE:
        reveal.defer()


@job(name="conflicts.close", every="*/15 * * * *", lock="conflicts.close")
def close(*, at: datetime) -> None:
    """Close decided cases that nobody appealed; a full batch is followed by another."""
    if services.close_due(at=at) >= services.CLOSE_AT_ONCE:
        close.defer()


@job(name="conflicts.late")
def on_promise_broken(
    *, clock_id: UUID, code: str, subject_id: UUID, partner_id: UUID, program_id: UUID | None, due_at: datetime, at: datetime
) -> None:  # fmt: skip
    if code.startswith("conflicts."):
        services.remedy_lateness(subject_id=subject_id, code=code, at=at)


@job(name="conflicts.choice_objected")
def on_choice_objected(
    *, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, choice_id: UUID, account_id: UUID, reason: str,
    releases_at: datetime,
) -> None:  # fmt: skip
    """A partner objects to its customer's choice: somebody without ties looks at it."""
    services.dispute_choice(registration_id=registration_id, partner_id=partner_id, objector_id=actor_id, reason=reason, choice_id=choice_id, at=at)


on_opened = job(name="conflicts.tell_opened")(news.opened)
on_touched_again = job(name="conflicts.tell_touched_again")(news.touched_again)
on_statement = job(name="conflicts.tell_statement")(news.statement_given)
on_revealed = job(name="conflicts.tell_revealed")(news.revealed)
on_taken_up = job(name="conflicts.tell_taken_up")(news.taken_up)
on_decided = job(name="conflicts.tell_decided")(news.decided)
on_appealed = job(name="conflicts.tell_appealed")(news.appealed)
on_appeal_answered = job(name="conflicts.tell_appeal_answered")(news.appeal_answered)
on_closed = job(name="conflicts.tell_closed")(news.closed)
on_remedied = job(name="conflicts.tell_remedied")(news.remedied)
