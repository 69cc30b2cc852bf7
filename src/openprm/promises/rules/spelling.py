"""Working hours and lists of days as people type them."""

import re
from datetime import date

from openprm.promises.rules.calendar import MINUTES_OF_DAY, Span

LONGEST = 200
SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")


class NotHours(ValueError):
    """The text is no list of times like "09:00–12:00, 13:00–17:00"."""


class NotDays(ValueError):
    """A line is no day like 2026-12-24; the argument is the line."""


def parse_spans(text: str) -> tuple[Span, ...]:
    """The spans of one day. Nothing, or a dash, is a day off. Raises NotHours."""
    text = text.strip()
    if text in ("", "-", "–"):
        return ()
    if len(text) > LONGEST:
        raise NotHours(text[:40])
    return tuple(_span(part.strip()) for part in re.split(r"[,;]", text))


def _span(text: str) -> Span:
    found = SPAN.fullmatch(text)
    if not found:
        raise NotHours(text[:40])
    open_, close = _minute(found[1], found[2]), _minute(found[3], found[4])
    if not open_ < close:
        raise NotHours(text[:40])
    return open_, close


def _minute(hour: str, minute: str | None) -> int:
    value = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or value > MINUTES_OF_DAY:
        raise NotHours(f"{hour}:{minute or '00'}")
    return value


def parse_days(text: str) -> list[date]:
    """One day on each line, as 2026-12-24. Raises NotDays."""
    return [_day(line.strip()) for line in text.splitlines() if line.strip()]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotDays(text[:40]) from None
