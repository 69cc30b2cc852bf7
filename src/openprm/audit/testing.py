"""Builders for the tests of this and of higher domains."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.audit import services
from openprm.kernel.clock import now
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


def make_showcase(cast: Any) -> None:
    """A log to look at: changes of the partner, seen by it and not, sealed and waiting."""
    at, partner = now(), cast.partner
    before = partner.snapshot()
    after = before | {
        "name": "Kallio Oy",
        "legal_name": "Kallio Group Oy",
        "time_zone": "Europe/Stockholm",
        "country": "SE",
        "brand_radius": 4,
        "status": "suspended",
    }
    shown = {"visible_to": [partner.pk], "verb": "organization.updated"}
    services.record(cast.partner_admin, "organization.updated", partner, before=None, after=before, visible_to=[partner.pk], at=at - timedelta(days=40))
    services.record(
        cast.vendor_admin,
        "organization.updated",
        partner,
        before=before,
        after=after,
        visible_to=[partner.pk],
        note="New name after the merger.",
        at=at - timedelta(hours=3),
    )
    services.record(
        cast.partner_manager,
        "organization.updated",
        partner,
        after={},
        note="They asked for a meeting.\nTuesday suits us.",
        private={"score": 72},
        at=at - timedelta(hours=1),
    )
    services.seal_waiting(at=at - timedelta(minutes=5))
    make_event(partner, at=at, **shown)
