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

FEATURES = (
    "overlap", "soft_overlap", "contained", "most_over", "least_over", "evidence",
    "letters", "beginning", "sorted_letters", "same_name", "starts_with", "initials", "first_word",
    "same_country", "other_country", "same_city", "other_city", "same_form", "other_form",
    "label_is_name", "label_is_not", "same_label", "other_domain", "other_number", "short", "most_more", "least_more", "more_both", "lone",
)  # fmt: skip
LEAST = ((0, 0.35, 0.55), (150_000, 0.5, 0.7), (1_000_000, 0.6, 0.75))  # (rows, overlap, letters): in longer lists more is alike by chance
LABEL_IS_NAME = 0.2  # letters beyond 0.7
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
    least: tuple[float, float]  # overlap or letters from which a pair is looked at closely


def sides(left: Companies, right: Companies, known: Frequencies) -> tuple[Side, Side]:
    codes, first = np.unique(np.concatenate([left.names.codes, right.names.codes]), return_index=True)
    texts = np.concatenate([left.names.vocabulary, right.names.vocabulary])[first]
    shared = [_shared_codes(left, right, column) for column in ("countries", "cities", "domains", "labels", "looks")]
    shared.append(_encoded(_forms(left), _forms(right)))
    columns = dict(zip(("country", "city", "domain", "label", "look", "form"), shared, strict=True))
    return tuple(  # type: ignore[return-value]
        _side(companies, known, codes, texts, {name: pair[place] for name, pair in columns.items()}) for place, companies in enumerate((left, right))
    )


def overlaps(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The weight of the words in common, and which words of either row are among them."""
    mine, theirs = left.words[a], right.words[b]
    weights = left.weights[a]
    shared = np.zeros(len(a), np.float32)
    in_mine, in_theirs = np.zeros(mine.shape, bool), np.zeros(theirs.shape, bool)
    for m in range(WIDTH):
        there = np.flatnonzero(mine[:, m] != NONE)
        if not len(there):
            break
        for t in range(WIDTH):
            equal = there[mine[there, m] == theirs[there, t]]
            shared[equal] += weights[equal, m]
            in_mine[equal, m] = True
            in_theirs[equal, t] = True
    return shared, in_mine, in_theirs


def worth_scoring(left: Side, right: Side, a: np.ndarray, b: np.ndarray, strong: np.ndarray) -> np.ndarray:
    """Whether two names have enough in common, in words or in letters, to be looked at closely."""
    found = cosine(left, right, a, b, overlaps(left, right, a, b)[0]) >= left.least[0]
    asked = np.flatnonzero(strong & ~found)
    a, b = a[asked], b[asked]
    found[asked] = (_alike(left.glued[a], right.glued[b], Indel.normalized_similarity) >= left.least[1]) | _initials_match(left, right, a, b)
    asked, a, b = asked[~found[asked]], a[~found[asked]], b[~found[asked]]
    found[asked] = _webs(left, right, a, b)[0] > LABEL_IS_NAME
    return found


def cosine(left: Side, right: Side, a: np.ndarray, b: np.ndarray, shared: np.ndarray) -> np.ndarray:
    return np.minimum(shared / np.sqrt(np.maximum(left.total[a] * right.total[b], 1e-6)), 1)


def features(left: Side, right: Side, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """One row of FEATURES for each pair (a, b)."""
    shared, in_mine, in_theirs = overlaps(left, right, a, b)
    soft_mine, soft_theirs = _soft(left, right, a, b, in_mine, in_theirs)
    over_a = (left.weights[a] * (1 - soft_mine) * left.telling[a]).max(axis=1)
    over_b = (right.weights[b] * (1 - soft_theirs) * right.telling[b]).max(axis=1)
    more_a, more_b = (left.telling[a] & (soft_mine < 0.5)).sum(axis=1), (right.telling[b] & (soft_theirs < 0.5)).sum(axis=1)
    soft = ((left.weights[a] * soft_mine).sum(axis=1) + (right.weights[b] * soft_theirs).sum(axis=1)) / 2
    x, y = left.glued[a], right.glued[b]
    letters = _alike(x, y, Indel.normalized_similarity)
    same = x == y
    lengths, longer = np.minimum(left.lengths[a], right.lengths[b]), np.maximum(left.lengths[a], right.lengths[b])
    city = left.codes["city"][a], right.codes["city"][b]
    country = left.codes["country"][a], right.codes["country"][b]
    form = left.codes["form"][a], right.codes["form"][b]
    label_is, label_not, same_label, other_domain = _webs(left, right, a, b)
    columns = (
        cosine(left, right, a, b, shared),
        cosine(left, right, a, b, soft),
        np.minimum(soft / np.maximum(np.minimum(left.total[a], right.total[b]), 1e-6), 1),
        np.maximum(over_a, over_b) / 10,
        np.minimum(over_a, over_b) / 10,
        np.log1p(soft) / 3,
        letters,
        _alike(x, y, JaroWinkler.similarity),
        np.maximum(letters, _alike(left.core[a], right.core[b], fuzz.token_sort_ratio) / 100),
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
    _shared, in_mine, in_theirs = overlaps(left, right, a[found], b[found])
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
        least=max(step for step in LEAST if known.rows >= step[0])[1:],
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


def _alike(x: np.ndarray, y: np.ndarray, scorer: object, where: np.ndarray | None = None) -> np.ndarray:
    found = np.zeros(len(x), np.float32)
    at = np.arange(len(x)) if where is None else np.flatnonzero(where)
    if len(at):
        found[at] = cpdist(x[at].tolist(), y[at].tolist(), scorer=scorer, dtype=np.float32)
    return found


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
    mine, theirs = left.codes["label"][a], right.codes["label"][b]
    one = (mine != 0) ^ (theirs != 0)
    label = np.where(mine != 0, left.labels[a], right.labels[b])
    name = np.where(mine != 0, right.glued[b], left.glued[a])
    likeness = _alike(label, name, JaroWinkler.similarity, where=one)
    same_label, other_label = _agree(mine, theirs)
    other_domain = other_label & (left.codes["domain"][a] != right.codes["domain"][b])
    return np.maximum(likeness - 0.7, 0), np.where(one, np.maximum(0.7 - likeness, 0), 0), same_label, other_domain


def _other_number(left: Side, right: Side, a: np.ndarray, b: np.ndarray, in_mine: np.ndarray, in_theirs: np.ndarray) -> np.ndarray:
    """Whether either name has a number that the other has not: Fund 3 is not Fund 4."""
    digits = left.digits
    return (digits[left.words[a]] & ~in_mine).any(axis=1) | (digits[right.words[b]] & ~in_theirs).any(axis=1)
