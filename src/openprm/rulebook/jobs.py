"""Queue entry points of the rulebook."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprm.kernel.errors import Refusal
from openprm.kernel.jobs import job

from . import services


@job(name="rulebook.on_published")
def on_published(*, version_id: UUID, kind: str, program_id: UUID | None, number: int, effective_at: datetime, for_partners: bool, at: datetime) -> None:
    services.tell_of_announcement(version_id=version_id, at=at)


@job(name="rulebook.on_withdrawn")
def on_withdrawn(*, version_id: UUID, kind: str, program_id: UUID | None, number: int, effective_at: datetime, for_partners: bool, at: datetime) -> None:
    services.tell_of_withdrawal(version_id=version_id, at=at)


@job(name="rulebook.replay", queue="default")
def replay(*, replay_id: UUID, at: datetime) -> None:
    """One part of a what-if run; the next part is a job of its own, so that progress is committed in between."""
    try:
        with transaction.atomic():
            is_done = services.advance_replay(replay_id=replay_id, at=at)
    except Refusal as refusal:
        services.fail_replay(replay_id=replay_id, problem=refusal.message, at=at)
        return
    if not is_done:
        replay.defer(replay_id=replay_id)
