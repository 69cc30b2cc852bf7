"""Deals with a partner beside deals without, within groups that are alike: a difference, its interval, and when it is refused.

It is an association. Partners choose deals and deals choose partners; groups make them more alike, not equal.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt

Z95 = 1.959963984540054
LEAST_PER_SIDE = 30
LEAST_PER_CELL = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One decided deal. `stratum` is what makes it comparable: the first of it (the country) also where sizes are compared."""

    stratum: tuple[str, ...]
    with_partner: bool
    is_won: bool
    minor: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a group with a partner shows beside the one without, weighed by how many deals each stratum holds.

    `refused` says why there is no answer: "few" (a side has too few deals) or "apart" (no stratum holds enough of both).
    """

    measure: str
    with_value: float
    without_value: float
    difference: float
    low: float
    high: float
    with_count: int
    without_count: int
    strata: int
    left_out: int
    refused: str = ""


@dataclass(frozen=True, slots=True)
class _Cell:
    count: int
    mean: float
    variance: float


def compare(cases: Sequence[Case]) -> tuple[Comparison, ...]:
    """Win rate over all decided deals; size and time to close over the won ones. Sizes are compared as a ratio of geometric means."""
    won = [case for case in cases if case.is_won]
    return (
        _compared("win_rate", cases, lambda case: float(case.is_won), _rate),
        _ratio(_compared("size", [replace(case, stratum=case.stratum[:1]) for case in won if case.minor > 0], lambda case: log(case.minor), _mean)),
        _compared("days", won, lambda case: float(case.days), _mean),
    )


def _compared(measure: str, cases: Sequence[Case], value: Callable[[Case], float], summed: Callable[[Sequence[float]], _Cell]) -> Comparison:
    sides = {side: sum(case.with_partner is side for case in cases) for side in (True, False)}
    counts = {"with_count": sides[True], "without_count": sides[False]}
    if min(sides.values()) < LEAST_PER_SIDE:
        return _refused(measure, "few", len(cases), counts)
    strata = _strata(cases, value)
    if not strata or min(sum(len(one[side]) for one in strata) for side in (True, False)) < LEAST_PER_SIDE:
        return _refused(measure, "apart", len(cases), counts)
    return _weighed(measure, [(summed(one[True]), summed(one[False])) for one in strata], len(cases), counts)


def _strata(cases: Iterable[Case], value: Callable[[Case], float]) -> list[dict[bool, list[float]]]:
    """Only strata that hold enough deals of both sides say anything."""
    found: dict[tuple[str, ...], dict[bool, list[float]]] = defaultdict(lambda: {True: [], False: []})
    for case in cases:
        found[case.stratum][case.with_partner].append(value(case))
    return [found[key] for key in sorted(found) if min(len(side) for side in found[key].values()) >= LEAST_PER_CELL]


def _weighed(measure: str, cells: Sequence[tuple[_Cell, _Cell]], cases: int, counts: dict[str, int]) -> Comparison:
    total = sum(a.count + b.count for a, b in cells)
    weights = [(a.count + b.count) / total for a, b in cells]
    first = sum(w * a.mean for w, (a, _b) in zip(weights, cells, strict=True))
    second = sum(w * b.mean for w, (_a, b) in zip(weights, cells, strict=True))
    error = sqrt(sum(w * w * (a.variance / a.count + b.variance / b.count) for w, (a, b) in zip(weights, cells, strict=True)))
    gap = first - second
    return Comparison(
        measure=measure, with_value=first, without_value=second, difference=gap, low=gap - Z95 * error, high=gap + Z95 * error,
        strata=len(cells), left_out=cases - total, **counts,
    )  # fmt: skip


def _rate(values: Sequence[float]) -> _Cell:
    """A share; its variance with one success and one failure added (Agresti and Caffo), so that 0 of 8 is not certain."""
    count, won = len(values), sum(values)
    chance = (won + 1) / (count + 2)
    return _Cell(count, won / count, chance * (1 - chance))


def _mean(values: Sequence[float]) -> _Cell:
    count = len(values)
    mean = sum(values) / count
    return _Cell(count, mean, sum((one - mean) ** 2 for one in values) / (count - 1))


def _ratio(found: Comparison) -> Comparison:
    """From logarithms back to money: means become geometric means, the difference a ratio less 1."""
    if found.refused:
        return found
    return Comparison(
        measure=found.measure, with_value=exp(found.with_value), without_value=exp(found.without_value), difference=exp(found.difference) - 1,
        low=exp(found.low) - 1, high=exp(found.high) - 1, with_count=found.with_count, without_count=found.without_count, strata=found.strata,
        left_out=found.left_out,
    )  # fmt: skip


def _refused(measure: str, why: str, cases: int, counts: dict[str, int]) -> Comparison:
    return Comparison(
        measure=measure, with_value=0, without_value=0, difference=0, low=0, high=0, strata=0, left_out=cases, refused=why, **counts
    )  # fmt: skip
