"""The forgiving window: a tier is held by whoever qualified on one day of the current month or the five full months before it."""

from datetime import date, timedelta

FULL_MONTHS = 5


def first_day(today: date) -> date:
    """The first day that still counts today."""
    return _month(today, -FULL_MONTHS)


def held_through(last_on: date) -> date:
    """The last day that is forgiven to somebody who qualified last on `last_on`."""
    return _month(last_on, FULL_MONTHS + 1) - timedelta(days=1)


def year_before(day: date) -> date:
    """The same day a year earlier; the 28th of February for a leap day."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _month(day: date, away: int) -> date:
    place = day.year * 12 + day.month - 1 + away
    return date(place // 12, place % 12 + 1, 1)
