"""What offboarding announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class OffboardingRequested:
    """A partner asked to leave."""

    offboarding_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class OffboardingOpened:
    """A partner is leaving; its access ends at `access_ends_at`."""

    offboarding_id: UUID
    partner_id: UUID
    access_ends_at: datetime
    at: datetime


@dataclass(frozen=True)
class OffboardingClosed:
    """A request was declined, or an offboarding called off. `status` is declined or canceled."""

    offboarding_id: UUID
    partner_id: UUID
    status: str
    at: datetime


@dataclass(frozen=True)
class AccessEnded:
    """No person, session, link or token of the partner works any more."""

    offboarding_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class ExportAsked:
    """Somebody wants the export made; a job does it."""

    offboarding_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class ExportMade:
    offboarding_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class StepFailed:
    offboarding_id: UUID
    partner_id: UUID
    code: str
    at: datetime


@dataclass(frozen=True)
class PartnerOffboarded:
    """A partner has left: every step is done or skipped with a reason."""

    partner_id: UUID
    offboarding_id: UUID
    at: datetime


@dataclass(frozen=True)
class PartnerReinstated:
    partner_id: UUID
    offboarding_id: UUID
    at: datetime
