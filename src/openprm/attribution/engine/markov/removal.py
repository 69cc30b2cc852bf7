"""Removal effects by solving the absorbing chain: what is lost when every visit to a partner ends the journey unsuccessfully."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, bicgstab

from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.journeys import Floats, Ints
from openprm.attribution.engine.markov.counting import Counts

LARGEST_DENSE = 6_000
SWEEPS_OF_A_SOLVE, FASTER_WHEN_DENSE = 60, 20
AT_ONCE = 4_000_000
EXACT = 1e-13
SWEEPS = 200_000


@dataclass(frozen=True, eq=False)
class Removal:
    """For each partner, the part of all conversions, and of all value, that journeys through it bring. They do not add up to 1."""

    conversions: Floats
    value: Floats


@dataclass(frozen=True, eq=False)
class Chain:
    """`start` is where journeys begin, `step` the chance of each move, `gain` what ends in a state: conversions and value for a visit."""

    start: Floats
    step: sparse.csr_array
    gain: Floats


def removal_effects(counts: Counts, partners: int) -> Removal:
    """Raises CannotCompute when the chain has no solution that meets the accuracy asked for."""
    chain = _chain(counts)
    if not len(counts.states):
        return Removal(np.zeros(partners), np.zeros(partners))
    held = [np.flatnonzero(counts.holds(partner)) for partner in range(partners)]
    lost, total = _dense(chain, held) if _is_cheaper_dense(chain, partners) else _sparse(chain, held)
    effects = np.divide(lost, total, out=np.zeros_like(lost), where=total > 0)
    return Removal(effects[:, 0], effects[:, 1])


def _is_cheaper_dense(chain: Chain, partners: int) -> bool:
    size = len(chain.start)
    return size <= LARGEST_DENSE and size**3 / FASTER_WHEN_DENSE <= chain.step.nnz * partners * SWEEPS_OF_A_SOLVE


def _chain(counts: Counts) -> Chain:
    size = len(counts.states)
    leaving = np.bincount(counts.move_from, weights=counts.moves, minlength=size) + counts.won + counts.lost
    leaving[leaving == 0] = 1.0
    step = sparse.csr_array((counts.moves / leaving[counts.move_from], (counts.move_from, counts.move_to)), shape=(size, size))
    gain = np.stack([counts.won, counts.value], axis=1) / leaving[:, None]
    return Chain(counts.start / max(counts.start.sum(), 1e-300), step, gain)


def _dense(chain: Chain, held: list[Ints]) -> tuple[Floats, Floats]:
    """With N = (I - Q)^-1: the first visit to the partner's states H falls on them by h, where h N[H,H] = N[start,H]; lost is h N r."""
    visits = np.linalg.inv(np.eye(len(chain.start)) - chain.step.toarray())
    worth, reached = visits @ chain.gain, chain.start @ visits
    lost = np.zeros((len(held), 2))
    for partner, states in enumerate(held):
        if len(states):
            lost[partner] = np.linalg.solve(visits[np.ix_(states, states)].T, reached[states]) @ worth[states]
    return lost, chain.start @ worth


def _sparse(chain: Chain, held: list[Ints]) -> tuple[Floats, Floats]:
    """The same without an inverse. A state outside of H is worth what it passes on to H, and H what it is worth with nothing removed.

    Every term is above 0, so that a small effect is as exact as a large one.
    """
    size = len(chain.start)
    worth = _solved(chain.step, np.zeros((size, 2), np.bool_), chain.gain)
    lost = np.zeros((len(held), 2))
    for some in _chunks(held, max(1, AT_ONCE // (2 * size))):
        removed = np.zeros((size, 2 * len(some)), np.bool_)
        for column, partner in enumerate(some):
            removed[held[partner], 2 * column : 2 * column + 2] = True
        ending = np.where(removed, np.tile(worth, len(some)), 0.0)
        through = _solved(chain.step, removed, chain.step @ ending)
        lost[some] = (chain.start @ (through + ending)).reshape(-1, 2)
    return lost, chain.start @ worth


def _chunks(held: list[Ints], width: int) -> Iterator[list[int]]:
    seen = [partner for partner, states in enumerate(held) if len(states)]
    return (seen[begin : begin + width] for begin in range(0, len(seen), width))


def _solved(step: sparse.csr_array, removed: np.ndarray, ends: Floats) -> Floats:
    """x = Q x + ends in every column, with x = 0 in the removed states: all columns as one system, each scaled to its own size."""
    ends = np.where(removed, 0.0, ends)
    scale = np.linalg.norm(ends, axis=0)
    scale[scale == 0] = 1.0
    target, shape = ends / scale, ends.shape

    def on(values: Floats) -> Floats:
        values = values.reshape(shape)
        return (values - np.where(removed, 0.0, step @ values)).ravel()

    system = LinearOperator((target.size, target.size), matvec=on, dtype=np.float64)
    found, _ = bicgstab(system, target.ravel(), x0=target.ravel(), rtol=EXACT, atol=0.0, maxiter=2_000)
    return _polished(step, removed, target, found.reshape(shape)) * scale


def _polished(step: sparse.csr_array, removed: np.ndarray, target: Floats, found: Floats) -> Floats:
    """Plain sweeps from there, until nothing moves by more than rounding: they always converge, as every state leads to an end."""
    found = np.where(np.isfinite(found), np.maximum(found, 0.0), 0.0)
    for _ in range(SWEEPS):
        swept = target + np.where(removed, 0.0, step @ found)
        moved = float(np.abs(swept - found).max(initial=0.0))
        found = swept
        if moved <= 4 * EXACT * max(1.0, float(found.max(initial=0.0))):
            return found
    raise CannotCompute("the Markov chain could not be solved exactly: journeys in it hardly ever end")
