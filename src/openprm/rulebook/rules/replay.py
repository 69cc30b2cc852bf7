"""What a replay found, as values that can be added up part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject under the rules before and after: its answer now, and over all months what it costs and how often it would have differed."""

    key: str
    before: str
    after: str
    rank_before: float
    rank_after: float
    cost_before: int
    cost_after: int
    months_better: int
    months_worse: int

    @property
    def direction(self) -> str:
        """'up' and 'down' compare the answers of today; 'past' is the same today but was not always."""
        if self.rank_after != self.rank_before:
            return "up" if self.rank_after > self.rank_before else "down"
        return "past" if self.months_better or self.months_worse or self.cost_after != self.cost_before else "same"


@dataclass(frozen=True, slots=True)
class Month:
    """One month over all subjects: how many would have stood better or worse, and what the answers cost."""

    month: str
    better: int
    worse: int
    cost_before: int
    cost_after: int

    def plus(self, other: Month) -> Month:
        return Month(self.month, self.better + other.better, self.worse + other.worse, self.cost_before + other.cost_before, self.cost_after + other.cost_after)


@dataclass(frozen=True)
class Tally:
    """The sums. Adding the tallies of two parts gives the tally of both."""

    up: int = 0
    down: int = 0
    past: int = 0
    same: int = 0
    cost_before: int = 0
    cost_after: int = 0
    moves: Mapping[tuple[str, str], int] = field(default_factory=dict)
    months: tuple[Month, ...] = ()

    @classmethod
    def of(cls, subjects: Iterable[Subject], months: Iterable[Month]) -> Tally:
        found = list(subjects)
        ways = Counter(one.direction for one in found)
        moves = Counter((one.before, one.after) for one in found if one.before != one.after)
        costs = sum(one.cost_before for one in found), sum(one.cost_after for one in found)
        return cls(ways["up"], ways["down"], ways["past"], ways["same"], *costs, dict(moves), tuple(months))

    def plus(self, other: Tally) -> Tally:
        months: dict[str, Month] = {}
        for one in (*self.months, *other.months):
            months[one.month] = months[one.month].plus(one) if one.month in months else one
        return Tally(
            self.up + other.up, self.down + other.down, self.past + other.past, self.same + other.same,
            self.cost_before + other.cost_before, self.cost_after + other.cost_after,
            dict(Counter(self.moves) + Counter(other.moves)), tuple(months[name] for name in sorted(months)),
        )  # fmt: skip

    @property
    def subjects(self) -> int:
        return self.up + self.down + self.past + self.same

    @property
    def cost(self) -> int:
        """What the draft would have cost more, or less when negative."""
        return self.cost_after - self.cost_before

    def as_json(self) -> dict[str, Any]:
        moves = [[before, after, count] for (before, after), count in self.moves.items()]
        numbers = {name: getattr(self, name) for name in ("up", "down", "past", "same", "cost_before", "cost_after")}
        return {**numbers, "moves": moves, "months": [asdict(month) for month in self.months]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Tally:
        numbers = {name: int(kept.get(name, 0)) for name in ("up", "down", "past", "same", "cost_before", "cost_after")}
        moves = {(before, after): int(count) for before, after, count in kept.get("moves", ())}
        return cls(**numbers, moves=moves, months=tuple(Month(**month) for month in kept.get("months", ())))
