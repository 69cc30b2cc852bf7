"""Months: the periods in which the books close."""

from datetime import date, timedelta


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def months_back(month: date, count: int) -> date:
    """The first day of the month that lies `count` months before."""
    place = month.year * 12 + month.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_day(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """The months from that of `first` to that of `last`, both included."""
    found, month = [], month_of(first)
    while month <= last:
        found.append(month)
        month = next_month(month)
    return tuple(found)
