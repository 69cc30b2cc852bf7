"""Builders for tests: plain and typed, made as the system."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.partners import services

SOME_DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def make_program(
    *, code: str = "referral", name: str = "Halden Referral", tiers: tuple[str, ...] = ("member",), at: datetime = SOME_DAY, **values: Any
) -> UUID:
    """A program with tiers of rank 1, 2, 3 in the given order."""
    with system_scope():
        program_id = services.create_program(actor=SYSTEM, code=code, name=name, at=at, **values)
        for rank, tier in enumerate(tiers, start=1):
            services.create_tier(actor=SYSTEM, program_id=program_id, code=tier, name=tier.capitalize(), rank=rank, at=at)
    return program_id


def make_partner(*, name: str = "Bluecrest Cloud", at: datetime = SOME_DAY, **values: Any) -> UUID:
    with system_scope():
        return services.create_partner(actor=SYSTEM, name=name, at=at, **values)
