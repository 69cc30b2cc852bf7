"""Rows that name the same registered domain, or carry the same identifier."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openprm.mapping.engine.codes import spread
from openprm.mapping.engine.companies import IDENTIFIERS, Companies

MOST_OF_A_DOMAIN = 25  # pairs; a domain that more rows share (a builder of web sites, a group) proves nothing by itself
SHORTEST_NAME = 5
PROOFS = ("domain", *IDENTIFIERS)


@dataclass(frozen=True)
class ExactPairs:
    """Pairs of rows, and for each what proves it: bit n stands for PROOFS[n]."""

    left: np.ndarray
    right: np.ndarray
    proofs: np.ndarray


def exact_pairs(left: Companies, right: Companies) -> ExactPairs:
    columns = [(left.domains, right.domains), *((left.identifiers.get(kind), right.identifiers.get(kind)) for kind in IDENTIFIERS)]
    return proven_by([(*_equal(mine, theirs), bit) for bit, (mine, theirs) in enumerate(columns) if mine is not None and theirs is not None])


def proven_by(found: list[tuple[np.ndarray, np.ndarray, int]]) -> ExactPairs:
    """Every pair once, out of (left rows, right rows, place of the proof in PROOFS)."""
    codes = np.concatenate([(a.astype(np.int64) << 32) | b for a, b, _bit in found])
    pairs, place = np.unique(codes, return_inverse=True)
    proofs = np.zeros(len(pairs), np.uint8)
    np.bitwise_or.at(proofs, place, np.repeat(np.array([1 << bit for *_pair, bit in found], np.uint8), [len(a) for a, _b, _bit in found]))
    return ExactPairs((pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32), proofs)


def same_names(left: Companies, right: Companies, left_rows: np.ndarray, right_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows (of those asked for) whose whole name is the same, is in either list once, and stands in no other country."""
    both = pa.chunked_array([left.names.glued, right.names.glued]).combine_chunks().dictionary_encode()
    codes = both.indices.to_numpy()
    mine, theirs = codes[: len(left)], codes[len(left) :]
    once = [np.bincount(side, minlength=len(both.dictionary)) == 1 for side in (mine, theirs)]
    long_enough = pc.greater_equal(pc.utf8_length(both.dictionary), SHORTEST_NAME).to_numpy(zero_copy_only=False)
    alone = once[0] & once[1] & long_enough
    where = np.zeros((2, len(both.dictionary)), np.int32)
    where[0][mine], where[1][theirs] = np.arange(len(left)), np.arange(len(right))
    a, b = where[:, np.flatnonzero(alone)]
    at_home = left.countries.take(pa.array(a)), right.countries.take(pa.array(b))
    abroad = pc.and_(pc.not_equal(*at_home), pc.and_(pc.greater(at_home[0], ""), pc.greater(at_home[1], "")))
    kept = left_rows[a] & right_rows[b] & ~abroad.to_numpy(zero_copy_only=False)
    return a[kept], b[kept]


def _equal(left: pa.Array, right: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    both = pa.chunked_array([left, right]).combine_chunks().dictionary_encode()
    codes, none = both.indices.to_numpy(), both.dictionary.index("").as_py()
    mine, theirs = codes[: len(left)], codes[len(left) :]
    order = np.argsort(mine, kind="stable")
    ordered = mine[order]
    rows = np.flatnonzero(theirs != none)
    first, last = (np.searchsorted(ordered, theirs[rows], side) for side in ("left", "right"))
    times = np.bincount(theirs, minlength=len(both.dictionary))[theirs[rows]]
    hit = (last > first) & ((last - first) * times <= MOST_OF_A_DOMAIN)
    first, lengths, rows = first[hit], (last - first)[hit], rows[hit]
    return order[spread(first, lengths)], np.repeat(rows, lengths)
