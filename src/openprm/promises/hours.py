"""From published working hours to a calendar that can count."""

from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from openprm.identity import queries as identity
from openprm.kernel.errors import NotFound
from openprm.kernel.memory import Remembered
from openprm.promises.models import CalendarVersion
from openprm.promises.rules.calendar import Calendar
from openprm.promises.rules.clocks import ElapsedTime, Measure, WorkingTime
from openprm.promises.rules.holidays import closed_on
from openprm.promises.rules.targets import Target

HOURS = Remembered("promises.hours")
OFFICE_WEEK = [[[540, 1020]]] * 5 + [[], []]


def place_of_vendor() -> tuple[str, str]:
    """Time zone and country of the vendor; UTC and nowhere before it is set up."""
    try:
        vendor = identity.vendor_organization()
    except NotFound:
        return "UTC", ""
    return vendor.time_zone, vendor.country


def calendar_of(version: CalendarVersion) -> Calendar:
    zone, country = version.zone, version.country
    if not zone or not country:
        own_zone, own_country = place_of_vendor()
        zone, country = zone or own_zone, country or own_country
    return _calendar(
        zone,
        version.spans,
        country if version.has_holidays else "",
        version.subdivision,
        frozenset(version.closed_dates),
        frozenset(version.opened_dates),
    )


@lru_cache(maxsize=128)
def _calendar(
    zone: str, week: tuple[tuple[tuple[int, int], ...], ...], country: str, subdivision: str, closed: frozenset[date], opened: frozenset[date]
) -> Calendar:
    """One calendar per process, so that the days it has worked out are kept."""
    return Calendar(zone=zone, week=week, is_holiday=closed_on(country=country, subdivision=subdivision, closed=closed, opened=opened))


def measure_of(target: Target, version: CalendarVersion) -> Measure:
    return WorkingTime(calendar_of(version)) if target.counts_working_time else ElapsedTime()


def hours_in_force(calendar_id: UUID, at: datetime) -> CalendarVersion:
    """The working hours that count at a moment; the first ones for a moment before all of them."""
    versions = HOURS.get(key=calendar_id, find=lambda: tuple(CalendarVersion.objects.filter(calendar_id=calendar_id).order_by("effective_at", "number")))
    return next((version for version in reversed(versions) if version.effective_at <= at), versions[0])


def allowed_seconds(target: Target, version: CalendarVersion) -> int:
    return target.seconds(calendar_of(version).full_day)
