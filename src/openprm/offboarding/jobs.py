"""Queue entry points of offboarding: the chosen moment, the steps that follow by themselves, the end of what is kept."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.jobs import job
from openprm.offboarding import news, services
from openprm.offboarding.rules import ACCESS


@job(name="offboarding.end_due_access", every="* * * * *", lock="offboarding.end_due_access")
def end_due_access(*, at: datetime) -> None:
    """One job for each leaving whose moment has come, so that trouble with one holds up no other."""
    for offboarding_id in services.end_due_access(at=at):
        run_step.defer(offboarding_id=offboarding_id, code=ACCESS)


@job(name="offboarding.run_step", lock="offboarding.run_step")
def run_step(*, offboarding_id: UUID, code: str, at: datetime) -> None:
    """A step that the system takes. One that was taken meanwhile, by a person or an earlier run, stays as it is."""
    if code == ACCESS and offboarding_id not in services.end_due_access(at=at):
        return
    if code != ACCESS and code not in services.ready_steps(offboarding_id=offboarding_id):
        return
    services.run_step(actor=SYSTEM, offboarding_id=offboarding_id, code=code, at=at)


@job(name="offboarding.make_export")
def make_export(*, offboarding_id: UUID, partner_id: UUID, at: datetime) -> None:
    services.make_export(offboarding_id=offboarding_id, at=at)


@job(name="offboarding.go_on")
def on_access_ended(*, offboarding_id: UUID, partner_id: UUID, at: datetime) -> None:
    """What needs no decision follows by itself, a job for each step."""
    for code in services.ready_steps(offboarding_id=offboarding_id):
        run_step.defer(offboarding_id=offboarding_id, code=code)
    services.send_farewell(offboarding_id=offboarding_id, at=at)


@job(name="offboarding.tell_export_made")
def on_export_made(*, offboarding_id: UUID, partner_id: UUID, at: datetime) -> None:
    services.send_farewell(offboarding_id=offboarding_id, at=at)
    news.tell("offboarding.export_made", offboarding_id, at)


@job(name="offboarding.tell_requested")
def on_requested(*, offboarding_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.tell("offboarding.requested", offboarding_id, at)


@job(name="offboarding.tell_opened")
def on_opened(*, offboarding_id: UUID, partner_id: UUID, access_ends_at: datetime, at: datetime) -> None:
    news.tell("offboarding.opened", offboarding_id, at)


@job(name="offboarding.tell_closed")
def on_closed(*, offboarding_id: UUID, partner_id: UUID, status: str, at: datetime) -> None:
    news.tell(f"offboarding.{status}", offboarding_id, at)


@job(name="offboarding.tell_failed")
def on_step_failed(*, offboarding_id: UUID, partner_id: UUID, code: str, at: datetime) -> None:
    news.tell("offboarding.step_failed", offboarding_id, at)


@job(name="offboarding.tell_finished")
def on_finished(*, partner_id: UUID, offboarding_id: UUID, at: datetime) -> None:
    news.tell("offboarding.finished", offboarding_id, at)


@job(name="offboarding.tell_reinstated")
def on_reinstated(*, partner_id: UUID, offboarding_id: UUID, at: datetime) -> None:
    news.tell("offboarding.reinstated", offboarding_id, at)


@job(name="offboarding.end_what_is_kept", every="25 3 * * *", lock="offboarding.end_what_is_kept")
def end_what_is_kept(*, at: datetime) -> None:
    """Exports whose link has ended, and a job for each partner whose people are to be forgotten."""
    services.remove_ended_exports(at=at)
    for offboarding_id in services.due_erasures(at=at):
        erase_people.defer(offboarding_id=offboarding_id)


@job(name="offboarding.erase_people")
def erase_people(*, offboarding_id: UUID, at: datetime) -> None:
    if offboarding_id in services.due_erasures(at=at):
        services.erase_people(offboarding_id=offboarding_id, at=at)
