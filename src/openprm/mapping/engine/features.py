"""What can be said about a pair of companies, as numbers."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, JaroWinkler
from rapidfuzz.process import cpdist

from openprm.mapping.engine.companies import Companies
from openprm.mapping.engine.frequencies import Frequencies
from openprm.mapping.engine.lexicon import Sense
from openprm.mapping.engine.names import NONE, WIDTH
from openprm.mapping.engine.reach import Reach, reach

FEATURES = (
    "overlap", "soft_overlap", "contained", "most_over", "least_over", "evidence",
    "letters", "beginning", "sorted_letters", "same_name", "starts_with", "initials", "first_word",
    "same_country", "other_country", "same_city", "other_city", "same_form", "other_form",
    "label_is_name", "label_is_not", "same_label", "other_domain", "other_number", "short", "most_more", "least_more", "more_both", "lone",
)  # fmt: skip
LABEL_IS_NAME = 0.2  # letters beyond 0.7
_ROUNDING = 1e-3
_ALIKE = 0.82  # letters from which two words count as one, misspelt
_SHORT = 4


@dataclass(frozen=True)
class Side:
    """One list as arrays that are cheap to gather from."""

    words: np.ndarray  # rows x WIDTH, numbers shared by both lists
    weights: np.ndarray  # rows x WIDTH
    total: np.ndarray
    telling: np.ndarray  # rows x WIDTH
    numbered: np.ndarray  # whether a number is in the name
    texts: np.ndarray  # of the shared numbers
    digits: np.ndarray  # which of them are numbers in digits; the last place stands for no word
    glued: np.ndarray
    core: np.ndarray
    labels: np.ndarray
    initials: tuple[np.ndarray, np.ndarray]
    lengths: np.ndarray  # of glued
    codes: dict[str, np.ndarray]
    reach: Reach


def sides(left: Companies, right: Companies, known: Frequencies) -> tuple[Side, Side]:
    codes, first = np.unique(np.concatenate([left.names.codes, right.names.codes]), return_index=True)
    texts = np.concatenate([left.names.vocabulary, right.names.vocabulary])[first]
    shared = [_shared_codes(left, right, column) for column in ("countries", "cities", "domains", "labels", "looks")]
    shared.append(_encoded(_forms(left), _forms(right)))
    columns = dict(zip(("country", "city", "domain", "label", "look", "form"), shared, strict=True))
    return tuple(  # type: ignore[return-value]
        _side(companies, known, codes, texts, {name: pair[place] for name, pair in columns.items()}) for place, companies in enumerate((left, right))
    )


@dataclass(frozen=True)
class Words:
    """The words of many pairs, the first words of all pairs side by side: WIDTH x pairs. In `theirs` no word is another number than in `mine`."""

    mine: np.ndarray
    theirs: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> "Words":
        mine, theirs = (np.ascontiguousarray(side.words[rows].T) for side, rows in ((left, a), (right, b)))
        mine, theirs = (words[: max(1, int((words != NONE).any(axis=1).sum()))] for words in (mine, theirs))
        return cls(mine, np.where(theirs == NONE, NONE - 1, theirs), np.ascontiguousarray(left.weights[a, : len(mine)].T))

    def shared(self) -> np.ndarray:
        """The weight of the words in common."""
        found = np.zeros(self.mine.shape[1], np.float32)
        for word, weight in zip(self.mine, self.weights, strict=True):
            found += weight * np.logical_or.reduce([word == other for other in self.theirs])
        return found

    def among(self) -> tuple[np.ndarray, np.ndarray]:
        """Which words of either row are in the other one, too: pairs x WIDTH."""
        in_mine, in_theirs = (np.zeros((WIDTH, self.mine.shape[1]), bool) for _side in range(2))
        for m, word in enumerate(self.mine):
            for t, other in enumerate(self.theirs):
                equal = word == other
                in_mine[m] |= equal
                in_theirs[t] |= equal
        return np.ascontiguousarray(in_mine.T), np.ascontiguousarray(in_theirs.T)


def worth_scoring(left: Side, right: Side, a: np.ndarray, b: np.ndarray, strong: np.ndarray) -> np.ndarray:
    """Whether two names have enough in common, in words or in letters, to be looked at closely."""
    found = _overlap_enough(left, right, a, b)
    for enough in (_letters_enough, _initials_match, _label_enough):
        asked = np.flatnonzero(strong & ~found)
        found[asked] = enough(left, right, a[asked], b[asked])
    return found


def _overlap_enough(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Words are compared where the weights of two names are near enough to each other for it."""
    mine, theirs, least = left.total[a], right.total[b], left.reach.overlap
    found = np.minimum(mine, theirs) >= (least**2 - _ROUNDING) * np.maximum(mine, theirs)
    at = np.flatnonzero(found)
    found[at] = cosine(left, right, a[at], b[at], Words.of(left, right, a[at], b[at]).shared()) >= least
    return found


