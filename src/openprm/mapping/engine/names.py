"""Company names as columns: words with numbers instead of text, so that a million names are compared as arrays.

Text is touched once for each distinct piece of it, never once for each row.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openprm.mapping.engine.codes import code_of, spread
from openprm.mapping.engine.lexicon import LONGEST_WORD, Sense, lexicon, pieces

WIDTH = 8  # words of a name that are compared; the first ones count
NONE = -1
_LONGEST_NAME = 300
_PLAIN = rf"^[a-z0-9]{{1,{LONGEST_WORD}}}$"  # one word as it stands, unless an umlaut is written out in it
_PERHAPS_UMLAUT = r"[aou]e[a-z]"


@dataclass(frozen=True)
class Names:
    """The names of one list. `words` holds at most WIDTH numbers of words a row, NONE where there are fewer."""

    vocabulary: np.ndarray  # texts
    codes: np.ndarray  # of each word of the vocabulary: the same number for the same word in every list
    senses: np.ndarray
    words: np.ndarray  # rows x WIDTH
    legal: np.ndarray  # rows: a number for the legal form as written, 0 for none
    forms: tuple[str, ...]
    core: pa.Array  # the telling words, in order, with spaces
    glued: pa.Array  # without spaces
    initials: pa.Array  # of the telling words, where there are three or more
    all_initials: pa.Array  # of all words, where there are three or more


def read_names(names: pa.Array) -> Names:
    """Every name as its words. A row without a name has none."""
    rows, ids, vocabulary = _words(pc.utf8_slice_codeunits(pc.fill_null(names, ""), 0, _LONGEST_NAME))
    rows, ids, vocabulary = _with_joined_letters(rows, ids, vocabulary)
    ids, vocabulary = _one_writing(ids, vocabulary)
    known = lexicon()
    senses = np.fromiter((known.sense(word) for word in vocabulary), np.int8, len(vocabulary))
    text = np.array(vocabulary, dtype=object)
    legal, forms = _legal_forms(rows, ids, senses, text, len(names))
    digits = np.fromiter(map(str.isdigit, vocabulary), bool, len(vocabulary))
    rows, ids = _without_noise(rows, ids, senses, digits)
    core_rows, core_ids = _most_telling(rows, ids, senses, len(names))
    core = _sentences(core_rows, core_ids, text, len(names))
    return Names(
        vocabulary=text,
        codes=code_of(text),
        senses=senses,
        words=_matrix(rows, ids, len(names)),
        legal=legal,
        forms=forms,
        core=pc.binary_join(core, " "),
        glued=pc.binary_join(core, ""),
        initials=_initials(core_rows, core_ids, text, len(names)),
        all_initials=_initials(rows, ids, text, len(names)),
    )


def _words(names: pa.Array) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Row and word of every piece of every name, in order."""
    split = pc.utf8_split_whitespace(pc.ascii_lower(names))
    encoded = split.flatten().dictionary_encode()
    rows, raw = np.repeat(np.arange(len(names), dtype=np.int32), pc.list_value_length(split).to_numpy()), encoded.indices.to_numpy()
    lengths, flat, vocabulary = _parts(encoded.dictionary)
    if not len(lengths):
        return rows, raw, vocabulary
    return np.repeat(rows, lengths[raw]), flat[spread(np.cumsum(lengths)[raw] - lengths[raw], lengths[raw])], vocabulary


def _parts(written: pa.Array) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """How many words each piece of text holds, all of them one after the other as places in the list of words, and that list."""
    plain = pc.and_(pc.match_substring_regex(written, _PLAIN), pc.invert(pc.match_substring_regex(written, _PERHAPS_UMLAUT))).to_numpy(zero_copy_only=False)
    numbers = {word: number for number, word in enumerate(written.filter(pa.array(plain)).to_pylist())}
    count = len(numbers)
    parts = [[numbers.setdefault(word, len(numbers)) for word in _pieces(text)] for text in written.filter(pa.array(~plain)).to_pylist()]
    lengths = np.ones(len(written), np.int64)
    lengths[~plain] = np.fromiter(map(len, parts), np.int64, len(parts))
    flat = np.empty(int(lengths.sum()), np.int32)
    is_plain = np.repeat(plain, lengths)
    flat[is_plain] = np.arange(count)
    flat[~is_plain] = [number for part in parts for number in part]
    return lengths, flat, list(numbers)


