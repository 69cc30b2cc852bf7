"""Months and quarters as days."""

from datetime import date, timedelta


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after the one that `day` lies in."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def previous_month(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def quarter_of(day: date) -> tuple[date, date]:
    """The first day of the quarter that `day` lies in and the first day after it."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return first, next_month(next_month(next_month(first)))


def quarter_name(day: date) -> str:
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def year_before(day: date) -> date:
    """The same first of a month a year before."""
    return day.replace(year=day.year - 1)


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last day of the month where there is no such day."""
    place = day.year * 12 + day.month - 1 + months
    first = date(place // 12, place % 12 + 1, 1)
    return first.replace(day=min(day.day, (next_month(first) - timedelta(days=1)).day))
