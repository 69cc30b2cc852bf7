"""Months of the calendar, in UTC."""

from datetime import UTC, date, datetime, time, timedelta


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def last_of(month: date) -> date:
    """The last day of a month."""
    return next_month(month) - timedelta(days=1)


def back(month: date, count: int) -> date:
    total = month.year * 12 + month.month - 1 - count
    return date(total // 12, total % 12 + 1, 1)


def span(month: date) -> tuple[datetime, datetime]:
    """The first moment of a month and of the next."""
    return start_of(month), start_of(next_month(month))


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def is_over(month: date, at: datetime) -> bool:
    return start_of(next_month(month)) <= at
