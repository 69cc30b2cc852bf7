"""Builders for tests and for looking at the pages: offboardings made through the services."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.offboarding import services
from openprm.partners import services as partner_services

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def make_offboarding(actor: Actor, partner_id: UUID, *, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """An open offboarding by agreement, with its checklist; access ends in 30 days unless said otherwise."""
    given = {"kind": "mutual", "reason": "We go separate ways.", **values}
    with scope(actor):
        return services.open_offboarding(actor=actor, partner_id=partner_id, at=at, **given)


def make_showcase(cast: Any) -> None:
    """For pictures: one partner in its notice, whose membership also ends soon; the other one has left. In the system's scope."""
    at = now()
    case = make_offboarding(SYSTEM, cast.partner_id, at=at - timedelta(days=12), reason="Their new owner sells a product of its own.")
    services.run_step(actor=cast.vendor_admin, offboarding_id=case, code="money", at=at - timedelta(days=2))
    left = make_offboarding(SYSTEM, cast.other_partner_id, at=at - timedelta(days=40), kind="partner", reason="We close our reselling business.")
    for code in ("deals", "money", "access", "membership", "retention"):
        services.run_step(actor=cast.partner_manager, offboarding_id=left, code=code, at=at - timedelta(days=10))
    services.make_export(offboarding_id=left, at=at - timedelta(days=9))
    partner_services.set_enrollment_end(
        actor=SYSTEM, partner_id=cast.partner_id, program_id=cast.program.pk, until=at + timedelta(days=18), reason="The yearly term.", at=at
    )
