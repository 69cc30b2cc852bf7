"""How far a plan is and how it stands. Only shared steps count, so that both sides read the same numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from openprm.actionplans.rules.words import Health, State

SOON = timedelta(days=7)


class Work(Protocol):
    """What these rules need to know of a step."""

    id: UUID
    title: str
    state: str
    due_date: date
    side: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Steps done, of those that were not skipped."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def progress(steps: Iterable[Work]) -> Progress:
    counted = [step for step in steps if step.state != State.SKIPPED]
    return Progress(sum(step.state == State.DONE for step in counted), len(counted))


def days_late(step: Work, today: date) -> int:
    """Calendar days since an open step was due; 0 for what is over or not due yet."""
    return max((today - step.due_date).days, 0) if step.state == State.OPEN else 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The health of a plan and why. `reason` is a code, `step_id` and `days` fill its sentence."""

    health: Health
    reason: str
    days: int = 0
    count: int = 0
    step_id: UUID | None = None


def standing(steps: Sequence[Work], *, close: date, today: date) -> Standing:
    """Late: an open step is overdue, or the close date has passed while steps are open.
    At risk: an open step is due after the close date, or more than a third of the steps is open with a week or less to go.
    Done: nothing is open. Otherwise on track. The first that holds, in this order, is the answer."""
    waiting = [step for step in steps if step.state == State.OPEN]
    if not steps:
        return Standing(Health.EMPTY, "empty")
    if not waiting:
        return Standing(Health.DONE, "all_done")
    late = [step for step in waiting if step.due_date < today]
    if late:
        oldest = min(late, key=lambda step: (step.due_date, step.id))
        return Standing(Health.LATE, "overdue", days=(today - oldest.due_date).days, count=len(late), step_id=oldest.id)
    if close < today:
        return Standing(Health.LATE, "closed_before_done", days=(today - close).days, count=len(waiting))
    return _ahead(steps, waiting, close, today)


def _ahead(steps: Sequence[Work], waiting: Sequence[Work], close: date, today: date) -> Standing:
    after = [step for step in waiting if step.due_date > close]
    if after:
        last = max(after, key=lambda step: (step.due_date, step.id))
        return Standing(Health.AT_RISK, "after_close", days=(last.due_date - close).days, count=len(after), step_id=last.id)
    counted = progress(steps)
    if close - today <= SOON and 3 * len(waiting) > counted.total:
        return Standing(Health.AT_RISK, "much_left", days=(close - today).days, count=len(waiting))
    following = min(waiting, key=lambda step: (step.due_date, step.id))
    return Standing(Health.ON_TRACK, "next", days=(following.due_date - today).days, count=len(waiting), step_id=following.id)
