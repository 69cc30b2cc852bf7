"""What action plans announce."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStarted:
    plan_id: UUID
    subject_kind: str
    subject_id: UUID
    registration_id: UUID | None
    partner_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSigned:
    """One side signed a revision of the plan."""

    plan_id: UUID
    partner_id: UUID
    side: str
    revision: int
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAgreed:
    """Both sides signed the same revision: the stage criterion "plan agreed" is met."""

    plan_id: UUID
    subject_kind: str
    subject_id: UUID
    registration_id: UUID | None
    partner_id: UUID
    revision: int
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShifted:
    """The plan follows a new close date. `moved` counts the shared steps alone."""

    plan_id: UUID
    partner_id: UUID
    before: date
    after: date
    moved: int
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAssigned:
    step_id: UUID
    plan_id: UUID
    owner_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished:
    """A step is done or skipped. Private ones are announced too: only their own side is told."""

    step_id: UUID
    plan_id: UUID
    partner_id: UUID
    state: str
    actor_id: UUID | None
    at: datetime
