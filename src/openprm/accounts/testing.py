"""Builders for tests: plain and typed, made as the system."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openprm.accounts import services
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope

SOME_DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def make_account(*, name: str = "Ostrava Steelworks", partner_id: UUID | None = None, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """An account, seen by `partner_id` when one is given."""
    with system_scope():
        account_id = services.create_account(actor=SYSTEM, name=name, at=at, **values)
        if partner_id:
            services.grant_access(actor=SYSTEM, account_id=account_id, partner_id=partner_id, at=at)
    return account_id


def make_contact(*, account_id: UUID, name: str = "Petra Malá", partner_id: UUID | None = None, at: datetime = SOME_DAY, **values: Any) -> UUID:
    with system_scope():
        return services.create_contact(actor=SYSTEM, account_id=account_id, name=name, partner_id=partner_id, at=at, **values)
