"""What queries give. The vendor's case and the partner's are two types: flags, screenings and references never reach the portal."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from openprm.compliance.rules.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One line of the list of cases."""

    id: UUID
    partner_id: UUID
    partner: str
    country: str
    state: str
    state_label: Any
    state_tone: str
    risk: str
    risk_label: Any
    clause: str
    open_flags: int
    approved_until: datetime | None
    due_at: datetime | None
    opened_at: datetime
    cycle: int
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    author: str
    question: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored file, open for reading."""

    name: str
    content_type: str
    size: int
    file: BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagView:
    id: UUID
    source: str
    source_label: Any
    title: str
    detail: str
    score: int | None
    reasons: tuple[str, ...]
    cycle: int
    state: str
    state_label: Any
    state_tone: str
    raised_at: datetime
    evidence: str
    evidence_file: DocumentView | None
    resolved_by: str
    resolved_at: datetime | None
    why_not_resolve: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceView:
    id: UUID
    name: str
    company: str
    outcome: str
    outcome_label: Any
    note: str
    checked_by: str
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningView:
    at: datetime
    by: str
    trigger: str
    lists: tuple[dict[str, Any], ...]
    names: tuple[str, ...]
    threshold: int
    hits: int
    new_hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerView:
    id: UUID
    partner_id: UUID
    name: str
    kind: str
    role: str
    role_label: Any
    country: str
    birth_year: int | None
    share_percent: int | None
    is_official: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One question with its answer, as given and in words."""

    question: Question
    value: Any
    words: str
    is_red: bool
    points: int | None
    files: tuple[DocumentView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    id: UUID
    partner_id: UUID
    partner: str
    case_id: UUID | None
    questionnaire: str
    questionnaire_code: str
    purpose: str
    number: int
    sha256: str
    intro: str
    state: str
    state_label: Any
    state_tone: str
    message: str
    sent_at: datetime
    due_at: datetime
    submitted_at: datetime | None
    submitted_by: str
    valid_until: datetime | None
    score: int | None
    category_scores: tuple[tuple[Any, int], ...]
    answers: tuple[Answered, ...]
    is_overdue: bool
    why_not_edit: str | None
    why_not_review: str | None
    version: int
    created_at: datetime

    @property
    def groups(self) -> list[tuple[str, list[Answered]]]:
        """The questions by category, in order."""
        names = dict.fromkeys(one.question.category for one in self.answers)
        return [(name, [one for one in self.answers if one.question.category == name]) for name in names]

    @property
    def done(self) -> int:
        return sum(1 for one in self.answers if one.words or one.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRow:
    id: UUID
    partner_id: UUID
    partner: str
    questionnaire: str
    purpose: str
    state: str
    state_label: Any
    state_tone: str
    due_at: datetime
    sent_at: datetime
    submitted_at: datetime | None
    valid_until: datetime | None
    score: int | None
    is_overdue: bool
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    id: UUID
    partner_id: UUID
    partner: str
    kind: str
    kind_code: str
    number: str
    issuer: str
    level: str
    issued_on: date
    expires_on: date
    valid_until: datetime
    days_left: int
    state: str
    state_label: Any
    state_tone: str
    note: str
    submitted_at: datetime
    verified_at: datetime | None
    checked_by: str
    documents: tuple[DocumentView, ...]
    why_not_check: str | None
    why_not_withdraw: str | None
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationView:
    id: UUID
    partner_id: UUID
    partner: str
    kind: str
    kind_label: Any
    state: str
    state_label: Any
    state_tone: str
    legal_name: str
    business_type: str
    business_type_label: Any
    registration_number: str
    country: str
    position: str
    message: str
    started_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    approved_until: datetime | None
    documents: tuple[DocumentView, ...]
    why_not_decide: str | None
    why_not_edit: str | None
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    cycle: int
    outcome: str
    risk_label: Any
    note: str
    by: str
    approved_until: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorCase:
    """Everything the vendor's people see of a case."""

    id: UUID
    partner_id: UUID
    partner: str
    legal_name: str
    country: str
    state: str
    state_label: Any
    state_tone: str
    cycle: int
    risk: str
    risk_label: Any
    risk_tone: str
    clause: str
    clause_text: str
    rule_version_id: UUID | None
    facts: tuple[tuple[Any, str], ...]
    would_change: tuple[str, ...]
    government: str
    ownership: str
    compensation: str
    transaction_minor: int | None
    questionnaire_code: str
    questionnaire: str
    needs_screening: bool
    references_needed: int
    references_done: int
    approver: str
    approver_label: Any
    renewal_months: int
    opened_at: datetime
    screened_at: datetime | None
    approved_until: datetime | None
    lapsed_at: datetime | None
    decided_at: datetime | None
    decision_note: str
    flags: tuple[FlagView, ...]
    references: tuple[ReferenceView, ...]
    screenings: tuple[ScreeningView, ...]
    owners: tuple[OwnerView, ...]
    replies: tuple[ReplyRow, ...]
    documents: tuple[DocumentView, ...]
    decisions: tuple[DecisionView, ...]
    still_needs: tuple[str, ...]
    offers_questionnaire: bool
    promise: Any
    why_not_review: str | None
    why_not_send: str | None
    why_not_screen: str | None
    why_not_approve: str | None
    why_not_decline: str | None
    may_see_papers: bool
    version: int

    @property
    def open_flags(self) -> int:
        return sum(1 for flag in self.flags if flag.state == "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCase:
    """What a partner sees of its own case: where it stands, why it is asked what, until when it holds."""

    id: UUID
    state: str
    state_label: Any
    state_tone: str
    risk_label: Any
    clause: str
    clause_text: str
    facts: tuple[tuple[Any, str], ...]
    approved_until: datetime | None
    decision_note: str
    promise: Any
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing that is open for the partner, and by when."""

    title: str
    detail: str
    url: str
    icon: str
    due_at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """The partner's page "Compliance"."""

    case: PartnerCase | None
    todos: tuple[Todo, ...]
    replies: tuple[ReplyRow, ...]
    certificates: tuple[CertificateView, ...]
    verifications: tuple[VerificationView, ...]
    not_started: tuple[tuple[str, Any], ...]
    owners: tuple[OwnerView, ...]
    gates: tuple[Any, ...]
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One sanctions list that was read in."""

    id: UUID
    source: str
    title: str
    list_date: date
    sha256: str
    file_name: str
    entries: int
    names: int
    is_current: bool
    imported_at: datetime
    imported_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    id: UUID
    lapse: str
    lapse_label: Any
    subject: str
    subject_label: Any
    actions: tuple[str, ...]
    action_labels: tuple[Any, ...]
    includes_missing: bool
    grace_days: int
    partner_types: tuple[str, ...]
    partner_type_labels: tuple[Any, ...]
    is_active: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    id: UUID
    code: str
    name: str
    about: str
    is_active: bool
    certificates: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version of a questionnaire with its questions."""

    id: UUID
    questionnaire_id: UUID
    title: str
    code: str
    purpose: str
    number: int
    state: str
    intro: str
    questions: tuple[Question, ...]
    sha256: str
    published_at: datetime | None
    replies: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionnaireView:
    id: UUID
    code: str
    title: str
    purpose: str
    purpose_label: Any
    published: VersionView | None
    draft_id: UUID | None
    versions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures above the list of cases."""

    waiting: int
    late: int
    open_flags: int
    high: int
    ending: int
    without_case: int
