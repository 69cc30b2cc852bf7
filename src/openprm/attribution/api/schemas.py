"""What goes in and out of attribution over the API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from openprm.attribution.rules.months import back, first_of, next_month
from openprm.attribution.rules.words import CLAIMABLE, MODELS, ClaimState, Counts, DealKind, DisputeState, Finding, Kind, Outcome, Source
from openprm.kernel.api import In, Out, PageQuery

Claimable = Literal[tuple(str(one) for one in CLAIMABLE)]  # type: ignore[valid-type]
ModelName = Literal[MODELS]  # type: ignore[valid-type]
Said = Annotated[str, Field(min_length=1, max_length=2000)]
Reason = Annotated[str, Field(min_length=1, max_length=1000)]
Note = Annotated[str, Field(max_length=500)]
Weight = Annotated[Decimal, Field(ge=0, le=1000, max_digits=6, decimal_places=2), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1000})]
HalfLife = Annotated[Decimal, Field(ge=1, le=3650, max_digits=6, decimal_places=2), WithJsonSchema({"type": "number", "minimum": 1, "maximum": 3650})]
Days = Annotated[int, Field(ge=1, le=1095)]
Points = Annotated[int, Field(ge=1, le=10_000)]


class MoneyOut(Out):
    minor: int
    currency: str


class CorrectionSumsOut(Out):
    """What a locked month would say with what became known since; it is in none of the other numbers."""

    as_of: datetime
    touches: int
    deals: int
    sourced: MoneyOut
    influenced: MoneyOut
    unattributed: MoneyOut


class MonthOut(Out):
    month: date
    run_id: UUID
    run_number: str
    configuration_sha256: str
    result_sha256: str
    is_locked: bool
    sourced: MoneyOut
    influenced: MoneyOut
    unattributed: MoneyOut
    total: MoneyOut
    deals: int
    late: int
    correction: CorrectionSumsOut | None


class OutcomesOut(Out):
    sourced: MoneyOut
    influenced: MoneyOut
    unattributed: MoneyOut
    total: MoneyOut
    sourced_deals: int
    influenced_deals: int
    unattributed_deals: int
    deals: int
    late: int
    without_rate: int
    months: list[MonthOut]


class CreditOut(Out):
    partner_id: UUID
    partner: str
    credit: MoneyOut
    sourced: MoneyOut
    influenced: MoneyOut
    deals: int


class CreditListOut(Out):
    items: list[CreditOut]


class DealCreditOut(Out):
    """One partner's part of one deal, as an object of its own for a CRM: with its opportunity (or registration), its account and its partner."""

    id: UUID
    run_id: UUID
    month: date
    is_locked: bool
    deal_kind: DealKind
    deal_id: UUID
    number: str = Field(description="The registration's number, or the id that the opportunity has in the CRM.")
    customer: str
    account_id: UUID | None
    partner_id: UUID
    partner: str
    outcome: Outcome
    basis_points: int
    credit: MoneyOut
    closed_at: datetime


class SpanQuery(In):
    """Months, both included; the twelve up to the present one when left out."""

    since: date | None = None
    until: date | None = None

    def span(self, today: date) -> tuple[date, date]:
        last = first_of(min(self.until or today, date(9000, 1, 1)))
        return first_of(self.since) if self.since else back(last, 11), next_month(last)


class CreditsQuery(PageQuery):
    """`since` and `until` are months, both included."""

    since: date | None = None
    until: date | None = None
    partner_id: UUID | None = None
    deal_id: UUID | None = None
    locked: bool | None = None


class TouchQuery(PageQuery):
    kind: list[Kind] = Field([], max_length=20)
    source: list[Source] = Field([], max_length=10)
    partner_id: UUID | None = None


class TouchOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    account_id: UUID | None
    customer: str
    about: UUID | None
    kind: Kind
    source: Source
    summary: str
    occurred_at: datetime
    recorded_at: datetime
    is_verified: bool
    is_struck: bool


class ClaimIn(In):
    """Name the deal or the customer's account. The vendor says which partner helped; a partner speaks of itself."""

    kind: Claimable
    occurred_on: date
    statement: Annotated[str, Field(max_length=2000)]
    account_id: UUID | None = None
    deal_id: UUID | None = None
    partner_id: UUID | None = None


class ClaimQuery(PageQuery):
    state: list[ClaimState] = Field([], max_length=4)
    partner_id: UUID | None = None


class ClaimOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    account_id: UUID | None
    customer: str
    deal_id: UUID | None
    side: Literal["vendor", "partner"]
    kind: Kind
    occurred_at: datetime
    statement: str
    state: ClaimState
    made_at: datetime
    answered_at: datetime | None
    answer: str
    due_at: datetime | None
    version: int


class DeclineIn(In):
    reason: Reason


class DisputeIn(In):
    deal_id: UUID
    reason: Said


class DisputeQuery(PageQuery):
    state: list[DisputeState] = Field([], max_length=4)


class DisputeOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    deal_id: UUID
    deal: str
    reason: str
    state: DisputeState
    opened_at: datetime
    answer: str
    answered_at: datetime | None
    due_at: datetime | None
    version: int


class AnswerIn(In):
    """Upheld, it may name the touch that was missing: what it was and when."""

    uphold: bool
    answer: Said
    kind: Claimable | None = None
    occurred_on: date | None = None


class RunIn(In):
    month: date = Field(description="Any day of the month.")


