"""What reads of earnings give. A vendor's line and a partner's line are two types: what is internal is not in the second."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    id: UUID
    number: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    state_tone: str
    label: str
    about: str
    amount: Money
    points: str
    occurred_on: date
    earned_on: date
    person: str
    user_id: UUID | None
    plan_id: UUID | None
    hold_until: date | None
    hold_reason: str
    reason: str
    payable_from: date | None
    paid_at: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLineRow(_Line):
    """A line as its partner reads it in a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorLineRow(_Line):
    """A line as the vendor reads it in a list."""

    partner_id: UUID
    partner: str
    event_label: str
    open_alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """Why a line is what it is: the plan's version and clause, the inputs, the steps, the corrections before it."""

    plan_name: str
    plan_code: str
    plan_number: int | None
    plan_id: UUID | None
    clause: str
    basis: Money | None
    rate: str
    capped_by: str
    steps: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str], ...]
    before: Money | None
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A line that belongs to another: a correction, a clawback, or the line that they are about."""

    id: UUID
    number: str
    kind_label: str
    state_label: str
    state_tone: str
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    id: UUID
    earning_id: UUID
    number: str
    partner: str
    partner_id: UUID
    about: str
    amount: Money
    code: str
    label: str
    clause: str
    clause_text: str
    rule_version: int
    facts: Mapping[str, Any]
    state: str
    state_label: str
    state_tone: str
    raised_at: datetime
    resolved_by: str
    resolved_at: datetime | None
    resolution: str
    why_not_resolve: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningView:
    days_before: int
    forfeits_on: date
    cure: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Detail:
    line: Any
    event_label: str
    calculation: Calculation
    related: tuple[Related, ...]
    warnings: tuple[WarningView, ...]
    clause: str
    clause_text: str
    is_automatic: bool
    decided_at: datetime | None
    approved_at: datetime | None
    forfeits_on: date | None
    payout_note: str
    deal_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerDetail(_Detail):
    line: PartnerLineRow
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorDetail(_Detail):
    line: VendorLineRow
    decided_by: str
    alerts: tuple[AlertView, ...]
    left: Money
    may_tell: bool
    told_currency: str
    why_not_approve: str
    why_not_decline: str
    why_not_hold: str
    why_not_release: str
    why_not_claw_back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list of lines is narrowed to."""

    text: str = ""
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    partner_id: UUID | None = None
    plan_id: UUID | None = None
    program_id: UUID | None = None
    earned_from: date | None = None
    earned_to: date | None = None
    alerted: bool = False
    ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums in one currency. `to_review` and `held` are not approved yet; `owed` is approved and not paid."""

    currency: str
    to_review: int = 0
    held: int = 0
    owed: int = 0
    paid_this_year: int = 0
    lines_to_review: int = 0
    open_alerts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningRebate:
    """What a rebate would pay if the quarter ended today."""

    plan_id: UUID
    name: str
    period: str
    turnover: Money
    amount: Money
    steps: tuple[tuple[str, str], ...]
    why_nothing: str
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    id: UUID
    partner_id: UUID
    partner: str
    month: date
    currency: str
    opening: Money
    earned: Money
    taken_back: Money
    paid: Money
    closing: Money
    lines: int
    sha256: str
    sealed_at: datetime
    created_at: datetime
    content: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentView:
    id: UUID
    number: str
    partner_id: UUID
    partner: str
    amount: Money
    reason: str
    state: str
    state_label: str
    state_tone: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    earning_id: UUID | None
    why_not_decide: str
    why_not_withdraw: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BountyView:
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
    state: str
    state_label: str
    state_tone: str
    submitted_at: datetime
    proof_name: str
    proof_size: int
    reject_label: str
    reject_code: str
    decision_reason: str
    decided_by: str
    decided_at: datetime | None
    due_at: datetime | None
    overdue: bool
    why_not_decide: str
    why_not_withdraw: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBounty:
    """A bounty that a partner can fulfil now."""

    plan_id: UUID
    name: str
    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayableEarning:
    """What the port "payouts.sources" gives for each line (payouts.ports.PayableLine)."""

    id: UUID
    source: str
    number: str
    partner_id: UUID
    user_id: UUID | None
    money: Money
    approved_at: datetime
    payable_from: date
    about: str
    url: str
    forfeits_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedMonth:
    """Sums of a partner by month, program and deal. `earned_minor` counts what was booked in the month, `paid_minor` what arrived in it."""

    month: date
    program_id: UUID | None
    deal_id: UUID | None
    currency: str
    earned_minor: int
    paid_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextForfeiture:
    """What is lost first unless something is done."""

    on: date
    money: tuple[Money, ...]
    cure: str
