"""How long a promise may take, who gets which time, and which change needs notice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

MOST = {"business_hours": 2000, "business_days": 250, "days": 365}
NOTICE = timedelta(days=14)
DUE_SOON_AFTER = (3, 4)  # three quarters of the time


class Unit(StrEnum):
    BUSINESS_HOURS = "business_hours"
    BUSINESS_DAYS = "business_days"
    DAYS = "days"


class Pace(StrEnum):
    """The promise class of a partner: how much of the published time the vendor allows itself."""

    STANDARD = "standard"
    PRIORITY = "priority"
    EXPRESS = "express"


_SHARE = {Pace.STANDARD: 1, Pace.PRIORITY: 2, Pace.EXPRESS: 4}


def at_pace(seconds: int, pace: str) -> int:
    """The time allowed in a promise class: all of it, half or a quarter, in whole seconds rounded down, never none."""
    return max(1, seconds // _SHARE[Pace(pace)])


def quickest(*paces: str) -> Pace:
    """The class that counts when several reasons give one."""
    return max((Pace(pace) for pace in paces), key=lambda pace: _SHARE[pace], default=Pace.STANDARD)


class NotATarget(ValueError):
    """The amount is not a whole number in the range of its unit."""


@dataclass(frozen=True)
class Target:
    """`amount` of `unit`. A business day is one full working day of the calendar, a day is 24 hours whatever the clock says."""

    amount: int
    unit: Unit = Unit.BUSINESS_DAYS

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        if isinstance(self.amount, bool) or not isinstance(self.amount, int) or not 1 <= self.amount <= MOST[self.unit]:
            raise NotATarget(f"{self.amount} {self.unit}")

    def seconds(self, full_day: int) -> int:
        """The time allowed: working seconds, or elapsed seconds for `days`. `full_day` is the calendar's working day."""
        each = {Unit.BUSINESS_HOURS: 3600, Unit.BUSINESS_DAYS: full_day, Unit.DAYS: 86_400}
        return self.amount * each[self.unit]

    @property
    def counts_working_time(self) -> bool:
        return self.unit is not Unit.DAYS

    def usual_seconds(self, full_day: int) -> int:
        """How long it usually takes on the clock, five days of work in seven: to tell which of two targets is slower."""
        if self.unit is Unit.DAYS:
            return self.amount * 86_400
        return self.seconds(full_day) * 86_400 * 7 // (full_day * 5)


@dataclass(frozen=True, kw_only=True)
class Version:
    """One published target. `program_id` None is for all programs, `tier_code` "" for all tiers; `target` None withdraws
    what was published for exactly this program and tier, so that the wider one counts again."""

    id: UUID
    number: int
    target: Target | None
    effective_at: datetime
    program_id: UUID | None = None
    tier_code: str = ""


def in_force(versions: Iterable[Version], *, program_id: UUID | None, tier_code: str, at: datetime) -> Version | None:
    """The version that counts: the narrowest of those that fit, and of these the one that took effect last."""
    fitting = [version for version in versions if _fits(version, program_id, tier_code) and version.effective_at <= at]
    for narrowness in (2, 1, 0):
        newest = max((one for one in fitting if _narrowness(one) == narrowness), key=_recency, default=None)
        if newest and newest.target:
            return newest
    return None


def _fits(version: Version, program_id: UUID | None, tier_code: str) -> bool:
    return version.program_id in (None, program_id) and version.tier_code in ("", tier_code)


def _narrowness(version: Version) -> int:
    return (version.program_id is not None) + (version.tier_code != "")


def _recency(version: Version) -> tuple[datetime, int]:
    return version.effective_at, version.number


def earliest_effect(*, old: Target | None, new: Target | None, owed_by: str, full_day: int, at: datetime) -> datetime:
    """When a change may take effect: at once when it helps the partner, after the notice period when it hurts.

    A vendor's promise hurts when it gets slower or is withdrawn, a partner's duty when it gets quicker.
    """
    if old is None or old == new:
        return at
    before, after = old.usual_seconds(full_day), new.usual_seconds(full_day) if new else None
    hurts = after is None or (after > before if owed_by == "vendor" else after < before)
    return at + NOTICE if hurts else at
