"""From what can be said about a pair to one score between 0 and 1, and the reasons for it.

The score of a pair by name is a logistic regression whose weights were learned on labelled lists (bench/mapping_weights.py);
a second, smaller one weighs the lead over the next best candidate of either row.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from openprm.mapping.engine.features import FEATURES

TERMS = (*FEATURES, "country_and_overlap", "letters_squared", "overlap_squared", "start_and_letters", "one_name_elsewhere")
REASONS = ("name", "similar name", "country", "city", "web label")  # by name; proofs come before them
HIGHEST_BY_NAME = 0.98
_BY_PROOF, _AND_NAME = 0.95, 0.045


@dataclass(frozen=True)
class Weights:
    pair: np.ndarray  # of TERMS, then the constant
    lead: np.ndarray  # of the pair's logit, its lead among the candidates of both rows, and the constant


@cache
def learned() -> Weights:
    told = tomllib.loads(files(__package__).joinpath("weights.toml").read_text(encoding="utf-8"))
    lead = np.array([told["lead"][name] for name in ("logit", "lead", "constant")])
    return Weights(np.array([told["pair"][name] for name in (*TERMS, "constant")]), lead)


def terms(features: np.ndarray) -> np.ndarray:
    """The features, what some of them say together, and a one."""
    of = {name: features[:, place].astype(np.float64) for place, name in enumerate(FEATURES)}
    more = (
        of["same_country"] * of["overlap"],
        of["letters"] ** 2,
        of["soft_overlap"] ** 2,
        of["starts_with"] * of["letters"],
        of["same_name"] * of["other_country"],
    )
    return np.column_stack([*of.values(), *more, np.ones(len(features))])


def logits(features: np.ndarray, weights: Weights | None = None) -> np.ndarray:
    return terms(features) @ (weights or learned()).pair


def by_name(logit: np.ndarray, left_lead: np.ndarray, right_lead: np.ndarray) -> np.ndarray:
    """The score of pairs that nothing but the name joins."""
    z = np.column_stack([logit, left_lead + right_lead, np.ones(len(logit))]) @ learned().lead
    return HIGHEST_BY_NAME / (1 + np.exp(-np.clip(z, -30, 30)))


def by_proof(letters: np.ndarray, other_country: np.ndarray, contradicted: np.ndarray) -> np.ndarray:
    """The score of pairs with the same domain or identifier: names and countries that agree make it surer, another identifier doubtful."""
    return np.where(contradicted, 0.4, _BY_PROOF + _AND_NAME * letters - 0.02 * other_country)


def reasons(features: np.ndarray) -> np.ndarray:
    """For each pair which of REASONS hold, as bits."""
    of = {name: features[:, place] for place, name in enumerate(FEATURES)}
    same = of["same_name"] > 0
    label = (of["same_label"] > 0) | (of["label_is_name"] > 0.25)
    return sum(np.where(holds, 1 << bit, 0) for bit, holds in enumerate((same, ~same, of["same_country"] > 0, of["same_city"] > 0, label))).astype(np.uint8)
