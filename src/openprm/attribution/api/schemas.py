"""What goes out over the API of credit: sums, parts of deals, models side by side.."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from openprm.attribution.rules.months import back, first_of, next_month
from openprm.attribution.rules.words import Counts, DealKind, Kind, Outcome
from openprm.kernel.api import In, MoneyOut, Out, PageQuery


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
