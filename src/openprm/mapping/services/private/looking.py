"""Who took what out of a private comparison: it stands in the log."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprm.kernel.actor import Actor
from openprm.mapping import privatepolicies as policies
from openprm.mapping.services.private.unit import note


@transaction.atomic
def note_export(*, actor: Actor, run_id: UUID, rows: int, at: datetime) -> None:
    run = policies.reach_runs(actor).one(run_id)
    note(actor, "exported", run, at, peer=run.peer.name, rows=rows)


@transaction.atomic
def note_transcript(*, actor: Actor, run_id: UUID, at: datetime) -> None:
    run = policies.reach_runs(actor).one(run_id)
    note(actor, "transcript_taken", run, at, peer=run.peer.name, transcript=run.transcript_hash)
