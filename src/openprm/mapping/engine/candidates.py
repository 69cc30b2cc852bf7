"""Which rows are worth comparing: those that share a telling word, two common words, a beginning, initials or a misspelt word.

Whether two rows are candidates depends on the two rows and on the frequencies alone, never on what else is in the lists:
that is why a refresh may compare the changed rows only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openprm.mapping.engine.codes import code_of, codes_less_one, mixed, spread, within
from openprm.mapping.engine.companies import Companies
from openprm.mapping.engine.frequencies import Frequencies
from openprm.mapping.engine.names import NONE, Names
from openprm.mapping.engine.reach import Reach, reach

BLOCK = 50_000
MOST_SPELT = 20  # names with a word; commoner words tell too little for their misspellings to be looked up
_SPELT = (5, 16)  # length of words that are looked up with one letter changed
_SEEDS = {name: np.uint64(0xD1342543DE82EF95 * (place + 1) % 2**64) for place, name in enumerate(("word", "two", "whole", "begin", "initials", "misspelt"))}


@dataclass(frozen=True)
class Keys:
    """What rows are looked up by; `strong` keys make a candidate by themselves, others only with enough weight in common."""

    codes: np.ndarray
    rows: np.ndarray
    strong: np.ndarray

    def of(self, rows: np.ndarray) -> "Keys":
        """Those of the rows for which the mask holds."""
        kept = rows[self.rows]
        return Keys(self.codes[kept], self.rows[kept], self.strong[kept])


@dataclass(frozen=True)
class Block:
    """Candidates: row of the left list, row of the right list, whether a strong key found them."""

    left: np.ndarray
    right: np.ndarray
    strong: np.ndarray


@dataclass(frozen=True)
class Misspelt:
    """Words, by their codes, with the key under which they meet a word of the other list that is written nearly like them."""

    words: np.ndarray
    keys: np.ndarray


def keys_of(left: Companies, right: Companies, known: Frequencies) -> tuple[Keys, Keys]:
    nearly = misspelt(left.names, right.names, known)
    return keys_of_one(left, known, nearly[0]), keys_of_one(right, known, nearly[1])


def keys_of_one(companies: Companies, known: Frequencies, nearly: Misspelt) -> Keys:
    """The keys of every row of one list."""
    far = reach(known.rows)
    words = _Words(companies.names, _common(companies.names, known, far), _heaviest(companies.names, known, far))
    found = [(*keys, False) for keys in (_single_words(words), _two_words(words))]
    of_nearly = _rows_with(companies.names, nearly)
    found += [(*keys, True) for keys in (*_whole(companies), _beginning(companies, far), *_initials(companies), of_nearly)]
    codes, rows = np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])
    return Keys(codes, rows.astype(np.int32), np.repeat([f[2] for f in found], [len(f[0]) for f in found]))


def crowded(left: Keys, right: Keys, far: Reach) -> np.ndarray:
    """Keys that too many rows have: looking them up would compare nearly everything with everything."""
    codes, here = _counted(left.codes)
    strong = np.unique(left.codes[left.strong])
    others, there = _counted(right.codes)
    shared = within(others, codes)
    others, there = others[shared], there[shared]
    place = np.searchsorted(codes, others)
    most = np.where(within(others, strong), far.key_pairs, far.word_pairs)
    return others[here[place].astype(np.int64) * there > most]


def _counted(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each code once, in order, and how many there are of it."""
    ordered = np.sort(codes)
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.zeros(0, np.int64)
    return ordered[first], np.diff(np.append(first, len(ordered)))


def candidates(left: Keys, right: Keys, too_many: np.ndarray, right_rows: int) -> Iterator[Block]:
    """Every pair that shares a key that is not crowded, once, in blocks of rows of the right list."""
    order = np.argsort(left.codes, kind="stable")
    codes, rows, strong = left.codes[order], left.rows[order], left.strong[order]
    kept = ~within(codes, too_many)
    codes, rows, strong = codes[kept], rows[kept], strong[kept]
    by_row = np.argsort(right.rows, kind="stable")
    bounds = np.searchsorted(right.rows[by_row], np.arange(0, right_rows + BLOCK, BLOCK))
    for start, end in pairwise(bounds):
        block = by_row[start:end]
        yield _joined(codes, rows, strong, right.codes[block], right.rows[block])


