"""What directory announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class ProfileSubmitted:
    """A profile, or a change of one, waits for the vendor."""

    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class ProfilePublished:
    """The public can see a profile, for the first time or with what was approved just now."""

    partner_id: UUID
    slug: str
    first: bool
    at: datetime


@dataclass(frozen=True)
class ProfileReturned:
    """The vendor asks for changes, or takes a profile off the directory."""

    partner_id: UUID
    reason: str
    hidden: bool
    at: datetime


@dataclass(frozen=True)
class ReferenceSubmitted:
    partner_id: UUID
    reference_id: UUID
    at: datetime


@dataclass(frozen=True)
class ReferenceDecided:
    partner_id: UUID
    reference_id: UUID
    published: bool
    reason: str
    at: datetime


@dataclass(frozen=True)
class ContactReceived:
    """A visitor of the directory wrote to a partner."""

    partner_id: UUID
    message_id: UUID
    at: datetime


@dataclass(frozen=True)
class BadgeIssued:
    """`achievement` is its code: "tier:resell/gold", "certificate:architect"."""

    partner_id: UUID
    badge_id: UUID
    achievement: str
    at: datetime


@dataclass(frozen=True)
class BadgeRevoked:
    partner_id: UUID
    badge_id: UUID
    achievement: str
    reason: str
    at: datetime
