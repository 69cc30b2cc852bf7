"""What the funds API takes and gives."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from openprm.kernel.api import In, Out, Page, PageQuery

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Minor = Annotated[int, Field(ge=0, le=10**13)]
Currency = Annotated[str, StringConstraints(strip_whitespace=True, max_length=3)]


class AmountOut(Out):
    amount_minor: int
    currency: str


class SumsOut(Out):
    """The roll-ups of a level. `left` of a budget is what it can still hand on, of a fund what requests can still ask for."""

    amount: AmountOut
    requested: AmountOut
    claimed: AmountOut
    paid: AmountOut
    left: AmountOut


class BudgetOut(Out):
    id: UUID
    number: str
    name: str
    level: int
    parent_id: UUID | None
    kind: str
    sums: SumsOut
    allotted: AmountOut
    starts_on: date
    ends_on: date
    ignores_limits: bool
    is_closed: bool
    version: int


class BudgetPage(Page):
    items: list[BudgetOut]


class FundOut(Out):
    id: UUID
    number: str
    name: str
    partner_id: UUID
    budget_id: UUID
    kind: str
    sums: SumsOut
    vendor_percent: int
    plan_by: date | None
    claim_by: date | None
    ends_on: date
    is_closed: bool
    version: int


class FundPage(Page):
    items: list[FundOut]


class BudgetIn(In):
    name: Name
    amount_minor: Minor
    currency: Currency = ""
    kind: Literal["mdf", "coop"] = "mdf"
    parent_id: UUID | None = None
    program_id: UUID | None = None
    partner_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    about: Note = ""


class BudgetPatch(In):
    name: Name | None = None
    amount_minor: Minor | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    about: Note | None = None
    is_closed: bool | None = None


class FundIn(In):
    budget_id: UUID
    partner_id: UUID
    amount_minor: Minor
    currency: Currency = ""
    name: Annotated[str, StringConstraints(max_length=120)] = ""
    vendor_percent: int = Field(100, ge=1, le=100)
    plan_by: date | None = None
    claim_by: date | None = None
    ends_on: date | None = None


class FundPatch(In):
    name: Name | None = None
    amount_minor: Minor | None = None
    vendor_percent: int | None = Field(None, ge=1, le=100)
    plan_by: date | None = None
    claim_by: date | None = None
    ends_on: date | None = None


class ReasonIn(In):
    reason: Reason


class ActivityIn(In):
    activity_type_id: UUID
    title: Name
    starts_on: date
    ends_on: date
    planned_minor: Minor
    asked_minor: Minor
    country: Annotated[str, StringConstraints(max_length=2)] = ""


class RequestIn(In):
    allocation_id: UUID
    title: Name
    currency: Currency = ""
    purpose: Annotated[str, StringConstraints(max_length=2000)] = ""
    expected: Annotated[str, StringConstraints(max_length=500)] = ""
    activities: list[ActivityIn] = Field(default_factory=list, max_length=20)


class GrantIn(In):
    activity_id: UUID
    amount_minor: Minor


class ApproveRequestIn(In):
    """`amounts` gives less than asked to some activities, at the last level; 0 is not approved."""

    note: Note = ""
    amounts: list[GrantIn] = Field(default_factory=list, max_length=20)


class ActivityOut(Out):
    id: UUID
    activity_type_id: UUID
    kind: str
    title: str
    starts_on: date
    ends_on: date
    country: str
    planned: AmountOut
    asked: AmountOut
    approved: AmountOut
    open: AmountOut
    claimed: AmountOut
    paid: AmountOut
    released: AmountOut
    status: str
    claim_by: date | None


class StepOut(Out):
    position: int
    role: str
    state: str
    by: str
    at: datetime | None
    note: str
    clause: str


class RequestRowOut(Out):
    id: UUID
    number: str
    title: str
    partner_id: UUID
    fund_id: UUID
    status: str
    asked: AmountOut
    approved: AmountOut
    claimed: AmountOut
    paid: AmountOut
    submitted_at: datetime | None
    decided_at: datetime | None
    due_at: datetime | None
    next_role: str
    version: int


class RequestPage(Page):
    items: list[RequestRowOut]


class RequestOut(RequestRowOut):
    """A partner reads the levels of the decision without the names behind them."""

    purpose: str
    expected: str
    answer: str
    activities: list[ActivityOut]
    steps: list[StepOut]


class InstalmentOut(Out):
    id: UUID
    state: str
    owed: AmountOut
    payable_from: date
    moved: AmountOut
    fx_to_claim: Decimal | None
    fx_to_budget: Decimal | None
    fx_date: date | None
    reference: str
    paid_at: datetime | None


class ClaimRowOut(Out):
    id: UUID
    number: str
    request_id: UUID
    partner_id: UUID
    title: str
    status: str
    spent: AmountOut
    asked: AmountOut
    worth: AmountOut
    approved: AmountOut
    paid: AmountOut
    submitted_at: datetime
    decided_at: datetime | None
    due_at: datetime | None
    next_role: str
    version: int


class ClaimPage(Page):
    items: list[ClaimRowOut]


class ClaimOut(ClaimRowOut):
    """`worth` is the claim in the fund's currency, at `fx_rate` of `fx_date`."""

    spent_on: date
    note: str
    answer: str
    is_final: bool
    fx_rate: Decimal
    fx_date: date
    steps: list[StepOut]
    instalments: list[InstalmentOut]


class ClaimIn(In):
    """`amount_minor` left out claims all that the rules give. `claim_id` sends a rejected claim again."""

    activity_id: UUID
    spent_minor: Minor
    currency: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=3)]
    amount_minor: Minor | None = None
    spent_on: date | None = None
    note: Note = ""
    is_final: bool = True
    claim_id: UUID | None = None


class ApproveClaimIn(In):
    note: Note = ""
    amount_minor: Minor | None = None


class PartIn(In):
    amount_minor: Minor
    payable_from: date


class InstalmentsIn(In):
    parts: list[PartIn] = Field(min_length=1, max_length=36)


class PaymentIn(In):
    settlement_id: UUID
    paid_on: date
    reference: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    currency: Currency = ""


class LegOut(Out):
    label: str
    count: int
    median: float | None
    p90: float | None
    bins: list[int]


class CashOut(Out):
    """Days from request to money in the last year, over all partners; for a partner also its own."""

    since: date
    count: int
    bin_labels: list[str]
    legs: list[LegOut]
    own: list[LegOut] = Field(default_factory=list)


class LimitIn(In):
    """Without `limit_minor` the limit is lifted."""

    limit_minor: Minor | None = None


class ApproverOut(Out):
    user_id: UUID
    name: str
    role: str
    limit: AmountOut | None


class ListQuery(PageQuery):
    q: str = Field("", max_length=100)
    partner_id: UUID | None = None
    fund_id: UUID | None = None
    mine: bool = False


class RequestQuery(ListQuery):
    status: list[Literal["draft", "pending", "approved", "claimed", "partial", "reimbursed", "rejected", "declined", "withdrawn", "expired"]] = Field(
        default_factory=list, max_length=10
    )


class ClaimQuery(ListQuery):
    status: list[Literal["submitted", "approved", "partial", "paid", "rejected", "declined", "withdrawn"]] = Field(default_factory=list, max_length=7)
