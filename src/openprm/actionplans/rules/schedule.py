"""Dates of a plan: counted in working days, backwards from the day the deal is to close."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from openprm.promises.rules.calendar import Calendar

FARTHEST = 400
"""Days that are looked at for the next working day; a calendar that is closed for longer gives the day itself."""


def is_working(calendar: Calendar, day: date) -> bool:
    return bool(calendar.spans_on(day))


def working_day_before(calendar: Calendar, day: date) -> date:
    """The day itself when it is a working day, else the last one before it."""
    return _nearest(calendar, day, -1)


def working_day_after(calendar: Calendar, day: date) -> date:
    """The day itself when it is a working day, else the next one."""
    return _nearest(calendar, day, 1)


def _nearest(calendar: Calendar, day: date, step: int) -> date:
    for number in range(FARTHEST):
        found = day + timedelta(days=step * number)
        if is_working(calendar, found):
            return found
    return day


def shifted(calendar: Calendar, day: date, working_days: int) -> date:
    """The working day that lies `working_days` after a day (before it when negative). A day off counts as the working day before it."""
    day = working_day_before(calendar, day)
    step = 1 if working_days > 0 else -1
    for _number in range(abs(working_days)):
        day = _nearest(calendar, day + timedelta(days=step), step)
    return day


def due_before(calendar: Calendar, close: date, offset: int, *, today: date) -> date:
    """`offset` working days before the close date, but not before today (or the next working day)."""
    return max(shifted(calendar, close, -offset), working_day_after(calendar, today))


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; negative when `end` is the earlier day."""
    if end < start:
        return -working_days_between(calendar, end, start)
    return sum(is_working(calendar, start + timedelta(days=number)) for number in range(1, (end - start).days + 1))


@dataclass(frozen=True, slots=True)
class Move:
    """One step whose due date would move; `held` when today keeps it from moving the whole way."""

    step_id: UUID
    before: date
    after: date
    held: bool


def moves(calendar: Calendar, steps: Iterable[tuple[UUID, date]], *, old: date, new: date, today: date) -> tuple[Move, ...]:
    """How the open steps move with the close date: by as many working days as it did, never into the past. Unmoved ones are left out."""
    by = working_days_between(calendar, working_day_before(calendar, old), working_day_before(calendar, new))
    earliest = working_day_after(calendar, today)
    found = []
    for step_id, due in steps:
        wanted = shifted(calendar, due, by)
        after = max(wanted, min(earliest, due)) if by < 0 else wanted
        if after != due:
            found.append(Move(step_id, due, after, held=after != wanted))
    return tuple(found)
