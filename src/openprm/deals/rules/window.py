"""The protection window (D4): how long, until when, how often it is reminded of, and how it is drawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

REMINDER_DAYS = (14, 7, 1)
CHECK_IN_EVERY_DAYS = 30


class WindowStart(StrEnum):
    APPROVAL = "approval"
    SUBMISSION = "submission"


@dataclass(frozen=True, slots=True)
class WindowTerms:
    """What the rulebook grants: `days` 0 means approval without protection."""

    days: int
    extension_days: int = 0
    starts: WindowStart = WindowStart.APPROVAL
    bonus_days: int = 0

    @property
    def protects(self) -> bool:
        return self.days > 0


@dataclass(frozen=True, slots=True)
class Window:
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the track: `percent` of the way, `day` since the start."""

    percent: float
    day: int
    at: datetime


@dataclass(frozen=True, slots=True)
class WindowCurve:
    """All that the window component draws. `percent` is the elapsed share, 0 to 100."""

    starts_at: datetime
    ends_at: datetime
    percent: float
    days_total: int
    days_left: int
    ticks: tuple[Tick, ...]
    over: bool

    @property
    def percent_left(self) -> int:
        return max(0, round(100 - self.percent))

    @property
    def tone(self) -> str:
        if self.over:
            return "bad"
        return "warn" if self.days_left <= REMINDER_DAYS[0] else "ok"


def window_of(terms: WindowTerms, *, submitted_at: datetime, approved_at: datetime) -> Window:
    """The span that an approval opens. A window that starts at submission still never ends before it begins to count."""
    start = submitted_at if terms.starts is WindowStart.SUBMISSION else approved_at
    return Window(start, max(start + timedelta(days=terms.days + terms.bonus_days), approved_at + timedelta(days=1)))


def extended_end(ends_at: datetime, days: int) -> datetime:
    return ends_at + timedelta(days=days)


def curve(starts_at: datetime, ends_at: datetime, at: datetime) -> WindowCurve:
    length = max((ends_at - starts_at).total_seconds(), 1.0)
    elapsed = (at - starts_at).total_seconds()
    percent = min(100.0, max(0.0, 100 * elapsed / length))
    return WindowCurve(
        starts_at=starts_at,
        ends_at=ends_at,
        percent=round(percent, 1),
        days_total=whole_days(ends_at - starts_at),
        days_left=max(0, days_left(ends_at, at)),
        ticks=_ticks(starts_at, ends_at, length),
        over=at >= ends_at,
    )


def _ticks(starts_at: datetime, ends_at: datetime, length: float) -> tuple[Tick, ...]:
    days = range(CHECK_IN_EVERY_DAYS, whole_days(ends_at - starts_at), CHECK_IN_EVERY_DAYS)
    return tuple(Tick(round(100 * day * 86400 / length, 1), day, starts_at + timedelta(days=day)) for day in days)


def whole_days(span: timedelta) -> int:
    return round(span.total_seconds() / 86400)


def days_left(ends_at: datetime, at: datetime) -> int:
    """Days that remain, counted up: any started day still counts. Negative when over."""
    return -((at - ends_at) // timedelta(days=1))


def reminder_due(ends_at: datetime, at: datetime, reminded_days: int | None) -> int | None:
    """The reminder that is due and was not sent: 14, 7 or 1 days before the end, only the nearest one."""
    if at >= ends_at:
        return None
    due = [days for days in REMINDER_DAYS if at >= ends_at - timedelta(days=days)]
    nearest = min(due, default=None)
    return nearest if nearest is not None and (reminded_days is None or nearest < reminded_days) else None
