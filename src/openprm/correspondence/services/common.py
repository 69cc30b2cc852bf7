"""Shared by the services: the person behind a row, and the words of the log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from openprm.audit import services as audit
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound


def actor_at(user_id: UUID, organization_id: UUID) -> Actor:
    """The person in the very organization the row was made for. Raises NotFound when that access ended."""
    actor = identity.actor_of(user_id, organization_id)
    if actor.organization_id != organization_id:
        raise NotFound()
    return actor


def record(
    actor: Actor, verb: str, row: models.Model, at: datetime, *, refs: tuple[UUID, ...] = (), note: str = "", data: dict[str, Any] | None = None
) -> None:
    """One event that the person's own side can read."""
    audit.record(actor, verb, row, after={}, refs=refs, visible_to=actor.partner_ids, note=note, data=data, at=at)