def _joined(codes: np.ndarray, rows: np.ndarray, strong: np.ndarray, asked: np.ndarray, asked_rows: np.ndarray) -> Block:
    order = np.argsort(asked)
    asked, asked_rows = asked[order], asked_rows[order]
    first, last = np.searchsorted(codes, asked, "left"), np.searchsorted(codes, asked, "right")
    hit = np.flatnonzero(last > first)
    lengths = last[hit] - first[hit]
    places = spread(first[hit], lengths)
    pair = (np.repeat(asked_rows[hit], lengths).astype(np.uint64) << np.uint64(32)) | rows[places].astype(np.uint64)
    return _once(np.sort(pair | (strong[places].astype(np.uint64) << np.uint64(31))))


def _once(pairs: np.ndarray) -> Block:
    """Sorted pairs with the flag in bit 31 of the left row: each once, flagged if any was."""
    flag = (pairs >> np.uint64(31)) & np.uint64(1) == 1
    bare = pairs & ~np.uint64(1 << 31)
    strong, weak = bare[flag], bare[~flag]
    strong = strong[np.r_[True, strong[1:] != strong[:-1]]] if len(strong) else strong
    weak = weak[np.r_[True, weak[1:] != weak[:-1]]] if len(weak) else weak
    if len(strong) and len(weak):
        place = np.minimum(np.searchsorted(strong, weak), len(strong) - 1)
        weak = weak[strong[place] != weak]
    both = np.concatenate([strong, weak])
    return Block(
        (both & np.uint64(0x7FFFFFFF)).astype(np.int32), (both >> np.uint64(32)).astype(np.int32), np.r_[np.ones(len(strong), bool), np.zeros(len(weak), bool)]
    )


@dataclass(frozen=True)
class _Words:
    """`common` says it of the words of the vocabulary, `heaviest` of the places of each row."""

    names: Names
    common: np.ndarray
    heaviest: np.ndarray


def _common(names: Names, known: Frequencies, far: Reach) -> np.ndarray:
    left, right = known.counts(names)
    return left.astype(np.int64) * right > far.word_pairs


def _heaviest(names: Names, known: Frequencies, far: Reach) -> np.ndarray:
    """The words of each row of which one at least is in every row that overlaps enough: all others together weigh too little for that."""
    there = names.words != NONE
    if not far.heaviest:
        return there
    weights = np.append(known.weights(names), np.float32(0))[names.words]
    order = np.argsort(-weights, axis=1, kind="stable")
    ordered = np.take_along_axis(weights, order, axis=1)
    from_here = ordered[:, ::-1].cumsum(axis=1)[:, ::-1]
    found = np.zeros(weights.shape, bool)
    np.put_along_axis(found, order, from_here >= far.overlap**2 * from_here[:, :1], axis=1)
    return found & there


def _single_words(words: _Words) -> tuple[np.ndarray, np.ndarray]:
    rows, places = np.nonzero(words.heaviest)
    ids = words.names.words[rows, places]
    kept = ~words.common[ids]
    return words.names.codes[ids[kept]] ^ _SEEDS["word"], rows[kept]


def _two_words(words: _Words) -> tuple[np.ndarray, np.ndarray]:
    """Two common words together, in any order."""
    names, codes = words.names, np.append(words.names.codes, np.uint64(0))
    found: list[tuple[np.ndarray, np.ndarray]] = [(np.zeros(0, np.uint64), np.zeros(0, np.int64))]
    frequent = np.append(words.common, False)[names.words]
    for a in range(names.words.shape[1]):
        for b in range(a):
            rows = np.flatnonzero(frequent[:, a] & frequent[:, b] & (words.heaviest[:, a] | words.heaviest[:, b]))
            if len(rows):
                with np.errstate(over="ignore"):
                    found.append((mixed(codes[names.words[rows, a]] + codes[names.words[rows, b]]) ^ _SEEDS["two"], rows))
    return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])


