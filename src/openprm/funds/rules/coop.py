"""Co-op money: what a won deal earns, what of it is still there, and what runs out. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from openprm.kernel.money import Money

WARN_DAYS = (60, 30, 7)
"""How long before the end a partner is warned."""

MIN_NOTICE = timedelta(days=7)
"""Nothing runs out sooner than so many days after its first warning, even when the warning came late."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Money of one deal that ends on one day. `minor` already holds its corrections."""

    id: Any
    minor: int
    expires_on: date
    warned_on: date | None = None


@dataclass(frozen=True, slots=True)
class LotLeft:
    lot: Lot
    left: int


def accrued(revenue: Money, percent: Decimal) -> Money:
    """The share of a deal's revenue that goes into the pot, halves to even."""
    return Money(int((Decimal(revenue.minor) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)), revenue.currency)


def correction(before: int, revenue: Money, percent: Decimal) -> int:
    """What a line must add so that a deal stands at its new revenue."""
    return accrued(revenue, percent).minor - before


def left_of(lots: Iterable[Lot], used: int) -> tuple[LotLeft, ...]:
    """What is left of each lot when `used` was taken from the pot: whatever ends first is used first."""
    found = []
    for lot in sorted(lots, key=lambda one: (one.expires_on, str(one.id))):
        taken = min(max(lot.minor, 0), max(used, 0))
        used -= taken
        found.append(LotLeft(lot, max(lot.minor, 0) - taken))
    return tuple(found)


def to_expire(lots: Iterable[Lot], *, used: int, available: int, today: date) -> tuple[LotLeft, ...]:
    """What runs out today: over its day, warned long enough ago, and never more than what is free."""
    found = []
    for one in left_of(lots, used):
        amount = min(one.left, available)
        if amount > 0 and one.lot.expires_on < today and _was_warned(one.lot, today):
            found.append(LotLeft(one.lot, amount))
            available -= amount
    return tuple(found)


def _was_warned(lot: Lot, today: date) -> bool:
    return lot.warned_on is not None and today - lot.warned_on >= MIN_NOTICE


def warning_due(expires_on: date, today: date, given: Sequence[int]) -> int | None:
    """The warning to give now: the nearest threshold that is reached, once. A late run gives one warning, not three."""
    left = (expires_on - today).days
    reached = [days for days in WARN_DAYS if left <= days]
    if not reached:
        return None
    nearest = min(reached)
    return None if any(days <= nearest for days in given) else nearest
