"""Publishing what is promised: targets and working hours. What is published is never edited; the next version replaces it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Problem, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.promises import catalog, hours, policies
from openprm.promises.events import PromiseTargetPublished
from openprm.promises.hours import HOURS
from openprm.promises.models import BusinessCalendar, CalendarVersion, TargetVersion
from openprm.promises.ports import PromiseKind
from openprm.promises.rules.calendar import Calendar, NotACalendar, Span
from openprm.promises.rules.holidays import is_known
from openprm.promises.rules.targets import NOTICE, NotATarget, Target, Unit, earliest_effect, in_force
from openprm.promises.terms import TARGETS

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
PUBLISHER = "OpenPRM"
MOST_OWN_DATES = 200


class PublishedMeanwhile(Conflict):
    """Somebody published another version of the same at the same moment."""

    def default_message(self) -> str:
        return _("Somebody published another version a moment ago. Look at it, then publish yours.")


@transaction.atomic
def publish_target(
    *,
    actor: Actor,
    code: str,
    amount: int | None,
    unit: str = Unit.BUSINESS_DAYS,
    program_id: UUID | None = None,
    tier_code: str = "",
    calendar_id: UUID | None = None,
    effective_at: datetime | None = None,
    notice: str = "",
    at: datetime,
) -> TargetVersion:
    """Publish how long a promise may take from `effective_at` on, at once when it is None. `amount` None withdraws what
    was published for exactly this program and tier. A change that hurts partners needs 14 days of notice.

    Raises NotAllowed, Invalid, PublishedMeanwhile.
    """
    refuse_if(policies.why_not_publish(actor))
    kind, target = _kind(code), _target(amount, unit)
    effective_at = effective_at or at
    calendar = _calendar_for(code, calendar_id)
    versions = list(TargetVersion.objects.filter(code=code).order_by("number"))
    _check_effect(kind, target, versions, calendar, program_id=program_id, tier_code=tier_code, effective_at=effective_at, at=at)
    version = TargetVersion(
        code=code,
        number=versions[-1].number + 1,
        program_id=program_id,
        tier_code=tier_code,
        amount=target.amount if target else None,
        unit=target.unit.value if target else "",
        calendar=calendar,
        effective_at=effective_at,
        notice=notice.strip()[:2000],
        published_by=actor.name[:200],
        published_at=at,
    )
    with refused_by("target_version_number", PublishedMeanwhile()):
        version.save(force_insert=True)
    TARGETS.forget()
    audit.record(
        actor, "promise.target_published", version, data={"promise": catalog.name_of(code, "vendor", target), "code": code}, note=version.notice, at=at
    )
    publish(PromiseTargetPublished(version_id=version.pk, code=code, program_id=program_id, tier_code=tier_code, effective_at=effective_at, at=at))
    return version


@transaction.atomic
def withdraw_target(*, actor: Actor, version_id: UUID | None, at: datetime) -> TargetVersion:
    """Withdraw what is published for one program or tier, as soon as the notice period allows. Raises NotAllowed, NotFound, Invalid."""
    refuse_if(policies.why_not_publish(actor))
    version = TargetVersion.objects.one(version_id)
    values = {"code": version.code, "program_id": version.program_id, "tier_code": version.tier_code, "calendar_id": version.calendar_id}
    return publish_target(actor=actor, amount=None, effective_at=at + NOTICE, at=at, **values)


def _kind(code: str) -> PromiseKind:
    kind = catalog.find_kind(code)
    if kind is None:
        raise Invalid(_("There is no promise of that name. Choose one of the list."), field="code")
    return kind


def _target(amount: int | None, unit: str) -> Target | None:
    if amount is None:
        return None
    try:
        return Target(amount, Unit(unit))
    except NotATarget:
        raise Invalid(_("This is too long, or no time at all. Promise up to 250 working days, 2000 working hours or 365 days."), field="amount") from None
    except ValueError:
        raise Invalid(_("Choose working days, working hours or days."), field="unit") from None


def _calendar_for(code: str, calendar_id: UUID | None) -> BusinessCalendar:
    if calendar_id:
        return BusinessCalendar.objects.one(calendar_id)
    newest = TargetVersion.objects.filter(code=code).select_related("calendar").order_by("-number").first()
    return newest.calendar if newest else BusinessCalendar.objects.get(is_default=True)


def _check_effect(
    kind: PromiseKind,
    target: Target | None,
    versions: list[TargetVersion],
    calendar: BusinessCalendar,
    *,
    program_id: UUID | None,
    tier_code: str,
    effective_at: datetime,
    at: datetime,
) -> None:
    if target is None and not (program_id or tier_code):
        raise Invalid(_("The time for all partners can be changed but not withdrawn. Give a new time."), field="amount")
    if effective_at < at:
        raise Invalid(_("What is promised cannot change in the past. Choose today or a later day."), field="effective_at")
    now = in_force((version.version() for version in versions), program_id=program_id, tier_code=tier_code, at=at)
    full_day = hours.calendar_of(hours.hours_in_force(calendar.pk, at)).full_day
    earliest = earliest_effect(old=now.target if now else None, new=target, owed_by=kind.owed_by, full_day=full_day, at=at)
    if effective_at < earliest:
        raise Invalid(
            _("This change makes it harder for partners, so they get 14 days of notice: choose %(day)s or later.") % {"day": date_format(earliest, "j F Y")},
            field="effective_at",
        )


@transaction.atomic
def publish_hours(
    *,
    actor: Actor,
    calendar_id: UUID | None = None,
    name: str = "",
    zone: str = "",
    week: Iterable[Iterable[Span]],
    country: str = "",
    subdivision: str = "",
    has_holidays: bool = True,
    closed_dates: Iterable[date] = (),
    opened_dates: Iterable[date] = (),
    effective_at: datetime | None = None,
    at: datetime,
) -> CalendarVersion:
    """Publish working hours from `effective_at` on, of a new calendar when `calendar_id` is None. Running clocks keep theirs.

    Raises NotAllowed, NotFound, Invalid, PublishedMeanwhile.
    """
    refuse_if(policies.why_not_publish(actor))
    spans = tuple(tuple(tuple(span) for span in day) for day in week)
    closed, opened = sorted(set(closed_dates)), sorted(set(opened_dates))
    problems = [*_zone_and_week_problems(zone, spans), *_place_problems(country, subdivision), *_date_problems(closed, opened)]
    if effective_at and effective_at < at:
        problems.append(Problem("effective_at", _("Working hours cannot change in the past. Choose today or a later day.")))
    if problems:
        raise Invalid(problems=problems)
    calendar = BusinessCalendar.objects.locked().one(calendar_id) if calendar_id else _new_calendar(name)
    last = calendar.versions.order_by("-number").first()
    version = CalendarVersion(
        calendar=calendar,
        number=last.number + 1 if last else 1,
        zone=zone,
        week=spans,
        country=country,
        subdivision=subdivision,
        has_holidays=has_holidays,
        closed_dates=closed,
        opened_dates=opened,
        effective_at=effective_at or at,
        published_by=actor.name[:200],
        published_at=at,
    )
    with refused_by("calendar_version_number", PublishedMeanwhile()):
        version.save(force_insert=True)
    HOURS.forget()
    audit.record(actor, "promise.hours_published", version, before=last.snapshot() if last else None, data={"calendar": calendar.name}, at=at)
    return version


def _new_calendar(name: str) -> BusinessCalendar:
    code = slugify(name)[:40]
    if not code:
        raise Invalid(_("Give the calendar a name, for example “Support desk”."), field="name")
    with refused_by("promises_businesscalendar_code_key", Invalid(_("There is a calendar of this name already."), field="name")):
        return BusinessCalendar.objects.create(code=code, name=name.strip()[:80])


def _zone_and_week_problems(zone: str, week: tuple[Any, ...]) -> list[Problem]:
    try:
        Calendar(zone=zone or "UTC", week=week)
    except NotACalendar as reason:
        return [Problem("zone" if "zone" in str(reason) else "week", _("These working hours cannot be used: %(reason)s.") % {"reason": reason})]
    return []


def _place_problems(country: str, subdivision: str) -> list[Problem]:
    if country and not is_known(country):
        return [
            Problem("country", _("The holidays of “%(country)s” are not in our tables. Leave it empty and list your own days off.") % {"country": country[:2]})
        ]
    if subdivision and not (country and is_known(country, subdivision)):
        return [Problem("subdivision", _("That country has no part “%(part)s”. Use its short code, for example BY for Bavaria.") % {"part": subdivision[:8]})]
    return []


def _date_problems(closed: list[date], opened: list[date]) -> list[Problem]:
    if len(closed) > MOST_OWN_DATES or len(opened) > MOST_OWN_DATES:
        return [Problem("closed_dates", _("List at most 200 days."))]
    if set(closed) & set(opened):
        return [Problem("opened_dates", _("A day cannot be off and worked at once: it stands in both lists."))]
    return []


@transaction.atomic
def ensure_defaults(*, at: datetime) -> None:
    """What every installation starts with: one calendar, and each promise's own target. Safe to repeat."""
    TARGETS.forget()
    HOURS.forget()
    calendar = BusinessCalendar.objects.filter(is_default=True).first() or _office_hours(at)
    published = set(TargetVersion.objects.values_list("code", flat=True))
    for kind in catalog.kinds():
        if kind.code not in published:
            _publish_default(kind, calendar, at)


def _office_hours(at: datetime) -> BusinessCalendar:
    calendar = BusinessCalendar.objects.create(code="office", name="Office hours", is_default=True)
    CalendarVersion.objects.create(calendar=calendar, number=1, week=hours.OFFICE_WEEK, effective_at=ALWAYS, published_by=PUBLISHER, published_at=at)
    return calendar


def _publish_default(kind: Any, calendar: BusinessCalendar, at: datetime) -> None:
    target = kind.default_target
    TargetVersion.objects.create(
        code=kind.code,
        number=1,
        amount=target.amount,
        unit=target.unit.value,
        calendar=calendar,
        effective_at=ALWAYS,
        published_by=PUBLISHER,
        published_at=at,
    )
