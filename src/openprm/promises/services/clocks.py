"""Starting, stopping and answering promises."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.events import publish
from openprm.kernel.scope import current_actor
from openprm.promises import catalog, figures, hours
from openprm.promises.events import PromiseBroken, PromiseDueSoon
from openprm.promises.models import PromiseClock, PromiseStanding
from openprm.promises.queries import since_weeks_ago
from openprm.promises.rules import clocks
from openprm.promises.rules.clocks import Clock, Measure
from openprm.promises.rules.targets import Pace, at_pace
from openprm.promises.terms import terms_for


def start(
    *,
    actor: Actor,
    code: str,
    subject: models.Model,
    partner_id: UUID,
    program_id: UUID | None = None,
    tier_code: str = "",
    pace: str = Pace.STANDARD,
    refs: Iterable[UUID] = (),
    at: datetime,
) -> PromiseClock:
    """Start the clock of a promise about `subject`, by the target in force at `at`. One that is open already goes on.

    `pace` is the partner's promise class: it takes half or a quarter of the published time. One insert, in the caller's
    transaction. Raises NothingPromised.
    """
    running = _open_clock(subject.pk, code)
    if running:
        return running
    terms = terms_for(code, program_id=program_id, tier_code=tier_code, at=at)
    clock = clocks.start(terms.measure, allowed=at_pace(terms.allowed, pace), at=at)
    return PromiseClock.objects.create(
        code=code,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:200],
        partner_id=partner_id,
        program_id=program_id,
        tier_code=tier_code,
        pace=pace,
        refs=list(dict.fromkeys((subject.pk, *refs))),
        target=terms.version,
        hours=terms.hours,
        allowed_seconds=clock.allowed,
        started_at=at,
        running_since=at,
        due_at=clock.due_at,
        warn_at=clock.warn_at,
    )


@transaction.atomic
def pause(subject_id: UUID, code: str, at: datetime, reason: str = "") -> PromiseClock | None:
    """Stop the clock: the other side has the ball. Without an open clock nothing happens."""
    return _step(subject_id, code, at, clocks.pause)


@transaction.atomic
def resume(subject_id: UUID, code: str, at: datetime) -> PromiseClock | None:
    """Let the clock go on with the time that was left."""
    return _step(subject_id, code, at, clocks.resume)


@transaction.atomic
def keep(subject_id: UUID, code: str, at: datetime) -> PromiseClock | None:
    """Answer the promise, in time or late. Final: the database lets nobody change it afterwards."""
    row = _step(subject_id, code, at, clocks.keep)
    if row and row.state == PromiseClock.State.KEPT:
        _record("promise.kept", row, at, taken_seconds=row.taken_seconds, allowed_seconds=row.allowed_seconds)
    return row


@transaction.atomic
def cancel(subject_id: UUID, code: str, at: datetime) -> PromiseClock | None:
    """Let go of a promise that nobody waits for any more. One whose time has run out stays missed."""
    return _step(subject_id, code, at, lambda clock, measure, at: clocks.cancel(clock, at))


def _open_clock(subject_id: UUID, code: str) -> PromiseClock | None:
    return PromiseClock.objects.filter(subject_id=subject_id, code=code, state__in=clocks.OPEN).locked().first()


def _step(subject_id: UUID, code: str, at: datetime, move: Any) -> PromiseClock | None:
    row = _open_clock(subject_id, code)
    if row:
        _move(row, move(row.clock(), _measure(row), at), at)
    return row


def _measure(row: PromiseClock) -> Measure:
    target = row.target.target
    assert target is not None, "a clock is started by a version that promises a time"
    return hours.measure_of(target, row.hours)


def _move(row: PromiseClock, clock: Clock, at: datetime) -> None:
    """Store a step; the first step that sees the time run out tells so, once."""
    newly_missed = row.missed_at is None and clock.missed_at is not None
    row.move(clock, at)
    if newly_missed:
        _tell_missed(row, at)


def _tell_missed(row: PromiseClock, at: datetime) -> None:
    _record("promise.missed", row, at, due_at=row.due_at, allowed_seconds=row.allowed_seconds)
    publish(PromiseBroken(**_told(row), at=at))


def _told(row: PromiseClock) -> dict[str, Any]:
    return {
        "clock_id": row.pk,
        "code": row.code,
        "subject_id": row.subject_id,
        "partner_id": row.partner_id,
        "program_id": row.program_id,
        "due_at": row.due_at,
    }


def _record(verb: str, row: PromiseClock, at: datetime, **data: Any) -> None:
    promise = catalog.name_of(row.code, "vendor", row.target.target)
    audit.record(
        current_actor() or SYSTEM,
        verb,
        row,
        after={},
        refs=row.refs,
        visible_to=[row.partner_id],
        data={"promise": promise, "code": row.code, **data},
        note=promise,
        at=at,
    )


@transaction.atomic
def mark_overdue(*, at: datetime, most: int = 500) -> int:
    """Mark up to `most` promises whose time has run out, and tell it; gives how many. Safe to repeat and to run twice at once."""
    rows = PromiseClock.objects.filter(state="running", missed_at__isnull=True, due_at__lt=at).select_related("target", "hours__calendar")
    found = list(rows.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:most])
    for row in found:
        _move(row, clocks.seen_at(row.clock(), at), at)
    return len(found)


@transaction.atomic
def warn_due_soon(*, at: datetime, most: int = 500) -> int:
    """Tell of up to `most` promises of which three quarters of the time are gone; gives how many."""
    rows = PromiseClock.objects.filter(state="running", missed_at__isnull=True, warned_at__isnull=True, warn_at__lte=at, due_at__gte=at)
    found = list(rows.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:most])
    for row in found:
        row.warned_at = at
        row.save(update_fields=["warned_at", "updated_at"])
        publish(PromiseDueSoon(**_told(row), at=at))
    return len(found)


@transaction.atomic
def sum_up(*, at: datetime) -> None:
    """Keep what was settled over all partners in the last 26 weeks, for pages that show it often. Safe to repeat."""
    since = since_weeks_ago(at)
    for code, found in figures.settled(since=since, weeks_since=since, at=at, partner_id=None).items():
        values = {
            "since": since,
            "computed_at": at,
            "kept": found.kept,
            "total": found.total,
            "median_seconds": found.median,
            "p90_seconds": found.p90,
            "partners": found.partners,
            "weeks": {day.isoformat(): [week.kept, week.missed] for day, week in found.weeks.items()},
        }
        PromiseStanding.objects.update_or_create(code=code, defaults=values)
