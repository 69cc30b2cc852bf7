"""Builders for tests: made through the services, so that audit and news are true."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openprm.activities import services
from openprm.activities.models import Activity
from openprm.kernel.actor import Actor
from openprm.kernel.scope import scope, system_scope

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def make_activity(actor: Actor, account_id: UUID, *, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """A call with Petra Malá, unless told otherwise, logged the moment it happened."""
    with scope(actor):
        told = {"kind": "call", "occurred_at": at, "summary": "Talked about the rollout.", "person": "Petra Malá", **values}
        return services.record(actor=actor, account_id=account_id, at=at, **told)


def stored(activity_id: UUID) -> Activity:
    """The row as it stands."""
    with system_scope():
        return Activity.objects.get(pk=activity_id)
