"""Due dates as a calendar (RFC 5545), the same bytes for the same dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vDuration

from openprm.correspondence.ports import DueDate

PRODUCT = "-//OpenPRM//Due dates//EN"
AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A due date with how often it has changed."""

    due: DueDate
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the calendar is called, whose hours it shows, and how long before a date it rings; 0 minutes for never."""

    name: str
    time_zone: str
    host: str
    home: str
    remind_minutes: int = 0


def write(entries: Iterable[Entry], sheet: Sheet) -> bytes:
    """The calendar as a feed: no METHOD, every entry with a stable UID."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", sheet.name)
    calendar.add("x-wr-calname", sheet.name)
    calendar.add("x-wr-timezone", sheet.time_zone)
    calendar.add("refresh-interval", vDuration(AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry, sheet))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(entry: Entry, sheet: Sheet) -> Event:
    due, event = entry.due, Event()
    event.add("uid", f"{due.uid}@{sheet.host}")
    event.add("dtstamp", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("summary", _plain(due.title, 200))
    event.add("dtstart", _moment(due.starts_at, sheet))
    if (ends_at := _end(due)) is not None:
        event.add("dtend", _moment(ends_at, sheet))
    if text := _description(due, sheet):
        event.add("description", text)
    if due.url:
        event.add("url", f"{sheet.home}{due.url}")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    if sheet.remind_minutes:
        event.add_component(_alarm(due, sheet))
    return event


def _moment(value: datetime | date, sheet: Sheet) -> datetime | date:
    return value.astimezone(ZoneInfo(sheet.time_zone)).replace(microsecond=0) if isinstance(value, datetime) else value


def _end(due: DueDate) -> datetime | date | None:
    """The end, when it lies after the beginning. A whole day ends where the next begins."""
    if due.all_day:
        last = due.ends_at if isinstance(due.ends_at, date) and due.ends_at > due.starts_at else due.starts_at
        return last + timedelta(days=1)
    return due.ends_at if isinstance(due.ends_at, datetime) and due.ends_at > due.starts_at else None


def _description(due: DueDate, sheet: Sheet) -> str:
    parts = [_plain(due.note, 1000), f"{sheet.home}{due.url}" if due.url else ""]
    return "\n\n".join(part for part in parts if part)


def _alarm(due: DueDate, sheet: Sheet) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _plain(due.title, 200))
    alarm.add("trigger", -timedelta(minutes=sheet.remind_minutes))
    return alarm


def _plain(text: str, longest: int) -> str:
    """Without signs that no calendar can hold."""
    return "".join(sign for sign in str(text) if sign.isprintable() or sign == "\n")[:longest].strip()
