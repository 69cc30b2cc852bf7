"""What goes in and out of the earnings API. A partner receives a schema without the vendor's fields."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import Currency, In, Out, PageQuery

State = Literal["new", "held", "approved", "in_payout", "paid", "declined", "clawed_back", "forfeited"]
Kind = Literal["accrual", "correction", "clawback", "adjustment", "opening"]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Signed = Annotated[int, Field(ge=-(10**15), le=10**15, description="Minor units; below zero takes money.")]


class EarningQuery(PageQuery):
    q: Annotated[str, StringConstraints(max_length=100)] = ""
    state: list[State] = Field(default_factory=list, max_length=20)
    kind: list[Kind] = Field(default_factory=list, max_length=20)
    partner_id: UUID | None = None
    plan_id: UUID | None = None


class _Line(Out):
    id: UUID
    number: str
    kind: Kind
    state: State
    label: str
    about: str
    amount_minor: int
    currency: str
    points: str
    occurred_on: date
    earned_on: date
    user_id: UUID | None
    person: str
    plan_id: UUID | None
    hold_until: date | None
    hold_reason: str
    reason: str
    payable_from: date | None
    paid_at: datetime | None
    created_at: datetime
    version: int


class PartnerEarningOut(_Line):
    """A line as its partner reads it."""


class VendorEarningOut(_Line):
    """A line as the vendor reads it."""

    partner_id: UUID
    partner: str
    open_alerts: int


EarningOut = VendorEarningOut | PartnerEarningOut


class EarningPage(Out):
    items: list[EarningOut]
    next_cursor: str | None = Field(None, description="Send it as `cursor` to get the next page; null on the last page.")


class BulkIn(In):
    ids: list[UUID] = Field(min_length=1, max_length=200)
    action: Literal["approve", "hold", "decline"]
    reason: Note = Field("", description="Needed to hold and to decline; partners read it.")


class RefusedOut(Out):
    id: UUID
    number: str
    reason: str


class BulkOut(Out):
    done: list[UUID]
    refused: list[RefusedOut]


class NoteIn(In):
    reason: Note = ""


class ReasonIn(In):
    reason: Reason


class ClawbackIn(In):
    reason: Reason
    amount_minor: Annotated[int, Field(ge=1, le=10**15)] | None = Field(None, description="All that is left of the line when left out.")


class TellIn(In):
    """Amounts are in the currency of the deal."""

    margin_minor: Annotated[int, Field(ge=0, le=10**15)] | None = None
    list_minor: Annotated[int, Field(ge=0, le=10**15)] | None = None
    net_minor: Annotated[int, Field(ge=0, le=10**15)] | None = Field(None, description="Only where it is not known, for a line.")
    currency: Annotated[str, Field(min_length=3, max_length=3)]
    channel: Annotated[str, Field(max_length=40)] = ""
    reason: Reason


class ToldOut(Out):
    earning_ids: list[UUID] = Field(description="The further lines that hold the difference.")


class ClawbackOut(Out):
    clawback_id: UUID | None = Field(description="The negative line; null when the line itself was struck before its approval.")


class AlertQuery(PageQuery):
    state: list[Literal["open", "dismissed", "confirmed"]] = Field(default_factory=list, max_length=20)


class AlertOut(Out):
    id: UUID
    earning_id: UUID
    number: str
    partner_id: UUID
    partner: str
    code: str
    clause: str
    clause_text: str
    rule_version: int
    facts: dict[str, Any]
    state: Literal["open", "dismissed", "confirmed"]
    raised_at: datetime
    resolved_by: str
    resolved_at: datetime | None
    resolution: str
    version: int


class ResolveIn(In):
    outcome: Literal["dismissed", "confirmed"]
    resolution: Reason


class StatementOut(Out):
    id: UUID
    partner_id: UUID
    month: date
    currency: str
    opening_minor: int
    earned_minor: int
    taken_back_minor: int
    paid_minor: int
    closing_minor: int
    lines: int
    sha256: str
    sealed_at: datetime


class StatementDetailOut(StatementOut):
    content: dict[str, Any]


class AdjustmentQuery(PageQuery):
    state: list[Literal["proposed", "approved", "rejected", "withdrawn"]] = Field(default_factory=list, max_length=20)


class AdjustmentIn(In):
    partner_id: UUID
    amount_minor: Signed = Field(examples=[25000])
    currency: Currency
    reason: Reason = Field(examples=["Goodwill for the delayed launch"])


class DecideIn(In):
    approve: bool
    reason: Note = Field("", description="Needed to reject.")


class AdjustmentOut(Out):
    id: UUID
    number: str
    partner_id: UUID
    partner: str
    amount_minor: int
    currency: str
    reason: str
    state: Literal["proposed", "approved", "rejected", "withdrawn"]
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    earning_id: UUID | None
    version: int


class BountyIn(In):
    plan_id: UUID
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)] = Field(examples=["A case study with Ostrava Steelworks"])
    happened_on: date
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    link: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] = Field(examples=["https://kallio.example/case"])


class RejectIn(In):
    code: Literal["invalid_proof", "duplicate", "out_of_window", "criteria"]
    reason: Reason


class BountyOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    author: str
    plan_id: UUID
    plan_name: str
    title: str
    note: str
    link: str
    happened_on: date
    state: Literal["proposed", "approved", "rejected", "withdrawn"]
    submitted_at: datetime
    proof_name: str
    reject_code: str
    decision_reason: str
    decided_at: datetime | None
    due_at: datetime | None
    version: int


class SummaryOut(Out):
    """Sums in one currency."""

    currency: str
    to_review: int
    held: int
    owed: int
    paid_this_year: int


class ProofOut(Out):
    """A proof file: `openprm commission explain` computes it again."""

    proof: dict[str, Any]
