"""What the reads of leads answer: one shape for the vendor, another for a partner."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.kernel.money import Money
from openprm.promises.queries import ClockView


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFilters:
    """What a list is narrowed to; blanks do not narrow."""

    text: str = ""
    status: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    country: str = ""
    partner: str = ""
    partner_id: UUID | None = None
    account_id: UUID | None = None
    received_from: date | None = None
    received_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who the customer is. For a partner it is there only after its opening."""

    company_name: str
    company_domain: str
    postal_code: str
    contact_name: str
    contact_email: str
    contact_phone: str
    contact_title: str
    title: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What everybody may see of a lead, opened or not."""

    id: UUID
    number: str
    country: str
    city: str
    industry: str
    employees: int | None
    product_line: str
    skills: tuple[str, ...]
    amount: Money | None
    grade: str
    received_at: datetime
    created_at: datetime
    version: int

    @property
    def place(self) -> str:
        return ", ".join(filter(None, (self.city, self.country)))


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorLeadRow(_Shown):
    company_name: str
    contact_name: str
    contact_email: str
    source: str
    source_label: str
    campaign: str
    status: str
    status_label: str
    status_tone: str
    partner_id: UUID | None
    partner: str
    method: str
    method_label: str
    rounds: int
    due_at: datetime | None
    closed_at: datetime | None
    closed_label: str
    external_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLeadRow(_Shown):
    """`company_name` is blank until the partner has opened the lead."""

    company_name: str
    offer_state: str
    offer_label: str
    offer_tone: str
    is_claim: bool
    asks_you: bool
    offered_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """One offer as the vendor reads it."""

    id: UUID
    partner_id: UUID
    partner: str
    state: str
    label: str
    tone: str
    method_label: str
    score_text: str
    reasons: tuple[str, ...]
    offered_at: datetime
    open_by: datetime
    opened_at: datetime | None
    opened_by: str
    accept_by: datetime | None
    accepted_at: datetime | None
    convert_by: datetime | None
    ended_at: datetime | None
    decline_label: str
    was_contacted: bool | None
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """One line of the table behind a decision: why this partner, or why not."""

    partner_id: UUID
    partner: str
    chosen: bool
    score_text: str
    reasons: tuple[str, ...]
    why_not: str
    why_not_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingView:
    id: UUID
    round: int
    at: datetime
    method: str
    method_label: str
    by: str
    reason: str
    clause: str
    clause_text: str
    rule_version: int | None
    rule_version_id: UUID | None
    inputs: dict[str, Any]
    seed: str
    candidates: tuple[CandidateView, ...]
    left_out: tuple[tuple[str, int], ...]
    eligible: int
    unlisted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorLead(_Shown):
    """A lead with everything that the vendor knows: its customer, every offer, and why each partner was chosen or not."""

    customer: Customer
    region: str
    language: str
    source: str
    source_label: str
    source_detail: str
    campaign: str
    external_source: str
    external_id: str
    referrer: str
    may_share: bool
    may_contact: bool
    status: str
    status_label: str
    status_tone: str
    status_reason: str
    partner_id: UUID | None
    partner: str
    account_id: UUID | None
    account_name: str
    registration_id: UUID | None
    registration_number: str
    accepted_at: datetime | None
    closed_at: datetime | None
    closed_label: str
    closed_note: str
    erased_at: datetime | None
    offers: tuple[OfferView, ...]
    routings: tuple[RoutingView, ...]
    promise: ClockView | None
    why_not_route: str | None
    why_not_close: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLead(_Shown):
    """A lead as the partner may see it. `customer` is None until the opening is recorded; `reasons` say why it was this partner."""

    customer: Customer | None
    status: str
    offer_state: str
    offer_label: str
    offer_tone: str
    is_claim: bool
    others_asked: bool
    offered_at: datetime
    open_by: datetime
    opened_at: datetime | None
    accept_by: datetime | None
    accepted_at: datetime | None
    convert_by: datetime | None
    due_at: datetime | None
    method_label: str
    reasons: tuple[str, ...]
    candidates: int
    clause: str
    clause_text: str
    rule_version: int | None
    registration_id: UUID | None
    registration_number: str
    closed_label: str
    closed_note: str
    promise: ClockView | None
    may_work: bool
    can_open: bool
    can_accept: bool
    can_decline: bool
    can_convert: bool
    can_close: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverView:
    """What one partner takes."""

    partner_id: UUID
    countries: tuple[str, ...]
    skills: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    weight: int
    max_open: int | None
    is_paused: bool
    last_offered_at: datetime | None
    open_leads: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A lead whose next word is this person's."""

    id: UUID
    number: str
    title: str
    detail: str
    due_at: datetime | None
    since: datetime
    amount: Money | None
    can_accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of a home page."""

    waiting: int
    offered: int
    accepted: int
    converted: int
    declined: int
    received_by_week: tuple[int, ...]
