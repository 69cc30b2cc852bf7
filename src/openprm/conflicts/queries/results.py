"""What the reads of conflicts give: frozen, and apart for each side."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from openprm.promises.queries import ClockView


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A line of a list. `partner`, `other_partner`, `rep` and `reviewer` are empty for a partner's reader."""

    id: UUID
    number: str
    type: str
    type_label: str
    state: str
    state_label: str
    state_tone: str
    origin: str
    origin_label: str
    about: str
    my_side: str
    finding: str
    finding_label: str
    finding_tone: str
    ending: str
    ending_label: str
    opened_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    appeal_until: datetime | None
    closed_at: datetime | None
    version: int
    created_at: datetime
    partner_id: UUID | None = None
    partner: str = ""
    other_partner_id: UUID | None = None
    other_partner: str = ""
    rep: str = ""
    reviewer: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementView:
    id: UUID
    text: str
    author: str
    said_at: datetime
    is_sealed: bool
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    id: UUID
    name: str
    content_type: str
    size: int
    author: str
    at: datetime
    is_sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """One column of a case. `hidden` says how many of its statements this reader may not read yet; `due` is its promise to speak."""

    side: str
    name: str
    is_mine: bool
    is_vendor: bool
    spoke_at: datetime | None
    statements: tuple[StatementView, ...]
    evidence: tuple[EvidenceView, ...]
    is_waiting: bool
    has_hidden: bool
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactView:
    kind: str
    icon: str
    text: str
    at: datetime | None
    is_internal: bool
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyView:
    code: str
    label: str
    icon: str
    clause: str
    text: str
    rule_kind: str
    rule_version_id: UUID | None
    days: int
    percent: int
    until: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingView:
    """A decision as it was taken. `by` is empty for a partner's reader: a decision is the house's."""

    id: UUID
    kind: str
    round: int
    finding: str
    finding_label: str
    finding_tone: str
    appeal_result: str
    appeal_result_label: str
    reasons: str
    would_change: str
    clause: str
    clause_text: str
    clause_source: str
    clause_kind: str
    clause_version_id: UUID | None
    clause_version: int | None
    by: str
    at: datetime
    remedies: tuple[RemedyView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealView:
    text: str
    is_mine: bool
    by: str
    filed_at: datetime
    result: str
    result_label: str
    answered_at: datetime | None
    reviewer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedentRow:
    id: UUID
    number: str
    title: str
    type: str
    type_label: str
    finding: str
    finding_label: str
    finding_tone: str
    clause: str
    clause_source: str
    region: str
    amount_band: str
    remedies: tuple[str, ...]
    appeal_result: str
    appeal_result_label: str
    decided_month: date
    days: int
    published_at: datetime | None
    created_at: datetime
    version: int
    state: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedentView:
    """One precedent to read. `case_id`, `case_number` and `names` (what is still in a draft) are for the vendor's reviewers."""

    row: PrecedentRow
    what_happened: str
    reasons: str
    would_change: str
    clause_text: str
    case_id: UUID | None = None
    case_number: str = ""
    checked_by: str = ""
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    why_not_edit: str | None = None

    @property
    def id(self) -> UUID:
        return self.row.id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    row: CaseRow
    claimant: SideView
    respondent: SideView
    facts: tuple[FactView, ...]
    rulings: tuple[RulingView, ...]
    late_remedies: tuple[RemedyView, ...]
    appeal: AppealView | None
    similar: tuple[PrecedentRow, ...]
    statements_due_at: datetime
    revealed_at: datetime | None
    round: int
    ended_reason: str
    promise: ClockView | None
    appeal_promise: ClockView | None
    why_not_speak: str | None
    registration_id: UUID | None
    registration: str

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def version(self) -> int:
        return self.row.version

    @property
    def is_open(self) -> bool:
        return self.row.state != "closed"

    @property
    def standing(self) -> RulingView | None:
        """The ruling that stands now."""
        return next((one for one in reversed(self.rulings) if one.appeal_result != "remanded"), None) if self.rulings else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCase(_Case):
    """A case as one of its sides reads it: without the other's name, without what is sealed or internal."""

    why_not_appeal: str | None
    why_not_withdraw: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    user_id: UUID
    name: str
    load: int
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    text: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorCase(_Case):
    """Everything, with names; what is sealed only for those who judge."""

    partner_id: UUID
    account_id: UUID | None
    reviewer_id: UUID | None
    appeal_reviewer: str
    notes: tuple[NoteView, ...]
    candidates: tuple[CandidateView, ...]
    proposed: str
    precedent_id: UUID | None
    precedent_state: str
    why_not_take_up: str | None
    why_not_assign: str | None
    why_not_decide: str | None
    why_not_dismiss: str | None
    why_not_answer_appeal: str | None
    why_not_note: str | None
    why_not_prepare: str | None
    may_read_sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures above the vendor's list."""

    waiting: int
    late: int
    appealed: int
    alarms: int
    decided: int
    median_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    key: str
    title: str
    detail: str
    url: str
    due_at: datetime | None
    overdue: bool
    tone: str
    icon: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    name: str
    content_type: str
    file: object
