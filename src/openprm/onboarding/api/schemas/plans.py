"""Plans and their tasks. A partner never receives why the vendor thinks that a plan stands still."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from openprm.kernel.api import In, Out, PageQuery
from openprm.onboarding.api.schemas.fields import Code, Long, Reason, Short, Words


class PlanQuery(PageQuery):
    partner_id: UUID | None = None
    program_id: UUID | None = None
    state: Literal["running", "completed", "ended"] | None = None
    standing: Literal["on_track", "late", "stuck"] | None = Field(None, description="For the vendor: where running plans stand.")


class TaskOut(Out):
    id: UUID
    key: str
    title: str
    about: str
    kind: str
    side: str
    owner_id: UUID | None
    owner_name: str
    link: str
    needs_evidence: bool
    is_required: bool
    due_at: datetime
    is_overdue: bool
    state: str
    answer: str
    done_at: datetime | None
    done_by_name: str
    reason: str
    version: int


class LevelOut(Out):
    id: UUID
    key: str
    number: int
    name: str
    about: str
    badge: str
    benefit: str
    state: str
    done: int
    total: int
    percent: int
    tasks: list[TaskOut]


class PlanOut(Out):
    """A plan with its levels and the tasks of both sides."""

    id: UUID
    partner_id: UUID
    partner_name: str
    program_id: UUID | None
    name: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    ended_reason: str
    day: int
    days: int
    done: int
    total: int
    percent: int
    overdue: int
    levels: list[LevelOut]
    version: int
    created_at: datetime


class VendorPlanOut(PlanOut):
    template_id: UUID
    version_number: int
    newer_version: int | None
    stuck_since: datetime | None
    stuck_why: str


class PlanRowOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    template: str
    state: str
    started_at: datetime
    level: str
    percent: int
    done: int
    total: int
    overdue: int
    next_title: str
    next_due_at: datetime | None
    created_at: datetime
    version: int


class StartIn(In):
    partner_id: UUID
    template_id: UUID
    program_id: UUID | None = None
    started_at: datetime | None = Field(None, description="Due dates count from here; now when left out.")


class ReasonIn(In):
    reason: Reason


class MovedOut(Out):
    kept: int
    added: int
    left_out: int


class CommentOut(Out):
    id: UUID
    author: str
    side: str
    body: str
    at: datetime


class FileOut(Out):
    id: UUID
    name: str
    content_type: str
    size: int
    author: str
    at: datetime


class TaskPageOut(Out):
    task: TaskOut
    plan_id: UUID
    partner_id: UUID
    comments: list[CommentOut]
    files: list[FileOut]


class DoneIn(In):
    answer: Long = Field("", description="What was asked for, for a task that is filled in.")


class CommentIn(In):
    body: Words


class OwnerIn(In):
    user_id: UUID | None = Field(None, description="Null hands it to whoever has the role.")


class ExtendIn(In):
    until: date
    reason: Reason


class MilestoneIn(In):
    partner_id: UUID
    code: Code = Field(examples=["deals.first_registration"])
    evidence: Short = ""


class MilestoneReachedOut(Out):
    first: bool = Field(description="False when it had been reached before; nothing changed then.")


class MilestoneOut(Out):
    code: str
    label: str


class FigureOut(Out):
    median: int | None
    partners: int
    reached: int


class CohortOut(Out):
    month: str
    plans: int
    completed: int
    stuck: int
    progress: list[int | None] = Field(description="Average share done by day 30, 60 and 90, null until plans are that old.")
    registration: FigureOut
    win: FigureOut


class OverviewOut(Out):
    running: int
    on_track: int
    stuck: int
    overdue_tasks: int
    completed: int
    registration: FigureOut
    win: FigureOut
    cohorts: list[CohortOut]
