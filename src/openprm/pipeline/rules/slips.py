"""How close dates move: how often, how far, and for how much."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Move:
    """One change of one deal's expected close date. A date that was first set is no move."""

    deal_id: UUID
    before: date
    after: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Slip:
    """The moves of one deal together: `days` from the first date to the last (negative when it came nearer)."""

    deal_id: UUID
    moves: int
    pushes: int
    first: date
    last: date
    last_at: datetime

    @property
    def days(self) -> int:
        return (self.last - self.first).days


def slips(moves: Iterable[Move]) -> tuple[Slip, ...]:
    """One line for each deal whose close date moved, the farthest first."""
    by_deal: dict[UUID, list[Move]] = defaultdict(list)
    for move in sorted(moves, key=lambda move: (move.at, move.deal_id)):
        by_deal[move.deal_id].append(move)
    found = (_slip(deal_id, steps) for deal_id, steps in by_deal.items())
    return tuple(sorted(found, key=lambda slip: (-slip.days, -slip.moves, slip.deal_id)))


def _slip(deal_id: UUID, steps: list[Move]) -> Slip:
    return Slip(
        deal_id=deal_id,
        moves=len(steps),
        pushes=sum(step.after > step.before for step in steps),
        first=steps[0].before,
        last=steps[-1].after,
        last_at=steps[-1].at,
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """All slips together. `median_days` is over the deals that end later than they began."""

    deals: int
    later: int
    earlier: int
    median_days: int


def summary(found: Iterable[Slip]) -> Summary:
    every = tuple(found)
    later = sorted(slip.days for slip in every if slip.days > 0)
    middle = (later[(len(later) - 1) // 2] + later[len(later) // 2]) // 2 if later else 0
    return Summary(deals=len(every), later=len(later), earlier=sum(slip.days < 0 for slip in every), median_days=middle)
