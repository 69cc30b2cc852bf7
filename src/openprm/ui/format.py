"""How moments, numbers and people are written for a reader: pure, in the reader's language and time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent
from django.utils.translation import gettext as _

from openprm.kernel.money import Money, format_money, minor_units

RELATIVE_FOR = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who reads: the language, the zone, and the moment of the page. Everything on one page uses one `at`."""

    at: datetime
    locale: str = "en"
    time_zone: str = "UTC"

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.time_zone)

    @property
    def babel(self) -> str:
        return babel_locale(self.locale)


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; UTC when the tables of this machine do not know it."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@lru_cache(maxsize=256)
def babel_locale(name: str) -> str:
    """A locale Babel can use. Plain English reads day before month, as the product's own copy does."""
    try:
        locale = str(Locale.parse((name or "en").replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        locale = "en"
    return "en_150" if locale == "en" else locale


def relative(moment: datetime, viewer: Viewer) -> str:
    """ "5 h ago" or "in 20 min" within 48 hours, then the day: "Thu 26 Nov"."""
    distance = moment - viewer.at
    if abs(distance) >= RELATIVE_FOR:
        return day(moment, viewer)
    return _ahead(distance) if distance > timedelta(0) else _ago(-distance)


def _ago(distance: timedelta) -> str:
    if distance < timedelta(minutes=1):
        return _("just now")
    return _("%(span)s ago") % {"span": span(distance)}


def _ahead(distance: timedelta) -> str:
    if distance < timedelta(minutes=1):
        return _("now")
    return _("in %(span)s") % {"span": span(distance)}


def span(distance: timedelta) -> str:
    """The largest whole unit of a length of time: "3 d", "5 h", "12 min"."""
    minutes = int(abs(distance).total_seconds() // 60)
    if minutes >= 48 * 60:
        return _("%(days)d d") % {"days": minutes // 1440}
    if minutes >= 60:
        return _("%(hours)d h") % {"hours": minutes // 60}
    return _("%(minutes)d min") % {"minutes": minutes}


def left(moment: datetime, viewer: Viewer) -> str:
    """Time to a deadline: "5 h left", "2 d late"; the day when it is more than two days ahead."""
    distance = moment - viewer.at
    if distance < timedelta(0):
        return _("%(span)s late") % {"span": span(distance)}
    if distance >= RELATIVE_FOR:
        return day(moment, viewer)
    return _("%(span)s left") % {"span": span(distance)}


def day(value: date | datetime, viewer: Viewer) -> str:
    """ "Thu 26 Nov" within half a year, else "26 Nov 2027". A datetime is first moved to the reader's zone."""
    value = _local_date(value, viewer)
    if abs((value - _local_date(viewer.at, viewer)).days) > 183:
        return _full_day(value, viewer.babel)
    return _near_day(value, viewer.babel)


def full_day(value: date | datetime, viewer: Viewer) -> str:
    return _full_day(_local_date(value, viewer), viewer.babel)


@lru_cache(maxsize=4096)  # a list writes the same days again and again
def _near_day(value: date, locale: str) -> str:
    if locale.startswith("en"):
        return format_date(value, "EEE d MMM", locale=locale)
    return format_skeleton("EEEdMMM", datetime(value.year, value.month, value.day), locale=locale)


@lru_cache(maxsize=4096)
def _full_day(value: date, locale: str) -> str:
    return format_date(value, "medium", locale=locale)


def moment(value: datetime, viewer: Viewer) -> str:
    """ "Thu 26 Nov, 14:05" in the reader's zone."""
    local = _aware(value).astimezone(viewer.zone)
    return f"{day(value, viewer)}, {local:%H:%M}"


def exact(value: datetime, viewer: Viewer) -> str:
    """Day, time and zone, for a tooltip: "26 Nov 2026, 14:05 CET"."""
    local = _aware(value).astimezone(viewer.zone)
    return f"{full_day(value, viewer)}, {local:%H:%M} {local.tzname()}"


def zone_sentence(viewer: Viewer) -> str:
    """For the foot of a page: "All times in Madrid time (CET)"."""
    abbreviation = viewer.at.astimezone(viewer.zone).tzname()
    if viewer.zone.key == "UTC":
        return _("All times in UTC")
    city = viewer.zone.key.rpartition("/")[2].replace("_", " ")
    return _("All times in %(city)s time (%(zone)s)") % {"city": city, "zone": abbreviation}


def greeting(name: str, viewer: Viewer) -> str:
    first = name.split()[0] if name.split() else ""
    hour = viewer.at.astimezone(viewer.zone).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": first}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": first}
    return _("Good evening, %(name)s") % {"name": first}


def money(value: Money, viewer: Viewer, *, compact: bool = False) -> str:
    """ "€240,000" and "€1,250.50"; compact "€61.3k" and "€1.12M"."""
    return _money(value, "en" if viewer.babel == "en_150" else viewer.babel, compact)


@lru_cache(maxsize=4096)
def _money(value: Money, locale: str, compact: bool) -> str:
    if compact:
        text = format_money(value, locale, compact=True)
        return text.replace("K", "k") if locale.startswith("en") else text
    if value.minor % 10 ** minor_units(value.currency):
        return format_money(value, locale)
    return format_currency(value.major, value.currency, _whole_pattern(locale), locale=locale, currency_digits=False)


@lru_cache(maxsize=64)
def _whole_pattern(locale: str) -> str:
    """The currency pattern of a language without its decimals."""
    return Locale.parse(locale).currency_formats["standard"].pattern.replace(".00", "")


def number(value, viewer: Viewer, *, compact: bool = False) -> str:
    if compact:
        return format_compact_decimal(value, locale=viewer.babel, fraction_digits=1)
    return format_decimal(value, locale=viewer.babel)


def percent(value, viewer: Viewer, *, digits: int = 0, aligned: bool = False) -> str:
    """A ratio as per cent: 0.98 is "98%"; with one digit and `aligned`, as columns want it, "98.0%"."""
    pattern = "#,##0%" if not digits else "#,##0." + ("0" if aligned else "#") * digits + "%"
    return format_percent(value, pattern, locale=viewer.babel)


def _local_date(value: date | datetime, viewer: Viewer) -> date:
    return _aware(value).astimezone(viewer.zone).date() if isinstance(value, datetime) else value


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)
