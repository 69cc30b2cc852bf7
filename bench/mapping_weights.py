"""Learn the weights of the account matching engine from the labelled lists, and say how well they do on lists they have not seen.

    .venv/bin/python bench/mapping_weights.py [--write]

Without --write nothing changes: each labelled set is left out in turn, the weights are learned on the others, and F1 on the set
left out is printed. With it the weights of all sets are written to src/openprm/mapping/engine/weights.toml.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.companies import MAPPING, there, two_lists
from bench.mapping_quality import SETS, best_f1, read_set
from openprm.mapping.engine import candidates, choosing, scoring
from openprm.mapping.engine.exact import exact_pairs
from openprm.mapping.engine.features import FEATURES, features, sides, worth_scoring
from openprm.mapping.engine.frequencies import count_words
from openprm.mapping.engine.reach import reach

BY_HAND = {"same_label": 2.5, "other_domain": -2.0}  # no labelled set has domains on both sides
_RIDGE = 1.0


@dataclass(frozen=True)
class Sample:
    name: str
    left: np.ndarray
    right: np.ndarray
    said: np.ndarray
    true: np.ndarray
    links: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    if not there():
        print("The labelled lists are not here: nothing to learn from.")
        return
    samples = [_sample(name, MAPPING / name, "A.csv", "B.csv") for name in SETS] + [_spoilt()]
    for sample in samples:
        weights = learn([other for other in samples if other is not sample])
        print(f"{sample.name:18} left out: F1 {_f1(sample, weights):.4f}")
    if asked.write:
        _write(learn(samples))


def learn(samples: list[Sample]) -> scoring.Weights:
    said = [scoring.terms(sample.said) for sample in samples]
    share = [np.full(len(s.true), 1000 / max(s.true.sum(), 1)) for s in samples]
    true = np.concatenate([s.true for s in samples])
    pair = _logistic(np.concatenate(said), true, np.concatenate(share))
    if not any(s.name == "spoilt" for s in samples):
        for name, weight in BY_HAND.items():
            pair[FEATURES.index(name)] = weight
    lead = [_lead_terms(s, t @ pair) for s, t in zip(samples, said, strict=True)]
    return scoring.Weights(pair, _logistic(np.concatenate(lead), true, np.concatenate(share)))


def _lead_terms(sample: Sample, logit: np.ndarray) -> np.ndarray:
    return np.column_stack([logit, choosing.leads(sample.left, logit) + choosing.leads(sample.right, logit), np.ones(len(logit))])


def _logistic(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted logistic regression with a ridge on everything but the constant, by Newton's method."""
    ridge = np.full(x.shape[1], _RIDGE)
    ridge[-1] = 1e-6
    found = np.zeros(x.shape[1])
    for _turn in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ found, -30, 30)))
        slope = x.T @ (weight * (y - p)) - ridge * found
        step = np.linalg.solve((x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge), slope)
        found += np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-7:
            break
    return found


def _f1(sample: Sample, weights: scoring.Weights) -> float:
    z = _lead_terms(sample, scoring.terms(sample.said) @ weights.pair) @ weights.lead
    places = choosing.one_to_one(sample.left, sample.right, z)
    return best_f1(z[places], sample.true[places], sample.links)[0]


def _sample(name: str, folder: Path, left_file: str, right_file: str) -> Sample:
    left, right, links = read_set(folder, left_file, right_file)
    exact = exact_pairs(left, right)
    known = count_words(left.names, right.names)
    keys = candidates.keys_of(left, right, known)
    both = sides(left, right, known)
    a, b, said = [], [], []
    for block in candidates.candidates(*keys, candidates.crowded(*keys, reach(known.rows)), len(right)):
        kept = worth_scoring(*both, block.left, block.right, block.strong)
        kept &= ~np.isin(block.left, exact.left) & ~np.isin(block.right, exact.right)
        a.append(block.left[kept])
        b.append(block.right[kept])
        said.append(features(*both, a[-1], b[-1]))
    lefts, rights = np.concatenate(a), np.concatenate(b)
    proven = set(zip(exact.left.tolist(), exact.right.tolist(), strict=True))
    true = np.fromiter(((x, y) in links for x, y in zip(lefts.tolist(), rights.tolist(), strict=True)), bool, len(lefts))
    return Sample(name, lefts, rights, np.concatenate(said), true, len(links - proven))


def _spoilt() -> Sample:
    """Lists with domains, cities and misspellings, which the labelled ones have little of."""
    with TemporaryDirectory() as folder:
        two_lists(10_000, Path(folder), seed=11)
        return _sample("spoilt", Path(folder), "LEFT.csv", "RIGHT.csv")


def _write(weights: scoring.Weights) -> None:
    lines = ["# Learned by bench/mapping_weights.py --write. How each term moves the logit of a pair.", "[pair]"]
    lines += [f"{name} = {value:.4f}" for name, value in zip((*scoring.TERMS, "constant"), weights.pair, strict=True)]
    lines += ["", "# The second step: the logit of the pair and its leads over the next best of either row, added up.", "[lead]"]
    lines += [f"{name} = {value:.4f}" for name, value in zip(("logit", "lead", "constant"), weights.lead, strict=True)]
    (Path(__file__).resolve().parents[1] / "src/openprm/mapping/engine/weights.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
