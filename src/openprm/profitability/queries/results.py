"""What queries of the books answer."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from openprm.kernel.money import Money
from openprm.profitability.rules.breakeven import BreakEven


@dataclass(frozen=True, slots=True, kw_only=True)
class RateView:
    since: date
    hourly: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """People who cost the same; `now` is the rate in force, None when all of them begin later."""

    id: UUID
    name: str
    rates: tuple[RateView, ...]
    now: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookView:
    currency: str
    margin_bp: int | None
    training_group_id: UUID | None
    version: int
    groups: tuple[GroupView, ...]

    @property
    def margin_percent(self) -> Decimal | None:
        return None if self.margin_bp is None else Decimal(self.margin_bp) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    id: UUID
    kind: str
    kind_label: str
    is_income: bool
    month: date
    minutes: int | None
    hours: Decimal | None
    group_id: UUID | None
    group: str
    amount: Money
    deal_id: UUID | None
    deal: str
    program_id: UUID | None
    program: str
    product_line_id: UUID | None
    product_line: str
    note: str
    author: str
    source: str
    external_id: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    at: datetime
    person: str
    what: str
    what_label: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of the bridge; `start` and `width` are percent of its drawing, `share` of each 100 of income."""

    kind: str
    label: str
    amount: Money
    start: float
    width: float
    share: Decimal | None
    is_income: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a breakdown. `id` names the program, product line or deal; None for what belongs to none."""

    key: str
    label: str
    id: UUID | None
    income: Money
    cost: Money
    result: Money
    left_of_hundred: Decimal | None
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    month: date
    income: Money
    cost: Money
    result: Money
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The partner's own profit and loss. `total` of a month is the sum of results since the first month shown."""

    currency: str
    since: date
    until: date
    period: str
    by: str
    basis: str
    income: Money
    cost: Money
    result: Money
    left_of_hundred: Decimal | None
    hours: Decimal
    deals: int
    without_margin: int
    earned: Money
    paid: Money
    before: Money
    trend_percent: int | None
    steps: tuple[StepView, ...]
    left: StepView
    lines: tuple[Line, ...]
    months: tuple[Month, ...]
    break_even: BreakEven
    notes: tuple[str, ...]

    @property
    def outstanding(self) -> Money:
        return Money(self.earned.minor - self.paid.minor, self.currency)

    @property
    def standing(self) -> Money:
        return Money(self.break_even.standing, self.currency)

    @property
    def per_deal(self) -> Money:
        return Money(self.break_even.per_deal, self.currency)
