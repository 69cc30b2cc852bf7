"""What happened around proofs, co-op money and deadlines: ids and plain values, past tense. Handlers may run twice."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsAccrued:
    """A won deal filled a co-op pot, or a correction moved it. `kind` is accrued or corrected."""

    line_id: UUID
    partner_id: UUID
    registration_id: UUID
    kind: str
    amount_minor: int
    currency: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsExpiring:
    """Co-op money ends in so many days unless it is planned."""

    partner_id: UUID
    amount_minor: int
    currency: str
    days: int
    expires_on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsExpired:
    partner_id: UUID
    amount_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAsked:
    extension_id: UUID
    partner_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAnswered:
    extension_id: UUID
    partner_id: UUID
    state: str
    actor_id: UUID | None
    at: datetime
