"""What every use case of a registration shares: load it, save it, write it down, tell it."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from openprm.audit import services as audit
from openprm.deals import policies
from openprm.deals.models import Registration
from openprm.deals.services.results import Saved
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Stale
from openprm.kernel.events import publish
from openprm.kernel.models import Model
from openprm.kernel.scope import scope


def load(actor: Actor, registration_id: UUID, *, version: int | None = None) -> Registration:
    """The registration, locked. Raises NotFound, and Stale when it is not the version the person saw."""
    registration = policies.reach(actor).locked().one(registration_id)
    if version is not None and version != registration.version:
        raise Stale()
    return registration


def as_system(actor: Actor) -> AbstractContextManager[Any]:
    """Reads and writes that a partner's role may not do itself: comparing with others, taking decisions. All or nothing."""
    return transaction.atomic() if actor.sees_all_partners else scope(SYSTEM)


def save(registration: Registration, *fields: str) -> None:
    registration.version += 1
    registration.save(update_fields=[*fields, "version", "updated_at"])


def record(
    actor: Actor,
    verb: str,
    registration: Registration,
    *,
    at: datetime,
    before: dict[str, Any] | None = None,
    subject: Model | None = None,
    shared: bool = True,
    note: str = "",
    data: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """One audit event on the timelines of the registration, the partner and the customer."""
    audit.record(
        actor,
        verb,
        subject or registration,
        before=before,
        after=after,
        refs=tuple(filter(None, (registration.pk, registration.partner_id, registration.account_id))),
        visible_to=(registration.partner_id,) if shared else (),
        note=note,
        data=data,
        at=at,
    )


def announce(event: type, registration: Registration, actor: Actor, at: datetime, **values: Any) -> None:
    publish(event(registration_id=registration.pk, partner_id=registration.partner_id, number=registration.number, actor_id=actor.user_id, at=at, **values))


def saved(registration: Registration) -> Saved:
    return Saved(registration_id=registration.pk, number=registration.number, version=registration.version, status=str(registration.status))
