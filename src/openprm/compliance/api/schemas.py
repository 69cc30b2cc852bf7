"""What the compliance API takes and gives."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import AmountMinor, Country, In, Line, Out, PageQuery, RequiredLine

State = Literal["open", "questionnaire_sent", "answered", "screening", "flags_cleared", "approved", "declined", "renewal_due", "lapsed"]
Risk = Literal["low", "medium", "high"]
Lapse = Literal["due_diligence", "declined", "red_flag", "certificate", "esg", "verification"]
Action = Literal["deals", "leads", "funds", "payouts", "portal"]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Evidence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Text = Annotated[str, StringConstraints(max_length=4000)]
Answer = Text | list[Text] | int | float | None


class CaseQuery(PageQuery):
    state: State | None = None
    risk: Risk | None = None
    country: Country | None = None
    partner_id: UUID | None = None
    flagged: bool = Field(False, description="Only cases with open red flags.")


class CaseRowOut(Out):
    """One case. On the partner's side `open_flags` is always 0."""

    id: UUID
    partner_id: UUID
    partner: str
    country: str
    state: str
    risk: str
    clause: str
    open_flags: int
    approved_until: datetime | None
    opened_at: datetime
    version: int
    created_at: datetime


class FlagOut(Out):
    id: UUID
    source: str
    title: str
    detail: str
    score: int | None
    reasons: list[str]
    cycle: int
    state: str
    raised_at: datetime
    evidence: str
    resolved_by: str
    resolved_at: datetime | None


class CaseOut(Out):
    """A case as the vendor's people see it."""

    id: UUID
    partner_id: UUID
    partner: str
    country: str
    state: str
    cycle: int
    risk: str
    clause: str
    clause_text: str
    would_change: list[str]
    government: str
    ownership: str
    compensation: str
    transaction_minor: int | None
    questionnaire_code: str
    needs_screening: bool
    references_needed: int
    references_done: int
    approver: str
    renewal_months: int
    opened_at: datetime
    screened_at: datetime | None
    approved_until: datetime | None
    decided_at: datetime | None
    decision_note: str
    flags: list[FlagOut]
    still_needs: list[str]
    why_not_approve: str | None
    version: int


class OwnCaseOut(Out):
    """A partner's own case."""

    id: UUID
    state: str
    clause: str
    clause_text: str
    approved_until: datetime | None
    decision_note: str
    version: int


class FactorsIn(In):
    government: Literal["none", "sells_to", "official"] | None = None
    ownership: Literal["unknown", "listed", "private", "state"] | None = None
    compensation: Literal["margin", "fee", "commission", "success_fee", "none"] | None = None
    transaction_minor: AmountMinor | None = None


class MessageIn(In):
    message: Note = ""


class NoteIn(In):
    note: Note = ""


class ReasonIn(In):
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class FlagIn(In):
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    detail: Text = ""


class ReferenceIn(In):
    name: RequiredLine
    company: Line = ""
    outcome: Literal["positive", "negative", "silent"]
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class OpenedOut(Out):
    opened: int


class ScreenedOut(Out):
    new_flags: int


class DocumentOut(Out):
    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    question: str
    at: datetime


class AnswerQuery(PageQuery):
    state: Literal["sent", "submitted", "accepted", "withdrawn"] | None = None
    purpose: Literal["due_diligence", "esg"] | None = None
    partner_id: UUID | None = None


class ReplyRowOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    questionnaire: str
    purpose: str
    state: str
    sent_at: datetime
    due_at: datetime
    submitted_at: datetime | None
    valid_until: datetime | None
    score: int | None
    version: int
    created_at: datetime


class OptionOut(Out):
    value: str
    label: str


class AskedOut(Out):
    """A question with its answer."""

    id: str
    text: str
    help: str
    type: str
    required: bool
    category: str
    options: list[OptionOut]
    answer: Answer
    files: list[DocumentOut]


