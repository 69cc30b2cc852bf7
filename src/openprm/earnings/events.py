"""What happened to earnings: ids and plain values, past tense. Handlers may run twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningsAccrued:
    """Lines were earned from one event of one partner. `held` of them wait for a date or for a person."""

    partner_id: UUID
    source_key: str
    earning_ids: tuple[UUID, ...]
    held: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningsDecided:
    """`state` is approved, declined or held; one event for lines of one partner that were decided at once."""

    partner_id: UUID
    earning_ids: tuple[UUID, ...]
    state: str
    reason: str
    actor_id: UUID | None
    automatic: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningClawedBack:
    """Money was taken back by a negative line, or a line was struck before it was approved (`clawback_id` None)."""

    partner_id: UUID
    earning_id: UUID
    clawback_id: UUID | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningAlertRaised:
    partner_id: UUID
    earning_id: UUID
    codes: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningsPaid:
    partner_id: UUID
    earning_ids: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ForfeitureWarned:
    partner_id: UUID
    earning_ids: tuple[UUID, ...]
    days: int
    forfeits_on: str
    cure: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningsForfeited:
    partner_id: UUID
    earning_ids: tuple[UUID, ...]
    cure: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentMoved:
    adjustment_id: UUID
    partner_id: UUID
    state: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BountyMoved:
    bounty_id: UUID
    partner_id: UUID
    state: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementSealed:
    statement_id: UUID
    partner_id: UUID
    month: str
    at: datetime
