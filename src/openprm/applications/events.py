"""What applications announce, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class ConfirmationAsked:
    """Somebody finished an application; the address has yet to be proven."""

    application_id: UUID
    at: datetime


@dataclass(frozen=True)
class LinkAsked:
    """Somebody wants to go on later, or to look again."""

    application_id: UUID
    at: datetime


@dataclass(frozen=True)
class ApplicationSubmitted:
    application_id: UUID
    program_id: UUID
    again: bool
    at: datetime


@dataclass(frozen=True)
class ApplicationHeld:
    """A company that is known already applied; nobody but the vendor reads why."""

    application_id: UUID
    program_id: UUID
    at: datetime


@dataclass(frozen=True)
class ApplicationReturned:
    application_id: UUID
    program_id: UUID
    fields: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class ApplicationApproved:
    application_id: UUID
    program_id: UUID
    partner_id: UUID
    automatic: bool
    at: datetime


@dataclass(frozen=True)
class ApplicationRejected:
    application_id: UUID
    program_id: UUID
    reason: str
    automatic: bool
    at: datetime


@dataclass(frozen=True)
class ApplicationWithdrawn:
    application_id: UUID
    program_id: UUID
    at: datetime
