"""What the queries of this room answer with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.kernel.money import Money
from openprm.mapping.rules.scores import Reciprocity, Score


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsView:
    level: str
    fields: tuple[str, ...]
    purpose: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """A list of one's own. `general` is what everybody sees of it, `special` what single partners see instead."""

    id: UUID
    name: str
    kind: str
    source: str
    filter: Mapping[str, Any]
    row_count: int
    refreshed_at: datetime | None
    version: int
    created_at: datetime
    general: TermsView | None
    special: Mapping[UUID, TermsView]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyView:
    """A row of a list as this actor sees it; what was not granted is empty."""

    id: UUID
    key: str
    name: str
    domain: str
    country: str
    city: str
    identifiers: Mapping[str, str]
    people: Mapping[str, str]
    deals: tuple[Money, ...]
    stages: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantView:
    """What is, or was, shown of a list to one viewer."""

    id: UUID
    population_id: UUID
    population: str
    kind: str
    owner_id: UUID
    viewer_id: UUID
    other: str
    level: str
    fields: tuple[str, ...]
    purpose: str
    granted_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    row_count: int
    is_live: bool
    ended_by: str
    end_reason: str
    look_count: int
    rows_seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookView:
    id: UUID
    at: datetime
    person: str
    viewer: str
    population: str
    what: str
    rows: int
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskView:
    id: UUID
    partner_id: UUID
    is_mine: bool
    other: str
    person: str
    kind: str
    population_id: UUID | None
    population: str
    level: str
    fields: tuple[str, ...]
    purpose: str
    message: str
    state: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionView:
    """Where the two sides stand: who has agreed, and since when both have."""

    partner_id: UUID
    partner: str
    other: str
    we_agreed: bool
    they_agreed: bool
    since: datetime | None

    @property
    def is_live(self) -> bool:
        return self.we_agreed and self.they_agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A list of the other side of which something is shown to us."""

    id: UUID
    name: str
    kind: str
    row_count: int
    level: str
    fields: tuple[str, ...]
    purpose: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How many companies of an own list are in one of theirs; None where only counts are shown and this one is too small to tell."""

    mine_id: UUID
    theirs_id: UUID
    count: int | None
    level: str
    heat: int

    @property
    def opens(self) -> bool:
        return self.level in ("overlaps", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    list: ListView
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    theirs: tuple[Shown, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """One company that both have: the own row, theirs, how sure, and why."""

    id: UUID
    partner_id: UUID
    mine_list_id: UUID
    theirs_list_id: UUID
    mine: CompanyView
    theirs: CompanyView
    percent: int
    matched_on: tuple[str, ...]
    state: str
    verdict_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WordView:
    """What somebody of the own side said of a pair; with `undone_at`, and took back."""

    id: UUID
    is_same: bool
    person: str
    note: str
    decided_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joinable:
    """Companies of either side that somebody may say are one, and how many rows of which of their lists were shown for it."""

    own: tuple[CompanyView, ...]
    theirs: tuple[CompanyView, ...]
    seen: Mapping[UUID, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Potential:
    """The open deals at companies that both have, each counted once however many cells it is in."""

    deals: int
    amounts: tuple[Money, ...]
    with_theirs: tuple[Money, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAt:
    """A partner that knows a company: which of its lists the company is in, and how deals go at its customers."""

    partner_id: UUID
    partner: str
    kinds: tuple[str, ...]
    lists: tuple[UUID, ...]
    percent: int
    grade: str

    @property
    def is_customer(self) -> bool:
        return "customers" in self.kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """An open deal with the partners that know its company, the likeliest help first. The partner of the deal itself is left out."""

    deal_id: UUID
    account_id: UUID | None
    company: str
    amount: Money
    partners: tuple[PartnerAt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAs:
    """The lists of the other side, shown to us, that a company is in."""

    kinds: tuple[str, ...]
    lists: tuple[UUID, ...]
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """A company that both sides want to work on together. `account_id` is that of the vendor's records, for the vendor."""

    id: UUID
    partner_id: UUID
    other: str
    name: str
    domain: str
    country: str
    city: str
    kind: str
    note: str
    person: str
    is_ours: bool
    chosen_at: datetime
    ended_at: datetime | None
    ended_by: str
    account_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """How sure a match must be, and what it was learned from."""

    percent: Decimal
    one_only: bool
    judged: int
    precision: Decimal | None
    recall: Decimal | None
    person: str
    set_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One partner: of each own list, how many companies are in lists that it shows. None where that is too few to tell."""

    partner_id: UUID
    partner: str
    counts: tuple[int | None, ...]
    heats: tuple[int, ...]
    balance: Reciprocity


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    lists: tuple[ListView, ...]
    rows: tuple[HeatRow, ...]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the page of one partner."""

    connection: ConnectionView
    matrix: Matrix
    potential: Potential
    reciprocity: Reciprocity
    score: Score | None
    given: Sequence[GrantView]
