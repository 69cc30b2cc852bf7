"""What is promised now, what changes soon, and the hours it is counted in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry
from openprm.promises import catalog, hours
from openprm.promises.models import BusinessCalendar, CalendarVersion, TargetVersion
from openprm.promises.rules import holidays
from openprm.promises.rules.calendar import Span
from openprm.promises.rules.targets import in_force

AHEAD = timedelta(days=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """One published time of a promise and for whom it counts."""

    id: UUID
    number: int
    code: str
    words: str
    for_whom: str
    program_id: UUID | None
    tier_code: str
    effective_at: datetime
    notice: str
    published_by: str
    published_at: datetime
    calendar: str
    is_in_force: bool
    is_coming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseView:
    """One promise with the times that count now, those that come, and those that were."""

    code: str
    name: str
    about: str
    owed_by: str
    in_force: tuple[TargetView, ...]
    coming: tuple[TargetView, ...]
    past: tuple[TargetView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHours:
    day: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """Working hours as they count now, with the days off of the next months."""

    id: UUID
    name: str
    is_default: bool
    number: int
    zone: str
    country: str
    own_zone: str
    own_country: str
    subdivision: str
    has_holidays: bool
    week: tuple[tuple[Span, ...], ...]
    days: tuple[DayHours, ...]
    closed_dates: tuple[date, ...]
    opened_dates: tuple[date, ...]
    effective_at: datetime
    coming_at: datetime | None
    days_off: tuple[tuple[date, str], ...]


def promises(actor: Actor, at: datetime) -> list[PromiseView]:
    """Every promise with what is published about it. The same for everybody: promises are public to partners."""
    rows: dict[str, list[TargetVersion]] = {}
    for row in TargetVersion.objects.select_related("calendar").order_by("-effective_at", "-number"):
        rows.setdefault(row.code, []).append(row)
    side = "partner" if actor.is_partner else "vendor"
    return [_promise(kind, side, rows.get(kind.code, []), at) for kind in catalog.kinds()]


def _promise(kind: catalog.PromiseKind, side: str, rows: list[TargetVersion], at: datetime) -> PromiseView:
    counting = _counting(rows, at)
    views = [_target(row, is_in_force=row.pk in counting, at=at) for row in rows]
    general = next((row for row in rows if row.pk in counting and row.program_id is None and not row.tier_code), None)
    return PromiseView(
        code=kind.code,
        name=catalog.name_of(kind.code, side, general.target if general else kind.default_target),
        about=str(kind.about),
        owed_by=kind.owed_by,
        in_force=tuple(sorted((view for view in views if view.is_in_force), key=lambda view: view.for_whom != _everybody())),
        coming=tuple(view for view in reversed(views) if view.is_coming),
        past=tuple(view for view in views if not view.is_in_force and not view.is_coming),
    )


def _counting(rows: list[TargetVersion], at: datetime) -> set[UUID]:
    """The versions in force: one for everybody, and one for each program and tier that has its own."""
    versions = [row.version() for row in rows]
    scopes = {(row.program_id, row.tier_code) for row in rows}
    found = (in_force(versions, program_id=program_id, tier_code=tier_code, at=at) for program_id, tier_code in scopes)
    return {version.id for version in found if version}


def _target(row: TargetVersion, *, is_in_force: bool, at: datetime) -> TargetView:
    return TargetView(
        id=row.pk,
        number=row.number,
        code=row.code,
        words=catalog.in_words(row.target) if row.target else _("the time for everybody again"),
        for_whom=_for_whom(row),
        program_id=row.program_id,
        tier_code=row.tier_code,
        effective_at=row.effective_at,
        notice=row.notice,
        published_by=row.published_by,
        published_at=row.published_at,
        calendar=row.calendar.name,
        is_in_force=is_in_force,
        is_coming=row.effective_at > at,
    )


def _everybody() -> str:
    return _("All partners")


def _for_whom(row: TargetVersion) -> str:
    if row.program_id is None and not row.tier_code:
        return _everybody()
    program = dict(program_choices()).get(str(row.program_id), _("another program")) if row.program_id else ""
    tier = dict(tier_choices()).get(row.tier_code, row.tier_code) if row.tier_code else ""
    return ", ".join(filter(None, (program, tier)))


def program_choices() -> tuple[tuple[str, str], ...]:
    """The programs a target can be published for: filled by a higher domain (port `promises.programs`)."""
    return tuple(choice for choices in registry.filling("promises.programs") for choice in choices())


def tier_choices() -> tuple[tuple[str, str], ...]:
    """The tiers a target can be published for, by code (port `promises.tiers`)."""
    return tuple(choice for choices in registry.filling("promises.tiers") for choice in choices())


def calendar_choices() -> tuple[tuple[str, str], ...]:
    return tuple((str(row.pk), row.name) for row in BusinessCalendar.objects.order_by("-is_default", "name"))


def calendars(at: datetime) -> list[CalendarView]:
    return [_calendar(row, at) for row in BusinessCalendar.objects.order_by("-is_default", "name")]


def calendar(calendar_id: UUID, at: datetime) -> CalendarView:
    """One calendar. Raises NotFound."""
    return _calendar(BusinessCalendar.objects.one(calendar_id), at)


def _calendar(row: BusinessCalendar, at: datetime) -> CalendarView:
    version = hours.hours_in_force(row.pk, at)
    own_zone, own_country = hours.place_of_vendor()
    country = version.country or own_country
    later = row.versions.filter(effective_at__gt=at).order_by("effective_at").first()
    return CalendarView(
        id=row.pk,
        name=row.name,
        is_default=row.is_default,
        number=version.number,
        zone=version.zone or own_zone,
        country=country,
        own_zone=version.zone,
        own_country=version.country,
        subdivision=version.subdivision,
        has_holidays=version.has_holidays,
        week=version.spans,
        days=week_in_words(version.spans),
        closed_dates=tuple(version.closed_dates),
        opened_dates=tuple(version.opened_dates),
        effective_at=version.effective_at,
        coming_at=later.effective_at if later else None,
        days_off=_days_off(version, country, at.date()),
    )


def week_in_words(week: tuple[tuple[Span, ...], ...]) -> tuple[DayHours, ...]:
    """Each weekday with its hours: "Monday", "09:00–12:00, 13:00–17:00"."""
    monday = date(2024, 1, 1)
    return tuple(DayHours(day=date_format(monday + timedelta(days=number), "l"), hours=span_text(spans)) for number, spans in enumerate(week))


def span_text(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{clock_time(open_)}–{clock_time(close)}" for open_, close in spans)


def clock_time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _days_off(version: CalendarVersion, country: str, today: date) -> tuple[tuple[date, str], ...]:
    """The days off of the next months, own ones named as such."""
    own = [(day, _("Own day off")) for day in version.closed_dates]
    public = _public(country, version.subdivision, today) if version.has_holidays else []
    named = dict([*(pair for pair in public if pair[0] not in version.opened_dates), *own])
    return tuple(sorted((day, name) for day, name in named.items() if today <= day <= today + AHEAD))


def _public(country: str, subdivision: str, today: date) -> list[tuple[date, str]]:
    if not country or not holidays.is_known(country, subdivision):
        return []
    return [pair for year in {today.year, (today + AHEAD).year} for pair in holidays.named(country, subdivision, year)]


def target(version_id: UUID, at: datetime) -> TargetView:
    """One published time. Raises NotFound."""
    row = TargetVersion.objects.select_related("calendar").one(version_id)
    counting = _counting(list(TargetVersion.objects.filter(code=row.code)), at)
    return _target(row, is_in_force=row.pk in counting, at=at)
