"""Who was offered what: whether routing gives every partner its share, by size, region and tier, with the Gini coefficient.

The question behind it: does the published routing favour a few partners more than their capacity explains?
Worked example: docs/algorithms/routing-fairness.md.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isclose, sqrt
from uuid import UUID

FEW_PARTNERS = 10
SOME_PARTNERS = 30
FEW_OFFERS_EACH = 5
NORMAL_95 = 1.96
CURVE_STEPS = 20
SIZES = ((10, "1-9"), (50, "10-49"), (250, "50-249"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One partner in the time looked at: how many leads and what value it was offered, accepted and won.

    `worth` is what shares are taken of: the value offered, or the number of offers.
    """

    partner_id: UUID
    name: str
    size: str
    region: str
    tier: str
    capacity: int
    worth: int = 0
    offers: int = 0
    offered_minor: int = 0
    accepted: int = 0
    accepted_minor: int = 0
    won: int = 0
    won_minor: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a Lorenz curve: the poorest `partners` share of all partners holds the `value` share of everything."""

    partners: float
    value: float


@dataclass(frozen=True, slots=True)
class Gini:
    """How unequal something is: 0 all the same, near 1 one has all. `low` to `high` is the 95 % interval."""

    value: float
    low: float
    high: float
    partners: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Partners that have a size, a region or a tier in common, and their share against their share of the capacity."""

    name: str
    partners: int
    capacity_share: float
    offers: int
    offered_minor: int
    offered_share: float
    accepted_minor: int
    won_minor: int
    accepted: int
    won: int

    @property
    def ratio(self) -> float | None:
        """Offered share by capacity share: 1 is what neutral routing gives, 2 is twice as much."""
        return self.offered_share / self.capacity_share if self.capacity_share else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one partner stands among all, without the others' names."""

    rank: int
    partners: int
    share: float
    expected_share: float
    worth: int
    expected: int
    median: int

    @property
    def ratio(self) -> float | None:
        return self.share / self.expected_share if self.expected_share else None


def gini(values: Iterable[int | float]) -> float:
    """The Gini coefficient of what each partner has.

        G = sum over i of (2 i - n - 1) x_i / (n sum of x_i),   x_1 <= ... <= x_n

    which is half the mean absolute difference of all pairs, divided by the mean.
    C. Gini, Variabilita e mutabilita, Bologna 1912; in this form A. Sen, On Economic Inequality, Oxford 1973, p. 31.
    Nobody, nothing at all, or one partner alone: 0. Raises ValueError for a negative value.
    """
    ordered = sorted(values)
    if ordered and ordered[0] < 0:
        raise ValueError("the Gini coefficient is of amounts that are not negative")
    total, count = sum(ordered), len(ordered)
    if not total or count < 2:
        return 0.0
    return sum((2 * place - count - 1) * value for place, value in enumerate(ordered, start=1)) / (count * total)


def gini_with_interval(values: Iterable[int | float]) -> Gini:
    """The coefficient with its 95 % interval by the jackknife: each partner is left out once.

    B. Efron and C. Stein, The jackknife estimate of variance, Annals of Statistics 9 (1981), p. 586; for the Gini
    coefficient in one pass over sorted values T. Ogwang, Oxford Bulletin of Economics and Statistics 62 (2000), p. 123.
    """
    ordered = sorted(values)
    found, count = gini(ordered), len(ordered)
    if count < 3 or not sum(ordered):
        return Gini(found, found, found, count)
    without = _each_left_out(ordered)
    mean = sum(without) / count
    spread = NORMAL_95 * sqrt((count - 1) / count * sum((one - mean) ** 2 for one in without))
    return Gini(found, max(0.0, found - spread), min(1.0, found + spread), count)


def _each_left_out(ordered: Sequence[int | float]) -> list[float]:
    """The coefficient without each value in turn; with sums from the left this costs no more than the coefficient."""
    count, total = len(ordered), sum(ordered)
    weighted = sum(place * value for place, value in enumerate(ordered, start=1))
    found: list[float] = []
    before: float = 0
    for place, value in enumerate(ordered, start=1):
        before += value
        rest, above = total - value, total - before
        found.append((2 * (weighted - place * value - above) - count * rest) / ((count - 1) * rest) if rest else 0.0)
    return found


