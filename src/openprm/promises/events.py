from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class PromiseBroken:
    """The time of a promise ran out and it was not kept. Published once per clock, whoever notices first."""

    clock_id: UUID
    code: str
    subject_id: UUID
    partner_id: UUID
    program_id: UUID | None
    due_at: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PromiseDueSoon:
    """Three quarters of the time have passed. Published once per clock, unless it pauses and gets a new time."""

    clock_id: UUID
    code: str
    subject_id: UUID
    partner_id: UUID
    program_id: UUID | None
    due_at: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PromiseTargetPublished:
    """A promise gets another time from `effective_at` on."""

    version_id: UUID
    code: str
    program_id: UUID | None
    tier_code: str
    effective_at: datetime
    at: datetime
