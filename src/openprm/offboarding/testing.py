"""Builders for tests and for looking at the pages: offboardings made through the services."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.scope import scope
from openprm.offboarding import services
from openprm.partners import queries as partners

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def make_offboarding(actor: Actor, partner_id: UUID, *, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """An open offboarding by agreement, with its checklist; access ends in 30 days unless said otherwise."""
    given = {"kind": "mutual", "reason": "We go separate ways.", **values}
    with scope(actor):
        return services.open_offboarding(actor=actor, partner_id=partner_id, at=at, **given)


def make_showcase() -> None:
    """For pictures: one partner in its notice with a step done, one that asked, one that left."""
    with scope(SYSTEM):
        rows = list(partners.newest_partners(SYSTEM, filters={"status": ("active",)}).order_by("organization__name")[:6])
        now = datetime.now(UTC)
    leaving, gone = rows[0], rows[1]
    case = make_offboarding(SYSTEM, leaving.pk, at=now - timedelta(days=20), reason="Their new owner sells a product of its own.")
    with scope(SYSTEM):
        services.run_step(actor=SYSTEM, offboarding_id=case, code="money", at=now - timedelta(days=2))
    left = make_offboarding(SYSTEM, gone.pk, at=now - timedelta(days=40), kind="partner", reason="We close our reselling business.")
    for code in ("deals", "money", "access", "membership", "retention"):
        with scope(SYSTEM):
            if code == "deals":
                services.decide_step(actor=SYSTEM, offboarding_id=left, code=code, choice="release", at=now - timedelta(days=10))
            services.run_step(actor=SYSTEM, offboarding_id=left, code=code, at=now - timedelta(days=10))
    with scope(SYSTEM):
        services.make_export(offboarding_id=left, at=now - timedelta(days=10))
