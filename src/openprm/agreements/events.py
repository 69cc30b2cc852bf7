"""What agreements announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class AgreementPublished:
    """A version was published; it takes effect at `effective_at`, which may lie ahead. No program means all of them."""

    version_id: UUID
    document_id: UUID
    code: str
    kind: str
    number: int
    program_id: UUID | None
    effective_at: datetime
    at: datetime


@dataclass(frozen=True)
class AgreementWithdrawn:
    """An announced version was taken back, or a whole document retired (then `version_id` is its last one)."""

    version_id: UUID | None
    document_id: UUID
    at: datetime


@dataclass(frozen=True)
class AgreementAccepted:
    """A partner's person signed. `is_complete`: nothing else waits for this partner's signature."""

    acceptance_id: UUID
    document_id: UUID
    version_id: UUID
    code: str
    kind: str
    number: int
    partner_id: UUID
    program_id: UUID | None
    actor_id: UUID | None
    is_complete: bool
    at: datetime


@dataclass(frozen=True)
class AgreementDeclined:
    acceptance_id: UUID
    document_id: UUID
    version_id: UUID
    code: str
    kind: str
    number: int
    partner_id: UUID
    program_id: UUID | None
    actor_id: UUID | None
    reason: str
    at: datetime


@dataclass(frozen=True)
class AgreementReminded:
    """Somebody of the vendor reminded a partner of what it has not signed."""

    acceptance_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class AgreementCountersigned:
    acceptance_id: UUID
    document_id: UUID
    version_id: UUID
    partner_id: UUID
    actor_id: UUID | None
    at: datetime
