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


@dataclass(frozen=True)
class PartnerEnrolled:
    """A partner was approved for a program, for the first time or again."""

    partner_id: UUID
    program_id: UUID
    tier_code: str
    at: datetime


@dataclass(frozen=True)
class GateClosed:
    """An action is closed to a partner from `since` on, which may lie ahead."""

    partner_id: UUID
    action: str
    source: str
    key: str
    since: datetime
    at: datetime


@dataclass(frozen=True)
class GateLifted:
    partner_id: UUID
    action: str
    source: str
    key: str
    at: datetime


@dataclass(frozen=True)
class EnrollmentExpiring:
    """A membership ends in `days` days, and is not renewed yet."""

    partner_id: UUID
    program_id: UUID
    until: datetime
    days: int
    at: datetime


@dataclass(frozen=True)
class EnrollmentExpired:
    """A membership ran out without a renewal."""

    partner_id: UUID
    program_id: UUID
    until: datetime
    at: datetime


@dataclass(frozen=True)
class EnrollmentRenewed:
    """A membership goes on until a later day. `how` is "rule", "vendor" or "partner"."""

    partner_id: UUID
    program_id: UUID
    before: datetime
    until: datetime
    how: str
    at: datetime
