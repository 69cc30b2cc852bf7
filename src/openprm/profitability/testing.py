"""Builders for tests: made through the services, in the scope of who keeps the books."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.scope import scope
from openprm.profitability import services

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def make_book(actor: Actor, *, currency: str = "EUR", margin_bp: int | None = 2000, hourly_minor: int = 80_00, at: datetime = SOME_DAY) -> UUID:
    """Books that keep 20 % of a sale, with consultants at 80.00 an hour since January; gives the group's id."""
    with scope(actor):
        services.save_book(actor=actor, currency=currency, margin_bp=margin_bp, at=at)
        return services.add_group(actor=actor, name="Consultants", hourly_minor=hourly_minor, since=date(at.year, 1, 1), at=at)


def make_entry(actor: Actor, *, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """A membership fee of 500.00 this month, unless told otherwise."""
    told = {"kind": "membership", "month": at.date()} | values
    told |= {} if "minutes" in told or "amount_minor" in told else {"amount_minor": 500_00}
    with scope(actor):
        return services.record(actor=actor, draft=services.Draft(**told), at=at)
