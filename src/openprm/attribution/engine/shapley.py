"""Shapley values: closed forms over journeys, and of any value function over a few partners."""

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial

import numpy as np
import numpy.typing as npt

from openprm.attribution.engine.journeys import Block, Floats
from openprm.attribution.engine.shares import Shares

EXACT_TO = 12
Members = npt.NDArray[np.bool_]
Value = Callable[[Members], Floats]


def of_sets(block: Block) -> Shares:
    """v(S) = what journeys brought whose partners all lie in S. Its Shapley value gives every distinct partner of a journey an equal part."""
    members = block.members
    return Shares(members.journey, members.partner, (1.0 / members.count)[members.journey])


def of_places(block: Block) -> Shares:
    """The same part of a partner, spread over the places at which it stands: 1 / (distinct partners x its touches) for each touch."""
    members = block.members
    touches = np.bincount(members.of_touch, minlength=len(members.journey))
    return Shares(block.journey, block.partner, 1.0 / (members.count[block.journey] * touches[members.of_touch]))


@dataclass(frozen=True, eq=False)
class Estimate:
    """`error` is the standard error of each value: 0 where it was computed exactly."""

    values: Floats
    error: Floats


def of_value(players: int, value: Value, *, exact_to: int = EXACT_TO, pairs: int = 1_000, seed: int = 1) -> Estimate:
    """The Shapley value of each player of a game.

    `value` takes rows of members (True: in the coalition) and answers what each row is worth. Exact over all coalitions up to
    `exact_to` players; above, the mean over `pairs` random orders, each with its reverse, with its standard error.
    """
    if players == 0:
        return Estimate(np.zeros(0), np.zeros(0))
    return _exact(players, value) if players <= exact_to else _sampled(players, value, pairs, np.random.default_rng(seed))


def _exact(players: int, value: Value) -> Estimate:
    coalitions = np.arange(1 << players)
    inside = (coalitions[:, None] >> np.arange(players)) & 1 == 1
    worth, size = value(inside), inside.sum(axis=1)
    chance = np.array([factorial(many) * factorial(players - many - 1) / factorial(players) for many in range(players)])
    values = np.zeros(players)
    for player in range(players):
        without = np.flatnonzero(~inside[:, player])
        values[player] = np.sum(chance[size[without]] * (worth[without | (1 << player)] - worth[without]))
    return Estimate(values, np.zeros(players))


def _sampled(players: int, value: Value, pairs: int, chance: np.random.Generator) -> Estimate:
    found = np.empty((pairs, players))
    for pair in range(pairs):
        order = chance.permutation(players)
        found[pair] = (_along(order, value) + _along(order[::-1], value)) / 2
    return Estimate(found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(pairs))


def _along(order: npt.NDArray[np.int64], value: Value) -> Floats:
    """What each player adds when they come in this order."""
    joined = np.zeros((len(order) + 1, len(order)), np.bool_)
    for place, player in enumerate(order):
        joined[place + 1 :, player] = True
    gained = np.empty(len(order))
    gained[order] = np.diff(value(joined))
    return gained
