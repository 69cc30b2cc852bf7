"""A person's calendar at a secret address."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from openprm.correspondence import kinds, policies, queries, rules
from openprm.correspondence.engine import calendar
from openprm.correspondence.models import CalendarEntry, CalendarFeed
from openprm.correspondence.ports import DueDate
from openprm.correspondence.services.common import actor_at, record
from openprm.identity import queries as identity
from openprm.identity import rules as secrets
from openprm.identity.services.mail import absolute
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotFound, Stale, refuse_if
from openprm.kernel.scope import scope, system_scope

REMEMBER_READING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed just made or renewed. `url` is the only time its secret is seen."""

    url: str
    view: queries.FeedView


@dataclass(frozen=True, slots=True)
class Sheet:
    """A calendar as it is sent: its bytes, their mark, and when something in it changed last."""

    content: bytes
    mark: str
    changed_at: datetime


@transaction.atomic
def renew_feed(*, actor: Actor, at: datetime) -> NewFeed:
    """Make one's feed, or give it a new address and end the old one. Raises NotAllowed."""
    refuse_if(policies.why_not_manage_own(actor))
    secret = secrets.new_secret()
    values = {"hash": secret.digest, "renewed_at": at, "read_at": None}
    row, made = CalendarFeed.objects.get_or_create(user_id=actor.user_id, organization_id=actor.organization_id, defaults=values)
    if not made:
        row.hash, row.renewed_at, row.read_at, row.version = secret.digest, at, None, row.version + 1
        row.save()
    record(actor, "mail.feed_made" if made else "mail.feed_renewed", row, at)
    return NewFeed(url=absolute(reverse("correspondence:feed", args=[secret.raw])), view=queries.feed_view(row))


@transaction.atomic
def set_feed(*, actor: Actor, left_out: Iterable[str], remind_minutes: int, version: int | None = None, at: datetime) -> queries.FeedView:
    """Which kinds of dates the feed leaves out, and when it rings. Raises NotFound, NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_manage_own(actor))
    known = {source.code for source in kinds.sources()}
    if unknown := sorted(set(left_out) - known):
        raise Invalid(_("There is no kind of date called %(code)s.") % {"code": unknown[0][:60]}, field="left_out")
    if remind_minutes not in rules.REMINDERS:
        raise Invalid(_("Choose one of these minutes: %(minutes)s.") % {"minutes": ", ".join(map(str, rules.REMINDERS))}, field="remind_minutes")
    row = policies.reach(actor, CalendarFeed).locked().first()
    if row is None:
        raise NotFound(_("You have no calendar feed yet. Make one first."))
    if version is not None and version != row.version:
        raise Stale()
    row.left_out, row.remind_minutes, row.version = sorted(set(left_out)), remind_minutes, row.version + 1
    row.save()
    record(actor, "mail.feed_changed", row, at, data={"left_out": row.left_out, "remind_minutes": remind_minutes})
    return queries.feed_view(row)


@transaction.atomic
def end_feed(*, actor: Actor, at: datetime) -> None:
    """The address stops at once; ending it again changes nothing. Raises NotAllowed."""
    refuse_if(policies.why_not_manage_own(actor))
    row = policies.reach(actor, CalendarFeed).locked().first()
    if row is not None:
        record(actor, "mail.feed_ended", row, at)
        row.delete()


def read_feed(*, token: str, at: datetime) -> Sheet:
    """The calendar behind a secret address, with what its person may see at this moment. Raises NotFound."""
    with system_scope():
        row = CalendarFeed.objects.filter(hash=secrets.digest(token)).locked().first() if len(token) < 100 else None
        if row is None:
            raise NotFound()
        actor = actor_at(row.user_id, row.organization_id)
        with scope(actor), translation.override(actor.locale):
            dates = queries.dates(actor, left_out=row.left_out, at=at)
        entries = _numbered(row, dates, at)
        _remember_reading(row, at)
    return _sheet(row, actor, entries)


def single(*, actor: Actor, uid: str, at: datetime) -> bytes:
    """One due date of one's own as a file for a calendar. Raises NotFound."""
    found = next((due for due in queries.dates(actor, at=at) if due.uid == uid), None)
    if found is None:
        raise NotFound()
    return calendar.write([calendar.Entry(found, 0, at)], _look(actor, remind_minutes=60))


def _numbered(feed: CalendarFeed, dates: list[DueDate], at: datetime) -> list[calendar.Entry]:
    """Each date with its number: one more each time it says something else than before."""
    known = {row.uid: row for row in feed.entries.all()}
    rows = [_entry(feed, due, known.get(due.uid), at) for due in dates]
    CalendarEntry.objects.bulk_create([row for row in rows if row._state.adding])
    moved = [row for row in rows if not row._state.adding and row.changed_at == at]
    CalendarEntry.objects.bulk_update(moved, ["fingerprint", "sequence", "changed_at"])
    return [calendar.Entry(due, row.sequence, row.changed_at) for due, row in zip(dates, rows, strict=True)]


def _entry(feed: CalendarFeed, due: DueDate, row: CalendarEntry | None, at: datetime) -> CalendarEntry:
    fingerprint = hashlib.sha256(repr(due).encode()).hexdigest()
    if row is None:
        return CalendarEntry(feed=feed, uid=due.uid[:200], fingerprint=fingerprint, changed_at=at)
    if row.fingerprint != fingerprint:
        row.fingerprint, row.sequence, row.changed_at = fingerprint, row.sequence + 1, at
    return row


def _remember_reading(row: CalendarFeed, at: datetime) -> None:
    if row.read_at is None or at - row.read_at >= REMEMBER_READING:
        CalendarFeed.objects.filter(pk=row.pk).update(read_at=at)


def _sheet(row: CalendarFeed, actor: Actor, entries: list[calendar.Entry]) -> Sheet:
    content = calendar.write(entries, _look(actor, remind_minutes=row.remind_minutes))
    changed_at = max([row.updated_at, *(entry.changed_at for entry in entries)])
    return Sheet(content=content, mark=hashlib.sha256(content).hexdigest()[:32], changed_at=changed_at)


def _look(actor: Actor, *, remind_minutes: int) -> calendar.Sheet:
    vendor = identity.branding().name
    return calendar.Sheet(
        name=_("%(vendor)s, due dates") % {"vendor": vendor},
        time_zone=actor.time_zone,
        host=settings.OPENPRM_URL.partition("://")[2].partition(":")[0],
        home=settings.OPENPRM_URL,
        remind_minutes=remind_minutes,
    )
