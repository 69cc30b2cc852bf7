"""What compliance announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class QuestionnaireSent:
    reply_id: UUID
    partner_id: UUID
    actor_id: UUID | None
    returned: bool
    at: datetime


@dataclass(frozen=True)
class QuestionnaireSubmitted:
    reply_id: UUID
    partner_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class FlagsRaised:
    case_id: UUID
    partner_id: UUID
    count: int
    at: datetime


@dataclass(frozen=True)
class CaseReady:
    """Nothing stands between the case and its decision."""

    case_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class ComplianceCleared:
    """Due diligence was approved, until `approved_until`."""

    partner_id: UUID
    case_id: UUID
    risk: str
    approved_until: datetime
    at: datetime


@dataclass(frozen=True)
class ComplianceDeclined:
    partner_id: UUID
    case_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True)
class ComplianceLapsed:
    """Something ran out or was taken back: `what` is due_diligence, certificate:<kind> or verification:<kind>."""

    partner_id: UUID
    what: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class RenewalDue:
    """Something ends in `days`: `what` as in ComplianceLapsed, `subject_id` its row."""

    partner_id: UUID
    what: str
    subject_id: UUID
    name: str
    days: int
    until: datetime
    at: datetime


@dataclass(frozen=True)
class CertificateSubmitted:
    certificate_id: UUID
    partner_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class CertificateChecked:
    certificate_id: UUID
    partner_id: UUID
    verified: bool
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class VerificationMoved:
    verification_id: UUID
    partner_id: UUID
    kind: str
    state: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class PartnerVerified:
    """The business, or the person who registers it, is who it says."""

    partner_id: UUID
    kind: str
    at: datetime


@dataclass(frozen=True)
class SanctionsListImported:
    list_id: UUID
    source: str
    at: datetime


@dataclass(frozen=True)
class GatePolicyChanged:
    at: datetime