@lru_cache(maxsize=4096)
def _pieces(written: str) -> tuple[str, ...]:
    return pieces(written) if written else ()


def _with_joined_letters(rows: np.ndarray, ids: np.ndarray, vocabulary: list[str]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Letters that stand alone side by side are one word: "A P Moller" is "ap moller", "S A" is "sa"."""
    if not len(ids):
        return rows, ids, vocabulary
    single = np.fromiter((len(word) == 1 and word.isalpha() for word in vocabulary), bool, len(vocabulary))[ids]
    goes_on = np.zeros(len(ids), bool)
    goes_on[1:] = single[1:] & single[:-1] & (rows[1:] == rows[:-1])
    heads = np.flatnonzero(~goes_on)
    lengths = np.diff(np.append(heads, len(ids)))
    joined = ids[heads].copy()
    numbers = {word: number for number, word in enumerate(vocabulary)}
    for place in np.flatnonzero(lengths > 1):
        word = "".join(vocabulary[ids[at]] for at in range(heads[place], heads[place] + lengths[place]))
        joined[place] = numbers.setdefault(word, len(numbers))
    return rows[heads], joined, list(numbers)


def _one_writing(ids: np.ndarray, vocabulary: list[str]) -> tuple[np.ndarray, list[str]]:
    alike = lexicon().alike
    numbers: dict[str, int] = {}
    written = np.fromiter((numbers.setdefault(alike.get(word, word), len(numbers)) for word in vocabulary), np.int32, len(vocabulary))
    return written[ids] if len(ids) else ids, list(numbers)


def _legal_forms(rows: np.ndarray, ids: np.ndarray, senses: np.ndarray, text: np.ndarray, count: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """The last word of each name that is a legal form."""
    legal = senses[ids] == Sense.LEGAL if len(ids) else np.zeros(0, bool)
    found = np.full(count, NONE, np.int32)
    found[rows[legal]] = ids[legal]
    forms, numbers = np.unique(found, return_inverse=True)
    if len(forms) and forms[0] == NONE:
        return numbers.astype(np.int16), ("", *text[forms[1:]])
    return (numbers + 1).astype(np.int16), ("", *text[forms])


def _without_noise(rows: np.ndarray, ids: np.ndarray, senses: np.ndarray, digits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Legal forms, kinds of shares and their par values go, unless nothing else is left; a word said twice is kept once."""
    if not len(ids):
        return rows, ids
    sense = senses[ids]
    first = np.r_[True, rows[1:] != rows[:-1]]
    par_value = np.r_[False, (sense[:-1] == Sense.SHARE)] & digits[ids] & ~first
    kept = ((sense <= Sense.WEAK) & ~par_value) | first & (sense == Sense.SHARE)
    kept |= first & ~np.isin(rows, rows[kept & (sense == Sense.TELLING)])
    rows, ids = rows[kept], ids[kept]
    once = np.sort(np.unique(rows.astype(np.int64) * len(senses) + ids, return_index=True)[1])
    return rows[once], ids[once]


def _most_telling(rows: np.ndarray, ids: np.ndarray, senses: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The telling words of each name; all of them where none tells."""
    if not len(ids):
        return rows, ids
    telling = senses[ids] != Sense.WEAK
    has = np.zeros(count, bool)
    has[rows[telling]] = True
    kept = telling | ~has[rows]
    return rows[kept], ids[kept]


def _matrix(rows: np.ndarray, ids: np.ndarray, count: int) -> np.ndarray:
    words = np.full((count, WIDTH), NONE, np.int32)
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    fits = place < WIDTH
    words[rows[fits], place[fits]] = ids[fits]
    return words


def _sentences(rows: np.ndarray, ids: np.ndarray, text: np.ndarray, count: int) -> pa.ListArray:
    offsets = np.searchsorted(rows, np.arange(count + 1)).astype(np.int32)
    values = pa.array(text, pa.string()).take(pa.array(ids)) if len(ids) else pa.array([], pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _initials(rows: np.ndarray, ids: np.ndarray, text: np.ndarray, count: int) -> pa.Array:
    joined = pc.binary_join(_sentences(rows, ids, np.array([word[:1] for word in text], dtype=object), count), "")
    return pc.if_else(pc.greater_equal(pc.utf8_length(joined), 3), joined, "")
