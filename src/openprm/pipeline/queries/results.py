"""What the pipeline shows: cards and lanes, forecast tables, slips. Amounts are of the reporting currency unless they say their own."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from openprm.kernel.money import Money
from openprm.pipeline.rules.forecast import Coverage, Figures
from openprm.pipeline.rules.slips import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What the page was narrowed to, in the words of the query."""

    text: str = ""
    partner_id: UUID | None = None
    partner: str = ""
    program_id: UUID | None = None
    product_line_id: UUID | None = None
    closes_from: date | None = None
    closes_to: date | None = None
    mine: bool = False

    @property
    def leaves_engagements_out(self) -> bool:
        """Engagements carry no program and no product line, and nobody alone owns one."""
        return bool(self.program_id or self.product_line_id or self.mine or self.partner_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerForecast:
    """What one partner's registrations are forecast to bring in a quarter: won by now, and the open ones with their chances."""

    partner_id: UUID
    deals: int
    open_minor: int
    forecast_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A deal or an engagement on the board. `amount` is None where the reader's view of an engagement is limited."""

    id: UUID
    kind: str
    number: str
    title: str
    customer: str
    partner: str
    amount: Money | None
    stage: str
    close: date | None
    is_overdue: bool
    url: str
    version: int
    moves: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    key: str
    title: str
    tone: str
    probability: int
    cards: tuple[Card, ...]
    count: int
    total: Money
    overdue: int
    more: int
    accepts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    lanes: tuple[Lane, ...]
    figures: Figures
    engagements: int
    left_out: bool
    rates: "Rates"

    @property
    def count(self) -> int:
        return self.figures.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """At which exchange rates amounts of other currencies were put together. `first` and `last` bound the days; None when there are none."""

    currency: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One stage in one column of close months."""

    key: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    code: str
    name: str
    probability: int
    category: str
    cells: tuple[Cell, ...]
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A column of the table by month, with its sum over all stages."""

    key: str
    start: date | None
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One line of the breakdown. The last may stand for all others that are not shown."""

    id: str
    name: str
    figures: Figures
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    quarter_start: date
    quarter_end: date
    amount: Money | None
    version: int
    coverage: Coverage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The forecast of everything open that the reader sees."""

    figures: Figures
    heads: tuple[Head, ...]
    stages: tuple[StageRow, ...]
    groups: tuple[GroupRow, ...]
    others: int
    by: str
    target: TargetView
    rates: Rates
    engagements: int
    left_out: bool
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipRow:
    """A deal whose close date moved within the window."""

    id: UUID
    number: str
    customer: str
    partner: str
    amount: Money
    stage: str
    moves: int
    pushes: int
    first: date
    close: date
    days: int
    last_at: datetime
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueRow:
    """An open deal whose close date has passed."""

    id: UUID
    number: str
    customer: str
    partner: str
    amount: Money
    stage: str
    close: date
    days: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    since: date
    summary: Summary
    pushed_total: Money
    rows: tuple[SlipRow, ...] = field(default=())
    overdue: tuple[OverdueRow, ...] = field(default=())
    overdue_figures: Figures = field(default=Figures())
