"""The calendar and the day that plans count in: those of the promises."""

from datetime import date, datetime

from openprm.onboarding.services import hours
from openprm.promises.rules.calendar import Calendar


def calendar(at: datetime) -> Calendar:
    """The working calendar of the promises, as onboarding reads it too."""
    return hours.calendar(at)


def today(at: datetime) -> date:
    """The day it is where the vendor works: one day for both sides."""
    return calendar(at).local_date(at)
