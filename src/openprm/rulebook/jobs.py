"""Queue entry points of the rulebook."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.jobs import job

from . import services


@job(name="rulebook.on_published")
def on_published(*, version_id: UUID, kind: str, program_id: UUID | None, number: int, effective_at: datetime, for_partners: bool, at: datetime) -> None:
    services.tell_of_announcement(version_id=version_id, at=at)


@job(name="rulebook.on_withdrawn")
def on_withdrawn(*, version_id: UUID, kind: str, program_id: UUID | None, number: int, effective_at: datetime, for_partners: bool, at: datetime) -> None:
    services.tell_of_withdrawal(version_id=version_id, at=at)
