"""Removal effects by solving the absorbing chain: what is lost when every visit to a partner ends the journey unsuccessfully."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.journeys import Floats, Ints
from openprm.attribution.engine.markov.counting import Counts

if TYPE_CHECKING:
    from scipy import sparse

LARGEST_DENSE = 1_000
AT_ONCE = 1_000_000
EXACT, TINY = 1e-13, 1e-300
FEW_SWEEPS, LEAP, SWEEPS = 300, 12, 200_000
NOBODY = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Removal:
    """For each partner, the part of all conversions, and of all value, that journeys through it bring. They do not add up to 1."""

    conversions: Floats
    value: Floats


@dataclass(frozen=True, eq=False)
class Chain:
    """`start` is where journeys begin, `chance` that of each move, `gain` what ends in a state: conversions and value for a visit."""

    start: Floats
    gain: Floats
    move_from: Ints
    move_to: Ints
    chance: Floats

    @cached_property
    def step(self) -> sparse.csr_array:
        from scipy import sparse  # 30 MB that the few states of order 1 do without

        return sparse.csr_array((self.chance, (self.move_from, self.move_to)), shape=(len(self.start), len(self.start)))

    @cached_property
    def whole_step(self) -> Floats:
        step = np.zeros((len(self.start), len(self.start)))
        step[self.move_from, self.move_to] = self.chance
        return step


def removal_effects(counts: Counts, partners: int) -> Removal:
    """Raises CannotCompute when the chain has no solution that meets the accuracy asked for."""
    if not len(counts.states):
        return Removal(np.zeros(partners), np.zeros(partners))
    chain = _chain(counts)
    held = [np.flatnonzero(counts.holds(partner)) for partner in range(partners)]
    lost, total = _dense(chain, held) if len(chain.start) <= LARGEST_DENSE else _sparse(chain, held)
    effects = np.divide(lost, total, out=np.zeros_like(lost), where=total > 0)
    return Removal(effects[:, 0], effects[:, 1])


def _chain(counts: Counts) -> Chain:
    size = len(counts.states)
    leaving = np.bincount(counts.move_from, weights=counts.moves, minlength=size) + counts.won + counts.lost
    leaving[leaving == 0] = 1.0
    gain = np.stack([counts.won, counts.value], axis=1) / leaving[:, None]
    chance = counts.moves / leaving[counts.move_from]
    return Chain(counts.start / max(counts.start.sum(), TINY), gain, counts.move_from, counts.move_to, chance)


def _dense(chain: Chain, held: list[Ints]) -> tuple[Floats, Floats]:
    """With N = (I - Q)^-1: the first visit to the partner's states H falls on them by h, where h N[H,H] = N[start,H]; lost is h N r."""
    visits = np.linalg.inv(np.eye(len(chain.start)) - chain.whole_step)
    worth, reached = visits @ chain.gain, chain.start @ visits
    lost = np.zeros((len(held), 2))
    for partner, states in enumerate(held):
        if len(states):
            lost[partner] = np.linalg.solve(visits[np.ix_(states, states)].T, reached[states]) @ worth[states]
    return lost, chain.start @ worth


def _sparse(chain: Chain, held: list[Ints]) -> tuple[Floats, Floats]:
    """The same without an inverse: how often each state is visited while nobody has met the partner, and so the first visits to its states.

    Only states from which journeys move on are solved for. Every term is above 0, so that a small effect is as exact as a large one.
    """
    inner = np.flatnonzero(np.diff(chain.step.indptr))
    place = np.full(len(chain.start), -1)
    place[inner] = np.arange(len(inner))
    coming = chain.step[inner].T.tocsr()
    among, begin = coming[inner], chain.start[inner, None]
    worth, visits = _solved(chain.step, chain.gain), _solved(among, begin)
    lost = np.zeros((len(held), 2))
    for some in _chunks(held, max(1, AT_ONCE // max(1, len(inner)))):
        gone = np.concatenate([place[held[partner]] * len(some) + column for column, partner in enumerate(some)])
        gone = gone[gone >= 0]
        untouched = _solved(among, _without(begin, len(some), gone), gone=gone, guess=_without(visits, len(some), gone))
        reached = coming @ untouched + chain.start[:, None]
        for column, partner in enumerate(some):
            lost[partner] = reached[held[partner], column] @ worth[held[partner]]
    return lost, chain.start @ worth


def _chunks(held: list[Ints], width: int) -> Iterator[list[int]]:
    seen = [partner for partner, states in enumerate(held) if len(states)]
    return (seen[begin : begin + width] for begin in range(0, len(seen), width))


def _without(column: Floats, many: int, gone: Ints) -> Floats:
    """The column so many times, 0 at the places that are gone."""
    columns = np.repeat(column, many, axis=1)
    columns.ravel()[gone] = 0.0
    return columns


def _solved(step: sparse.csr_array, ends: Floats, *, gone: Ints = NOBODY, guess: Floats | None = None) -> Floats:
    """x = Q x + ends in every column, 0 at the places that are gone; each column scaled to its own size."""
    scale = np.linalg.norm(ends, axis=0)
    scale[scale == 0] = 1.0
    target = ends / scale
    found, settled = _swept(step, target, gone, target if guess is None else guess / scale)
    if not settled:
        found, settled = _swept(step, target, gone, _krylov(step, target, gone, found), most=SWEEPS, leaps=False)
    if not settled:
        raise CannotCompute("the Markov chain could not be solved exactly: journeys in it hardly ever end")
    return found * scale


def _swept(step: sparse.csr_array, target: Floats, gone: Ints, found: Floats, *, most: int = FEW_SWEEPS, leaps: bool = True) -> tuple[Floats, bool]:
    """Sweeps until nothing moves by more than rounding; and whether that came to be. They always converge, as every state leads to an end.

    What is still to come shrinks by about the same factor in every sweep, after some: now and then all of it is added at once.
    """
    before = None
    for sweep in range(1, most + 1):
        swept = step @ found
        swept += target
        swept.ravel()[gone] = 0.0
        moved = swept - found
        if (np.abs(moved).max(axis=0, initial=0.0) <= 4 * EXACT * swept.max(axis=0, initial=0.0)).all():
            return swept, True
        if leaps and before is not None and sweep % LEAP == 0:
            shrinks = np.einsum("ij,ij->j", moved, before) / np.maximum(np.einsum("ij,ij->j", before, before), TINY)
            shrinks = np.clip(shrinks, 0.0, 0.999)
            swept += moved * (shrinks / (1.0 - shrinks))
            np.maximum(swept, 0.0, out=swept)
            before = None
        else:
            before = moved
        found = swept
    return found, False


def _krylov(step: sparse.csr_array, target: Floats, gone: Ints, found: Floats) -> Floats:
    """For journeys that wander for long: the stabilised bi-conjugate gradient method, all columns as one system."""
    from scipy.sparse.linalg import LinearOperator, bicgstab

    def on(values: Floats) -> Floats:
        passed = step @ values.reshape(target.shape)
        passed.ravel()[gone] = 0.0
        return values - passed.ravel()

    system = LinearOperator((target.size, target.size), matvec=on, dtype=np.float64)
    better, _ = bicgstab(system, target.ravel(), x0=found.ravel(), rtol=EXACT, atol=0.0, maxiter=2_000)
    return np.where(np.isfinite(better), np.maximum(better, 0.0), 0.0).reshape(target.shape)
