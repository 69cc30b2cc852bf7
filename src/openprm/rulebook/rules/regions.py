"""The stretches of a fact's values between which a table cannot tell a difference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from ..ports import Fact
from .cells import ANYTHING, Condition, Ref, Value, matches

ORDERED = ("number", "money", "date")
OTHER = "\0other"


@dataclass(frozen=True, slots=True)
class Region:
    """Values that every cell of a column treats alike, with one of them as a sample."""

    sample: Value
    low: Value | None = None
    high: Value | None = None
    ends: str = "()"

    def holds(self, value: Value) -> bool:
        above = self.low is None or value > self.low or (self.ends[0] == "[" and value == self.low)
        below = self.high is None or value < self.high or (self.ends[1] == "]" and value == self.high)
        return above and below

    def as_condition(self) -> Condition:
        if self.low is None and self.high is None:
            return ANYTHING
        if self.low is None:
            return Condition("<=" if self.ends[1] == "]" else "<", (self.high,))
        if self.high is None:
            return Condition(">=" if self.ends[0] == "[" else ">", (self.low,))
        if self.low == self.high:
            return Condition("in", (self.low,))
        return Condition("range", (self.low, self.high), self.ends)


def ordered_regions(fact: Fact, boundaries: Iterable[Value]) -> list[Region]:
    """Points and the gaps between them, from lowest to highest, without gaps that hold no value."""
    points = sorted(set(boundaries))
    if not points:
        return [Region(_anywhere(fact))]
    regions = [Region(_beside(points[0], -1), None, points[0])]
    for low, high in pairwise(points):
        regions.append(Region(low, low, low, "[]"))
        regions += _gap(fact, low, high)
    return [*regions, Region(points[-1], points[-1], points[-1], "[]"), Region(_beside(points[-1], 1), points[-1], None)]


def joined(first: Region, last: Region) -> Region:
    return Region(first.sample, first.low, last.high, first.ends[0] + last.ends[1])


def listed_values(fact: Fact, mentioned: Iterable[Value]) -> list[Value]:
    """Every value that a column of an unordered fact can tell apart; OTHER stands for all unnamed texts."""
    if fact.type == "bool":
        return [True, False]
    known = [option.value for option in fact.options] if fact.type == "choice" else []
    named = list(dict.fromkeys([*known, *mentioned]))
    return named if fact.type == "choice" and not fact.is_open else [*named, OTHER]


def samples(fact: Fact, boundaries: Iterable[Value]) -> list[Value]:
    if fact.type in ORDERED:
        return [region.sample for region in ordered_regions(fact, boundaries)]
    return listed_values(fact, boundaries)


def covers(wide: Condition, narrow: Condition, fact: Fact) -> bool:
    """Whether every value that fits `narrow` fits `wide` too, the unknown value included."""
    if wide.op == "any" or wide == narrow:
        return True
    if wide.refs or narrow.refs:
        return False
    tried: list[Value | None] = [None, *samples(fact, [*wide.values, *narrow.values])]
    return all(matches(wide, value, {}) for value in tried if matches(narrow, value, {}))


def fixed_values(condition: Condition) -> list[Value]:
    return [value for value in condition.values if not isinstance(value, Ref)]


def _gap(fact: Fact, low: Value, high: Value) -> list[Region]:
    sample = _between(fact, low, high)
    return [] if sample is None else [Region(sample, low, high)]


def _between(fact: Fact, low: Value, high: Value) -> Value | None:
    if isinstance(low, date):
        return low + timedelta(days=1) if high - low > timedelta(days=1) else None
    if fact.step is None:
        return (low + high) / 2
    next_up = (low // fact.step + 1) * fact.step
    return next_up if next_up < high else None


def _beside(value: Value, side: int) -> Value:
    return value + (timedelta(days=side) if isinstance(value, date) else Decimal(side))


def _anywhere(fact: Fact) -> Value:
    return date(2000, 1, 1) if fact.type == "date" else Decimal(0)
