"""One deal as its page shows it. The vendor and the partner get different types: what a partner must not know is not in them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openprm.deals.rules.evidence import Likeness
from openprm.deals.rules.window import WindowCurve
from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The clock on the answer: `state` running, paused, kept, broken or canceled; `percent_left` of the time."""

    state: str
    due_at: datetime | None
    answered_at: datetime | None
    percent_left: int
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: UUID
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    product_id: UUID
    product: str
    product_line_id: UUID
    product_line: str
    quantity: int
    amount: Money
    term_months: int = 0
    term_ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One approval step. `state` waiting, approved, rejected or skipped; `open` when it is its turn."""

    position: int
    role: str
    label: str
    person: str
    state: str
    open: bool
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """Why (X3). `inputs` are (label, value) pairs in words; `would_change` are sentences."""

    kind: str
    at: datetime
    by: str
    automatic: bool
    reason: str
    clause: str
    clause_text: str
    rule_version: int | None
    rule_version_id: UUID | None
    inputs: tuple[tuple[str, str], ...]
    would_change: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    id: UUID
    body: str
    author: str
    by_vendor: bool
    internal: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    id: UUID
    title: str
    internal: bool
    assignee: str
    due_date: date | None
    done: bool
    done_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    author: str
    by_vendor: bool
    internal: bool
    at: datetime
    can_remove: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantView:
    id: UUID
    product_line: str
    territory: str
    status: str
    starts_at: datetime
    ends_at: datetime
    extended_reason: str
    is_first_right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyStep:
    """One point of the line across the page: `state` done, current, todo or stopped. `key` submitted, checked, decision, protected, closed."""

    key: str
    label: str
    detail: str
    at: datetime | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """Vendor only: it names names. `evidence` compares this deal with the other one."""

    kind: str
    blocks: bool
    sentence: str
    other_registration_id: UUID | None
    other_number: str
    other_partner: str
    until: datetime | None
    evidence: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """Vendor only: a known account that the customer may be."""

    account_id: UUID
    name: str
    domain: str
    country: str
    score: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Vendor only: what the rules and findings speak for: approve, reject or look; with the clause."""

    action: str
    sentence: str
    clause: str
    clause_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityView:
    id: UUID
    name: str
    account_id: UUID | None
    account: str
    partner_id: UUID | None
    partner: str
    product: str
    owner: str
    stage: str
    stage_label: str
    status: str
    amount: Money | None
    opened_date: date | None
    close_date: date | None
    is_registered: bool
    registered_until: datetime | None
    registration_id: UUID | None
    external_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """One thing that a stage asks for. `remedy` says what to do while it is not met."""

    label: str
    met: bool
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStage:
    """A stage that a deal can be moved to. `ahead` lies before it, `is_next` comes first of them; `items` is what it asks for.

    `open` when nothing on the way is missing.
    """

    code: str
    name: str
    probability: int
    ahead: bool
    is_next: bool
    items: tuple[CheckItem, ...]
    open: bool

    @property
    def met(self) -> int:
        return sum(item.met for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deal:
    id: UUID
    number: str
    version: int
    title: str
    status: str
    status_label: str
    status_tone: str
    stage: str
    stage_label: str
    deal_type: str
    deal_type_label: str
    customer_name: str
    customer_domain: str
    customer_country: str
    customer_city: str
    contact_name: str
    contact_email: str
    contact_phone: str
    contact_title: str
    description: str
    next_step: str
    competitor: str
    engaged_since_date: date | None
    expected_close_date: date | None
    program: str
    program_id: UUID | None
    territory: str
    territory_id: UUID | None
    lines: tuple[LineView, ...]
    amount: Money
    base_amount: Money
    fx_rate: str
    fx_date: date | None
    submitter: Person | None
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    lost_reason: str
    ended_reason: str
    returned_fields: tuple[str, ...]
    returned_field_labels: tuple[str, ...]
    returned_message: str
    resubmit_count: int
    resubmits_left: int
    verdict: str
    verdict_label: str
    verdict_tone: str
    promise: Promise | None
    information_promise: Promise | None
    window: WindowCurve | None
    window_if_approved: WindowCurve | None
    protection_days: int
    extension_days: int
    extended: bool
    grants: tuple[GrantView, ...]
    steps: tuple[StepView, ...]
    decisions: tuple[DecisionView, ...]
    journey: tuple[JourneyStep, ...]
    notes: tuple[NoteView, ...]
    tasks: tuple[TaskView, ...]
    documents: tuple[DocumentView, ...]
    collaborators: tuple[Person, ...]
    next_stages: tuple[NextStage, ...]
    stalled: bool
    snoozed_until: datetime | None
    snooze_reason: str
    lost_code: str
    lost_label: str
    follows_id: UUID | None
    first_deal_id: UUID | None
    split_from_id: UUID | None
    lost_competitor: str
    why_not_amend: str | None
    why_not_reopen: str | None
    product_line_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorRegistration(_Deal):
    partner_id: UUID
    partner: str
    account_id: UUID | None
    account_name: str
    account_motion: str
    account_owner: str
    reviewer: str
    partner_manager: str
    findings: tuple[FindingView, ...]
    candidates: tuple[CandidateView, ...]
    compared_with: int
    opportunity: OpportunityView | None
    suggestion: Suggestion | None
    returnable_fields: tuple[tuple[str, str], ...]
    why_not_approve: str | None
    why_not_review: str | None
    why_not_start_review: str | None
    why_not_protect: str | None
    why_not_cancel: str | None
    why_not_advance: str | None
    why_not_comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRegistration(_Deal):
    """`findings` are sentences that name nobody."""

    partner_id: UUID
    account_id: UUID | None
    findings: tuple[str, ...]
    contact_person: Person | None
    opportunity_stage: str
    editable_fields: frozenset[str]
    why_not_edit: str | None
    why_not_submit: str | None
    why_not_resubmit: str | None
    why_not_withdraw: str | None
    why_not_cancel: str | None
    why_not_advance: str | None
    why_not_comment: str | None
    why_not_ask_extension: str | None
