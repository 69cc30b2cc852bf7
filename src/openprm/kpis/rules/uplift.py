"""Deals with a partner beside deals without: differences with intervals, refused when there are too few to say anything.

Whatever comes out is an association: partners are not given to deals by lot.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import median

from openprm.kpis.rules.outcomes import Outcome, Why, exact, nothing

Z = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Decided deals of one size: with a partner and without, won and all."""

    won_with: int
    all_with: int
    won_without: int
    all_without: int


def rate_difference(strata: Iterable[Stratum], *, at_least: int) -> Outcome:
    """Difference of win rates in percentage points, strata weighed as Mantel and Haenszel do, with a 95 % interval.

    Refused when either side has fewer than `at_least` deals in strata that have both.
    """
    used = [one for one in strata if one.all_with and one.all_without]
    with_, without = sum(one.all_with for one in used), sum(one.all_without for one in used)
    n = with_ + without
    parts = {"with": with_, "without": without, "won_with": sum(one.won_with for one in used), "won_without": sum(one.won_without for one in used)}
    if min(with_, without) < at_least:
        return nothing(Why.FEW, n=n, parts=parts)
    weights = [one.all_with * one.all_without / (one.all_with + one.all_without) for one in used]
    whole, difference, variance = sum(weights), 0.0, 0.0
    for weight, one in zip(weights, used, strict=True):
        p, q = one.won_with / one.all_with, one.won_without / one.all_without
        difference += weight * (p - q)
        variance += weight**2 * (p * (1 - p) / one.all_with + q * (1 - q) / one.all_without)
    middle, half = difference / whole, Z * sqrt(variance) / whole
    told = {name: exact(one) for name, one in parts.items()}
    told["ratio"] = _ratio_of_rates(parts)
    return Outcome(value=exact(100 * middle), n=n, low=exact(100 * (middle - half)), high=exact(100 * (middle + half)), parts=told)


def _ratio_of_rates(parts: dict[str, int]) -> Decimal | None:
    if not parts["won_without"]:
        return None
    return exact(Decimal(parts["won_with"]) * parts["without"] / (Decimal(parts["won_without"]) * parts["with"]))


def median_difference(with_: list[float], without: list[float], *, at_least: int) -> Outcome:
    """Difference of medians: outliers move it little. The interval combines the order-statistic intervals of both medians."""
    parts = {"with": len(with_), "without": len(without)}
    n = len(with_) + len(without)
    if min(parts.values()) < at_least:
        return nothing(Why.FEW, n=n, parts=parts)
    first, second = _median_interval(with_), _median_interval(without)
    middle = median(with_) - median(without)
    low = middle - sqrt((median(with_) - first[0]) ** 2 + (second[1] - median(without)) ** 2)
    high = middle + sqrt((first[1] - median(with_)) ** 2 + (median(without) - second[0]) ** 2)
    told = {**parts, "median_with": median(with_), "median_without": median(without)}
    return Outcome(value=exact(middle), n=n, low=exact(low), high=exact(high), parts={name: exact(one) for name, one in told.items()})


def _median_interval(values: list[float]) -> tuple[float, float]:
    """Between which order statistics the median lies with 95 %, by the normal form of the sign test."""
    ordered, n = sorted(values), len(values)
    reach = Z * sqrt(n) / 2
    low, high = int(n / 2 - reach), int(n / 2 + reach)
    return ordered[max(low, 0)], ordered[min(high, n - 1)]
