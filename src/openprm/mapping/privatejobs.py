"""What the queue runs for private comparisons: messages made, brought and read, runs that end by themselves, news."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.jobs import job
from openprm.kernel.registry import Subscription
from openprm.mapping import events, privatenews
from openprm.mapping.services import private


@job(name="mapping.private_prepare")
def on_agreed(*, run_id: UUID, at: datetime) -> None:
    private.prepare(run_id=run_id, at=at)


@job(name="mapping.private_deliver")
def deliver(*, message_id: UUID, at: datetime) -> None:
    private.deliver(message_id=message_id, at=at)


@job(name="mapping.private_read")
def on_arrived(*, message_id: UUID, at: datetime) -> None:
    private.read_message(message_id=message_id, at=at)


@job(name="mapping.private_deliver_due", every="* * * * *", lock="mapping.private_deliver_due")
def deliver_due(*, at: datetime) -> None:
    """Each try is a job of its own, so that a peer that does not answer holds up nobody else."""
    for message_id in private.due_messages(at=at):
        deliver.defer(message_id=message_id)


@job(name="mapping.private_ask_after")
def ask_after(*, message_id: UUID, at: datetime) -> None:
    private.ask_after(message_id=message_id, at=at)


@job(name="mapping.private_ask_after_due", every="41 * * * *", lock="mapping.private_ask_after_due")
def ask_after_due(*, at: datetime) -> None:
    for message_id in private.silent_offers(at=at):
        ask_after.defer(message_id=message_id)


@job(name="mapping.private_end_due", every="23 * * * *", lock="mapping.private_end_due")
def end_due(*, at: datetime) -> None:
    private.end_due(at=at)


@job(name="mapping.private_tell")
def on_told(*, run_id: UUID, what: str, at: datetime) -> None:
    privatenews.tell(run_id, what, at)


JOBS = (deliver_due, ask_after, ask_after_due, end_due)
SUBSCRIPTIONS = (
    Subscription(event=events.PrivateRunAgreed, handler=on_agreed),
    Subscription(event=events.PrivateMessageMade, handler=deliver),
    Subscription(event=events.PrivateMessageArrived, handler=on_arrived),
    Subscription(event=events.PrivateRunTold, handler=on_told),
)
