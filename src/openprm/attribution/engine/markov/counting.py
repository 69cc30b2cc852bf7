"""Counting the moves between states: what a Markov model learns from journeys."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.journeys import Block, Floats, Ints
from openprm.attribution.engine.tally import Tally

LARGEST = 1 << 62


@dataclass(frozen=True, eq=False)
class Counts:
    """`states` are codes; start, won, value and lost are sums for each of them; a move leads from one place in `states` to another.

    A code is the state's partners as digits of base `base`, the latest last; a digit is the partner's code plus 1.
    """

    base: int
    order: int
    states: Ints
    start: Floats
    won: Floats
    value: Floats
    lost: Floats
    move_from: Ints
    move_to: Ints
    moves: Floats

    def holds(self, partner: int) -> npt.NDArray[np.bool_]:
        """Which states contain the partner."""
        found, rest = np.zeros(len(self.states), np.bool_), self.states.copy()
        for _ in range(self.order):
            found |= rest % self.base == partner + 1
            rest //= self.base
        return found


class Counter:
    """Journeys of order k: a state is the last k partners; a journey shorter than k is one state; equal states in a row are one."""

    def __init__(self, partners: int, order: int) -> None:
        self._base, self._order = partners + 1, order
        if self._base ** (order + 1) >= LARGEST:
            raise CannotCompute(f"a Markov model of order {order} over {partners} partners has more states than can be numbered: use a lower order")
        self._begin = Tally(self._base**order, 1)
        self._end = Tally(self._base**order, 3)
        self._move = Tally(self._base ** (order + 1), 1)

    def add(self, block: Block) -> None:
        if not len(block):
            return
        weight = block.conversions + block.nulls
        state = self._states(block)
        opening, closing = block.starts[:-1] + np.minimum(block.lengths, self._order) - 1, block.starts[1:] - 1
        self._begin.add(state[opening], weight)
        self._end.add(state[closing], block.conversions, block.value, block.nulls)
        arrived = np.flatnonzero(block.place >= self._order)
        arrived = arrived[state[arrived] != state[arrived - 1]]
        self._move.add(state[arrived - 1] * self._base + block.partner[arrived] + 1, weight[block.journey[arrived]])

    def _states(self, block: Block) -> Ints:
        """The last k partners at every touch, or as many as there were."""
        digit = block.partner.astype(np.int64) + 1
        state, scale = digit.copy(), 1
        for back in range(1, self._order):
            scale *= self._base
            state[back:] += np.where(block.place[back:] >= back, digit[:-back] * scale, 0)
        return state

    def counts(self) -> Counts:
        opening, (start,) = self._begin.sums()
        closing, (won, value, lost) = self._end.sums()
        moved, (moves,) = self._move.sums()
        source, target = moved // self._base, moved % self._base**self._order
        states = np.unique(np.concatenate([opening, closing, source, target]))
        return Counts(
            self._base,
            self._order,
            states,
            *(_placed(states, opening, start), _placed(states, closing, won), _placed(states, closing, value), _placed(states, closing, lost)),
            np.searchsorted(states, source),
            np.searchsorted(states, target),
            moves,
        )


def _placed(states: Ints, keys: Ints, sums: Floats) -> Floats:
    placed = np.zeros(len(states))
    placed[np.searchsorted(states, keys)] = sums
    return placed
