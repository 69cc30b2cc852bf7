"""Cohorts by start month, and the time to a first deal without dropping those who have none yet (Kaplan-Meier)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from openprm.onboarding.rules.schedule import progress_at

CHECKPOINTS = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long one partner waited: for the event, or until today without it."""

    days: int
    happened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A median with how many partners it counts and how many of them got there. `median` is None while fewer than half did."""

    median: int | None
    partners: int
    reached: int


def wait(start: datetime, happened_at: datetime | None, at: datetime) -> Wait | None:
    """How long it took from `start`; None for what had happened before: there was nothing to wait for."""
    if happened_at and happened_at < start:
        return None
    end = min(happened_at, at) if happened_at else at
    return Wait(max((end - start).days, 0), happened_at is not None and happened_at <= at)


def time_to(waits: Iterable[Wait | None]) -> Figure:
    """The Kaplan-Meier median: the first day by which the share still waiting has fallen to half or below."""
    found = sorted((one for one in waits if one), key=lambda one: one.days)
    waiting, median, at_risk = 1.0, None, len(found)
    for day in sorted({one.days for one in found}):
        events = sum(one.happened for one in found if one.days == day)
        waiting *= 1 - events / at_risk
        at_risk -= sum(one.days == day for one in found)
        if median is None and waiting <= 0.5:
            median = day
    return Figure(median=median, partners=len(found), reached=sum(one.happened for one in found))


Task = tuple[bool, str, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One plan as a cohort sees it."""

    started_at: datetime
    state: str
    is_stuck: bool
    tasks: Sequence[Task]
    registration: Wait | None
    win: Wait | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The plans that began in one month. A checkpoint is None until at least one plan is that old; `ages` says how many are."""

    month: str
    plans: int
    completed: int
    stuck: int
    progress: tuple[int | None, ...]
    ages: tuple[int, ...]
    registration: Figure
    win: Figure


def cohort(month: str, runs: Sequence[Run], at: datetime) -> Cohort:
    shares = [[progress_at(run.tasks, run.started_at + timedelta(days=days)) for run in runs if _is_old(run, days, at)] for days in CHECKPOINTS]
    return Cohort(
        month=month,
        plans=len(runs),
        completed=sum(run.state == "completed" for run in runs),
        stuck=sum(run.is_stuck for run in runs),
        progress=tuple(round(sum(share) / len(share)) if share else None for share in shares),
        ages=tuple(len(share) for share in shares),
        registration=time_to(run.registration for run in runs),
        win=time_to(run.win for run in runs),
    )


def _is_old(run: Run, days: int, at: datetime) -> bool:
    return at >= run.started_at + timedelta(days=days)
