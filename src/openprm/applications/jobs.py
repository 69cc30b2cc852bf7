"""What happens after the fact: mails to the applicant, news to the vendor, forgetting what was never sent."""

from datetime import datetime
from uuid import UUID

from openprm.applications import letters, news, services
from openprm.applications.promisekinds import DECISION
from openprm.kernel.jobs import job


@job(name="applications.mail_confirmation")
def on_confirmation_asked(*, application_id: UUID, at: datetime) -> None:
    letters.send(kind="confirmation", application_id=application_id, at=at)


@job(name="applications.mail_link")
def on_link_asked(*, application_id: UUID, at: datetime) -> None:
    letters.send(kind="link", application_id=application_id, at=at)


@job(name="applications.tell_submitted")
def on_submitted(*, application_id: UUID, program_id: UUID, again: bool, at: datetime) -> None:
    """An application that the rules answered at once is told of by that answer."""
    if letters.send(kind="submitted", application_id=application_id, at=at):
        news.tell(kind="applications.answered" if again else "applications.submitted", application_id=application_id, at=at)


@job(name="applications.tell_held")
def on_held(*, application_id: UUID, program_id: UUID, at: datetime) -> None:
    if letters.send(kind="held", application_id=application_id, at=at):
        news.tell(kind="applications.held", application_id=application_id, at=at)


@job(name="applications.mail_returned")
def on_returned(*, application_id: UUID, program_id: UUID, fields: tuple[str, ...], at: datetime) -> None:
    letters.send(kind="returned", application_id=application_id, at=at)


@job(name="applications.tell_approved")
def on_approved(*, application_id: UUID, program_id: UUID, partner_id: UUID, automatic: bool, at: datetime) -> None:
    letters.send(kind="approved", application_id=application_id, at=at)
    if automatic:
        news.tell(kind="applications.automatic", application_id=application_id, at=at)


@job(name="applications.tell_rejected")
def on_rejected(*, application_id: UUID, program_id: UUID, reason: str, automatic: bool, at: datetime) -> None:
    letters.send(kind="rejected", application_id=application_id, at=at)
    if automatic:
        news.tell(kind="applications.automatic", application_id=application_id, at=at)


@job(name="applications.tell_withdrawn")
def on_withdrawn(*, application_id: UUID, program_id: UUID, at: datetime) -> None:
    letters.send(kind="withdrawn", application_id=application_id, at=at)
    news.tell(kind="applications.withdrawn", application_id=application_id, at=at)


@job(name="applications.tell_due_soon")
def on_due_soon(*, clock_id: UUID, code: str, subject_id: UUID, partner_id: UUID, program_id: UUID | None, due_at: datetime, at: datetime) -> None:
    if code == DECISION:
        news.tell(kind="applications.due_soon", application_id=subject_id, at=at)


@job(name="applications.tell_overdue")
def on_overdue(*, clock_id: UUID, code: str, subject_id: UUID, partner_id: UUID, program_id: UUID | None, due_at: datetime, at: datetime) -> None:
    """Both sides hear of a broken promise: whoever answers, and whoever waits."""
    if code == DECISION and letters.send(kind="late", application_id=subject_id, at=at):
        news.tell(kind="applications.overdue", application_id=subject_id, at=at)


@job(name="applications.forget_unfinished", every="25 3 * * *", lock="applications.forget_unfinished")
def forget_unfinished(*, at: datetime) -> None:
    """Delete what was never sent; a full batch is followed by another."""
    if services.forget_unfinished(at=at) >= services.AT_ONCE:
        forget_unfinished.defer()
