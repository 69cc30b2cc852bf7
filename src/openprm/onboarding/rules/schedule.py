"""When a task is due, how far a plan is, what comes next, and when it stands still."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from openprm.promises.rules.calendar import Calendar

LATEST_ROLL = 60
SOON = timedelta(days=2)
BLOCKED_AFTER = timedelta(days=3)


class Work(Protocol):
    """What these rules need to know of a task."""

    id: UUID
    state: str
    is_required: bool
    due_at: datetime


def due_at(calendar: Calendar, started_at: datetime, offset_days: int) -> datetime:
    """The close of business `offset_days` after the first day; on a weekend or holiday, of the next working day."""
    day = calendar.local_date(started_at) + timedelta(days=offset_days)
    for number in range(LATEST_ROLL):
        spans = calendar.spans_on(day + timedelta(days=number))
        if spans:
            return max(spans[-1][1], started_at)
    return started_at + timedelta(days=offset_days)


@dataclass(frozen=True, slots=True)
class Progress:
    """Required tasks done, of those that were not waived."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


def progress(tasks: Iterable[Work]) -> Progress:
    counted = [task for task in tasks if task.is_required and task.state != "waived"]
    return Progress(sum(task.state == "done" for task in counted), len(counted))


def progress_at(tasks: Iterable[tuple[bool, str, datetime | None]], moment: datetime) -> int:
    """The share of required tasks that were done by a moment, in per cent: (is_required, state, done_at) of each."""
    counted = [(state, done_at) for required, state, done_at in tasks if required and state != "waived"]
    done = sum(state == "done" and done_at is not None and done_at <= moment for state, done_at in counted)
    return 100 * done // len(counted) if counted else 100


def is_level_done(tasks: Iterable[Work]) -> bool:
    """Every required task is done or waived."""
    return all(task.state != "open" for task in tasks if task.is_required)


def next_task(tasks: Iterable[Work]) -> Work | None:
    """What comes next: the open task that is due first, required ones before the others of that moment."""
    waiting = [task for task in tasks if task.state == "open"]
    return min(waiting, key=lambda task: (task.due_at, not task.is_required), default=None)


@dataclass(frozen=True, slots=True)
class Standstill:
    """Why a plan stands still: "overdue" (a required task blocks it) or "silent" (nothing happened), and for how many days."""

    reason: str
    days: int
    task_id: UUID | None = None


def standstill(open_tasks: Sequence[Work], *, last_progress_at: datetime, stuck_days: int, at: datetime) -> Standstill | None:
    """A plan is stuck when a required task of an open level is overdue by three days or more, or nothing was finished,
    written or uploaded for `stuck_days` days while something could have been. The oldest overdue task is named."""
    late = [task for task in open_tasks if task.is_required and at - task.due_at >= BLOCKED_AFTER]
    if late:
        oldest = min(late, key=lambda task: task.due_at)
        return Standstill("overdue", (at - oldest.due_at).days, oldest.id)
    silent = (at - last_progress_at).days
    if open_tasks and silent >= stuck_days and any(task.due_at <= at + timedelta(days=stuck_days) for task in open_tasks):
        return Standstill("silent", silent)
    return None
