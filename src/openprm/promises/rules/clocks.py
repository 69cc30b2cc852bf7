"""The clock of one promise: how it starts, stops while the other side has the ball, and what it says at the end."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from openprm.promises.rules.calendar import Calendar, add_working_time, working_seconds_between
from openprm.promises.rules.targets import DUE_SOON_AFTER


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    KEPT = "kept"
    BROKEN = "broken"
    CANCELED = "canceled"


OPEN = frozenset({State.RUNNING, State.PAUSED})


class Measure(Protocol):
    """How time is counted: working time of a calendar, or elapsed time."""

    def add(self, start: datetime, seconds: int) -> datetime: ...

    def between(self, start: datetime, end: datetime) -> int: ...


@dataclass(frozen=True)
class WorkingTime:
    calendar: Calendar

    def add(self, start: datetime, seconds: int) -> datetime:
        return add_working_time(self.calendar, start, seconds)

    def between(self, start: datetime, end: datetime) -> int:
        return int(working_seconds_between(self.calendar, start, end))


@dataclass(frozen=True)
class ElapsedTime:
    def add(self, start: datetime, seconds: int) -> datetime:
        return start.astimezone(UTC) + timedelta(seconds=seconds)

    def between(self, start: datetime, end: datetime) -> int:
        return max(0, int((end - start).total_seconds()))


@dataclass(frozen=True, kw_only=True)
class Clock:
    """`spent` counts the seconds of finished stretches. `missed_at` is set for good once the time has run out."""

    state: State
    allowed: int
    started_at: datetime
    running_since: datetime
    due_at: datetime
    warn_at: datetime
    spent: int = 0
    paused_at: datetime | None = None
    answered_at: datetime | None = None
    missed_at: datetime | None = None
    taken: int | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def settled_at(self) -> datetime | None:
        """When it was decided whether the promise holds: the answer of a kept one, the due moment of a missed one."""
        return self.missed_at or (self.answered_at if self.state is State.KEPT else None)


def start(measure: Measure, *, allowed: int, at: datetime) -> Clock:
    return Clock(
        state=State.RUNNING,
        allowed=allowed,
        started_at=at,
        running_since=at,
        due_at=measure.add(at, allowed),
        warn_at=measure.add(at, _until_warning(allowed)),
    )


def _until_warning(allowed: int) -> int:
    part, whole = DUE_SOON_AFTER
    return allowed * part // whole


def is_overdue(clock: Clock, at: datetime) -> bool:
    return clock.missed_at is not None or (clock.state is State.RUNNING and at > clock.due_at)


def seen_at(clock: Clock, at: datetime) -> Clock:
    """The clock with its miss marked, when the time has run out by `at`. Every other step begins with it."""
    if clock.missed_at is None and is_overdue(clock, at):
        return replace(clock, missed_at=clock.due_at)
    return clock


def spent_by(clock: Clock, measure: Measure, at: datetime) -> int:
    """The counted time up to `at`, pauses left out."""
    if clock.taken is not None:
        return clock.taken
    return clock.spent + (measure.between(clock.running_since, at) if clock.state is State.RUNNING else 0)


def fraction_left(clock: Clock, measure: Measure, at: datetime) -> float:
    """The part of the allowed time that is left: 1.0 at the start, 0.0 when it is due or later."""
    return max(0.0, min(1.0, 1 - spent_by(clock, measure, at) / clock.allowed))


def pause(clock: Clock, measure: Measure, at: datetime) -> Clock:
    """Stop counting: the ball is on the other side. A paused clock stays as it is."""
    clock = seen_at(clock, at)
    if clock.state is not State.RUNNING:
        return clock
    return replace(clock, state=State.PAUSED, paused_at=at, spent=spent_by(clock, measure, at))


def resume(clock: Clock, measure: Measure, at: datetime) -> Clock:
    """Go on counting with the time that was left. A missed promise keeps its old due moment."""
    if clock.state is not State.PAUSED:
        return seen_at(clock, at)
    running = replace(clock, state=State.RUNNING, paused_at=None, running_since=at)
    if clock.missed_at is not None:
        return running
    left, until_warning = clock.allowed - clock.spent, _until_warning(clock.allowed) - clock.spent
    return replace(running, due_at=measure.add(at, max(0, left)), warn_at=measure.add(at, max(0, until_warning)))


def keep(clock: Clock, measure: Measure, at: datetime) -> Clock:
    """Answer the promise: kept when the time had not run out, broken when it had."""
    clock = seen_at(resume(clock, measure, at), at)
    state = State.BROKEN if clock.missed_at else State.KEPT
    return replace(clock, state=state, answered_at=at, taken=spent_by(clock, measure, at), paused_at=None)


def cancel(clock: Clock, at: datetime) -> Clock:
    """Let go of a promise that nobody waits for any more. One that was already missed stays missed."""
    clock = seen_at(clock, at)
    return replace(clock, state=State.BROKEN if clock.missed_at else State.CANCELED, paused_at=None)