class RunOut(Out):
    id: UUID
    number: str
    month: date
    configuration: str
    configuration_sha256: str
    result_sha256: str
    as_of: datetime
    is_standing: bool
    locked_at: datetime | None
    note: str
    sourced: MoneyOut
    influenced: MoneyOut
    unattributed: MoneyOut
    total: MoneyOut
    deals: int
    late: int


class RunListOut(Out):
    items: list[RunOut]


class MadeOut(Out):
    run_id: UUID
    number: int
    is_new: bool = Field(description="False where the month came out as it stands already.")


class LockIn(In):
    note: Note = ""


class LockedOut(Out):
    run_id: UUID


class ReplayOut(Out):
    run_id: UUID
    sha256: str
    is_equal: bool


class ResultOut(Out):
    deal_kind: DealKind
    deal_id: UUID
    number: str
    customer: str
    account_id: UUID | None
    is_won: bool
    outcome: Outcome
    base: MoneyOut
    opened_at: datetime
    closed_at: datetime


class CorrectedOut(Out):
    deal_id: UUID
    number: str
    customer: str
    partner_id: UUID
    partner: str
    locked_points: int
    found_points: int
    locked: MoneyOut
    found: MoneyOut
    difference: MoneyOut
    closed_at: datetime


class CorrectionOut(Out):
    """Nothing in `sums` where the locked run would say the same."""

    sums: CorrectionSumsOut | None
    rows: list[CorrectedOut]


class ConfigurationIn(In):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    model: ModelName
    half_life: HalfLife = Field(default=Decimal(7), json_schema_extra={"default": 7})
    weights: list[Weight] = Field([], max_length=5)
    window_days: Days = 365
    gap_points: Points = 2500
    note: Note = ""


class ConfigurationOut(Out):
    id: UUID
    number: int
    name: str
    model: str
    half_life: Decimal
    weights: list[Decimal]
    window_days: int
    gap_points: int
    note: str
    sha256: str
    published_at: datetime
    is_in_force: bool


class ConfigurationListOut(Out):
    items: list[ConfigurationOut]


class WhatIfIn(In):
    """What is left out stays as it is in the configuration of the month's run."""

    month: date
    model: ModelName | None = None
    half_life: HalfLife | None = None
    weights: Annotated[list[Weight], Field(max_length=5)] | None = None
    window_days: Days | None = None
    rules: Literal["then", "now", "draft"] = "then"


class WhatIfPartnerOut(Out):
    partner_id: UUID
    partner: str
    before: MoneyOut
    after: MoneyOut
    difference: MoneyOut


class OutcomeSumsOut(Out):
    sourced: MoneyOut
    influenced: MoneyOut
    unattributed: MoneyOut


class WhatIfOut(Out):
    run_id: UUID
    month: date
    deals: int
    changed: int = Field(description="Deals with another outcome.")
    before: OutcomeSumsOut
    after: OutcomeSumsOut
    partners: list[WhatIfPartnerOut]


class EvidenceOut(Out):
    touch_id: UUID
    partner_id: UUID
    partner: str
    kind: Kind
    at: datetime
    is_verified: bool
    counts: Counts
    clause: str
    why: str
    summary: str
    is_struck: bool


class PartOut(Out):
    partner_id: UUID
    partner: str
    basis_points: int
    credit: MoneyOut


class ModelPointsOut(Out):
    partner_id: UUID
    partner: str
    points: dict[str, int]
    gap: int
    is_flagged: bool


class DealOut(Out):
    deal_id: UUID
    deal_kind: DealKind
    number: str
    customer: str
    account_id: UUID | None
    is_won: bool
    outcome: Outcome
    base: MoneyOut
    run_id: UUID
    as_of: datetime
    parts: list[PartOut]
    evidence: list[EvidenceOut]
    models: list[ModelPointsOut]


class EstimateOut(Out):
    value: MoneyOut
    low: MoneyOut | None
    high: MoneyOut | None


class PartnerModelsOut(Out):
    partner_id: UUID
    partner: str
    credit: dict[str, MoneyOut]
    learned: dict[str, EstimateOut | None]
    gap: int
    is_flagged: bool


class DisagreementOut(Out):
    deal_id: UUID
    customer: str
    partner: str
    low: int
    high: int
    low_model: str
    high_model: str
    at_stake: MoneyOut


class ComparisonOut(Out):
    looked_at: int
    flag_at: int
    left_out: dict[str, str]
    partners: list[PartnerModelsOut]
    deals: list[DisagreementOut]


class UpliftLineOut(Out):
    measure: Literal["win_rate", "size", "days"]
    refused: str = Field(description="Why there is no answer: few (too few deals) or apart (no comparable groups); empty where there is one.")
    with_value: float
    without_value: float
    difference: float
    low: float
    high: float
    with_count: int
    without_count: int
    strata: int
    left_out: int


class UpliftOut(Out):
    """An association, not a cause."""

    deals: int
    currency: str
    comparisons: list[UpliftLineOut]


class ToReviewOut(Out):
    deal_id: UUID
    deal_kind: DealKind
    number: str
    customer: str
    account_id: UUID | None
    base: MoneyOut
    closed_at: datetime
    asked: list[str]
    touches: int


class ToReviewListOut(Out):
    items: list[ToReviewOut]


class ReviewIn(In):
    finding: Finding
    note: Annotated[str, Field(max_length=1000)] = ""
