"""Trials and runs of imports in the background."""

from datetime import datetime
from uuid import UUID

from openprm.identity import queries as identity
from openprm.integrations import services
from openprm.kernel.jobs import job
from openprm.kernel.scope import scope


@job(name="integrations.try_import", queue="default")
def try_import(*, import_id: UUID, user_id: UUID, at: datetime) -> None:
    """Try an import on behalf of the person who asked."""
    with scope(identity.actor_of(user_id)) as actor:
        services.try_import(actor=actor, import_id=import_id, at=at, is_shown=True)


@job(name="integrations.run_import", queue="default")
def run_import(*, import_id: UUID, user_id: UUID, at: datetime) -> None:
    """Run an import on behalf of the person who asked."""
    with scope(identity.actor_of(user_id)) as actor:
        services.run_import(actor=actor, import_id=import_id, at=at, is_shown=True)
