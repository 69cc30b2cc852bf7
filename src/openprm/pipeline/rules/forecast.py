"""Forecast figures: sums, weighted sums, categories and coverage, exact in integers."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum

COMMIT_FROM, BEST_FROM = 85, 50
"""Win probabilities, in percent, from which a stage counts as commit and as best case."""


class Category(StrEnum):
    COMMIT = "commit"
    BEST_CASE = "best_case"
    PIPELINE = "pipeline"


def category(probability: int) -> Category:
    """What a deal of this win probability counts as."""
    if probability >= COMMIT_FROM:
        return Category.COMMIT
    return Category.BEST_CASE if probability >= BEST_FROM else Category.PIPELINE


def hundredths(base_minor: int, probability: int) -> int:
    """An amount times its win probability, in hundredths of a minor unit: whole, so that sums of it are exact."""
    return base_minor * probability


def rounded(amount_hundredths: int) -> int:
    """Hundredths as minor units, rounded once, halves to even."""
    whole, rest = divmod(amount_hundredths, 100)
    return whole + (rest > 50 or (rest == 50 and whole % 2 == 1))


@dataclass(frozen=True, slots=True)
class Figures:
    """Some open deals together. Amounts are minor units of the reporting currency."""

    count: int = 0
    total: int = 0
    weighted_hundredths: int = 0
    commit: int = 0
    best_case: int = 0
    overdue: int = 0
    overdue_total: int = 0

    @property
    def weighted(self) -> int:
        return rounded(self.weighted_hundredths)

    @property
    def pipeline(self) -> int:
        """What is neither commit nor best case."""
        return self.total - self.commit - self.best_case

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def __sub__(self, other: "Figures") -> "Figures":
        """What is left of these deals without those, which are among them."""
        return Figures(*(mine - theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


NOTHING = Figures()


def one(base_minor: int, probability: int, *, overdue: bool) -> Figures:
    """The figures of one deal."""
    kind = category(probability)
    return Figures(
        count=1,
        total=base_minor,
        weighted_hundredths=hundredths(base_minor, probability),
        commit=base_minor if kind is Category.COMMIT else 0,
        best_case=base_minor if kind is Category.BEST_CASE else 0,
        overdue=int(overdue),
        overdue_total=base_minor if overdue else 0,
    )


def together(figures: Iterable[Figures]) -> Figures:
    total = NOTHING
    for each in figures:
        total = total + each
    return total


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the forecast by close month: `key` is "overdue", "2027-03", "later" or "none"."""

    key: str
    start: date | None = None


def columns(today: date, months: int) -> tuple[Column, ...]:
    """Overdue, this month and the following ones, what lies later, and what has no date."""
    ahead = tuple(Column(f"{start:%Y-%m}", start) for start in (_month(today, number) for number in range(months)))
    return (Column("overdue"), *ahead, Column("later", _month(today, months)), Column("none"))


def _month(today: date, ahead: int) -> date:
    years, month = divmod(today.month - 1 + ahead, 12)
    return date(today.year + years, month + 1, 1)


def column_of(close: date | None, today: date, months: int) -> str:
    """In which column a close date falls. A date before today is overdue, whatever its month."""
    if close is None:
        return "none"
    if close < today:
        return "overdue"
    return f"{close:%Y-%m}" if close < _month(today, months) else "later"


def quarter_of(day: date) -> tuple[date, date]:
    """The first day of the quarter of a day, and of the next one."""
    start = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return start, _month(start, 3)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a period stands against its target. `times` is open pipeline over what is missing, in hundredths, cut off;
    None when nothing is missing."""

    target: int
    won: int
    open: int
    weighted: int

    @property
    def missing(self) -> int:
        return max(self.target - self.won, 0)

    @property
    def times_hundredths(self) -> int | None:
        return 100 * self.open // self.missing if self.missing else None

    @property
    def expected(self) -> int:
        """Won and weighted together."""
        return self.won + self.weighted

    @property
    def percent(self) -> int:
        """Won, of the target."""
        return min(100 * self.won // self.target, 999) if self.target else 0
