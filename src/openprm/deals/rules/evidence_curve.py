"""Protection that reflects work (X11): how logged work moves the end of a window, and quiet weeks move it back.

The end is a sum that a person can do with a pencil:

    end = start + base + by hand + added - taken

`added` is what the counted evidence gives, up to the published caps; `taken` is what full quiet weeks cost, down to the
floor. Both budgets are of their own, so that every piece of work moves the end while there is room, in whatever order it
becomes known, and no quiet week can take what was never there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

ACTIVITY_KINDS = ("call", "email", "meeting", "demo", "proposal", "visit")
STAGE, DOCUMENT, QUIET = "stage", "document", "quiet"
EVIDENCE_KINDS = (*ACTIVITY_KINDS, STAGE, DOCUMENT)
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTerms:
    """One clause of the published table.

    `days` of each kind of evidence count in full when verified and at `self_percent` when self-reported; self-reported
    work adds at most `self_most` days in all, and counts when it is logged within `logged_within` days. All work adds at
    most `most_added` days, and never beyond `most_days` from the start. After `quiet_days` without counted work every
    further full week takes `week_days`, down to `floor_days` from the start. A shortening is announced `notice_days` ahead.
    """

    days: Mapping[str, int] = field(default_factory=dict)
    self_percent: int = 100
    self_most: int = 0
    most_added: int = 0
    logged_within: int = 0
    quiet_days: int = 0
    week_days: int = 0
    floor_days: int = 0
    most_days: int = 0
    notice_days: int = 0
    clause: str = ""

    def points(self, kind: str, *, is_verified: bool) -> int:
        full = max(0, self.days.get(kind, 0))
        return full if is_verified else full * min(100, max(0, self.self_percent)) // 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One dated piece of work. `ref` is its id; `known_on` the day it was logged."""

    kind: str
    day: date
    ref: str
    is_verified: bool
    known_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFrom:
    """The stage in which a deal stood from a day on."""

    day: date
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One piece of the sum. `key` names it for ever: the same work gives the same key, whenever it is counted."""

    key: str
    day: date
    kind: str
    days: int
    ref: str = ""
    is_verified: bool = True
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The window as it stands on `today`: the changes in the order of their days, and the end after each."""

    starts_on: date
    base_days: int
    by_hand_days: int
    changes: tuple[Change, ...]
    last_work_on: date
    today: date
    terms: WorkTerms

    @property
    def days(self) -> int:
        """The length of the window."""
        return self.base_days + self.by_hand_days + sum(change.days for change in self.changes)

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=self.days)

    @property
    def added(self) -> int:
        return sum(change.days for change in self.changes if change.days > 0)

    @property
    def taken(self) -> int:
        return -sum(change.days for change in self.changes if change.days < 0)

    @property
    def room(self) -> int:
        """How many days work can still add."""
        return _most_added(self.terms, self.base_days) - self.added

    @property
    def points(self) -> tuple[tuple[date, int], ...]:
        """(day, length of the window from then on), beginning with the start."""
        length, found = self.base_days + self.by_hand_days, [(self.starts_on, self.base_days + self.by_hand_days)]
        for change in self.changes:
            length += change.days
            found.append((change.day, length))
        return tuple(found)


TermsOf = Callable[[str], WorkTerms]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFacts:
    """What the sum starts from. `stages` are in the order of their days, the first one at or before the start."""

    starts_on: date
    base_days: int
    stages: tuple[StageFrom, ...]
    by_hand_days: int = 0

    def stage_on(self, day: date) -> str:
        return next((one.stage for one in reversed(self.stages) if one.day <= day), self.stages[0].stage)


def curve_of(facts: WindowFacts, evidence: Iterable[Evidence], terms_of: TermsOf, today: date) -> Curve:
    """The window on `today`. The order in which evidence is given does not matter."""
    first = terms_of(facts.stages[0].stage)
    counted = _counted(facts, evidence, terms_of, today)
    work_days = sorted({facts.starts_on, *(change.day for change in counted)})
    gains = _capped_gains(counted, first, facts.base_days)
    losses = _capped_losses(_quiet_weeks(facts, work_days, terms_of, today), max(0, facts.base_days - first.floor_days))
    changes = sorted((*gains, *losses), key=lambda change: (change.day, change.days < 0, change.key))
    return Curve(
        starts_on=facts.starts_on, base_days=facts.base_days, by_hand_days=facts.by_hand_days, changes=tuple(changes),
        last_work_on=work_days[-1], today=today, terms=first,
    )  # fmt: skip


def _counted(facts: WindowFacts, evidence: Iterable[Evidence], terms_of: TermsOf, today: date) -> list[Change]:
    """The best piece of each kind on each day, before the caps: five hundred calls on one day are one call."""
    best: dict[tuple[date, str], Change] = {}
    for one in evidence:
        if not facts.starts_on <= one.day <= today:
            continue
        terms = terms_of(facts.stage_on(one.day))
        points = terms.points(one.kind, is_verified=one.is_verified)
        if points <= 0 or _is_late(one, terms):
            continue
        made = Change(
            key=f"{one.kind}:{one.day.isoformat()}", day=one.day, kind=one.kind, days=points, ref=one.ref, is_verified=one.is_verified, clause=terms.clause
        )
        rival = best.get((one.day, one.kind))
        if rival is None or _rank(made) > _rank(rival):
            best[one.day, one.kind] = made
    return [best[key] for key in sorted(best)]


