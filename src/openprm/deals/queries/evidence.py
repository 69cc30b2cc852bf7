"""How a window that reflects work is read: its steps, the curve to draw, what comes next and what would extend it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from openprm.deals import policies
from openprm.deals.models import ProtectionGrant, ProtectionStep
from openprm.deals.rules.evidence_curve import Curve, Suggestion
from openprm.deals.wording_work import CAUSE, CAUSE_ICON, STEP, STEP_TONE
from openprm.kernel.actor import Actor

WIDTH, HEIGHT, TOP, BOTTOM = 640, 190, 12, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One row of the table beside the curve."""

    position: int
    at: datetime
    kind: str
    kind_label: str
    tone: str
    cause: str
    cause_label: str
    icon: str
    evidence_ref: UUID | None
    days: int
    ends_before: datetime
    ends_after: datetime
    planned_after: datetime
    effective_at: datetime | None
    clause: str
    rule_version: int | None
    rule_version_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A shortening that waits for the end of its notice."""

    days: int
    cause_label: str
    effective_at: datetime
    planned_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The curve as an SVG of WIDTH x HEIGHT: steps of the end over time, the way without more work, today, floor and cap."""

    line: str
    ahead: str
    today_x: float
    floor_y: float
    cap_y: float
    start_y: float
    marks: tuple[tuple[float, float, str, str], ...]
    first: date
    last: date
    low: date
    high: date
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What one more piece of work today would do."""

    kind: str
    label: str
    icon: str
    days: int
    days_verified: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkWindow:
    """The protection of one deal as its work made it, for both sides alike."""

    registration_id: UUID
    starts_on: date
    protected_until: datetime
    planned_until: datetime
    base_days: int
    added: int
    taken: int
    by_hand: int
    room: int
    most_days: int
    floor_days: int
    notice_days: int
    quiet_days: int
    week_days: int
    last_work_on: date
    next_quiet_on: date | None
    ends_without_work_on: date
    clause: str
    version: int | None
    version_id: UUID | None
    announcements: tuple[Announcement, ...]
    steps: tuple[StepView, ...]
    hints: tuple[Hint, ...]
    drawing: Drawing

    @property
    def balance(self) -> int:
        return self.added - self.taken + self.by_hand


def steps_of(actor: Actor, registration_id: UUID) -> tuple[ProtectionStep, ...]:
    """The steps of a registration within reach, the first one first."""
    rows = ProtectionStep.objects.filter(registration=registration_id)
    rows = rows if actor.is_system else rows.filter(registration__in=policies.reach(actor).values("pk"))
    return tuple(rows.order_by("position"))


def live_end(registration_id: UUID) -> datetime | None:
    rows = ProtectionGrant.objects.filter(registration=registration_id, status__in=ProtectionGrant.LIVE)
    return max(rows.values_list("ends_at", flat=True), default=None)


def step_view(step: ProtectionStep) -> StepView:
    known = step.cause in CAUSE
    return StepView(
        position=step.position, at=step.at, kind=step.kind, kind_label=str(STEP[step.kind]), tone=STEP_TONE[step.kind], cause=step.cause if known else "",
        cause_label=str(CAUSE[step.cause]) if known else "", icon=CAUSE_ICON.get(step.cause, "shield-check"), evidence_ref=step.evidence_ref, days=step.days,
        ends_before=step.ends_before, ends_after=step.ends_after, planned_after=step.planned_after, effective_at=step.effective_at, clause=step.clause,
        rule_version=step.rule_version, rule_version_id=step.rule_version_id,
    )  # fmt: skip


def announcements(steps: tuple[ProtectionStep, ...]) -> tuple[Announcement, ...]:
    ended = {step.announced_id for step in steps if step.announced_id}
    return tuple(
        Announcement(
            days=-step.days,
            cause_label=str(CAUSE.get(step.cause, "")),
            effective_at=step.effective_at,
            planned_until=max(step.planned_after, step.effective_at),
        )
        for step in steps
        if step.kind == ProtectionStep.Kind.ANNOUNCED and step.pk not in ended
    )


def hints(found: tuple[Suggestion, ...]) -> tuple[Hint, ...]:
    return tuple(Hint(kind=one.kind, label=str(CAUSE[one.kind]), icon=CAUSE_ICON[one.kind], days=one.days, days_verified=one.days_verified) for one in found)


def drawing(now: Curve, ahead: Curve, ends_on: date) -> Drawing:
    """`ahead` is the same window some way into the future without more work; `ends_on` where it then ends."""
    last = max(ends_on, now.today)
    whole = max(1, (last - now.starts_on).days)
    lengths = [length for _day, length in ahead.points]
    floor = min(now.base_days, now.terms.floor_days) + now.by_hand_days
    cap = max(now.base_days, min(now.terms.most_days, now.base_days + now.terms.most_added)) + now.by_hand_days
    low, high = min([floor, *lengths]), max([cap, *lengths])
    spread = max(1, high - low)

    def x(day: date) -> float:
        return round(min(1.0, max(0.0, (day - now.starts_on).days / whole)) * WIDTH, 1)

    def y(length: int) -> float:
        return round(TOP + (high - length) / spread * (HEIGHT - TOP - BOTTOM), 1)

    done = [point for point in now.points if point[0] <= now.today]
    coming = [(now.today, now.days), *[point for point in ahead.points if now.today < point[0] <= last]]
    return Drawing(
        line=_steps([*done, (now.today, done[-1][1])], x, y), ahead=_steps([*coming, (last, coming[-1][1])], x, y), today_x=x(now.today),
        floor_y=y(floor), cap_y=y(cap), start_y=y(now.base_days + now.by_hand_days),
        marks=tuple((x(change.day), y(length), "ok" if change.days > 0 else "bad", f"{change.days:+d}") for change, (_day, length) in _marked(now)),
        first=now.starts_on, last=last, low=now.starts_on + timedelta(days=low), high=now.starts_on + timedelta(days=high),
    )  # fmt: skip


def _marked(curve: Curve):
    return zip(curve.changes, curve.points[1:], strict=True)


def _steps(points: list[tuple[date, int]], x, y) -> str:
    """A path that stands still until something happens."""
    (day, length), *rest = points
    parts = [f"M{x(day)} {y(length)}"]
    for day, length in rest:
        parts.append(f"H{x(day)}V{y(length)}")
    return "".join(parts)