class ReplyOut(Out):
    id: UUID
    partner_id: UUID
    case_id: UUID | None
    questionnaire_code: str
    questionnaire_version: int
    state: str
    message: str
    due_at: datetime
    submitted_at: datetime | None
    valid_until: datetime | None
    score: int | None
    questions: list[AskedOut]
    version: int


class AnswersIn(In):
    """All answers that are to be kept, by question id. What is left out is taken away."""

    answers: dict[Short, Answer] = Field(default_factory=dict, max_length=80, examples=[{"founded": "2009", "convicted": "no"}])


class EsgIn(In):
    partner_id: UUID
    message: Note = ""


class CertificateQuery(PageQuery):
    state: Literal["submitted", "verified", "rejected", "expired", "withdrawn"] | None = None
    kind: Short | None = None
    partner_id: UUID | None = None


class CertificateOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    kind_code: str
    kind: str
    number: str
    issuer: str
    level: str
    issued_on: date
    expires_on: date
    state: str
    note: str
    submitted_at: datetime
    verified_at: datetime | None
    version: int
    created_at: datetime


class CheckIn(In):
    verified: bool
    note: Note = Field("", description="Needed when it is not accepted; the partner reads it.")


class VerificationQuery(PageQuery):
    state: Literal["started", "submitted", "review", "approved", "declined", "resubmission", "expired"] | None = None
    kind: Literal["business", "registrant"] | None = None
    partner_id: UUID | None = None


class VerificationOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    kind: str
    state: str
    legal_name: str
    business_type: str
    registration_number: str
    country: str
    position: str
    message: str
    submitted_at: datetime | None
    decided_at: datetime | None
    approved_until: datetime | None
    documents: list[DocumentOut]
    version: int
    created_at: datetime


class StartIn(In):
    kind: Literal["business", "registrant"]


class PapersIn(In):
    legal_name: Line | None = None
    business_type: Literal["company", "public", "partnership", "sole", "nonprofit", "government"] | None = None
    registration_number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] | None = None
    country: Country | None = None
    position: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] | None = None


class DecideIn(In):
    outcome: Literal["approved", "declined", "resubmission", "review"]
    message: Note = ""


class OwnerIn(In):
    name: RequiredLine
    kind: Literal["person", "entity"] = "person"
    role: Literal["owner", "beneficial", "director"] = "owner"
    country: Country = ""
    birth_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    share_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    is_official: bool = False


class OwnerOut(Out):
    id: UUID
    partner_id: UUID
    name: str
    kind: str
    role: str
    country: str
    birth_year: int | None
    share_percent: int | None
    is_official: bool


class PolicyIn(In):
    lapse: Lapse
    subject: Short = Field("", description="The certificate kind or the verification kind, where the lapse needs one.", examples=["iso-27001"])
    actions: list[Action] = Field(min_length=1, max_length=5)
    includes_missing: bool = False
    grace_days: Annotated[int, Field(ge=0, le=365)] = 0
    partner_types: list[Short] = Field(default_factory=list, max_length=9)
    is_active: bool = True


class PolicyOut(Out):
    id: UUID
    lapse: str
    subject: str
    actions: list[str]
    includes_missing: bool
    grace_days: int
    partner_types: list[str]
    is_active: bool
    version: int


class ListOut(Out):
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
    created_at: datetime


class NamesIn(In):
    names: list[RequiredLine] = Field(min_length=1, max_length=20)
    country: Country = ""


class NameHitOut(Out):
    asked: str
    name: str
    source: str
    ref: str
    score: int
    reasons: list[str]


class PreviewIn(In):
    country: Country
    type: Short = Field(examples=["reseller"])
    government: Literal["none", "sells_to", "official"] = "none"
    ownership: Literal["unknown", "listed", "private", "state"] = "unknown"
    compensation: Literal["margin", "fee", "commission", "success_fee", "none"] = "margin"


class PreviewOut(Out):
    risk: str
    clause: str
    clause_text: str
    reasons: list[str]
    would_change: list[str]
    questionnaire: str
    screening: bool
    references: int
    approver: str
    renewal_months: int
    country_class: str
