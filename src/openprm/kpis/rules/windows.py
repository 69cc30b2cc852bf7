"""Which days a number is about: a window that ends with the as-of day, and the one it is compared with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

Period = Literal["month", "quarter", "year", "12m", "all"]
Compare = Literal["none", "previous", "last_year"]
PERIODS: tuple[Period, ...] = ("12m", "month", "quarter", "year", "all")
FIRST_DAY = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Window:
    """From the first day to the as-of day, both included, in UTC. Nothing after the as-of day is known."""

    since: date
    as_of: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.since, time.min, UTC)

    @property
    def end(self) -> datetime:
        """The first moment after the as-of day."""
        return datetime.combine(self.as_of + timedelta(days=1), time.min, UTC)

    @property
    def days(self) -> int:
        return (self.as_of - self.since).days + 1


def months_back(day: date, months: int) -> date:
    """The same day of an earlier month, or its last day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, _length(year, month + 1)))


def _length(year: int, month: int) -> int:
    first = date(year + month // 12, month % 12 + 1, 1)
    return (first - timedelta(days=1)).day


def window(period: Period, as_of: date) -> Window:
    """The running month, quarter or calendar year up to the day; the twelve months that end with it; or all there is."""
    if period == "all":
        return Window(FIRST_DAY, as_of)
    if period == "12m":
        return Window(months_back(as_of + timedelta(days=1), 12), as_of)
    first = {"month": as_of.month, "quarter": 3 * ((as_of.month - 1) // 3) + 1, "year": 1}[period]
    return Window(date(as_of.year, first, 1), as_of)


def compared(period: Period, as_of: date, compare: Compare) -> Window | None:
    """The window a number is set beside: the same length just before it, or the same days a year earlier."""
    if compare == "none" or period == "all":
        return None
    if compare == "last_year":
        return window(period, months_back(as_of, 12))
    now = window(period, as_of)
    if period == "12m":
        return window(period, now.since - timedelta(days=1))
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    return window(period, months_back(as_of, months))
