"""What the reads of action plans give. A viewer's results hold only what that viewer may see; counts count the same."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from openprm.actionplans.rules.content import Content


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
class StepView:
    """One step as this viewer sees it. `days_late` is 0 unless it is open and overdue; `blocked_by` names what it waits for."""

    id: UUID
    plan_id: UUID
    title: str
    about: str
    side: str
    side_label: str
    owner_id: UUID | None
    owner: str
    customer_contact: str
    visibility: str
    is_private: bool
    due_date: date
    days_late: int
    is_soon: bool
    is_mine: bool
    waits_for: tuple[UUID, ...]
    waits_for_titles: tuple[str, ...]
    blocked_by: tuple[str, ...]
    blocks: tuple[str, ...]
    state: str
    state_label: str
    state_tone: str
    reason: str
    evidence_note: str
    done_at: datetime | None
    done_by: str
    files: tuple[FileView, ...]
    can_change: bool
    can_finish: bool
    can_reopen: bool
    can_remove: bool
    can_share: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The steps that are due in one week; `is_now` for the week of today, `is_past` for those before."""

    start: date
    end: date
    is_now: bool
    is_past: bool
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureView:
    side: str
    side_label: str
    revision: int
    by: str
    at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateEntryView:
    label: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A plan in a list. Numbers are of the shared steps."""

    id: UUID
    number: str
    title: str
    customer: str
    partner_id: UUID
    partner: str
    subject_kind: str
    subject_id: UUID
    registration_id: UUID | None
    state: str
    health: str
    health_label: str
    health_tone: str
    health_reason: str
    agreement: str
    agreement_label: str
    agreement_tone: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView(PlanRow):
    """The whole plan for one viewer. `private_count` are the viewer's own private steps."""

    program_id: UUID | None
    steps: tuple[StepView, ...]
    weeks: tuple[Week, ...]
    private_count: int
    signatures: tuple[SignatureView, ...]
    changes: tuple[str, ...]
    changes_since: int
    subject_close_date: date | None
    close_moved: bool
    ended_at: datetime | None
    ended_reason: str
    private_entries: tuple[PrivateEntryView, ...]
    my_side: str
    has_signed: bool
    why_not_work: str | None
    why_not_sign: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPage:
    """One step with what a form about it offers."""

    step: StepView
    plan: PlanRow
    people: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftedStep:
    id: UUID
    title: str
    side_label: str
    is_private: bool
    before: date
    after: date
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPreview:
    """What moving the plan to another close date would do to the open steps this viewer sees."""

    plan_id: UUID
    before: date
    after: date
    working_days: int
    steps: tuple[ShiftedStep, ...]
    unmoved: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A step that a template would make."""

    title: str
    side_label: str
    due_date: date
    days_before: int
    is_early: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChoice:
    id: UUID
    name: str
    about: str
    steps: int
    days: int
    is_for_program: bool


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
    content: Content
    lock: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateView:
    id: UUID
    name: str
    about: str
    program_id: UUID | None
    program: str
    is_active: bool
    version: int
    draft: VersionView | None
    in_use: VersionView | None
    versions: tuple[VersionView, ...]
    plans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    name: str
    content_type: str
    file: BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """An open step that somebody owes, with the plan it belongs to."""

    step_id: UUID
    plan_id: UUID
    title: str
    plan: str
    partner: str
    due_date: date
    days_late: int
    is_private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """A plan that the other side signed as it stands."""

    plan_id: UUID
    title: str
    customer: str
    partner: str
    since: datetime
