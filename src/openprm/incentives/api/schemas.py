"""What the API of incentives takes and answers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, WithJsonSchema

from openprm.kernel.api import Currency, In, Line, Out, PageQuery, RequiredLine
from openprm.kernel.money import LARGEST_MINOR

Kind = Literal[
    "commission", "referral", "resale_margin", "volume_rebate", "growth_rebate", "spiff", "bounty", "retainer", "points", "marketplace", "consumption"
]  # fmt: skip
Cell = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Words = Annotated[list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]], Field(max_length=50)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
About = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$"), Field(examples=["2026-10"])]
Signed = Annotated[int, Field(ge=-LARGEST_MINOR, le=LARGEST_MINOR, description="Money in minor units; negative takes back.", examples=[125000])]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100})]


class RateIn(In):
    """One paying row: exactly one of rate (per cent), fixed (amount) and points. A band is [low, high)."""

    tier: Words = []
    partner_type: Words = []
    country: Words = []
    product_line: Words = []
    channel: Words = []
    new_customer: Literal["", "true", "false"] = ""
    by: Literal["amount", "growth"] = "amount"
    low: Cell = ""
    high: Cell = ""
    rate: Cell = ""
    fixed: Cell = ""
    points: Cell = ""


class TermsIn(In):
    """`head` names terms: currency, event, basis, bands, span, duration_months, rep_share, fee_percent, hold_days, minimum, stackable, true_up,
    point_value, cap.event, cap.partner_month, cap.partner_year, cap.partner_total, limit.day, limit.week, limit.month, limit.total. Amounts are
    decimals of the plan's currency."""

    head: dict[Annotated[str, StringConstraints(max_length=40)], Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]] = Field(
        default_factory=dict, max_length=40, examples=[{"currency": "EUR", "event": "deal_won", "basis": "net", "cap.event": "5000"}]
    )
    conditions: Words = []
    rates: Annotated[list[RateIn], Field(max_length=100)] = []


class PlanIn(In):
    code: Code
    name: RequiredLine
    kind: Kind
    about: About = ""
    program_id: UUID | None = None
    partner_ids: Annotated[list[UUID], Field(max_length=500)] = []
    terms: TermsIn | None = None


class PlanChangeIn(In):
    name: RequiredLine | None = None
    about: About | None = None


class PublishIn(In):
    starts_on: date | None = Field(None, description="Today or later; a change at least 14 days ahead. Left out: the earliest day.")
    note: About = ""


class EndIn(In):
    ended_on: date


class PlanQuery(PageQuery):
    kind: Kind | None = None
    program_id: UUID | None = None
    q: Line = ""


class PlanOut(Out):
    id: UUID
    code: str
    name: str
    kind: str
    about: str
    program_id: UUID | None
    partner_ids: list[UUID]
    state: Literal["draft", "announced", "in_force", "ended"]
    event: str
    number: int | None
    starts_on: date | None
    ended_on: date | None
    has_draft: bool
    created_at: datetime
    version: int


class TermsOut(Out):
    """The terms as the calculator takes them: exactly these pay."""

    version_id: UUID
    number: int
    starts_on: date | None
    ends_on: date | None
    terms: dict
    words: list[str]


class PlanDetailOut(Out):
    plan: PlanOut
    in_force: TermsOut | None
    upcoming: TermsOut | None
    draft: TermsOut | None


class EarnPlanOut(Out):
    """A plan that is open to the partner."""

    plan_id: UUID
    code: str
    name: str
    kind: str
    terms: TermsOut


class EarnListOut(Out):
    items: list[EarnPlanOut]


class MovedOut(Out):
    partner_id: UUID
    partner: str
    before_minor: int
    after_minor: int


class WhatIfOut(Out):
    months: int
    events: int
    seconds: float
    currency: str
    before_minor: int
    after_minor: int
    gaining: int
    losing: int
    moved: list[MovedOut]


class ReportIn(In):
    """What a source knows of one id today: the whole amount, not the difference."""

    external_id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    customer_key: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    customer_name: RequiredLine
    service_month: Month
    amount_minor: Signed
    currency: Currency
    quantity: Annotated[
        Decimal,
        Field(max_digits=19, decimal_places=6),
        WithJsonSchema({"anyOf": [{"type": "number", "minimum": -1e13, "maximum": 1e13}, {"type": "string", "maxLength": 20}]}),
    ] = Decimal(0)
    product_line_id: UUID | None = None


class ReportsIn(In):
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    reports: Annotated[list[ReportIn], Field(min_length=1, max_length=1000)]


class BookedOut(Out):
    line_id: UUID
    outcome: Literal["booked", "corrected", "same"]
    booked_month: date
    corrects: date | None


class BookedListOut(Out):
    items: list[BookedOut]


class UsageQuery(PageQuery):
    q: Line = ""


class UsageLineOut(Out):
    id: UUID
    source: str
    external_id: str
    revision: int
    customer_key: str
    customer_name: str
    service_month: date
    booked_month: date
    corrects: date | None = Field(description="The closed month that this line corrects; null when it counts in its own.")
    quantity: Decimal
    amount_minor: int
    credited_minor: int
    currency: str
    created_at: datetime


class CreditOut(Out):
    id: UUID
    partner_id: UUID
    customer_name: str
    service_month: date
    booked_month: date
    corrects: date | None
    percent: Decimal
    amount_minor: int
    currency: str
    created_at: datetime


class ShareIn(In):
    customer_key: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    partner_id: UUID
    percent: Percent = Field(description="0 takes the share away.")
    from_month: Month
    until_month: Month | None = None


class ShareQuery(In):
    customer_key: Line = ""
    month: Month | None = None
    as_of: datetime | None = Field(None, description="The shares as they stood at this moment.")


class ShareOut(Out):
    id: UUID
    customer_key: str
    partner_id: UUID
    percent: Decimal
    from_month: date
    until_month: date | None
    recorded_at: datetime
    superseded_at: datetime | None


class ShareListOut(Out):
    items: list[ShareOut]


class MonthIn(In):
    month: Month


class MonthOut(Out):
    month: date
    lines: int
    corrections: int
    closed_at: datetime | None


class MonthListOut(Out):
    items: list[MonthOut]
