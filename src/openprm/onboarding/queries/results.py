"""What onboarding answers: frozen values, one kind for each side where the sides may not know the same."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.onboarding.rules.cohorts import Cohort, Figure
from openprm.onboarding.rules.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A task in a plan, as both sides see it. `can_work` is for the one who looks."""

    id: UUID
    plan_id: UUID
    key: str
    title: str
    about: str
    kind: str
    kind_label: str
    icon: str
    side: str
    role_label: str
    owner_id: UUID | None
    owner_name: str
    link: str
    milestone_label: str
    needs_evidence: bool
    is_required: bool
    due_at: datetime
    is_overdue: bool
    is_soon: bool
    is_mine: bool
    can_work: bool
    state: str
    state_label: str
    answer: str
    done_at: datetime | None
    done_by_name: str
    reason: str
    level_name: str
    level_state: str
    version: int

    @property
    def asks_more(self) -> bool:
        """Whether ticking it off takes more than a click."""
        return self.kind in ("fill", "upload") or self.needs_evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelView:
    id: UUID
    key: str
    number: int
    name: str
    about: str
    badge: str
    benefit: str
    state: str
    state_label: str
    tone: str
    closed_at: datetime | None
    reason: str
    done: int
    total: int
    percent: int
    tasks: tuple[TaskView, ...]
    can_skip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    id: UUID
    partner_id: UUID
    partner_name: str
    program_id: UUID | None
    program_name: str
    name: str
    state: str
    state_label: str
    state_tone: str
    started_at: datetime
    ended_at: datetime | None
    ended_reason: str
    day: int
    days: int
    done: int
    total: int
    percent: int
    overdue: int
    levels: tuple[LevelView, ...]
    next_task: TaskView | None
    manager_name: str
    manager_email: str
    created_at: datetime
    version: int

    @property
    def level(self) -> LevelView | None:
        return next((level for level in self.levels if level.state == "open"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPlan(_Plan):
    """A plan as the partner sees it: no word on standing still, none on versions of templates."""

    mine: tuple[TaskView, ...] = ()
    theirs: tuple[TaskView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorPlan(_Plan):
    template_id: UUID
    version_number: int
    newer_version: int | None
    newer_notice: str
    stuck_since: datetime | None
    stuck_why: str
    last_progress_at: datetime
    may_manage: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A line of the vendor's list of plans."""

    id: UUID
    partner_id: UUID
    partner: str
    program: str
    template: str
    state: str
    started_at: datetime
    day: int
    level: str
    percent: int
    done: int
    total: int
    overdue: int
    next_title: str
    next_due_at: datetime | None
    stuck_since: datetime | None
    stuck_why: str
    manager: str
    created_at: datetime
    version: int
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    id: UUID
    author: str
    side: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    id: UUID
    name: str
    content_type: str
    size: int
    author: str
    at: datetime
    can_remove: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """A task with everything around it, for the one who looks. `people` are those it can be handed to."""

    task: TaskView
    plan_id: UUID
    plan_name: str
    partner_id: UUID
    partner_name: str
    comments: tuple[CommentView, ...]
    files: tuple[FileView, ...]
    people: tuple[tuple[str, str], ...]
    why_not_work: str | None
    why_not_reopen: str | None
    why_not_comment: str | None
    why_not_assign: str | None
    why_not_steer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    name: str
    content_type: str
    file: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The vendor's first look: how many walk, how many stand still, how long it takes."""

    running: int
    on_track: int
    stuck: int
    overdue_tasks: int
    completed: int
    registration: Figure
    win: Figure
    cohorts: tuple[Cohort, ...]
    stuck_plans: tuple[PlanRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    id: UUID
    number: int
    state: str
    state_label: str
    notice: str
    published_at: datetime | None
    published_by: str
    plans: int
    lock: int
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateView:
    id: UUID
    code: str
    name: str
    about: str
    program_id: UUID | None
    program_name: str
    motion: str
    type: str
    countries: tuple[str, ...]
    whom: str
    is_automatic: bool
    is_active: bool
    in_use: VersionView | None
    draft: VersionView | None
    versions: tuple[VersionView, ...]
    running: int
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KitView:
    """The kit of one program with its record. `id` is None while nobody has written it."""

    id: UUID | None
    program_id: UUID
    program_name: str
    title: str = ""
    message: str = ""
    course_title: str = ""
    course_about: str = ""
    course_url: str = ""
    logins: str = ""
    links: tuple[dict[str, str], ...] = ()
    contacts: tuple[dict[str, str], ...] = ()
    is_active: bool = False
    delivered: int = 0
    opened: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    id: UUID
    partner_id: UUID
    partner: str
    delivered_at: datetime
    opened_at: datetime | None
    mailed: int
    readers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    name: str
    email: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeKit:
    """The kit as a partner reads it."""

    delivery_id: UUID
    program_name: str
    title: str
    paragraphs: tuple[str, ...]
    contacts: tuple[ContactView, ...]
    logins: str
    course_title: str
    course_about: str
    course_url: str
    links: tuple[dict[str, str], ...]
    first_tasks: tuple[TaskView, ...]
    delivered_at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDealSupport:
    """The flag that stands until a partner has won its first deal. `promise_class` is what promises to it are raised to."""

    partner_id: UUID
    manager_id: UUID | None
    since: datetime
    promise_class: str = "priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeFirstDeal:
    """A line of the list of partners that have not won yet."""

    id: UUID
    partner: str
    country: str
    manager: str
    was_assigned: bool
    since: datetime
    days: int
    registered_at: datetime | None
    approved_at: datetime | None
    open_questions: int
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpView:
    id: UUID
    partner_id: UUID
    partner: str
    question: str
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    due_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDealPanel:
    """What a partner sees until its first deal is won."""

    manager_name: str
    manager_email: str
    steps: tuple[tuple[str, str, datetime | None], ...]
    days: int
    questions: tuple[HelpView, ...]
    may_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    id: UUID
    name: str
    unit: str
    baseline: Decimal | None
    target: Decimal
    measured: Decimal | None
    measured_at: datetime | None
    note: str
    percent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    id: UUID
    partner_id: UUID
    partner: str
    state: str
    state_label: str
    tone: str
    answered_at: datetime | None
    answered_by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotView:
    """A pilot as the vendor runs it."""

    id: UUID
    name: str
    about: str
    kind: str
    kind_label: str
    template_id: UUID | None
    template_name: str
    program_id: UUID | None
    program_name: str
    starts_date: date
    ends_date: date
    state: str
    state_label: str
    tone: str
    result: str
    closed_at: datetime | None
    owner: str
    goals: tuple[GoalView, ...]
    members: tuple[MemberView, ...]
    invited: int
    accepted: int
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotInvitation:
    """A pilot as an invited partner reads it: nothing about the others."""

    pilot_id: UUID
    name: str
    about: str
    kind_label: str
    starts_date: date
    ends_date: date
    state: str
    answer: str
    answer_label: str
    answer_tone: str
    answered_by: str
    goals: tuple[str, ...]
    may_answer: bool
