"""How much a word tells: the rarer it is in both lists and among companies at large, the more."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from openprm.mapping.engine.names import NONE, Names

AT_LARGE = 20_000  # names that our knowledge of companies at large counts for
_NEW = 0.5  # how often a word is taken to occur that we do not know
_FLOOR = 0.2


@dataclass(frozen=True)
class Frequencies:
    """In how many names of either list a word occurs. Kept with a mapping, so that a refresh weighs words as the first run did."""

    codes: np.ndarray  # sorted
    left: np.ndarray
    right: np.ndarray
    rows: int

    def weights(self, names: Names) -> np.ndarray:
        """The weight of each word of the vocabulary: ln(all names / names with the word)."""
        left, right = self.counts(names)
        rate = np.fromiter((_at_large().get(word, _NEW) for word in names.vocabulary), np.float64, len(names.vocabulary))
        return np.maximum(np.log((self.rows + AT_LARGE) / (left + right + rate)), _FLOOR).astype(np.float32)

    def counts(self, names: Names) -> tuple[np.ndarray, np.ndarray]:
        """How many left and how many right names have each word of the vocabulary."""
        if not len(self.codes):
            return np.zeros(len(names.codes), np.int32), np.zeros(len(names.codes), np.int32)
        place = np.minimum(np.searchsorted(self.codes, names.codes), len(self.codes) - 1)
        known = self.codes[place] == names.codes
        return np.where(known, self.left[place], 0), np.where(known, self.right[place], 0)


def count_words(left: Names, right: Names) -> Frequencies:
    codes = np.union1d(left.codes, right.codes)
    counts = []
    for names in (left, right):
        count = np.zeros(len(codes), np.int32)
        count[np.searchsorted(codes, names.codes)] = np.bincount(names.words[names.words != NONE], minlength=len(names.codes))
        counts.append(count)
    return Frequencies(codes, *counts, rows=len(left.words) + len(right.words))


@cache
def _at_large() -> dict[str, float]:
    """How many of AT_LARGE names have a common word, as counted on real lists."""
    with files(__package__).joinpath("common.csv").open(encoding="utf-8") as lines:
        return {row["word"]: float(row["per_10000"]) * AT_LARGE / 10_000 for row in csv.DictReader(lines)}
