"""The models again, slowly and from their definitions, to compare with."""

from collections import Counter
from datetime import timedelta
from itertools import combinations, pairwise
from math import factorial
from typing import Any

import numpy as np

from openprm.attribution.engine.journeys import Block, Given

Path = tuple[str, ...]
Row = tuple[Path, float, float, float]  # partners, conversions, value, nulls


def given(rows: list[Row], at: list[list[int]] | None = None, partners: tuple[str, ...] = ()) -> Given:
    names = tuple(sorted({step for path, *_ in rows for step in path} | set(partners)))
    code = {name: place for place, name in enumerate(names)}
    numbers = np.array([row[1:] for row in rows], dtype=np.float64).reshape(len(rows), 3)
    return Given(
        names,
        Block(
            starts=np.cumsum([0, *(len(path) for path, *_ in rows)]),
            partner=np.array([code[step] for path, *_ in rows for step in path], dtype=np.int64),
            conversions=numbers[:, 0],
            value=numbers[:, 1],
            nulls=numbers[:, 2],
            at=None if at is None else np.array([moment for times in at for moment in times], dtype=np.int64),
        ),
    )


def markov(rows: list[Row], order: int, what: int = 1) -> dict[str, float]:
    """Removal effects by solving the chain once more without each partner's states. `what` is 1 for conversions, 2 for value."""
    walks = []
    for path, conversions, value, nulls in rows:
        windows = [path[place : place + order] for place in range(len(path) - order + 1)] or [path]
        walk = [state for place, state in enumerate(windows) if place == 0 or state != windows[place - 1]]
        walks.append((walk, conversions + nulls, (conversions, value)[what - 1]))
    states = sorted({state for walk, *_ in walks for state in walk})
    place = {state: number for number, state in enumerate(states)}
    moves, gain, leaving, start = np.zeros((len(states), len(states))), np.zeros(len(states)), np.zeros(len(states)), np.zeros(len(states))
    for walk, weight, won in walks:
        start[place[walk[0]]] += weight
        for here, there in pairwise(walk):
            moves[place[here], place[there]] += weight
        for here in walk:
            leaving[place[here]] += weight
        gain[place[walk[-1]]] += won
    leaving[leaving == 0] = 1.0

    def brought(kept: list[int]) -> float:
        step = (moves / leaving[:, None])[np.ix_(kept, kept)]
        return float(start[kept] @ np.linalg.solve(np.eye(len(kept)) - step, (gain / leaving)[kept]))

    whole = brought(list(range(len(states))))
    partners = sorted({step for state in states for step in state})
    without = {partner: brought([number for number, state in enumerate(states) if partner not in state]) for partner in partners}
    return {partner: 1 - left / whole for partner, left in without.items()}


def shapley(rows: list[Row]) -> dict[str, float]:
    """Over every coalition: v(S) is the conversions of journeys whose partners all lie in S."""
    partners = sorted({step for path, *_ in rows for step in path})
    sets = Counter()
    for path, conversions, *_ in rows:
        sets[frozenset(path)] += conversions

    def worth(coalition: frozenset[str]) -> float:
        return sum(won for members, won in sets.items() if members <= coalition)

    credit = dict.fromkeys(partners, 0.0)
    for partner in partners:
        others = [other for other in partners if other != partner]
        for size in range(len(others) + 1):
            chance = factorial(size) * factorial(len(others) - size) / factorial(len(partners))
            for some in combinations(others, size):
                credit[partner] += chance * (worth(frozenset(some) | {partner}) - worth(frozenset(some)))
    return credit


def belongs(touch: Any, deal: Any, days: int) -> bool:
    """Whether a touch stands before this deal: done for it, or at its customer within `days` before the close.

    A registration takes what was done for no deal in particular; the vendor's own opportunity takes all that happened at its customer.
    """
    if touch.occurred_at > deal.closed_at:
        return False
    if touch.about == deal.id:
        return True
    near = touch.account_id is not None and touch.account_id == deal.account_id and touch.occurred_at >= deal.closed_at - timedelta(days=days)
    return near and (touch.about is None or deal.kind == "opportunity")
