"""What tiering announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfPartner:
    partner_id: UUID
    program_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TierMoveProposed(_OfPartner):
    """A partner qualifies for another tier, and a person decides."""

    move_id: UUID
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierMoveDeclined(_OfPartner):
    move_id: UUID
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierGraceStarted(_OfPartner):
    """A partner no longer earns its tier; it loses it at `until` unless it does again."""

    tier: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TierGraceEnded(_OfPartner):
    """The partner earns its tier again."""

    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierAtRisk(_OfPartner):
    """A partner still earns its tier, but will not for long."""

    tier: str
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitReported(_OfPartner):
    """A partner says that it did not get what its tier promises."""

    benefit: str
