"""What the services answer: frozen values, safe to hand to a page or the API."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.kernel.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    registration_id: UUID
    number: str
    version: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """`outcome` is what the rules said: "approve", "reject" or "review"."""

    registration_id: UUID
    number: str
    version: int
    status: str
    outcome: str
    verdict: str
    due_at: datetime | None
    clause: str
    clause_text: str
    protected_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """`final` is False when further steps follow; `next_roles` are those asked now."""

    registration_id: UUID
    number: str
    version: int
    status: str
    final: bool
    protected_until: datetime | None
    next_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    registration_id: UUID
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    approved: tuple[Approved, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewStep:
    position: int
    role: str
    label: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would happen on submitting, as far as the partner's own facts tell: who decides, by when, by which clause."""

    outcome: str
    steps: tuple[PreviewStep, ...]
    due_at: datetime | None
    clause: str
    clause_text: str
    protection_days: int
    capacity_used: int
    capacity_max: int | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecheckAnswer:
    """The same shape for every answer. `held_by_you` speaks of the asking partner's own protection only."""

    answer: str
    customer: str
    product_line: str
    asked_at: datetime
    left_this_hour: int
    held_by_you: bool
