"""What goes in and out of the onboarding API. A partner never receives why the vendor thinks that a plan stands still."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, WithJsonSchema

from openprm.kernel.api import In, Out, PageQuery

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
About = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}\.[a-z0-9_]{1,48}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Lock = Annotated[int, Field(ge=1, le=2_000_000_000)]
Amount = Annotated[
    Decimal,
    Field(ge=Decimal("-999999999999.99"), le=Decimal("999999999999.99"), decimal_places=2),
    WithJsonSchema({"type": "number", "minimum": -999999999999.99, "maximum": 999999999999.99, "multipleOf": 0.01}),
]


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


class VersionOut(Out):
    id: UUID
    number: int
    state: str
    notice: str
    published_at: datetime | None
    plans: int
    lock: int
    content: dict[str, Any]

    @staticmethod
    def resolve_content(row: Any) -> dict[str, Any]:
        from openprm.onboarding.rules.content import to_json

        return to_json(row.content)


class TemplateOut(Out):
    id: UUID
    code: str
    name: str
    about: str
    program_id: UUID | None
    motion: str
    type: str
    countries: list[str]
    is_automatic: bool
    is_active: bool
    in_use: VersionOut | None
    draft: VersionOut | None
    running: int
    version: int
    created_at: datetime


class NewTemplateIn(In):
    name: Name
    copy_of: UUID | None = None


class TemplateIn(In):
    name: Name
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    program_id: UUID | None = None
    motion: Literal["", "influence", "transact", "solution", "retain"] = ""
    type: Literal["", "reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant"] = ""
    countries: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] = Field(default_factory=list, max_length=60)
    is_automatic: bool = True
    is_active: bool = True


class WaysIn(In):
    sequential: bool = True
    may_skip: bool = True
    stuck_days: int = Field(14, ge=3, le=120)


class LevelIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1500)] = ""
    badge: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    benefit: Short = ""
    key: Key | None = Field(None, description="The level to change; a new one when left out.")


class TaskIn(In):
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1500)] = ""
    kind: Literal["do", "upload", "fill", "milestone"] = "do"
    side: Literal["partner", "vendor"] = "partner"
    role: Annotated[str, StringConstraints(max_length=30)] = ""
    offset_days: int = Field(30, ge=0, le=730)
    needs_evidence: bool = False
    milestone: Annotated[str, StringConstraints(max_length=80)] = ""
    link: Short = ""
    is_required: bool = True
    level_key: Key
    key: Key | None = Field(None, description="The task to change; a new one when left out.")


class KeyOut(Out):
    key: str


class ShiftIn(In):
    way: Literal["up", "down"]


class PublishIn(In):
    notice: Short = ""


class LinkIn(In):
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class ContactIn(In):
    user_id: UUID
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""


class KitIn(In):
    title: Name
    message: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]
    logins: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    course_title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    course_about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    course_url: Short = ""
    links: list[LinkIn] = Field(default_factory=list, max_length=12)
    contacts: list[ContactIn] = Field(default_factory=list, max_length=6)
    is_active: bool = True


class KitOut(Out):
    """The kit of a program with its record. `opened` counts partners of whom a person opened the welcome page; mails are not tracked."""

    id: UUID | None
    program_id: UUID
    program_name: str
    title: str
    message: str
    logins: str
    course_title: str
    course_about: str
    course_url: str
    links: list[dict[str, str]]
    contacts: list[dict[str, str]]
    is_active: bool
    delivered: int
    opened: int
    version: int


class SendKitIn(In):
    partner_id: UUID


class WelcomeContactOut(Out):
    name: str
    email: str
    about: str


class WelcomeKitOut(Out):
    delivery_id: UUID
    program_name: str
    title: str
    paragraphs: list[str]
    contacts: list[WelcomeContactOut]
    logins: str
    course_title: str
    course_about: str
    course_url: str
    links: list[dict[str, str]]
    first_tasks: list[TaskOut]
    delivered_at: datetime
    is_new: bool


class FirstDealOut(Out):
    id: UUID
    partner: str
    manager: str
    was_assigned: bool
    since: datetime
    days: int
    registered_at: datetime | None
    approved_at: datetime | None
    open_questions: int


class QuestionIn(In):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class AnswerIn(In):
    answer: Words


class QuestionOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    question: str
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    created_at: datetime


class PilotIn(In):
    name: Name
    about: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    kind: Literal["program", "feature", "template"]
    template_id: UUID | None = None
    program_id: UUID | None = None
    starts_date: date
    ends_date: date


class GoalOut(Out):
    id: UUID
    name: str
    unit: str
    baseline: Decimal | None
    target: Decimal
    measured: Decimal | None
    measured_at: datetime | None
    note: str
    percent: int | None


class MemberOut(Out):
    partner_id: UUID
    partner: str
    state: str
    answered_at: datetime | None
    note: str


class PilotOut(Out):
    id: UUID
    name: str
    about: str
    kind: str
    template_id: UUID | None
    program_id: UUID | None
    starts_date: date
    ends_date: date
    state: str
    result: str
    goals: list[GoalOut]
    members: list[MemberOut]
    invited: int
    accepted: int
    created_at: datetime
    version: int


class InvitationOut(Out):
    pilot_id: UUID
    name: str
    about: str
    starts_date: date
    ends_date: date
    state: str
    answer: str
    goals: list[str]


class InviteIn(In):
    partner_ids: list[UUID] = Field(min_length=1, max_length=200)


class InvitedOut(Out):
    new: int


class GoalIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    baseline: Amount | None = None
    target: Amount


class MeasureIn(In):
    measured: Amount
    note: Short = ""


class CloseIn(In):
    result: Words
    roll_out: bool


class PilotAnswerIn(In):
    accept: bool
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
