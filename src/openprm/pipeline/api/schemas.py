"""The shapes of the pipeline over the API. Amounts are minor units of the reporting currency."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from openprm.kernel.api import In, Out


class NarrowIn(In):
    q: str = Field("", max_length=100, description="Part of the customer, the number or the deal's name.")
    partner_id: UUID | None = None
    program_id: UUID | None = None
    product_line_id: UUID | None = None
    closes_from: date | None = None
    closes_to: date | None = None
    mine: bool = False


class ForecastIn(NarrowIn):
    by: Literal["partner", "program", "product_line", "owner"] = "partner"


class FiguresOut(Out):
    count: int
    total: int
    weighted: int = Field(description="Amounts times the win probability of their stages, rounded once.")
    commit: int
    best_case: int
    pipeline: int
    overdue: int = Field(description="Open deals whose expected close date has passed.")
    overdue_total: int


class LaneOut(Out):
    key: str
    title: str
    probability: int
    count: int
    total_minor: int
    overdue: int


class RatesOut(Out):
    currency: str
    first: date | None = Field(description="The first day whose exchange rates are in the sums; null when every amount has the reporting currency.")
    last: date | None


class BoardOut(Out):
    lanes: list[LaneOut]
    figures: FiguresOut
    engagements: int
    rates: RatesOut


class CellOut(Out):
    key: str = Field(description="overdue, a month such as 2027-03, later or none.")
    figures: FiguresOut


class StageRowOut(Out):
    code: str
    name: str
    probability: int
    category: str
    cells: list[CellOut]
    figures: FiguresOut


class HeadOut(Out):
    key: str
    start: date | None
    figures: FiguresOut


class GroupRowOut(Out):
    id: str
    name: str
    figures: FiguresOut


class CoverageOut(Out):
    target: int
    won: int
    open: int
    weighted: int
    missing: int
    expected: int
    times_hundredths: int | None = Field(description="Open over missing, times 100; null when the target is reached.")
    percent: int


class TargetOut(Out):
    quarter_start: date
    quarter_end: date
    amount_minor: int | None
    currency: str
    version: int
    coverage: CoverageOut | None


class ForecastOut(Out):
    figures: FiguresOut
    heads: list[HeadOut]
    stages: list[StageRowOut]
    groups: list[GroupRowOut]
    others: int = Field(description="How many groups the last line stands for.")
    by: str
    target: TargetOut
    rates: RatesOut
    engagements: int


class TargetIn(In):
    amount_minor: int = Field(ge=0, le=10**15, description="Zero takes the target away.")


class SlipOut(Out):
    id: UUID
    number: str
    customer: str
    partner: str
    amount_minor: int
    stage: str
    moves: int
    first: date
    close: date
    days: int


class OverdueOut(Out):
    id: UUID
    number: str
    customer: str
    partner: str
    amount_minor: int
    stage: str
    close: date
    days: int


class SlipsOut(Out):
    since: date
    deals: int
    later: int
    earlier: int
    median_days: int
    pushed_minor: int
    rows: list[SlipOut]
    overdue: list[OverdueOut]


class MoveIn(In):
    kind: Literal["deal", "engagement"] = "deal"
    id: UUID
    stage: str = Field(min_length=1, max_length=40)
    version: int | None = Field(None, ge=1, le=2**31 - 1)
