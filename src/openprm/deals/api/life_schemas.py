"""What goes in and out of the API of a deal's life after its approval."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.deals.api.schemas import Description, Email, LineIn, Phone, Short, StageCode
from openprm.kernel.api import In, Out, PageQuery

Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Kind = Literal["new", "expansion", "renewal", "cross_sell"]


class LostIn(In):
    """Why a deal is lost, by the catalogue of its program. A comment alone counts as “other”."""

    code: Code = Field("", examples=["competitor"])
    competitor: Short = ""
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field("", examples=["The customer stopped the project."])


class SnoozeIn(In):
    until: date
    reason: Why = Field(examples=["The plant rests over the holidays."])


class AmendmentIn(In):
    """Only what is sent changes; everything else of an approved deal is locked."""

    reason: Why = Field(examples=["The customer adds a second plant."])
    lines: list[LineIn] | None = Field(None, max_length=20, description="The whole list of products as it shall be.")
    expected_close_date: date | None = None
    contact_name: Short | None = None
    contact_email: Email | None = None
    contact_phone: Phone | None = None
    contact_title: Short | None = None
    customer_city: Short | None = None
    description: Description | None = None
    competitor: Short | None = None
    engaged_since_date: date | None = None


class SplitIn(In):
    product_line_ids: list[UUID] = Field(min_length=1, max_length=20, description="What goes to the second deal.")
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=160)] = ""
    reason: Why


class DecisionIn(In):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class ChangeOut(Out):
    field: str
    label: str
    before: str
    after: str


class AmendmentOut(Out):
    id: UUID
    registration_id: UUID
    number: int
    kind: Literal["change", "split"]
    state: Literal["proposed", "applied", "rejected", "withdrawn"]
    changes: list[ChangeOut]
    reason: str
    proposed_by: str
    proposed_at: datetime
    due_at: datetime | None
    automatic: bool
    decided_at: datetime | None
    decision_reason: str
    clause: str
    clause_text: str
    new_registration_id: UUID | None
    version: int = Field(description="Quoted, this is the ETag.")


class CheckItemOut(Out):
    label: str
    met: bool
    remedy: str = Field(description="What to do while it is not met.")


class NextStageOut(Out):
    code: str
    name: str
    probability: int
    ahead: bool
    open: bool = Field(description="Nothing on the way is missing.")
    items: list[CheckItemOut]


class ChainLinkOut(Out):
    id: UUID
    number: str
    title: str
    relation: str = Field(examples=["first", "renewal", "split"])
    follows_id: UUID | None
    status: str
    amount_minor: int
    currency: str
    term_ends_on: date | None


class RenewalOut(Out):
    id: UUID
    registration_id: UUID
    number: str
    customer: str
    partner_id: UUID
    product_lines: str
    term_ends_on: date
    right: Literal["incumbent", "nobody"]
    first_right_until: datetime | None
    state: Literal["open", "renewed", "declined", "lapsed"]
    clause: str
    clause_text: str
    registered_id: UUID | None = Field(description="The registration that renews it, once there is one.")
    amount_minor: int
    currency: str


class RenewalPage(Out):
    items: list[RenewalOut]
    next_cursor: str | None = None


class RenewalQuery(PageQuery):
    q: str = Field("", max_length=100)
    state: list[Literal["open", "renewed", "declined", "lapsed"]] = Field(default_factory=list, max_length=4)
    sort: Literal["ends", "-ends"] = "ends"


class CriterionIO(In):
    needs: Literal["field", "activity", "document", "amount", "next_step", "days", "plan"]
    value: Annotated[str, StringConstraints(max_length=40)] = Field("", description="The field, the kind of activity, the amount in minor units, or a number.")


class StageIO(In):
    code: StageCode
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    probability: int = Field(0, ge=0, le=100)
    criteria: list[CriterionIO] = Field(default_factory=list, max_length=8)


class LostReasonIO(In):
    code: Code
    label: Label = ""
    needs_competitor: bool = False
    needs_comment: bool = False


class ProcessIn(In):
    stages: list[StageIO] = Field(min_length=1, max_length=12)
    entry: StageCode = Field(description="The stage in which an approved deal begins.")
    lost_reasons: list[LostReasonIO] = Field(min_length=1, max_length=30)
    moves: dict[StageCode, StageCode] = Field(default_factory=dict, description="Where the running deals of a stage that goes move to.", max_length=12)
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class ProcessOut(Out):
    program_id: UUID | None
    number: int = Field(description="The version in force; 0 is the built-in one. Quoted, this is the ETag.")
    own: bool
    stages: list[StageIO]
    entry: str
    lost_reasons: list[LostReasonIO]


class TouchedOut(Out):
    registration_id: UUID
    number: str
    customer: str
    partner: str
    stage: str


class ProcessChangeOut(Out):
    gone: list[str]
    new: list[str]
    changed: list[str]
    touched_count: int
    touched: list[TouchedOut]


class LostQuery(In):
    by: Literal["partner", "product", "competitor", "kind"] = "partner"
    since: date | None = None
    until: date | None = None
    program_id: UUID | None = None
    partner_id: UUID | None = None
    product_line_id: UUID | None = None


class LostRowOut(Out):
    code: str
    reason: str
    beside: str
    deals: int
    amount_minor: int
    currency: str
    share: int


class LostReportOut(Out):
    by: str
    deals: int
    by_reason: list[LostRowOut]
    rows: list[LostRowOut]


class FiguresQuery(In):
    since: date
    until: date
    partner_id: UUID | None = None


class FiguresOut(Out):
    """What was won, by kind of deal, in the reporting currency. Renewals are not sourced revenue."""

    currency: str
    new_minor: int
    expansion_minor: int
    cross_sell_minor: int
    renewal_minor: int
    sourced_minor: int
    deals: int
    renewals: int
