"""Working time: exact to the second, across weekends, holidays and changes of the clock.

A calendar says when a place works in its own time zone. Its spans are turned into moments of UTC day by day, so that an
hour that the clock skips is not counted and one that it repeats is counted twice, as the people who work it would say.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

MINUTES_OF_DAY = 24 * 60
FARTHEST_DAYS = 3660

Span = tuple[int, int]
"""Opening and closing in minutes after midnight; 1440 is the midnight that ends the day."""


class NotACalendar(ValueError):
    """The hours, the zone or the dates do not make a calendar."""


class NeverOpen(ValueError):
    """No working time was found within ten years."""


@dataclass(frozen=True)
class Calendar:
    """`week` holds the spans of Monday to Sunday; `is_holiday` tells whole days that do not count."""

    zone: str
    week: tuple[tuple[Span, ...], ...]
    is_holiday: Callable[[date], bool] = lambda day: False

    def __post_init__(self) -> None:
        problem = why_not_a_week(self.week)
        if problem:
            raise NotACalendar(problem)
        _zone(self.zone)

    @cached_property
    def full_day(self) -> int:
        """The seconds of one working day: the longest of the week."""
        return max(sum(close - open_ for open_, close in spans) for spans in self.week) * 60

    @cached_property
    def _spans(self) -> dict[date, tuple[tuple[datetime, datetime], ...]]:
        return {}

    def spans_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The working spans of a local day as moments of UTC."""
        if day not in self._spans:
            self._spans[day] = () if self.is_holiday(day) else self._open_spans(day)
        return self._spans[day]

    def _open_spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        zone = _zone(self.zone)
        spans = ((_moment(day, open_, zone), _moment(day, close, zone)) for open_, close in self.week[day.weekday()])
        return tuple((open_, close) for open_, close in spans if open_ < close)

    def local_date(self, moment: datetime) -> date:
        return moment.astimezone(_zone(self.zone)).date()

    def spans_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working spans from `start` on, the first cut at `start`. Raises NeverOpen after ten years without one."""
        start = start.astimezone(UTC)
        first, idle = self.local_date(start), 0
        for number in range(10 * FARTHEST_DAYS):
            spans = [(max(open_, start), close) for open_, close in self.spans_on(first + timedelta(days=number)) if close > start]
            idle = 0 if spans else idle + 1
            if idle > FARTHEST_DAYS:
                break
            yield from spans
        raise NeverOpen(self.zone)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise NotACalendar(f"“{name}” is no time zone") from None


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """A local wall-clock time as UTC. A time that the clock skips becomes the moment at which it skips."""
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    return _change_between(local.replace(tzinfo=zone, fold=1).astimezone(UTC), moment, zone)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clock changes between two moments."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (before, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, after)
    return after


def why_not_a_week(week: tuple[tuple[Span, ...], ...]) -> str | None:
    """What is wrong with the working hours of a week, or None."""
    if len(week) != 7:
        return "a week has seven days"
    for spans in week:
        edges = [minute for span in spans for minute in span]
        if any(not 0 <= minute <= MINUTES_OF_DAY for minute in edges):
            return "a time of day lies between 00:00 and 24:00"
        if any(open_ >= close for open_, close in spans):
            return "a span must close after it opens"
        if edges != sorted(edges):
            return "the spans of a day must follow each other without overlap"
    return None if any(week) else "at least one day needs working hours"


def add_working_time(calendar: Calendar, start: datetime, seconds: int) -> datetime:
    """The first moment at which `seconds` of working time have passed since `start`. Raises NeverOpen."""
    if seconds < 0:
        raise ValueError(seconds)
    if seconds == 0:
        return start.astimezone(UTC)
    left = timedelta(seconds=seconds)
    for open_, close in calendar.spans_from(start):
        if close - open_ >= left:
            return open_ + left
        left -= close - open_
    raise NeverOpen(calendar.zone)


def working_seconds_between(calendar: Calendar, start: datetime, end: datetime) -> float:
    """The working time from `start` to `end` in seconds; 0 when `end` is not later."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    total, day, last = timedelta(), calendar.local_date(start), calendar.local_date(end)
    while start < end and day <= last:
        total += sum((_shared(span, start, end) for span in calendar.spans_on(day)), timedelta())
        day += timedelta(days=1)
    return total.total_seconds()


def _shared(span: tuple[datetime, datetime], start: datetime, end: datetime) -> timedelta:
    return max(min(span[1], end) - max(span[0], start), timedelta())


def is_open(calendar: Calendar, moment: datetime) -> bool:
    moment = moment.astimezone(UTC)
    return any(open_ <= moment < close for open_, close in calendar.spans_on(calendar.local_date(moment)))
