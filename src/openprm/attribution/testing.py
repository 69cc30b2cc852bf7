"""Builders that tests of all rooms may use."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.attribution import services
from openprm.attribution.models import Touch
from openprm.deals.testing import make_opportunity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope

OCTOBER = date(2026, 10, 1)


def make_win(account_id: UUID | None, *, closed_on: date = date(2026, 10, 20), opened_on: date = date(2026, 8, 1), minor: int = 50_000_00, **more: Any) -> UUID:
    """An opportunity of the vendor's own that was won, in the reporting currency."""
    closed = datetime(closed_on.year, closed_on.month, closed_on.day, 12, tzinfo=UTC)
    values = {"status": "won", "amount_minor": minor, "currency": "EUR", "opened_date": opened_on, "closed_at": closed, "account_id": account_id}
    return make_opportunity(name="Own deal", **(values | more)).pk


def make_touch(
    partner_id: UUID, account_id: UUID | None, *, at: datetime, kind: str = "meeting", occurred_at: datetime | None = None, verified: bool = True, **more: Any
) -> UUID:  # fmt: skip
    """A touch that is known at `at`."""
    values = {"occurred_at": occurred_at or at - timedelta(days=60), "recorded_at": at, "verified_at": at if verified else None}
    with system_scope():
        return Touch.objects.create(
            partner_id=partner_id, account_id=account_id, kind=kind, source="import", source_key=str(new_id()), **(values | more)
        ).pk  # fmt: skip


def make_run(month: date = OCTOBER, *, at: datetime) -> services.Made:
    with scope(SYSTEM):
        return services.compute(actor=SYSTEM, month=month, at=at)


def make_claim(actor: Actor, account_id: UUID, *, at: datetime, **more: Any) -> UUID:
    values = {"kind": "introduction", "occurred_on": at - timedelta(days=90), "statement": "We brought you to their plant manager."}
    with scope(actor):
        return services.make_claim(actor=actor, account_id=account_id, at=at, **(values | more))
