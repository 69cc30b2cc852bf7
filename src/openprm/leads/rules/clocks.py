"""Until when a lead that nobody opens waits. Pure."""

from datetime import datetime, timedelta

SATURDAY = 5


def open_by(at: datetime, days: int) -> datetime:
    """So many days later, not counting Saturdays and Sundays: an offer of a Friday does not run out over the weekend."""
    moment, left = at, max(1, days)
    while left:
        moment += timedelta(days=1)
        if moment.weekday() < SATURDAY:
            left -= 1
    return moment
