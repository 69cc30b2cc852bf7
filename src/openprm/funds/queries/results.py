"""What the queries of funds give. Vendor and partner get different types of a request and a claim."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The roll-ups of a level: given, held by requests (reserved and used), claimed, paid, and what is left."""

    amount: Money
    requested: Money
    claimed: Money
    paid: Money
    left: Money

    @property
    def reserved(self) -> Money:
        return Money(self.requested.minor - self.claimed.minor, self.requested.currency)

    def percent(self, part: Money) -> int:
        return round(100 * part.minor / self.amount.minor) if self.amount.minor else 0

    @property
    def bar(self) -> tuple[int, int, int]:
        """Paid, then owed, then reserved, in per cent of the amount: what a bar draws."""
        paid, claimed, requested = (self.percent(part) for part in (self.paid, self.claimed, self.requested))
        return paid, max(0, claimed - paid), max(0, requested - claimed)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """One budget with the sums of everything below it. `allotted` is what it handed on itself."""

    id: UUID
    number: str
    name: str
    level: int
    parent_id: UUID | None
    kind: str
    kind_label: str
    sums: Sums
    allotted: Money
    program: str
    partner: str
    starts_on: date
    ends_on: date
    ignores_limits: bool
    is_closed: bool
    version: int
    created_at: datetime

    @property
    def to_hand_on(self) -> Money:
        return self.sums.left


@dataclass(frozen=True, slots=True, kw_only=True)
class FundRow:
    """A partner's fund. `left` of its sums is what requests can still ask for."""

    id: UUID
    number: str
    name: str
    partner_id: UUID
    partner: str
    budget_id: UUID
    kind: str
    kind_label: str
    sums: Sums
    vendor_percent: int
    plan_by: date | None
    claim_by: date | None
    ends_on: date
    is_closed: bool
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetView(BudgetRow):
    about: str
    owner: str
    path: tuple[tuple[UUID, str], ...]
    children: tuple[BudgetRow, ...]
    funds: tuple[FundRow, ...]
    may_manage: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One level of a decision. A partner reads the role and the answer, not who of the vendor it was."""

    position: int
    role: str
    role_label: str
    state: str
    label: str
    tone: str
    by: str
    at: datetime | None
    note: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityView:
    id: UUID
    position: int
    activity_type_id: UUID
    kind: str
    title: str
    starts_on: date
    ends_on: date
    country: str
    planned: Money
    asked: Money
    approved: Money
    open: Money
    waiting: Money
    claimed: Money
    paid: Money
    released: Money
    status: str
    label: str
    tone: str
    claim_by: date | None
    max_percent: str
    why_not_claim: str = ""
    why_not_release: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    id: UUID
    number: str
    title: str
    partner_id: UUID
    partner: str
    fund_id: UUID
    fund: str
    kind: str
    status: str
    label: str
    tone: str
    asked: Money
    approved: Money
    claimed: Money
    paid: Money
    submitted_at: datetime | None
    decided_at: datetime | None
    due_at: datetime | None
    next_role: str
    next_role_label: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    id: UUID
    number: str
    request_id: UUID
    request: str
    title: str
    partner_id: UUID
    partner: str
    status: str
    label: str
    tone: str
    spent: Money
    asked: Money
    worth: Money
    approved: Money
    paid: Money
    submitted_at: datetime
    decided_at: datetime | None
    due_at: datetime | None
    next_role: str
    next_role_label: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentView:
    id: UUID
    position: int
    state: str
    label: str
    tone: str
    owed: Money
    payable_from: date
    moved: Money
    fx_to_claim: Decimal | None
    fx_to_budget: Decimal | None
    fx_date: date | None
    reference: str
    released_because: str
    paid_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request(RequestRow):
    purpose: str
    expected: str
    answer: str
    round: int
    activities: tuple[ActivityView, ...]
    steps: tuple[StepView, ...]
    claims: tuple[ClaimRow, ...]
    fund_row: FundRow


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorRequest(_Request):
    requested_by: str
    budget_path: tuple[tuple[UUID, str], ...]
    is_last_step: bool
    why_not_decide: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRequest(_Request):
    why_not_edit: str
    why_not_submit: str
    why_not_withdraw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedFile:
    """A proof that was handed in with a claim."""

    id: UUID
    name: str
    proof: str
    dated_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim(ClaimRow):
    activity: ActivityView
    spent_on: date
    note: str
    answer: str
    is_final: bool
    fx_rate: Decimal
    fx_date: date
    round: int
    judgement: Mapping[str, Any]
    sum_lines: tuple[tuple[str, Money], ...]
    steps: tuple[StepView, ...]
    instalments: tuple[InstalmentView, ...]
    files: tuple[ClaimedFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorClaim(_Claim):
    claimed_by: str
    is_last_step: bool
    why_not_decide: str
    may_settle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerClaim(_Claim):
    why_not_withdraw: str
    why_not_resubmit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    user_id: UUID
    name: str
    email: str
    role: str
    limit: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundMonth:
    """What a partner got back in a month, of one program and deal, and what it paid itself."""

    month: date
    program_id: UUID | None
    deal_id: UUID | None
    currency: str
    reimbursed_minor: int
    own_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One stretch of the way to cash, in days: the middle, the ninetieth percentile, and how many fall in each bin."""

    label: str
    count: int
    median: float | None
    p90: float | None
    bins: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysToCash:
    """From request to money, for everybody or one partner: the whole way and its parts."""

    legs: tuple[Leg, ...]
    bin_labels: tuple[str, ...]
    count: int
    since: date = field(default_factory=lambda: date.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilters:
    text: str = ""
    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    partner_id: UUID | None = None
    fund_id: UUID | None = None
    submitted_from: date | None = None
    submitted_to: date | None = None
    mine: bool = False
