"""The working calendar that due dates are counted in: the default one of the promises."""

from datetime import datetime

from openprm.promises import queries as promises
from openprm.promises.rules.calendar import Calendar
from openprm.promises.rules.holidays import closed_on

WEEKDAYS = (((540, 1020),),) * 5 + ((), ())


def calendar(at: datetime) -> Calendar:
    """Monday to Friday, nine to five UTC, before anything is published."""
    found = next((row for row in promises.calendars(at) if row.is_default), None)
    if found is None:
        return Calendar(zone="UTC", week=WEEKDAYS)
    is_off = closed_on(
        country=found.country if found.has_holidays else "",
        subdivision=found.subdivision,
        closed=frozenset(found.closed_dates),
        opened=frozenset(found.opened_dates),
    )
    return Calendar(zone=found.zone, week=tuple(tuple((open_, close) for open_, close in spans) for spans in found.week), is_holiday=is_off)
