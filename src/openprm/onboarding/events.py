"""What onboarding announces, in the past tense. Handlers may run twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStarted:
    plan_id: UUID
    partner_id: UUID
    program_id: UUID | None
    template_code: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCompleted:
    """A level was completed; `badge` is the text of the badge it gives, or empty."""

    plan_id: UUID
    partner_id: UUID
    program_id: UUID | None
    level_key: str
    level_name: str
    badge: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCompleted:
    plan_id: UUID
    partner_id: UUID
    program_id: UUID | None
    days: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingStuck:
    """A plan stands still: `reason` is "overdue" or "silent", `task_id` the task that blocks it, when one does."""

    plan_id: UUID
    partner_id: UUID
    reason: str
    days: int
    task_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksAssigned:
    """Tasks of a plan have an owner now, for telling that person."""

    plan_id: UUID
    task_ids: tuple[UUID, ...]
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpokenAbout:
    """Somebody commented on a task, or added evidence to it."""

    task_id: UUID
    actor_id: UUID | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KitDelivered:
    delivery_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAsked:
    help_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAnswered:
    help_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotInvited:
    pilot_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotAnswered:
    pilot_id: UUID
    partner_id: UUID
    accepted: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotEnded:
    """`outcome` is "rolled_out" or "ended"."""

    pilot_id: UUID
    outcome: str
    at: datetime
