"""What goes in and out of the co-selling API. A member with limited view receives a schema without the fields it must never know."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import AmountMinor, Country, Currency, In, Out, Page, PageQuery

DealType = Literal["private", "partner_led", "co_sell"]
State = Literal["pending", "received", "accepted", "won", "lost", "declined", "expired"]
Role = Literal["reseller", "services", "software", "msp", "distributor", "hardware", "training", "facilitator"]
Involvement = Literal["co_sell", "visibility"]
View = Literal["full", "limited"]
Audience = Literal["shared", "full", "private"]
Need = Literal[
    "architecture_validation",
    "business_presentation",
    "competitive_information",
    "pricing_help",
    "technical_consultation",
    "total_cost",
    "deal_support",
    "rfx_support",
    "customer_introduction",
    "executive_sponsor",
    "other",
]
RecordField = Literal[
    "record_id",
    "record_url",
    "owner",
    "stage",
    "amount",
    "close_date",
    "probability",
    "forecast",
    "next_step",
    "products",
    "budget",
    "decision_maker",
    "competitors",
    "comment",
]


def _line(most: int, least: int = 0) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


Reason = Annotated[str, _line(500, 1)]
Stage = Annotated[str, _line(24)]


class _Deal(In):
    title: Annotated[str, _line(160)] = Field("", examples=["Ostrava, plant rollout"])
    customer_name: Annotated[str, _line(200)] = Field("", examples=["Ostrava Steelworks a.s."])
    customer_country: Country = ""
    customer_domain: Annotated[str, _line(253)] = ""
    contact_name: Annotated[str, _line(120)] = ""
    contact_email: Annotated[str, _line(254)] = ""
    contact_phone: Annotated[str, _line(40)] = ""
    description: Annotated[str, _line(4000)] = ""
    competitor: Annotated[str, _line(120)] = ""
    stage: Stage = "prospect"
    expected_close_date: date | None = None
    amount_minor: AmountMinor = 0
    currency: Currency = "EUR"


class EngagementIn(_Deal):
    """What is left out is taken from the registration or the opportunity."""

    deal_type: DealType = "co_sell"
    role: Role | None = Field(None, description="Your own; what is usual for your company when left out.")
    registration_id: UUID | None = None
    opportunity_id: UUID | None = None
    lead_id: UUID | None = None


class EngagementPatch(_Deal):
    """Only the fields that are sent are changed."""

    deal_type: DealType | None = None


class StageIn(In):
    stage: Stage
    expected_close_date: date | None = None


class CloseIn(In):
    outcome: Literal["won", "lost", "declined"]
    reason: Annotated[str, _line(500)] = Field("", description="Needed for lost and declined.")


class ReasonIn(In):
    reason: Reason


class InviteIn(In):
    receiver_id: UUID | None = Field(None, description="The company: a partner or the vendor.")
    domain: Annotated[str, _line(253)] = Field("", description="Or its exact web domain or name.", examples=["lumio.example"])
    role: Role
    responsibilities: list[Role] = Field(default_factory=list, max_length=8)
    involvement: Involvement = "co_sell"
    visibility: View = "full"
    hidden: bool = Field(False, description="It and the other partners do not see each other.")
    message: Annotated[str, _line(1000)] = ""


class MemberPatch(In):
    """Only what is sent is changed. A company changes its own involvement; all else is the host's."""

    role: Role | None = None
    responsibilities: list[Role] = Field(default_factory=list, max_length=8)
    involvement: Involvement | None = None
    reason: Annotated[str, _line(500)] = ""
    visibility: View | None = None
    hidden: bool | None = None


class SharesIn(In):
    shares: dict[UUID, Annotated[int, Field(ge=0, le=10_000)]] = Field(max_length=200, description="Basis points by company; all together at most 10,000.")


class NoteIn(In):
    body: Annotated[str, _line(4000, 1)]
    audience: Audience = "shared"


class NextStepIn(In):
    text: Annotated[str, _line(255, 1)]


class TaskIn(In):
    title: Annotated[str, _line(200, 1)]
    owner_id: UUID | None = Field(None, description="The company that should do it; yours when left out.")
    assignee_id: UUID | None = None
    due_date: date | None = None
    audience: Audience = "shared"


class DecideIn(In):
    accept: bool
    reason: Annotated[str, _line(500)] = ""


class NeedIn(In):
    asked_id: UUID
    need: Need
    detail: Annotated[str, _line(1000)] = ""


class AnswerIn(In):
    answer: Annotated[str, _line(2000, 1)]
    decline: bool = False


class RecordIn(In):
    system: Annotated[str, _line(60)] = Field("", examples=["Salesforce"])
    values: dict[RecordField, Annotated[str, _line(500)]] = Field(default_factory=dict)
    fields_out: list[RecordField] = Field(default_factory=list, max_length=20, description="What members with full view read.")
    fields_in: list[RecordField] | None = Field(None, max_length=20, description="What you want to read of theirs; all when left out.")


