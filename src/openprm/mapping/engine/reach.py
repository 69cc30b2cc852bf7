"""How far companies are looked for: the longer the lists, the more is alike by chance, and the closer two names must be to be compared."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reach:
    """`overlap` and `letters` are the least of either with which a pair is looked at closely.

    `word_pairs` and `key_pairs`: a word, or another key, that would give more pairs is too common to be looked up alone.
    `beginning`: how many first letters make a key. `heaviest`: whether a row is looked up by those of its words alone without
    which no `overlap` is possible.
    """

    overlap: float
    letters: float
    word_pairs: int
    key_pairs: int
    beginning: int
    heaviest: bool


_BY_ROWS = (
    (0, Reach(0.35, 0.55, 2_500, 2_500, 7, heaviest=False)),
    (150_000, Reach(0.5, 0.7, 2_500, 2_500, 7, heaviest=False)),
    (1_000_000, Reach(0.85, 0.8, 2_500, 400, 9, heaviest=True)),
)


def reach(rows: int) -> Reach:
    """For lists of so many rows together."""
    return [one for least, one in _BY_ROWS if rows >= least][-1]