def _letters_enough(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    mine, theirs, least = left.lengths[a], right.lengths[b], left.reach.letters
    possible = 2 * np.minimum(mine, theirs) >= (least - _ROUNDING) * (mine + theirs)
    return _alike(left.glued[a], right.glued[b], Indel.normalized_similarity, possible, least) >= least


def _label_enough(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return _label_is_name(left, right, a, b, 0.7 + LABEL_IS_NAME)[1] - 0.7 > LABEL_IS_NAME


def cosine(left: Side, right: Side, a: np.ndarray, b: np.ndarray, shared: np.ndarray) -> np.ndarray:
    return np.minimum(shared / np.sqrt(np.maximum(left.total[a] * right.total[b], 1e-6)), 1)


def features(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """One row of FEATURES for each pair (a, b)."""
    words = Words.of(left, right, a, b)
    in_mine, in_theirs = words.among()
    soft_mine, soft_theirs = _soft(left, right, a, b, in_mine, in_theirs)
    over_a = (left.weights[a] * (1 - soft_mine) * left.telling[a]).max(axis=1)
    over_b = (right.weights[b] * (1 - soft_theirs) * right.telling[b]).max(axis=1)
    more_a, more_b = (left.telling[a] & (soft_mine < 0.5)).sum(axis=1), (right.telling[b] & (soft_theirs < 0.5)).sum(axis=1)
    soft = ((left.weights[a] * soft_mine).sum(axis=1) + (right.weights[b] * soft_theirs).sum(axis=1)) / 2
    x, y = left.glued[a], right.glued[b]
    same = x == y
    letters = _alike_or_same(x, y, same, Indel.normalized_similarity)
    lengths, longer = np.minimum(left.lengths[a], right.lengths[b]), np.maximum(left.lengths[a], right.lengths[b])
    city = left.codes["city"][a], right.codes["city"][b]
    country = left.codes["country"][a], right.codes["country"][b]
    form = left.codes["form"][a], right.codes["form"][b]
    label_is, label_not, same_label, other_domain = _webs(left, right, a, b)
    columns = (
        cosine(left, right, a, b, words.shared()),
        cosine(left, right, a, b, soft),
        np.minimum(soft / np.maximum(np.minimum(left.total[a], right.total[b]), 1e-6), 1),
        np.maximum(over_a, over_b) / 10,
        np.minimum(over_a, over_b) / 10,
        np.log1p(soft) / 3,
        letters,
        _alike_or_same(x, y, same, JaroWinkler.similarity),
        np.maximum(letters, _alike(left.core[a], right.core[b], fuzz.token_sort_ratio, letters < 1) / 100),
        same,
        _starts(x, y, letters, lengths, longer) & (lengths >= 8),
        _initials_match(left, right, a, b),
        np.maximum(soft_mine[:, 0], soft_theirs[:, 0]),
        *_agree(*country),
        *_agree(*city),
        *_agree(*form),
        label_is,
        label_not,
        same_label,
        other_domain,
        _other_number(left, right, a, b, in_mine, in_theirs),
        (lengths <= _SHORT) & ~same,
        np.minimum(np.maximum(more_a, more_b), 3) / 3,
        np.minimum(np.minimum(more_a, more_b), 3) / 3,
        (more_a > 0) & (more_b > 0),
        ((more_a > 0) | (more_b > 0)) & (np.minimum(left.telling[a].sum(axis=1), right.telling[b].sum(axis=1)) <= 1),
    )
    return np.column_stack([np.asarray(column, np.float32) for column in columns])


def contradicted(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Pairs that a name cannot join: other numbers in the names (Fund 3, Fund 4), or a domain that only looks like the other one."""
    return _numbers_clash(left, right, a, b) | _look_alikes(left, right, a, b)


def _numbers_clash(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    found = np.flatnonzero(left.numbered[a] & right.numbered[b])
    in_mine, in_theirs = Words.of(left, right, a[found], b[found]).among()
    digits = left.digits
    clash = np.zeros(len(a), bool)
    clash[found] = (digits[left.words[a[found]]] & ~in_mine).any(axis=1) & (digits[right.words[b[found]]] & ~in_theirs).any(axis=1)
    return clash


def _look_alikes(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    same_look, _other = _agree(left.codes["look"][a], right.codes["look"][b])
    return same_look & (left.codes["label"][a] != right.codes["label"][b])


def _side(companies: Companies, known: Frequencies, codes: np.ndarray, texts: np.ndarray, columns: dict[str, np.ndarray]) -> Side:
    names = companies.names
    there = names.words != NONE
    shared = np.append(np.searchsorted(codes, names.codes), NONE).astype(np.int32)
    digits = np.append(np.fromiter(map(str.isdigit, texts), bool, len(texts)), False)
    weights = np.where(there, np.append(known.weights(names), 0)[names.words], 0).astype(np.float32)
    return Side(
        words=shared[names.words],
        weights=weights,
        total=weights.sum(axis=1),
        telling=there & (np.append(names.senses, Sense.WEAK)[names.words] == Sense.TELLING),
        numbered=digits[shared[names.words]].any(axis=1),
        texts=texts,
        digits=digits,
        glued=_texts(names.glued),
        core=_texts(names.core),
        labels=_texts(companies.labels),
        initials=(_texts(names.initials), _texts(names.all_initials)),
        lengths=pc.utf8_length(names.glued).to_numpy(),
        codes=columns,
        reach=reach(known.rows),
    )


def _texts(column: pa.Array) -> np.ndarray:
    return column.to_numpy(zero_copy_only=False)


def _forms(companies: Companies) -> pa.Array:
    return pa.array(companies.names.forms, pa.string()).take(pa.array(companies.names.legal))


def _shared_codes(left: Companies, right: Companies, column: str) -> tuple[np.ndarray, np.ndarray]:
    return _encoded(getattr(left, column), getattr(right, column))


def _encoded(left: pa.Array, right: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Equal texts as equal numbers, "" as 0."""
    both = pa.chunked_array([pa.array([""]), left, right]).combine_chunks().dictionary_encode().indices.to_numpy()
    return both[1 : len(left) + 1], both[len(left) + 1 :]


def _agree(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(both known and equal, both known and different)"""
    known = (a != 0) & (b != 0)
    return known & (a == b), known & (a != b)


def _alike(x: np.ndarray, y: np.ndarray, scorer: object, where: np.ndarray | None = None, least: float | None = None) -> np.ndarray:
    """How alike two texts are; 0 elsewhere than `where`, and where it is clearly below `least`: those are not looked at to the end."""
    found = np.zeros(len(x), np.float32)
    at = np.arange(len(x)) if where is None else np.flatnonzero(where)
    if len(at):
        found[at] = cpdist(x[at].tolist(), y[at].tolist(), scorer=scorer, dtype=np.float32, score_cutoff=least and least - _ROUNDING)
    return found


def _alike_or_same(x: np.ndarray, y: np.ndarray, same: np.ndarray, scorer: object) -> np.ndarray:
    return np.where(same, np.float32(1), _alike(x, y, scorer, ~same))


def _starts(x: np.ndarray, y: np.ndarray, letters: np.ndarray, short: np.ndarray, long: np.ndarray) -> np.ndarray:
    """Whether one text is the beginning of the other; all its letters in common is what `letters` must say for that."""
    found = np.abs(letters - 2 * short / np.maximum(short + long, 1)) < 1e-4
    at = np.flatnonzero(found)
    found[at] = np.fromiter((one.startswith(other) or other.startswith(one) for one, other in zip(x[at].tolist(), y[at].tolist(), strict=True)), bool, len(at))
    return found


def _initials_match(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    found = np.zeros(len(a), bool)
    at = np.flatnonzero(np.minimum(left.lengths[a], right.lengths[b]) <= WIDTH)
    a, b = a[at], b[at]
    for mine, theirs in zip(left.initials, right.initials, strict=True):
        found[at] |= (mine[a] == right.glued[b]) & (mine[a] != "") | (theirs[b] == left.glued[a]) & (theirs[b] != "")
    return found


def _soft(left: Side, right: Side, a: np.ndarray, b: np.ndarray, in_mine: np.ndarray, in_theirs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far each word of either row is found in the other: 1 as it is, less when it is misspelt or cut short."""
    mine, theirs = in_mine.astype(np.float32), in_theirs.astype(np.float32)
    free_mine, free_theirs = (left.words[a] != NONE) & ~in_mine, (right.words[b] != NONE) & ~in_theirs
    open_pairs = np.flatnonzero(free_mine.any(axis=1) & free_theirs.any(axis=1))
    at = []
    for m in range(WIDTH):
        for t in range(WIDTH):
            rows = open_pairs[free_mine[open_pairs, m] & free_theirs[open_pairs, t]]
            at.append((rows, np.full(len(rows), m, np.int8), np.full(len(rows), t, np.int8)))
    rows, ms, ts = (np.concatenate(part) for part in zip(*at, strict=True))
    alike = _words_alike(left.texts, left.words[a[rows], ms], right.words[b[rows], ts])
    np.maximum.at(mine, (rows, ms), alike)
    np.maximum.at(theirs, (rows, ts), alike)
    return mine, theirs


def _words_alike(texts: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How alike two words are, each pair of words looked at once; below _ALIKE it is chance and counts as nothing."""
    codes, back = np.unique((x.astype(np.int64) << 32) | y, return_inverse=True)
    if not len(codes):
        return np.zeros(0, np.float32)
    mine, theirs = texts[codes >> 32], texts[codes & 0xFFFFFFFF]
    letters = _alike(mine, theirs, Indel.normalized_similarity)
    lengths = np.fromiter(map(len, mine), np.int32, len(mine)), np.fromiter(map(len, theirs), np.int32, len(theirs))
    short, long = np.minimum(*lengths), np.maximum(*lengths)
    cut = _starts(mine, theirs, letters, short, long) & (short >= 3)
    surer = np.minimum(0.95, 0.6 + 0.08 * (short - 2))
    return np.maximum(np.where(letters >= _ALIKE, letters * 0.95, 0), np.where(cut, surer, 0)).astype(np.float32)[back]


def _webs(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, ...]:
    """The chosen part of a domain against the name of the other row, and against its domain."""
    one, likeness = _label_is_name(left, right, a, b)
    same_label, other_label = _agree(left.codes["label"][a], right.codes["label"][b])
    other_domain = other_label & (left.codes["domain"][a] != right.codes["domain"][b])
    return np.maximum(likeness - 0.7, 0), np.where(one, np.maximum(0.7 - likeness, 0), 0), same_label, other_domain


def _label_is_name(left: Side, right: Side, a: np.ndarray, b: np.ndarray, least: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Where one row alone has a domain, and how far its label is the name of the other."""
    mine, theirs = left.codes["label"][a] != 0, right.codes["label"][b] != 0
    likeness = np.zeros(len(a), np.float32)
    for labels, names, x, y, at in ((left, right, a, b, mine & ~theirs), (right, left, b, a, theirs & ~mine)):
        at = np.flatnonzero(at)
        likeness[at] = _alike(labels.labels[x[at]], names.glued[y[at]], JaroWinkler.similarity, least=least)
    return mine ^ theirs, likeness


def _other_number(left: Side, right: Side, a: np.ndarray, b: np.ndarray, in_mine: np.ndarray, in_theirs: np.ndarray) -> np.ndarray:
    """Whether either name has a number that the other has not: Fund 3 is not Fund 4."""
    digits = left.digits
    return (digits[left.words[a]] & ~in_mine).any(axis=1) | (digits[right.words[b]] & ~in_theirs).any(axis=1)
