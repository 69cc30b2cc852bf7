"""What a dashboard answers: numbers with their definition, target and kept history, and charts as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from openprm.dashboards.rules.asking import Ask
from openprm.kernel.money import Money
from openprm.kpis.queries import Definition, Figure, Kept, TargetFor


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number with everything that lets a person believe it."""

    figure: Figure
    definition: Definition
    target: TargetFor | None
    trend: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """`kind` bar or line; bars of one `stack` stand on each other. `kpi` is the number whose parts these are."""

    name: str
    values: tuple[Decimal | None, ...]
    color: int
    kind: str = "bar"
    stack: str = ""
    kpi: str = ""
    is_dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`unit` is money (minor units of `currency`), percent or count. `empty` says why nothing is drawn. `kpi` opens the rows."""

    key: str
    title: str
    about: str
    unit: str
    currency: str
    axis: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    kpi: str
    empty: str = ""
    level: bool = False
    step: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A whole dashboard. `adds_up` is whether the kinds are exactly the whole; None when one of them is no number. Its rows are those of `read_at`."""

    code: str
    ask: Ask
    as_of: date
    since: date
    segment: str
    configuration: str
    currency: str
    read_at: datetime
    kinds: tuple[Tile, ...]
    whole: Tile
    adds_up: bool | None
    bands: tuple[Band, ...]
    charts: tuple[Chart, ...]
    beside: tuple[tuple[str, tuple[Figure, ...]], ...]
    by_partner: Mapping[str, Mapping[str, int]]

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Each number once."""
        every = (*self.kinds, self.whole, *(tile for band in self.bands for tile in band.tiles))
        return tuple({tile.figure.name: tile for tile in every}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLine:
    """How one partner of a manager stands."""

    partner_id: UUID
    name: str
    program: str
    tier: str
    state: str
    state_label: str
    lacks: str
    revenue: Money
    pipeline: Money
    kept: int
    due: int
    overdue: int
    stalled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A deal of which the models give a partner very different parts, of 1; the models that give least and most are named."""

    deal_id: UUID
    number: str
    customer: str
    partner: str
    base: Money
    low: float
    high: float
    low_model: str
    high_model: str
    at_stake: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A saved dashboard; `mailing` with who gets it. `why_not_change` says why this person may only look."""

    id: UUID
    name: str
    dashboard: str
    asked: Mapping[str, str]
    is_shared: bool
    owner_name: str
    is_own: bool
    mailing: "MailingView | None"
    why_not_change: str | None
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingView:
    every: str
    day: int
    hour: int
    time_zone: str
    next_at: datetime
    recipients: tuple["RecipientView", ...]
    gets_it: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientView:
    user_id: UUID
    name: str
    has_left: bool
    last_outcome: str
    last_at: datetime | None
