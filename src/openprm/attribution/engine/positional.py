"""Models that look at the place, or the time, of a touch in its journey."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.journeys import Block, Floats
from openprm.attribution.engine.shares import Shares, scaled

DAY = 86_400_000_000
U_SHAPED, W_SHAPED, Z_SHAPED = (40, 20, 40), (30, 30, 30, 10), (22.5, 22.5, 22.5, 22.5, 10)
Spread = Callable[[Block], Shares]


def first(block: Block) -> Shares:
    return Shares(np.arange(len(block)), block.partner[block.starts[:-1]], np.ones(len(block)))


def last(block: Block) -> Shares:
    return Shares(np.arange(len(block)), block.partner[block.starts[1:] - 1], np.ones(len(block)))


def linear(block: Block) -> Shares:
    return Shares(block.journey, block.partner, (1.0 / block.lengths)[block.journey])


def time_decay(half_life: float) -> Spread:
    """A touch weighs half as much as one that came `half_life` days later."""

    def spread(block: Block) -> Shares:
        if block.at is None:
            raise CannotCompute("time-decay needs the times of the touches, and paths have none: use position-decay")
        age = (block.at[block.starts[1:] - 1][block.journey] - block.at) / (DAY * half_life)
        return _by_weight(block, np.exp2(-age))

    return spread


def position_decay(block: Block) -> Shares:
    """A touch weighs half as much as the next one."""
    return _by_weight(block, np.exp2(-_from_end(block).astype(np.float64)))


@dataclass(frozen=True)
class Shape:
    """Credit by place: to the first touch, to one or two inner ones, to the last, and what is left to all others in equal parts.

    `first/rest/last` is the U, `first/lead/last/rest` the W, `first/lead/opportunity/last/rest` the Z. The inner places are the
    middle of the journey (W), or a third and two thirds of it (Z). Where a journey is too short to have a place, its weight goes
    to the others as they stand to each other.
    """

    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.weights) not in (3, 4, 5) or min(self.weights) < 0 or sum(self.weights) <= 0 or not np.isfinite(self.weights).all():
            raise CannotCompute("weights are FIRST/REST/LAST, FIRST/LEAD/LAST/REST or FIRST/LEAD/OPPORTUNITY/LAST/REST: none negative, one of them above 0")

    def __call__(self, block: Block) -> Shares:
        head, inner, tail, rest = self._parts()
        length, place = block.lengths[block.journey], block.place
        weight = np.where(place == 0, head, 0.0) + np.where(place == length - 1, tail, 0.0)
        named = (place == 0) | (place == length - 1)
        for part, spot in zip(inner, _inner_places(len(inner), length), strict=True):
            here = (place == spot) & (length > 2)
            weight += np.where(here, part, 0.0)
            named |= here
        others = np.bincount(block.journey, weights=~named, minlength=len(block))[block.journey]
        weight += np.where(named, 0.0, rest / np.maximum(others, 1))
        return _by_weight(block, weight)

    def _parts(self) -> tuple[float, Sequence[float], float, float]:
        if len(self.weights) == 3:
            head, rest, tail = self.weights
            return head, (), tail, rest
        *inner, tail, rest = self.weights[1:]
        return self.weights[0], inner, tail, rest


def _inner_places(count: int, length: np.ndarray) -> Sequence[np.ndarray]:
    if count == 1:
        return ((length - 1) // 2,)
    third = np.maximum((length - 1) // 3, 1)
    return (third, length - 1 - third)[:count]


def _from_end(block: Block) -> np.ndarray:
    return block.lengths[block.journey] - 1 - block.place


def _by_weight(block: Block, weight: Floats) -> Shares:
    return Shares(block.journey, block.partner, scaled(weight, block.journey, len(block)))
