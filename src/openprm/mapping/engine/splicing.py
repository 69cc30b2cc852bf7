"""A list that was made ready before, in which only the rows that say something else now are made ready again."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from openprm.mapping.engine.companies import Companies
from openprm.mapping.engine.names import NONE, Names

_TEXTS = ("core", "glued", "initials", "all_initials")
_COLUMNS = ("ids", "domains", "labels", "looks", "countries", "cities")


def spliced(before: Companies, kept: np.ndarray, fresh: Companies) -> Companies:
    """The rows of `before` for which the mask holds, then those of `fresh`. Both were read from the same columns."""
    rows = pa.array(kept)
    columns = {name: _after(getattr(before, name).filter(rows), getattr(fresh, name)) for name in _COLUMNS}
    identifiers = {kind: _after(column.filter(rows), fresh.identifiers[kind]) for kind, column in before.identifiers.items()}
    names = _names(before.names, kept, fresh.names)
    return replace(before, **columns, names=names, identifiers=identifiers, prints=np.r_[before.prints[kept], fresh.prints])


def _names(before: Names, kept: np.ndarray, fresh: Names) -> Names:
    """Words and legal forms that are new get the next numbers."""
    places, new = _numbered(before.vocabulary.tolist(), fresh.vocabulary.tolist())
    words = np.append(places, NONE).astype(np.int32)[fresh.words]
    form_places, new_forms = _numbered(before.forms, fresh.forms)
    texts = {name: _after(getattr(before, name).filter(pa.array(kept)), getattr(fresh, name)) for name in _TEXTS}
    return Names(
        vocabulary=np.r_[before.vocabulary, fresh.vocabulary[new]],
        codes=np.r_[before.codes, fresh.codes[new]],
        senses=np.r_[before.senses, fresh.senses[new]],
        words=np.r_[before.words[kept], words],
        legal=np.r_[before.legal[kept], form_places[fresh.legal].astype(np.int16)],
        forms=(*before.forms, *(fresh.forms[place] for place in new_forms)),
        **texts,
    )


def _numbered(before: list[str] | tuple[str, ...], fresh: list[str] | tuple[str, ...]) -> tuple[np.ndarray, list[int]]:
    """The number of each fresh text among those of before and the new ones after them; which are new."""
    numbers = {text: number for number, text in enumerate(before)}
    count = len(numbers)
    places = np.fromiter((numbers.setdefault(text, len(numbers)) for text in fresh), np.int64, len(fresh))
    return places, [place for place, number in enumerate(places.tolist()) if number >= count]


def _after(first: pa.Array, then: pa.Array) -> pa.Array:
    return pa.concat_arrays([first, then])