def _coded(texts: pa.Array, kept: pa.Array, seed: str) -> tuple[np.ndarray, np.ndarray]:
    rows = np.flatnonzero(kept.to_numpy(zero_copy_only=False))
    return code_of(texts.filter(kept).to_numpy(zero_copy_only=False)) ^ _SEEDS[seed], rows


def _whole(companies: Companies) -> list[tuple[np.ndarray, np.ndarray]]:
    """The name without spaces, and what the company chose of its domain."""
    return [_coded(text, pc.greater_equal(pc.utf8_length(text), least), "whole") for text, least in ((companies.names.glued, 2), (companies.labels, 4))]


def _beginning(companies: Companies, far: Reach) -> tuple[np.ndarray, np.ndarray]:
    glued = companies.names.glued
    return _coded(pc.utf8_slice_codeunits(glued, 0, far.beginning), pc.greater_equal(pc.utf8_length(glued), far.beginning), "begin")


def _initials(companies: Companies) -> list[tuple[np.ndarray, np.ndarray]]:
    names, length = companies.names, pc.utf8_length(companies.names.glued)
    short = pc.and_(pc.greater_equal(length, 3), pc.less_equal(length, 6))
    fuller = pc.and_(pc.greater(names.all_initials, ""), pc.not_equal(names.all_initials, names.initials))
    kept = ((names.initials, pc.greater(names.initials, "")), (names.all_initials, fuller), (names.glued, short))
    return [_coded(texts, where, "initials") for texts, where in kept]


def misspelt(left: Names, right: Names, known: Frequencies) -> tuple[Misspelt, Misspelt]:
    """A word that one list alone has, together with the words of the other list that differ from it in one letter or two that changed places."""
    mine, theirs = known.counts(left), known.counts(right)
    rare, others_rare = mine[0] <= MOST_SPELT, theirs[1] <= MOST_SPELT
    pairs = [_neighbours(left, right, rare & (mine[1] == 0), others_rare), _neighbours(right, left, others_rare & (theirs[0] == 0), rare)[::-1]]
    of_left, of_right = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    with np.errstate(over="ignore"):
        keys = mixed(left.codes[of_left] + right.codes[of_right]) ^ _SEEDS["misspelt"]
    return Misspelt(left.codes[of_left], keys), Misspelt(right.codes[of_right], keys)


def _neighbours(names: Names, others: Names, alone: np.ndarray, rare: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(word, rare word of the other vocabulary) for every word that stands alone."""
    mine, my_codes = _spelt(names, alone)
    theirs, their_codes = _spelt(others, rare)
    kept = within(their_codes, np.sort(my_codes))
    order = np.argsort(their_codes[kept])
    theirs, their_codes = theirs[kept][order], their_codes[kept][order]
    first, last = np.searchsorted(their_codes, my_codes, "left"), np.searchsorted(their_codes, my_codes, "right")
    pair = np.unique((np.repeat(mine, last - first) << 32) | theirs[spread(first, last - first)])
    return pair >> 32, pair & 0xFFFFFFFF


def _spelt(names: Names, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.fromiter(map(len, names.vocabulary), np.int64, len(names.vocabulary))
    in_use = np.bincount(names.words[names.words != NONE], minlength=len(names.vocabulary)) > 0
    words = np.flatnonzero(asked & in_use & (lengths >= _SPELT[0]) & (lengths <= _SPELT[1]))
    places, codes = codes_less_one(names.vocabulary[words], _SPELT[1])
    return words[places], codes


def _rows_with(names: Names, nearly: Misspelt) -> tuple[np.ndarray, np.ndarray]:
    """The keys of misspelt words, for every row that has the word."""
    numbers = np.argsort(names.codes)
    place = np.minimum(np.searchsorted(names.codes[numbers], nearly.words), max(len(numbers) - 1, 0))
    there = names.codes[numbers[place]] == nearly.words if len(numbers) else np.zeros(len(nearly.words), bool)
    words, keys = numbers[place[there]], nearly.keys[there]
    rows, places = np.nonzero(names.words != NONE)
    ids = names.words[rows, places]
    order = np.argsort(ids, kind="stable")
    ids, rows = ids[order], rows[order]
    first, last = np.searchsorted(ids, words, "left"), np.searchsorted(ids, words, "right")
    return np.repeat(keys, last - first), rows[spread(first, last - first)]
