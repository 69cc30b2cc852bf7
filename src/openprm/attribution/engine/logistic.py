"""A logistic model of winning by which partners took part, and the credit it gives: what is lost when one of them is removed.

What it finds is association in what was observed, adjusted for what it was told; it is no proof of cause.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit

from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.journeys import Block, Floats
from openprm.attribution.engine.shapley import Estimate, of_value
from openprm.attribution.engine.shares import Shares, scaled

RIDGE = 1.0
STEPS = 50
MOST_FITTED = 1_000_000
DRAWS = 200
OBSERVATIONAL = "observational: association in the data, adjusted for what the model was told; not proof of cause"


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients: the intercept, one for each partner, one for each covariate; and their covariance."""

    coefficients: Floats
    covariance: Floats
    partners: int
    journeys: int

    @property
    def effects(self) -> Floats:
        return self.coefficients[1 : self.partners + 1]

    def log_odds(self, block: Block, coefficients: Floats | None = None) -> Floats:
        chosen = self.coefficients if coefficients is None else coefficients
        return _features(block, self.partners) @ chosen

    def drops(self, block: Block, coefficients: Floats | None = None) -> Floats:
        """For each (journey, partner), the part of the chance to win that goes when the partner is removed; 0 where none goes."""
        chosen = self.coefficients if coefficients is None else coefficients
        with_all = self.log_odds(block, chosen)[block.members.journey]
        without = with_all - chosen[1 + block.members.partner]
        return np.maximum(0.0, 1.0 - expit(without) / expit(with_all))

    def shares(self, block: Block) -> Shares:
        """The drops as parts of each journey: equal parts where no partner adds to the chance."""
        members = block.members
        return Shares(members.journey, members.partner, scaled(self.drops(block), members.journey, len(block)))

    def shapley(self, block: Block, journey: int) -> Estimate:
        """The Shapley values of one journey's partners on the modelled chance to win, in the order of their codes."""
        here = block.members.partner[block.members.journey == journey]
        base = self.log_odds(block)[journey] - self.effects[here].sum()
        return of_value(len(here), lambda inside: expit(base + inside @ self.effects[here]))


class Learner:
    """Collects journeys, a block at a time, and fits them. Journeys that look the same are kept once, with their weights.

    Past `most` different ones every second is left out, then every second of the rest, and so on: the same ones on each run.
    """

    def __init__(self, partners: int, *, most: int = MOST_FITTED) -> None:
        self._partners, self._most = partners, most
        self._kept: list[tuple[sparse.csr_array, Floats, Floats]] = []
        self._rows, self._thin = 0, 1

    def add(self, block: Block) -> None:
        block = block.only(block.conversions + block.nulls > 0)
        rows, won, lost = _alike(_features(block, self._partners), block.conversions, block.nulls)
        self._kept.append((rows[:: self._thin], won[:: self._thin], lost[:: self._thin]))
        self._rows += self._kept[-1][0].shape[0]
        while self._rows > self._most:
            self._kept = [(rows[::2], won[::2], lost[::2]) for rows, won, lost in self._kept]
            self._rows, self._thin = sum(rows.shape[0] for rows, _, _ in self._kept), self._thin * 2

    @property
    def left_out(self) -> bool:
        return self._thin > 1

    def fit(self, *, ridge: float = RIDGE) -> Fit:
        """Maximum likelihood with a ridge on every coefficient but the intercept. Raises CannotCompute when nothing can be learnt."""
        won, lost = (np.concatenate([part[place] for part in self._kept]) if self._kept else np.zeros(0) for place in (1, 2))
        if not won.sum() or not lost.sum():
            raise CannotCompute("logistic learns from journeys that were won and from journeys that were not, and there is only one kind")
        rows, won, lost = _alike(sparse.vstack([part[0] for part in self._kept]).tocsr(), won, lost)
        return _fitted(rows, won, lost, ridge, self._partners)


def _features(block: Block, partners: int) -> sparse.csr_array:
    """A row for each journey: 1, then 1 for each of its partners, then its covariates."""
    members = block.members
    ends = np.concatenate([[0], np.cumsum(members.count)])
    present = sparse.csr_array((np.ones(len(members.partner)), members.partner, ends), shape=(len(block), partners))
    parts = [sparse.csr_array(np.ones((len(block), 1))), present]
    return sparse.hstack(parts if block.covariates is None else [*parts, sparse.csr_array(block.covariates)], format="csr")


def _alike(rows: sparse.csr_array, won: Floats, lost: Floats) -> tuple[sparse.csr_array, Floats, Floats]:
    """Equal rows once, in the order in which they come first, their weights summed."""
    mark = rows @ np.random.default_rng(7).random(rows.shape[1])
    _, firsts, place = np.unique(mark, return_index=True, return_inverse=True)
    return rows[firsts], np.bincount(place, weights=won), np.bincount(place, weights=lost)


def _fitted(rows: sparse.csr_array, won: Floats, lost: Floats, ridge: float, partners: int) -> Fit:
    """Newton's steps, halved when the likelihood falls."""
    weight, penalty = won + lost, np.full(rows.shape[1], ridge)
    penalty[0] = 1e-9
    turned, beta = rows.T.tocsr(), np.zeros(rows.shape[1])
    beta[0] = np.log(won.sum() / lost.sum())

    def loss(chosen: Floats) -> float:
        odds = rows @ chosen
        return float(np.sum(weight * np.logaddexp(0.0, odds) - won * odds) + 0.5 * penalty @ chosen**2)

    for _ in range(STEPS):
        chance = expit(rows @ beta)
        slope = turned @ (weight * chance - won) + penalty * beta
        bend = (turned @ rows.multiply((weight * chance * (1 - chance))[:, None]).tocsr()).toarray() + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        while loss(beta - step) > loss(beta) + 1e-9 * abs(loss(beta)) and np.abs(step).max() > 1e-12:
            step = step / 2
        beta = beta - step
        if np.abs(step).max() < 1e-10:
            break
    return Fit(beta, np.linalg.inv(bend), partners, round(float(weight.sum())))


def drawn(fit: Fit, *, draws: int = DRAWS, seed: int = 1) -> Floats:
    """Sets of coefficients around the fit, as its covariance spreads them (normal approximation)."""
    root = np.linalg.cholesky(fit.covariance)
    return fit.coefficients + np.random.default_rng(seed).standard_normal((draws, len(fit.coefficients))) @ root.T
