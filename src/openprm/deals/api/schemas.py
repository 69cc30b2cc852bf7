"""What goes in and out of the deals API. The two sides have two schemas: a partner never receives a vendor-only field."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import AmountMinor, Country, Currency, In, Out, PageQuery

Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=160)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Domain = Annotated[str, StringConstraints(strip_whitespace=True, max_length=253)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$")]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Step = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
RequiredReason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
DealType = Literal["new", "expansion", "renewal", "cross_sell"]
Status = Literal[
    "draft", "submitted", "under_review", "pending_approval", "approved", "returned",
    "rejected", "withdrawn", "expired", "closed_won", "closed_lost", "canceled",
]  # fmt: skip
StageCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z][a-z0-9_]{0,23}$")]
Verdict = Literal["none", "possible", "blocking"]


class LineIn(In):
    product_id: UUID
    quantity: int = Field(1, ge=1, le=1_000_000)
    amount_minor: AmountMinor = 0
    term_months: int = Field(0, ge=0, le=240, description="How long it runs from the day the deal is won; 0 has no end.")


class _Fields(In):
    """What a person can say about a deal; every field may be left out of a draft."""

    title: Title = Field("", examples=["MES rollout"])
    customer_name: Name = Field("", examples=["Ostrava Steelworks a.s."])
    customer_domain: Domain = Field("", examples=["ostravasteel.example"])
    customer_country: Country = Field("", examples=["CZ"])
    customer_city: Short = ""
    contact_name: Short = Field("", examples=["Petra Malá"])
    contact_email: Email = Field("", examples=["petra@ostravasteel.example"])
    contact_phone: Phone = ""
    contact_title: Short = ""
    lines: list[LineIn] = Field(default_factory=list, max_length=20)
    currency: Currency = "EUR"
    expected_close_date: date | None = None
    deal_type: DealType = "new"
    description: Description = ""
    next_step: Step = ""
    competitor: Short = ""
    engaged_since_date: date | None = None
    territory_id: UUID | None = None
    program_id: UUID | None = None
    follows_id: UUID | None = Field(None, description="The approved or won deal with the same customer that this one renews or grows from.")


class RegistrationIn(_Fields):
    partner_id: UUID | None = Field(None, description="For whom the vendor registers; a partner registers for itself.")
    submit: bool = Field(False, description="True sends the registration to the reviewer at once; false keeps a draft.")


class RegistrationPatch(_Fields):
    """Only the fields that are sent are changed."""


class ReasonIn(In):
    reason: RequiredReason = Field(examples=["The customer stopped the project."])


class ApproveIn(In):
    reason: Reason = Field("", description="A message that the partner reads.")


class ReturnIn(In):
    fields: list[Annotated[str, StringConstraints(max_length=60)]] = Field(min_length=1, max_length=20, examples=[["contact_email", "lines"]])
    message: RequiredReason = Field(examples=["Which plants are in the first phase?"])


class RejectIn(In):
    reason: RequiredReason = Field(examples=["Another partner is protected for this product line."])
    clause: Annotated[str, StringConstraints(max_length=60)] = Field("", examples=["R2"])


class CustomerIn(In):
    account_id: UUID | None = Field(None, description="The known account that the customer is.")
    create_new: bool = Field(False, description="True makes a new account of the customer.")


class StageIn(In):
    stage: StageCode = Field(description="A stage of the program's sales process.", examples=["qualified"])
    next_step: Step | None = None


class WonIn(In):
    amount_minor: AmountMinor | None = Field(None, description="The final amount in the deal's currency; left out, it stays.")


class CollaboratorIn(In):
    user_id: UUID = Field(description="An active person of the partner's team.")


class NoteIn(In):
    body: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)] = Field(examples=["Spoke with Petra after the plant demo."])
    visibility: Literal["shared", "internal"] = Field("shared", description="Internal notes are the vendor's alone.")


class TaskIn(In):
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    visibility: Literal["shared", "internal"] = "internal"
    assignee_id: UUID | None = None
    due_date: date | None = None


class RegistrationQuery(PageQuery):
    """Filters narrow together; values of one filter widen."""

    q: str = Field("", max_length=100, description="Text in customer, number, title or domain.")
    status: list[Status] = Field(default_factory=list, max_length=12)
    stage: list[StageCode] = Field(default_factory=list, max_length=20)
    deal_type: list[DealType] = Field(default_factory=list, max_length=4)
    lost_code: list[Annotated[str, StringConstraints(max_length=40)]] = Field(default_factory=list, max_length=30)
    stalled: bool = Field(False, description="Deals that stand still.")
    verdict: list[Verdict] = Field(default_factory=list, max_length=3, description="What the conflict check found; for the vendor.")
    partner_id: UUID | None = None
    program_id: UUID | None = None
    product_line_id: UUID | None = None
    territory_id: UUID | None = None
    account_id: UUID | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")] = ""
    min_amount_minor: int | None = Field(None, ge=0, le=10**15)
    max_amount_minor: int | None = Field(None, ge=0, le=10**15)
    submitted_from: date | None = None
    submitted_to: date | None = None
    closes_from: date | None = None
    closes_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    protection_ends_before: date | None = None
    mine: bool = False
    sort: Literal["-created", "created", "-submitted", "-amount", "amount", "close", "-close"] = "-created"


class LineOut(Out):
    product_id: UUID
    product: str
    product_line_id: UUID
    product_line: str
    quantity: int
    amount_minor: int
    currency: str
    term_months: int
    term_ends_on: date | None


class PromiseOut(Out):
    state: str = Field(examples=["running"])
    due_at: datetime | None
    answered_at: datetime | None
    overdue: bool


class StepOut(Out):
    position: int
    role: str
    label: str
    state: str
    decided_by: str
    decided_at: datetime | None


class DecisionOut(Out):
    kind: str
    at: datetime
    by: str
    automatic: bool
    reason: str
    clause: str
    clause_text: str
    rule_version: int | None
    would_change: list[str]


class GrantOut(Out):
    id: UUID
    product_line: str
    territory: str
    status: str
    starts_at: datetime
    ends_at: datetime


class NoteOut(Out):
    id: UUID
    body: str
    author: str
    by_vendor: bool
    internal: bool
    at: datetime


class TaskOut(Out):
    id: UUID
    title: str
    internal: bool
    assignee: str
    due_date: date | None
    done: bool
    done_at: datetime | None


class CollaboratorOut(Out):
    """A person of the partner who works on the deal."""

    user_id: UUID
    name: str
    email: str


class DocumentOut(Out):
    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    author: str
    internal: bool
    at: datetime


class FindingOut(Out):
    kind: str
    blocks: bool
    sentence: str
    other_registration_id: UUID | None
    other_number: str
    other_partner: str
    until: datetime | None


class _Row(Out):
    id: UUID
    number: str = Field(examples=["DR-000123"])
    version: int
    title: str
    customer_name: str
    customer_country: str
    status: Status
    stage: str
    product_lines: str
    amount_minor: int
    currency: str
    base_amount_minor: int
    base_currency: str
    expected_close_date: date | None
    submitter: str
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    answer_due_at: datetime | None
    protected_until: datetime | None
    stalled: bool


class VendorRowOut(_Row):
    side: Literal["vendor"] = "vendor"
    partner_id: UUID
    partner: str
    account_id: UUID | None
    verdict: str
    overdue: bool


class PartnerRowOut(_Row):
    side: Literal["partner"] = "partner"
    asks_you: bool


RowOut = Annotated[VendorRowOut | PartnerRowOut, Field(discriminator="side")]


class RegistrationPage(Out):
    items: list[RowOut]
    next_cursor: str | None = Field(None, description="Send it as `cursor` to get the next page; null on the last page.")


class _Registration(Out):
    id: UUID
    number: str = Field(examples=["DR-000123"])
    version: int = Field(description="Quoted, this is the ETag.")
    title: str
    status: Status
    stage: str
    deal_type: str
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
    program_id: UUID | None
    territory_id: UUID | None
    partner_id: UUID
    account_id: UUID | None
    lines: list[LineOut]
    amount_minor: int
    currency: str
    base_amount_minor: int
    base_currency: str
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    protected_until: datetime | None
    lost_code: str
    lost_competitor: str
    lost_reason: str
    stalled: bool
    snoozed_until: datetime | None
    follows_id: UUID | None
    first_deal_id: UUID | None
    split_from_id: UUID | None
    returned_fields: list[str]
    returned_message: str
    resubmits_left: int
    verdict: str
    promise: PromiseOut | None
    steps: list[StepOut]
    decisions: list[DecisionOut]
    grants: list[GrantOut]


class VendorRegistrationOut(_Registration):
    side: Literal["vendor"] = "vendor"
    partner: str
    account_name: str
    reviewer: str
    partner_manager: str
    findings: list[FindingOut]


class PartnerRegistrationOut(_Registration):
    side: Literal["partner"] = "partner"
    findings: list[str] = Field(description="What the conflict check found, in sentences that name nobody.")
    editable_fields: list[str]


RegistrationOut = Annotated[VendorRegistrationOut | PartnerRegistrationOut, Field(discriminator="side")]
