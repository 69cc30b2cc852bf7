"""What overlaps are worth: a partner's score, with what it needs before it says anything, and whether both sides give alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

NEEDED_WINS = 10
WITHIN_DAYS = 365


class Grade(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The vendor's decided deals of the last year: at companies that are customers of this partner, and elsewhere."""

    won_here: int
    lost_here: int
    won_elsewhere: int
    lost_elsewhere: int
    open_here: int
    open_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    grade: Grade
    evidence: Evidence
    rate_here: Decimal | None
    rate_elsewhere: Decimal | None
    share_open: Decimal | None
    points: int

    @property
    def missing(self) -> int:
        """How many won deals more the score needs."""
        return max(0, NEEDED_WINS - self.evidence.won_here)


def score(found: Evidence) -> Score:
    """Two points when deals at this partner's customers are won a quarter more often than elsewhere, one when as often;
    two when 10 % of the open companies are its customers, one from 3 %. Four or three are high, two medium, one low.

    With fewer than 10 won deals at its customers nothing is said.
    """
    here, elsewhere = _rate(found.won_here, found.lost_here), _rate(found.won_elsewhere, found.lost_elsewhere)
    share = _rate(found.open_here, found.open_total - found.open_here)
    points = _lift(here, elsewhere) + (0 if share is None else 2 if share >= 10 else 1 if share >= 3 else 0)
    grade = Grade.UNKNOWN if found.won_here < NEEDED_WINS else (Grade.NONE, Grade.LOW, Grade.MEDIUM, Grade.HIGH, Grade.HIGH)[points]
    return Score(grade=grade, evidence=found, rate_here=here, rate_elsewhere=elsewhere, share_open=share, points=points)


def _lift(here: Decimal | None, elsewhere: Decimal | None) -> int:
    if here is None:
        return 0
    if not elsewhere:
        return 2
    return 2 if here >= elsewhere * Decimal("1.25") else 1 if here >= elsewhere else 0


def _rate(part: int, rest: int) -> Decimal | None:
    """Percent with one decimal place; None of nothing."""
    return _percent(part, part + rest) if part + rest else None


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one side shows the other: companies, and the open deals told with them, by currency."""

    companies: int
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reciprocity:
    """What we get for each 100 that we give: of companies, and of the worth of open deals in the currency that both tell."""

    given: Given
    got: Given
    by_companies: Decimal | None
    by_value: Decimal | None
    currency: str


def reciprocity(given: Given, got: Given) -> Reciprocity:
    """By value only where both directions tell values in one currency; the largest such currency is taken."""
    both = sorted((name for name in given.values if given.values[name]), key=lambda name: (-given.values[name], name))
    currency = both[0] if both else ""
    value = _percent(got.values.get(currency, 0), given.values[currency]) if currency else None
    companies = _percent(got.companies, given.companies) if given.companies else None
    return Reciprocity(given=given, got=got, by_companies=companies, by_value=value, currency=currency)
