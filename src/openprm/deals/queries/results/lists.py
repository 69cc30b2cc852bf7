"""Rows, cards and queues, and what a list is narrowed to."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: UUID
    number: str
    title: str
    customer_name: str
    customer_country: str
    status: str
    status_label: str
    status_tone: str
    stage: str
    stage_label: str
    product_lines: str
    amount: Money
    base_amount: Money
    expected_close_date: date | None
    submitter: str
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    answer_due_at: datetime | None
    protected_until: datetime | None
    days_left: int | None
    version: int
    stalled: bool
    deal_type_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorRow(_Row):
    partner_id: UUID
    partner: str
    account_id: UUID | None
    verdict: str
    verdict_label: str
    verdict_tone: str
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow(_Row):
    asks_you: bool


RegistrationRow = VendorRow | PartnerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One deal on a board. `note` is the small line at its foot: "39 days", "Answer by Wed", "Asks you"; `tone` colours it."""

    id: UUID
    number: str
    title: str
    customer: str
    about: str
    partner: str
    amount: Money
    status: str
    stage: str
    note_kind: str
    due_at: datetime | None
    days_left: int | None
    percent_left: int | None
    tone: str
    version: int
    can_move: bool
    stalled: bool = False
    moves: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A column of a board: its first cards, how many `more` there are, and the list's query that shows them all."""

    key: str
    title: str
    tone: str
    cards: tuple[Card, ...]
    count: int
    total: Money
    more: int = 0
    query: str = ""
    accepts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    lanes: tuple[Lane, ...]

    @property
    def count(self) -> int:
        return sum(lane.count for lane in self.lanes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A registration that waits for this person's answer, the most urgent first."""

    id: UUID
    number: str
    title: str
    customer: str
    partner: str
    amount: Money
    verdict: str
    verdict_label: str
    verdict_tone: str
    submitted_at: datetime
    due_at: datetime | None
    overdue: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Where a registration stands in the decision queue: "3 of 7 decisions". `position` None when it waits for nobody."""

    position: int | None
    total: int
    previous_id: UUID | None
    next_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to. An empty value narrows nothing."""

    text: str = ""
    status: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    deal_type: tuple[str, ...] = ()
    lost_code: tuple[str, ...] = ()
    stalled: bool = False
    partner_id: UUID | None = None
    partner: str = ""
    program_id: UUID | None = None
    product_line_id: UUID | None = None
    territory_id: UUID | None = None
    account_id: UUID | None = None
    currency: str = ""
    min_amount_minor: int | None = None
    max_amount_minor: int | None = None
    closes_from: date | None = None
    closes_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    submitted_from: date | None = None
    submitted_to: date | None = None
    protection_ends_before: date | None = None
    mine: bool = False
    ids: tuple[UUID, ...] = field(default_factory=tuple)