def _rank(change: Change) -> tuple[int, bool, str]:
    return change.days, change.is_verified, change.ref


def _is_late(one: Evidence, terms: WorkTerms) -> bool:
    """Self-reported work that was logged long after it happened does not count: memory is patient."""
    return not one.is_verified and one.known_on is not None and (one.known_on - one.day).days > terms.logged_within


def _most_added(terms: WorkTerms, base_days: int) -> int:
    return max(0, min(terms.most_added, terms.most_days - base_days))


def _capped_gains(counted: Sequence[Change], terms: WorkTerms, base_days: int) -> list[Change]:
    """In the order of days: self-reported work within its own cap, all work within the whole one."""
    room, self_room, found = _most_added(terms, base_days), max(0, terms.self_most), []
    for change in counted:
        days = min(change.days, room) if change.is_verified else min(change.days, room, self_room)
        room -= days
        self_room -= 0 if change.is_verified else days
        if days:
            found.append(_with_days(change, days))
    return found


def _quiet_weeks(facts: WindowFacts, work_days: Sequence[date], terms_of: TermsOf, today: date) -> list[Change]:
    """Every full week without work beyond the allowance, on the day it is full."""
    found: list[Change] = []
    for last, following in pairwise([*work_days, max(today, work_days[-1])]):
        terms = terms_of(facts.stage_on(last))
        weeks = max(0, (following - last).days - terms.quiet_days) // WEEK if terms.week_days > 0 else 0
        for number in range(1, weeks + 1):
            full_on = last + timedelta(days=terms.quiet_days + WEEK * number)
            found.append(Change(key=f"{QUIET}:{last.isoformat()}:{number}", day=full_on, kind=QUIET, days=-terms.week_days, clause=terms.clause))
    return found


def _capped_losses(losses: Sequence[Change], room: int) -> list[Change]:
    found = []
    for change in losses:
        days = min(-change.days, room)
        room -= days
        if days:
            found.append(_with_days(change, -days))
    return found


def _with_days(change: Change, days: int) -> Change:
    return Change(key=change.key, day=change.day, kind=change.kind, days=days, ref=change.ref, is_verified=change.is_verified, clause=change.clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What one more piece of work today would do: days as logged by the partner, and once it is verified."""

    kind: str
    days: int
    days_verified: int


def suggestions(facts: WindowFacts, evidence: Sequence[Evidence], terms_of: TermsOf, today: date) -> tuple[Suggestion, ...]:
    """What would extend the window, the most first: each kind of work tried against the same sum."""
    now = curve_of(facts, evidence, terms_of, today).days

    def gain(kind: str, *, is_verified: bool) -> int:
        tried = Evidence(kind=kind, day=today, ref="~", is_verified=is_verified, known_on=today)
        return curve_of(facts, [*evidence, tried], terms_of, today).days - now

    found = [Suggestion(kind=kind, days=_own(kind, gain), days_verified=gain(kind, is_verified=True)) for kind in EVIDENCE_KINDS]
    return tuple(sorted((one for one in found if one.days_verified > 0), key=lambda one: (-one.days_verified, -one.days, one.kind)))


def _own(kind: str, gain: Callable[..., int]) -> int:
    """A stage and a file are seen by both sides, so they are never self-reported."""
    return gain(kind, is_verified=kind in (STAGE, DOCUMENT))


def next_quiet_on(curve: Curve, facts: WindowFacts, terms_of: TermsOf) -> date | None:
    """The day on which the next quiet week is full when nothing more is done; None when quiet takes nothing (any more)."""
    terms = terms_of(facts.stage_on(curve.last_work_on))
    if terms.week_days <= 0 or curve.taken >= max(0, curve.base_days - curve.terms.floor_days):
        return None
    weeks = max(0, (curve.today - curve.last_work_on).days - terms.quiet_days) // WEEK
    return curve.last_work_on + timedelta(days=terms.quiet_days + WEEK * (weeks + 1))


def ledger(entries: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Days by key, of all steps that were written."""
    total: dict[str, int] = {}
    for key, days in entries:
        total[key] = total.get(key, 0) + days
    return {key: days for key, days in total.items() if days}


def differences(curve: Curve, written: Mapping[str, int]) -> tuple[Change, ...]:
    """What the sum says now and the steps do not yet: new changes, and the opposite of written ones that are gone."""
    now = {change.key: change for change in curve.changes}
    found = [_with_days(change, change.days - written.get(key, 0)) for key, change in now.items() if change.days != written.get(key, 0)]
    for key, days in written.items():
        if key not in now:
            found.append(Change(key=key, day=curve.today, kind=key.partition(":")[0], days=-days, is_verified=True))
    return tuple(sorted(found, key=lambda change: (change.day, change.days, change.key)))
