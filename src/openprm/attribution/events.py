"""What attribution announces, in the past tense: ids and plain values. Handlers may run twice."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditAssigned:
    """A month was locked: this is who is credited for one of its deals, for good. `partner_ids[n]` gets `basis_points[n]`, `credit_minor[n]`."""

    run_id: UUID
    month: date
    deal_id: UUID
    deal_kind: str
    outcome: str
    currency: str
    partner_ids: tuple[UUID, ...]
    basis_points: tuple[int, ...]
    credit_minor: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLocked:
    run_id: UUID
    month: date
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMade:
    """`side` says that a partner helped, and the other side confirms or declines."""

    claim_id: UUID
    partner_id: UUID
    side: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAnswered:
    """`state` is confirmed or declined."""

    claim_id: UUID
    partner_id: UUID
    state: str
    answered_side: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeOpened:
    dispute_id: UUID
    partner_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAnswered:
    """`state` is upheld or dismissed."""

    dispute_id: UUID
    partner_id: UUID
    state: str
    actor_id: UUID | None
    at: datetime
