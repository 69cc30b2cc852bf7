"""What the reads of applications give: frozen, and apart for the applicant and the vendor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.applications.rules import Field
from openprm.promises.queries import ClockView


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question with its answer in words."""

    code: str
    label: Any
    value: str
    fact: str = ""
    is_long: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    title: str
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way, as the applicant sees it: done, current or ahead."""

    label: Any
    at: datetime | None = None
    state: str = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnApplication:
    """An application as its writer sees it: nothing of what the vendor found out."""

    id: UUID
    number: str
    program_name: str
    program_code: str
    state: str
    state_label: Any
    tone: str
    company_name: str
    contact_name: str
    email: str
    token: str
    pages: tuple[tuple[str, tuple[Field, ...]], ...]
    page: int
    values: Mapping[str, Any]
    asked: tuple[Field, ...]
    asked_message: str
    message: str
    reason: Any
    again: str
    decider: Any
    due_at: datetime | None
    is_late: bool
    answered_in: str
    clause: str
    clause_text: str
    would_change: tuple[str, ...]
    by_rule: bool
    said: tuple[AnswerPage, ...]
    steps: tuple[Step, ...]
    submitted_at: datetime | None
    contact: str

    @property
    def is_open_for_writing(self) -> bool:
        return self.state in ("draft", "unconfirmed")

    @property
    def can_withdraw(self) -> bool:
        return self.state in ("draft", "unconfirmed", "held", "submitted", "returned")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A company on file that may be the applicant."""

    kind: str
    kind_label: Any
    name: str
    why: Any
    is_certain: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionView:
    label: str
    points: float
    most: float
    state: str
    sentence: str

    @property
    def percent(self) -> int:
        return round(100 * self.points / self.most) if self.most else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """A name on a sanctions list that looks like the applicant's."""

    asked: str
    name: str
    source: str
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    author: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorApplication:
    """An application as the vendor's people judge it."""

    id: UUID
    number: str
    version: int
    program_id: UUID
    program_name: str
    program_code: str
    form_number: int
    state: str
    state_label: Any
    tone: str
    company_name: str
    website: str
    domain: str
    country: str
    type: str
    type_label: Any
    contact_name: str
    email: str
    is_proven: bool
    source: str
    ref_code: str
    is_referred: bool
    prospect_id: UUID | None
    started_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    score: int | None
    could_reach: int | None
    missing_percent: int | None
    fit_label: Any
    fit_tone: str
    criteria: tuple[CriterionView, ...]
    risk: str
    risk_label: Any
    risk_tone: str
    risk_clause: str
    risk_text: str
    risk_reasons: tuple[str, ...]
    hits: tuple[HitView, ...]
    findings: tuple[FindingView, ...]
    duplicate: str
    decider: str
    decider_label: Any
    clause: str
    clause_text: str
    rule_version: int | None
    rule_version_id: UUID | None
    inputs: tuple[tuple[str, str], ...]
    would_change: tuple[str, ...]
    asked: tuple[str, ...]
    asked_message: str
    asked_at: datetime | None
    reason: str
    reason_label: Any
    message: str
    again: str
    decided_by: str
    by_rule: bool
    partner_id: UUID | None
    known_partner_id: UUID | None
    known_partner_name: str
    promise: ClockView | None
    pages: tuple[AnswerPage, ...]
    notes: tuple[NoteView, ...]
    askable: tuple[tuple[str, str], ...]
    why_not_decide: str | None
    why_not_comment: str | None
    can_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRow:
    id: UUID
    number: str
    company: str
    country: str
    program: str
    type: Any
    state: str
    state_label: Any
    tone: str
    score: int | None
    missing_percent: int | None
    risk: str
    duplicate: str
    source: str
    contact: str
    started_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    due_at: datetime | None
    is_late: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLine:
    """A program with the state of its form, for the list of forms."""

    program_id: UUID
    program_name: str
    program_code: str
    number: int | None
    questions: int
    published_at: datetime | None
    has_draft: bool
    is_public: bool
    is_open: bool
    is_active: bool
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """The questions of a program: the draft when there is one, else what is published."""

    program_id: UUID
    program_name: str
    program_code: str
    number: int
    version: int
    is_draft: bool
    published_number: int | None
    published_at: datetime | None
    intro: str
    pages: tuple[tuple[str, tuple[Field, ...]], ...]
    fields: tuple[Field, ...]
    facts_missing: tuple[str, ...]
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPartner:
    """The application that a partner came from."""

    id: UUID
    number: str
    program: str
    submitted_at: datetime | None
    decided_at: date | datetime | None
    decided_by: str
    by_rule: bool
    clause_text: str
    score: int | None
    message: str
