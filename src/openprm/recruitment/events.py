"""What recruitment announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class CompanyLearned:
    """A fact of a company that is no partner was added, changed or taken away."""

    company_id: UUID
    at: datetime


@dataclass(frozen=True)
class IdealProfilePublished:
    profile_id: UUID
    program_id: UUID
    at: datetime


@dataclass(frozen=True)
class ProspectAssigned:
    prospect_id: UUID
    owner_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class ProspectConverted:
    prospect_id: UUID
    company_id: UUID
    partner_id: UUID
    program_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class OutreachWritten:
    outreach_id: UUID
    at: datetime


@dataclass(frozen=True)
class ReferralMade:
    referral_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class ReferralJoined:
    referral_id: UUID
    partner_id: UUID
    referred_id: UUID
    at: datetime


@dataclass(frozen=True)
class ReferralDeclined:
    referral_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class ReferralQualified:
    """The referred partner earned its first commission: until `window_ends_at` the referrer gets `reward_percent` of each."""

    referral_id: UUID
    partner_id: UUID
    referred_id: UUID
    program_id: UUID | None
    reward_percent: int
    window_starts_at: datetime
    window_ends_at: datetime
    at: datetime