def lorenz(values: Iterable[int | float]) -> tuple[Point, ...]:
    """The curve from (0, 0) to (1, 1): M. O. Lorenz, Publications of the American Statistical Association 9 (1905), p. 209."""
    ordered = sorted(values)
    total, count = sum(ordered), len(ordered)
    if not total:
        return (Point(0.0, 0.0), Point(1.0, 1.0))
    points = [Point(0.0, 0.0)]
    so_far: float = 0
    for place, value in enumerate(ordered, start=1):
        so_far += value
        points.append(Point(place / count, so_far / total))
    return tuple(points)


def value_at(curve: Sequence[Point], partners: float) -> float:
    """The height of a Lorenz curve at a share of the partners, on the straight line between two points."""
    for left, right in pairwise(curve):
        if partners <= right.partners or isclose(partners, right.partners):
            step = right.partners - left.partners
            return left.value + (right.value - left.value) * ((partners - left.partners) / step if step else 1)
    return 1.0


def expected(rows: Sequence[Offered]) -> tuple[float, ...]:
    """What each partner would have been offered had the value followed capacity alone; equal parts where nobody has any."""
    total, capacity = sum(row.worth for row in rows), sum(row.capacity for row in rows)
    if not capacity:
        return tuple(total / len(rows) for _row in rows)
    return tuple(total * row.capacity / capacity for row in rows)


def groups(rows: Sequence[Offered], of: Callable[[Offered], str]) -> tuple[Group, ...]:
    """The partners by what `of` says, the best served first."""
    found: dict[str, list[Offered]] = {}
    for row in rows:
        found.setdefault(of(row), []).append(row)
    capacity, worth = sum(row.capacity for row in rows), sum(row.worth for row in rows)
    made = [_group(name, members, capacity or len(rows), worth, bool(capacity)) for name, members in found.items()]
    return tuple(sorted(made, key=lambda group: (-(group.ratio or 0), group.name)))


def _group(name: str, members: Sequence[Offered], capacity: int, worth: int, has_capacity: bool) -> Group:
    return Group(
        name=name,
        partners=len(members),
        capacity_share=(sum(row.capacity for row in members) if has_capacity else len(members)) / capacity,
        offers=sum(row.offers for row in members),
        offered_minor=sum(row.offered_minor for row in members),
        offered_share=sum(row.worth for row in members) / worth if worth else 0.0,
        accepted_minor=sum(row.accepted_minor for row in members),
        won_minor=sum(row.won_minor for row in members),
        accepted=sum(row.accepted for row in members),
        won=sum(row.won for row in members),
    )


def standing(rows: Sequence[Offered], partner_id: UUID) -> Standing | None:
    """One partner's rank by what it was offered, its share and the share that its capacity would give; None for a stranger."""
    own = next((row for row in rows if row.partner_id == partner_id), None)
    if own is None:
        return None
    total = sum(row.worth for row in rows)
    wanted = dict(zip((row.partner_id for row in rows), expected(rows), strict=True))[partner_id]
    return Standing(
        rank=1 + sum(row.worth > own.worth for row in rows),
        partners=len(rows),
        share=own.worth / total if total else 0.0,
        expected_share=wanted / total if total else 0.0,
        worth=own.worth,
        expected=round(wanted),
        median=_median([row.worth for row in rows]),
    )


def _median(values: Sequence[int]) -> int:
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) // 2


def curve(values: Iterable[int | float], steps: int = CURVE_STEPS) -> tuple[Point, ...]:
    """The Lorenz curve at even shares of the partners, for drawing."""
    exact = lorenz(values)
    return tuple(Point(step / steps, value_at(exact, step / steps)) for step in range(steps + 1))


def size_of(employees: int | None) -> str:
    """The size class of a partner by its employees: "1-9", "10-49", "50-249", "250+", or "" where nobody knows."""
    if employees is None:
        return ""
    return next((name for below, name in SIZES if employees < below), "250+")


def confidence(*, partners: int, offers: int) -> str:
    """How much the figures can carry: "none", "little", "some" or "good", by how many partners and offers stand behind them."""
    if partners < 3 or not offers:
        return "none"
    if partners < FEW_PARTNERS or offers < partners * FEW_OFFERS_EACH:
        return "little"
    return "some" if partners < SOME_PARTNERS else "good"
