"""What partners announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class PartnerCreated:
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class PartnerStatusChanged:
    partner_id: UUID
    before: str
    after: str
    at: datetime


@dataclass(frozen=True)
class TierChanged:
    partner_id: UUID
    program_id: UUID
    before: str
    after: str
    at: datetime


@dataclass(frozen=True)
class PartnerManagerAssigned:
    partner_id: UUID
    manager_id: UUID | None
    at: datetime
