"""When a mailing is due: once a week or once a month, at an hour of a time zone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

Every = Literal["weekly", "monthly"]
EVERY: tuple[Every, ...] = ("weekly", "monthly")
DAYS: dict[Every, range] = {"weekly": range(7), "monthly": range(1, 29)}


def is_zone(name: str) -> bool:
    return name in available_timezones()


def next_after(every: Every, day: int, hour: int, zone: str, after: datetime) -> datetime:
    """The first moment after `after`: weekly on a weekday (Monday is 0), monthly on a day from 1 to 28. An hour that clocks skip is the one after it."""
    local = after.astimezone(ZoneInfo(zone))
    on = _first(every, day, local.date())
    while (moment := _at(on, hour, zone)) <= after:
        on = _following(every, day, on)
    return moment


def _at(on: date, hour: int, zone: str) -> datetime:
    return datetime.combine(on, time(hour), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _first(every: Every, day: int, today: date) -> date:
    return today + timedelta(days=(day - today.weekday()) % 7) if every == "weekly" else today.replace(day=day)


def _following(every: Every, day: int, on: date) -> date:
    if every == "weekly":
        return on + timedelta(days=7)
    return (on.replace(day=1) + timedelta(days=32)).replace(day=day)
