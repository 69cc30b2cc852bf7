"""The shapes of action plans over the API."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import In, Out, PageQuery

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
About = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1500)]
Contact = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
SideName = Literal["vendor", "partner", "customer"]
DAY = Field(examples=["2027-03-31"])


class PlanQuery(PageQuery):
    q: str = Field("", max_length=100, description="Part of the plan's name, the customer or the deal's number.")
    state: Literal["", "running", "ended"] = ""
    subject_id: UUID | None = Field(None, description="The registration or engagement that the plan is for.")


class StartPlanIn(In):
    subject_id: UUID = Field(description="The registration (or engagement) that the plan is for.")
    subject_kind: Literal["registration", "engagement"] = "registration"
    partner_id: UUID | None = Field(None, description="On an engagement of several partners: the one this plan is made with.")
    template_id: UUID | None = Field(None, description="A published template; null begins with an empty plan.")
    close_date: date | None = Field(None, description="The deal's own when it is left out.")
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=160)] = ""


class StepIn(In):
    title: Title
    side: SideName
    due_date: date = DAY
    about: About = ""
    owner_id: UUID | None = None
    customer_contact: Contact = Field("", description="The person at the customer; needed for a step of the customer.")
    private: bool = Field(False, description="Only the own side sees it.")
    waits_for: list[UUID] = Field(default_factory=list, max_length=20)


class StepChangeIn(In):
    title: Title | None = None
    side: SideName | None = None
    due_date: date | None = None
    about: About | None = None
    owner_id: UUID | None = None
    customer_contact: Contact | None = None
    waits_for: list[UUID] | None = Field(None, max_length=20)


class DoneStepIn(In):
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field("", description="What shows that it is done.")


class StepReasonIn(In):
    reason: Reason


class SignIn(In):
    revision: int | None = Field(None, ge=1, le=2**31 - 1, description="The revision that was read; another one is refused.")


class ShiftIn(In):
    close_date: date = DAY
    move_steps: bool = Field(True, description="False keeps every due date.")


class StepFileOut(Out):
    id: UUID
    name: str
    content_type: str
    size: int
    author: str
    at: datetime


class StepOut(Out):
    id: UUID
    plan_id: UUID
    title: str
    about: str
    side: str
    owner_id: UUID | None
    owner: str
    customer_contact: str
    visibility: str
    due_date: date
    days_late: int
    waits_for: list[UUID]
    blocked_by: list[str] = Field(description="Titles of open steps that this one waits for.")
    state: str
    reason: str
    evidence_note: str
    done_at: datetime | None
    done_by: str
    files: list[StepFileOut]
    version: int


class PlanRowOut(Out):
    id: UUID
    number: str
    title: str
    customer: str
    partner_id: UUID
    partner: str
    subject_kind: str
    subject_id: UUID
    state: str
    health: str = Field(description="on_track, at_risk, late, done or empty; from the shared steps.")
    health_reason: str
    agreement: str = Field(description="agreed, waits_vendor, waits_partner, changed or open.")
    done: int
    total: int
    percent: int
    late: int
    next_title: str
    next_due: date | None
    close_date: date
    started_at: datetime
    revision: int
    version: int


class SignatureOut(Out):
    side: str
    revision: int
    by: str
    at: datetime
    is_current: bool


class PlanOut(PlanRowOut):
    steps: list[StepOut]
    signatures: list[SignatureOut]
    changes: list[str] = Field(description="What changed since both sides last agreed, in words.")
    changes_since: int = Field(description="The revision both sides last agreed to; 0 for none.")
    subject_close_date: date | None
    ended_at: datetime | None
    ended_reason: str


class SignedOut(Out):
    agreed: bool = Field(description="Both sides agree to this revision now.")
    revision: int


class ShiftedStepOut(Out):
    id: UUID
    title: str
    before: date
    after: date
    held: bool = Field(description="Today kept it from moving the whole way.")


class ShiftPreviewOut(Out):
    before: date
    after: date
    working_days: int
    steps: list[ShiftedStepOut]
    unmoved: int


class TemplateStep(In):
    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    title: Title
    side: SideName
    days_before: int = Field(ge=0, le=400, description="Working days before the close date.")
    about: About = ""
    waits_for: list[Annotated[str, StringConstraints(max_length=40)]] = Field(default_factory=list, max_length=60)


class TemplateStepsIn(In):
    steps: list[TemplateStep] = Field(max_length=60)


class TemplateIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    program_id: UUID | None = None


class TemplateChangeIn(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)] | None = None
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] | None = None
    program_id: UUID | None = None
    is_active: bool | None = None


class PublishIn(In):
    notice: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


class TemplateStepOut(Out):
    key: str
    title: str
    side: str
    days_before: int
    about: str
    waits_for: list[str]


class TemplateContentOut(Out):
    steps: list[TemplateStepOut]


class TemplateVersionOut(Out):
    number: int
    state: str
    notice: str
    published_at: datetime | None
    content: TemplateContentOut
    lock: int


class ActionPlanTemplateOut(Out):
    id: UUID
    name: str
    about: str
    program_id: UUID | None
    is_active: bool
    plans: int
    version: int
    draft: TemplateVersionOut | None
    in_use: TemplateVersionOut | None


class TemplateChoiceOut(Out):
    id: UUID
    name: str
    about: str
    steps: int
    days: int = Field(description="Working days that a plan from it takes.")
