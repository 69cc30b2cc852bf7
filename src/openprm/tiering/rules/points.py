"""Points with partial credit and floors: each metric gives a part of its points, up to all of them, and some may not be zero."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PointsLine:
    """`metric` gives `most` points from `full_at` upwards, and its share of them below. A floored one must be above zero."""

    clause: str
    metric: str
    full_at: Decimal
    most: Decimal
    is_floored: bool = False


@dataclass(frozen=True, slots=True)
class Earned:
    line: PointsLine
    have: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """`floors_met`: every floored metric gave something. A threshold is passed only when it is."""

    points: Decimal
    most: Decimal
    floors_met: bool
    lines: tuple[Earned, ...] = ()


def points_for(have: Decimal | None, full_at: Decimal, most: Decimal) -> Decimal:
    """Linear up to `full_at`, never below 0 nor above `most`, cut to hundredths. The columnar twin does the same arithmetic."""
    if have is None or have <= 0 or full_at <= 0:
        return Decimal(0)
    share = min(float(have) / float(full_at), 1.0)
    return Decimal(math.floor(float(most) * share * 100 + 1e-9)) / 100


def earn(lines: Sequence[PointsLine], facts: Mapping[str, Decimal | None]) -> Score:
    """The points of one partner."""
    earned = tuple(Earned(line, facts.get(line.metric), points_for(facts.get(line.metric), line.full_at, line.most)) for line in lines)
    floors = all(one.points > 0 for one in earned if one.line.is_floored)
    return Score(sum((one.points for one in earned), Decimal(0)), sum((line.most for line in lines), Decimal(0)), floors, earned)
