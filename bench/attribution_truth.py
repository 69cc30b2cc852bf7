"""How far each model's credit is from a truth that is known, because the deals were made up.

    .venv/bin/python bench/attribution_truth.py [--deals 40000] [--worlds 5]

Two simulated worlds. In "logistic" the chance to win is logistic in which partners took part and in two facts of the deal; in
"multiplied" every partner multiplies the chance to lose, pairs of partners help each other, and nothing is logistic. In both,
partners choose the better deals, some of those present change nothing, and those who do much are not those who touch often. "not told the facts" is the data-driven model without the two facts of the deal: what
a file of touches alone can know.

The truth: a partner's part is the sum over all deals of the chance that would be gone without it. The error of a model is half
the sum of the absolute differences of the partners' parts: the part of all credit that went to the wrong partner.
Prints one line of JSON for each kind of world: the error of each model (mean over the worlds), the best rule, the ratio of the
data-driven model to it, and how often the truth lay within the 90 % interval.
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from openprm.attribution.engine.journeys import Block, Given
from openprm.attribution.engine.models import Settings
from openprm.attribution.engine.running import attribute

PARTNERS, DAY = 12, 86_400_000_000
RULES = ("first", "last", "linear", "time-decay", "position-decay", "u-shaped", "w-shaped", "z-shaped", "markov", "markov-per-deal", "shapley")
TARGET = 1 / 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=int, default=40_000)
    parser.add_argument("--worlds", type=int, default=5)
    asked = parser.parse_args()
    for kind in ("logistic", "multiplied"):
        print(json.dumps(measure(kind, asked.deals, asked.worlds)))


def measure(kind: str, deals: int, worlds: int) -> dict:
    started, errors, within = time.process_time(), {}, []
    for seed in range(worlds):
        source, truth = world(kind, deals, np.random.default_rng(seed))
        hidden = Given(source.partners, replace(source.block, covariates=None))
        blind = attribute(hidden, ("logistic",), Settings()).credit["logistic"].conversions
        errors.setdefault("logistic, not told the facts", []).append(np.abs(blind / blind.sum() - truth).sum() / 2)
        found = attribute(source, (*RULES, "logistic"), Settings(intervals=True)).credit
        for name, credit in found.items():
            errors.setdefault(name, []).append(np.abs(credit.conversions / credit.conversions.sum() - truth).sum() / 2)
        total = found["logistic"].conversions.sum()
        within.append(np.mean((found["logistic"].low[0] <= truth * total) & (truth * total <= found["logistic"].high[0])))
    mean = {name: round(float(np.mean(values)), 4) for name, values in errors.items()}
    best = min(RULES, key=mean.__getitem__)
    ratio = mean["logistic"] / mean[best]
    return {
        "world": kind, "deals": deals, "worlds": worlds, "share_error": mean, "best_rule": best, "ratio_to_best_rule": round(ratio, 3),
        "truth_within_90_percent_interval": round(float(np.mean(within)), 2), "cpu_seconds": round(time.process_time() - started, 1),
        "target_ratio": round(TARGET, 3) if kind == "logistic" else None, "met": ratio <= TARGET if kind == "logistic" else None,
    }  # fmt: skip


def world(kind: str, deals: int, chance: np.random.Generator) -> tuple[Given, np.ndarray]:
    """The journeys as a model sees them, and each partner's true part."""
    facts = chance.normal(size=(deals, 2))
    effect = np.where(np.arange(PARTNERS) % 2 == 0, 0.0, np.linspace(0.3, 1.8, PARTNERS))
    liking = np.linspace(1.2, -0.2, PARTNERS)
    present = chance.random((deals, PARTNERS)) < 1 / (1 + np.exp(1.6 - np.outer(facts[:, 0], liking)))
    present[np.arange(deals), chance.integers(0, PARTNERS, deals)] = True
    wins = {"logistic": _logistic, "multiplied": _multiplied}[kind]
    whole = wins(present, facts, effect)
    gone = np.array([np.sum(whole - wins(present & (np.arange(PARTNERS) != partner), facts, effect)) for partner in range(PARTNERS)])
    return _journeys(present, facts, chance.random(deals) < whole, chance), gone / gone.sum()


def _logistic(present: np.ndarray, facts: np.ndarray, effect: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(2.6 - present @ effect - 0.9 * facts[:, 0] - 0.5 * facts[:, 1]))


def _multiplied(present: np.ndarray, facts: np.ndarray, effect: np.ndarray) -> np.ndarray:
    alone = present @ np.log(1 - effect / 4)
    pairs = sum((present[:, one] & present[:, one + 2]) * np.log(0.85) for one in range(1, PARTNERS - 2, 2))
    base = 0.12 * (1 + np.tanh(facts[:, 0])) + 0.02 * (facts[:, 1] > 0)
    return 1 - (1 - base) * np.exp(alone + pairs)


def _journeys(present: np.ndarray, facts: np.ndarray, won: np.ndarray, chance: np.random.Generator) -> Given:
    """One to four touches of each partner that is there, the idle ones more often, at any time in 90 days."""
    deal, partner = np.nonzero(present)
    touches = 1 + chance.binomial(3, np.where(partner % 2 == 0, 0.6, 0.15))
    deal, partner = np.repeat(deal, touches), np.repeat(partner, touches)
    at = (chance.random(len(deal)) * 90 * DAY).astype(np.int64)
    order = np.lexsort((at, deal))
    starts = np.concatenate([[0], np.cumsum(np.bincount(deal, minlength=len(present)))])
    value = won * chance.lognormal(9, 1, len(present))
    names = tuple(f"partner {number}" for number in range(PARTNERS))
    return Given(names, Block(starts, partner[order], won.astype(float), 1.0 - won, value, at=at[order], covariates=facts))


if __name__ == "__main__":
    main()