class ConnectionIn(In):
    mode: Literal["allow_all", "deny_all", "allow_except"]
    exceptions: list[UUID] = Field(default_factory=list, max_length=200)


class EngagementQuery(PageQuery):
    q: Annotated[str, _line(100)] = ""
    state: list[State] = Field(default_factory=list, max_length=7)
    deal_type: list[DealType] = Field(default_factory=list, max_length=3)


class InvitationQuery(PageQuery):
    state: list[Literal["pending", "accepted", "rejected", "expired", "canceled"]] = Field(default_factory=list, max_length=5)
    side: Literal["sender", "receiver", ""] = ""


class MemberOut(Out):
    party_id: UUID
    name: str
    is_vendor: bool
    is_host: bool
    role: str
    responsibilities: list[str]
    involvement: str
    involvement_reason: str
    contact: str
    joined_at: datetime
    left_at: datetime | None


class FullMemberOut(MemberOut):
    share_bp: int | None
    visibility: str
    hidden: bool


class NoteOut(Out):
    id: UUID
    body: str
    author: str
    party_id: UUID
    party: str
    audience: str
    at: datetime


class NextStepOut(Out):
    id: UUID
    text: str
    author: str
    party_id: UUID
    party: str
    at: datetime


class TaskOut(Out):
    id: UUID
    title: str
    party_id: UUID
    party: str
    owner_id: UUID
    owner: str
    assignee: str
    due_date: date | None
    overdue: bool
    state: str
    reason: str
    audience: str
    done_at: datetime | None


class DocumentOut(Out):
    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    author: str
    party_id: UUID
    party: str
    audience: str
    at: datetime


class NeedOut(Out):
    id: UUID
    need: str
    detail: str
    party_id: UUID
    party: str
    asked_id: UUID
    asked: str
    state: str
    asked_at: datetime
    due_at: datetime | None
    overdue: bool
    answer: str
    answered_by: str
    answered_at: datetime | None


class MirrorOut(Out):
    party_id: UUID
    party: str
    system: str
    values: dict[str, str]
    changed_at: datetime


class ReadOut(Out):
    reader: str
    party: str
    fields: list[str]
    at: datetime


class RecordOut(Out):
    system: str
    values: dict[str, str]
    fields_out: list[str]
    fields_in: list[str]
    version: int
    reads: list[ReadOut]


class InvitationOut(Out):
    id: UUID
    engagement_id: UUID
    number: str
    side: str
    state: str
    payload: str
    title: str
    customer_name: str
    customer_country: str
    expected_close_date: date | None
    sender_id: UUID
    sender: str
    receiver_id: UUID
    receiver: str
    role: str
    responsibilities: list[str]
    involvement: str
    visibility: str
    hidden: bool
    message: str
    sent_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    reason: str
    version: int


class _RoomOut(Out):
    id: UUID
    number: str
    title: str
    deal_type: str
    state: str
    group: str
    customer_name: str
    customer_country: str
    stage: str
    expected_close_date: date | None
    host_id: UUID
    host: str
    opened_at: datetime
    activated_at: datetime | None
    closed_at: datetime | None
    closed_reason: str
    version: int
    own_share_bp: int | None
    own_involvement: str
    notes: list[NoteOut]
    tasks: list[TaskOut]
    documents: list[DocumentOut]
    next_steps: list[NextStepOut]
    needs: list[NeedOut]
    invitations: list[InvitationOut]
    record: RecordOut | None


class LimitedEngagementOut(_RoomOut):
    """For a member with limited view."""

    level: Literal["limited"]
    members: list[MemberOut]


class FullEngagementOut(_RoomOut):
    """For the host and members with full view."""

    level: Literal["full"]
    members: list[FullMemberOut]
    amount_minor: int
    currency: str
    customer_domain: str
    contact_name: str
    contact_email: str
    contact_phone: str
    description: str
    competitor: str
    registration_id: UUID | None
    mirrors: list[MirrorOut]


EngagementOut = FullEngagementOut | LimitedEngagementOut


class EngagementRowOut(Out):
    """`amount_minor` is null where your view is limited; `members` are those that you may know of."""

    id: UUID
    number: str
    title: str
    customer_name: str
    customer_country: str
    deal_type: str
    state: str
    group: str
    stage: str
    expected_close_date: date | None
    amount_minor: int | None
    currency: str
    host: str
    members: list[str]
    level: str
    next_step: str
    opened_at: datetime
    version: int


class ConnectionOut(Out):
    mode: str
    exceptions: list[UUID]
    version: int


EngagementPage = Page[EngagementRowOut]
InvitationPage = Page[InvitationOut]
