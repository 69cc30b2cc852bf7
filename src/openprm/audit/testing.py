"""Builders for the tests of this and of higher domains."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.audit import services
from openprm.kernel.scope import current_actor


def make_event(subject: Any, *, at: datetime, verb: str = "organization.renamed", **values: Any) -> UUID:
    """One event by whoever acts in the running scope."""
    actor = current_actor()
    assert actor is not None, "record events inside scope(actor)"
    return services.record(actor, verb, subject, **{"after": {}, "at": at} | values)


def make_sealed_events(subject: Any, *, count: int, at: datetime, **values: Any) -> list[UUID]:
    """`count` events a minute apart, in one seal. The key is made in the data folder of the settings."""
    made = [make_event(subject, at=at + timedelta(minutes=number), note=f"event {number}", **values) for number in range(count)]
    services.seal_waiting(at=at + timedelta(minutes=count))
    return made
