"""What attribution answers with."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.attribution.rules.comparison import Gap
from openprm.attribution.rules.uplift import Comparison
from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOf:
    """The run that stands for a month."""

    month: date
    run_id: UUID
    run_number: str
    configuration_sha256: str
    result_sha256: str
    as_of: datetime
    is_locked: bool
    sourced: Money
    influenced: Money
    unattributed: Money
    total: Money
    deals: int
    late: int
    correction: "CorrectionSums | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionSums:
    """What a locked month would say with what became known since: counted apart, never in the locked numbers."""

    as_of: datetime
    touches: int
    deals: int
    sourced: Money
    influenced: Money
    unattributed: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedRow:
    deal_id: UUID
    number: str
    customer: str
    closed_at: datetime
    partner_id: UUID
    partner: str
    locked_points: int
    found_points: int
    locked: Money
    found: Money
    difference: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    sums: CorrectionSums
    rows: tuple[CorrectedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReview:
    """A win that nobody is credited for, with who was asked about it."""

    row: "DealRow"
    account_id: UUID | None
    asked: tuple[str, ...]
    touches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What was won in some months. The three add up to the total, in money and in deals. `without_rate` of them count 0: their currency had no rate."""

    sourced: Money
    influenced: Money
    unattributed: Money
    total: Money
    sourced_deals: int
    influenced_deals: int
    unattributed_deals: int
    deals: int
    late: int
    without_rate: int
    months: tuple[MonthOf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCredit:
    """What a partner is credited: of deals that it sourced itself, and of those it influenced."""

    partner_id: UUID
    partner: str
    credit: Money
    sourced: Money
    influenced: Money
    deals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRow:
    deal_id: UUID
    kind: str
    kind_label: str
    number: str
    customer: str
    closed_at: datetime
    amount: Money
    base: Money
    outcome: str
    outcome_label: str
    outcome_tone: str
    is_locked: bool
    month: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A touch as it stands before a deal, with what it counts as by which clause."""

    touch_id: UUID
    partner_id: UUID
    partner: str
    kind: str
    kind_label: str
    icon: str
    at: datetime
    is_verified: bool
    counts: str
    counts_label: str
    counts_tone: str
    clause: str
    why: str
    source_label: str
    summary: str
    is_struck: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    partner_id: UUID
    partner: str
    outcome_label: str
    outcome_tone: str
    basis_points: int
    percent: float
    credit: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """One partner's points under each model, in the order of the models."""

    partner_id: UUID
    partner: str
    points: tuple[int, ...]
    gap: Gap
    is_flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTable:
    models: tuple[tuple[str, str], ...]
    rows: tuple[ModelRow, ...]
    flag_at: int
    has_flag: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DealView:
    """All that the vendor knows of one deal's credit."""

    row: DealRow
    account_id: UUID | None
    opened_at: datetime
    fx_rate: Decimal | None
    fx_date: date | None
    run_id: UUID
    run_number: str
    as_of: datetime
    parts: tuple[Part, ...]
    evidence: tuple[Evidence, ...]
    comparison: ModelTable
    review: "ReviewView | None"
    why_not_review: str | None
    is_won: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    finding_label: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRow:
    """A partner's own part of one deal."""

    id: UUID
    deal_id: UUID
    kind: str
    number: str
    customer: str
    closed_at: datetime
    outcome_label: str
    outcome_tone: str
    basis_points: int
    percent: float
    credit: Money
    is_locked: bool
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerDeal:
    """What a partner knows of its credit for one deal: its own part, its own touches, and how it came about.

    `corrected` is what it would be with what became known after the lock; None where that is the same.
    """

    row: CreditRow
    run_number: str
    as_of: datetime
    configuration: str
    configuration_sha256: str
    evidence: tuple[Evidence, ...]
    disputes: tuple["DisputeView", ...]
    corrected: Money | None
    why_not_dispute: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchRow:
    id: UUID
    partner_id: UUID
    partner: str
    account_id: UUID | None
    customer: str
    about: UUID | None
    kind: str
    kind_label: str
    icon: str
    source: str
    source_label: str
    summary: str
    occurred_at: datetime
    recorded_at: datetime
    is_verified: bool
    is_struck: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    id: UUID
    partner_id: UUID
    partner: str
    account_id: UUID | None
    customer: str
    deal_id: UUID | None
    side: str
    side_label: str
    kind: str
    kind_label: str
    icon: str
    occurred_at: datetime
    statement: str
    state: str
    state_label: str
    state_tone: str
    made_at: datetime
    made_by: str
    answered_at: datetime | None
    answered_by: str
    answer: str
    due_at: datetime | None
    version: int
    why_not_answer: str | None
    why_not_withdraw: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedClaim:
    """Help that both sides say was given."""

    id: UUID
    partner_id: UUID
    kind: str
    customer: str
    account_id: UUID | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeView:
    id: UUID
    partner_id: UUID
    partner: str
    deal_id: UUID
    deal: str
    reason: str
    state: str
    state_label: str
    state_tone: str
    opened_at: datetime
    opened_by: str
    answer: str
    answered_at: datetime | None
    due_at: datetime | None
    version: int
    why_not_settle: str | None
    why_not_withdraw: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationView:
    id: UUID
    number: int
    name: str
    model: str
    model_label: str
    half_life: Decimal
    weights: tuple[Decimal, ...]
    window_days: int
    gap_points: int
    note: str
    sha256: str
    published_at: datetime
    published_by: str
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One run with all that its result rests on."""

    id: UUID
    number: str
    month: date
    configuration: str
    configuration_sha256: str
    result_sha256: str
    as_of: datetime
    rules: tuple[tuple[str, str, int], ...]
    made_by: str
    is_standing: bool
    locked_at: datetime | None
    locked_by: str
    note: str
    sourced: Money
    influenced: Money
    unattributed: Money
    total: Money
    deals: int
    late: int
    why_not_lock: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a model that learns gives, with the ends of a 90 % interval where it can say one."""

    value: Money
    low: Money | None
    high: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerModels:
    """A partner's credit under each model over a span, and how far those that divide deals are apart in hundredths of its largest."""

    partner_id: UUID
    partner: str
    credits: tuple[Money, ...]
    learned: tuple[Estimate | None, ...]
    gap: int
    is_flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A deal whose models are far apart, with the money that hangs on it."""

    row: DealRow
    partner: str
    gap: Gap
    low_label: str
    high_label: str
    at_stake: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreements:
    """`learned` are the models that learn from every decided deal, `left_out` those of them that these deals cannot carry, with the reason."""

    models: tuple[tuple[str, str], ...]
    learned: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    partners: tuple[PartnerModels, ...]
    deals: tuple[Disagreement, ...]
    flag_at: int
    looked_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplift:
    """Deals with and without a partner. An association, never a cause."""

    comparisons: tuple[Comparison, ...]
    deals: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    key: str
    title: str
    detail: str
    url: str
    due_at: datetime | None
    since: datetime
    icon: str
    tone: str
    value: Money | None = None


Values = dict[str, Any]
