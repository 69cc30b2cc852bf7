"""Two lists in, the pairs that are one company out; and again when a list has changed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from openprm.mapping.engine.candidates import Keys, candidates, crowded, keys_of
from openprm.mapping.engine.choosing import best_of_either, leads, one_to_one
from openprm.mapping.engine.companies import Companies, without_names
from openprm.mapping.engine.exact import PROOFS, ExactPairs, exact_pairs, same_names
from openprm.mapping.engine.features import FEATURES, Side, contradicted, features, sides, worth_scoring
from openprm.mapping.engine.frequencies import Frequencies, count_words
from openprm.mapping.engine.reach import reach
from openprm.mapping.engine.scoring import REASONS, by_name, by_proof, logits, reasons

THRESHOLD = 0.5
_LOWEST = -8.0  # a logit below which a pair is not kept: one in three thousand
_SURE = 12.0  # what a proof counts for beside candidates by name
_AGAINST = 8.0  # what a contradiction takes from a logit
_AT_ONCE = 200_000
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Scored:
    """Pairs of rows by name, as they were compared, whatever else is in the lists."""

    left: np.ndarray
    right: np.ndarray
    logit: np.ndarray
    reasons: np.ndarray


@dataclass(frozen=True)
class Standards:
    """By what names are weighed. Kept with a result: a refresh that keeps them finds what a full run with them would find."""

    known: Frequencies
    crowded: np.ndarray


@dataclass(frozen=True)
class Matches:
    """Pairs that are one company, the surest first."""

    left: np.ndarray
    right: np.ndarray
    score: np.ndarray
    matched_on: tuple[str, ...]


@dataclass(frozen=True)
class Mapping:
    """Two lists compared: enough to choose matches by any threshold, and to compare the changed rows alone next time."""

    left: Companies
    right: Companies
    only_open: bool
    standards: Standards
    open_rows: tuple[np.ndarray, np.ndarray]
    exact: ExactPairs
    exact_scores: np.ndarray
    exact_reasons: np.ndarray
    scored: Scored

    def matches(self, *, threshold: float = THRESHOLD, one_only: bool = False) -> Matches:
        """The pairs from `threshold` on: with `one_only` each row in one at most, else every pair that is the best of one of its rows."""
        return choose(self.exact, self.exact_scores, self.exact_reasons, self.scored, threshold=threshold, one_only=one_only)


def choose(exact: ExactPairs, exact_scores: np.ndarray, exact_reasons: np.ndarray, scored: Scored, *, threshold: float, one_only: bool) -> Matches:
    left, right = np.r_[exact.left, scored.left], np.r_[exact.right, scored.right]
    logit = np.r_[np.full(len(exact.left), _SURE) + exact_scores, scored.logit]
    names = slice(len(exact.left), None)
    score = np.r_[exact_scores, by_name(scored.logit, leads(left, logit)[names], leads(right, logit)[names])]
    why = np.r_[exact_reasons, scored.reasons.astype(np.uint16) << len(PROOFS)]
    kept = np.flatnonzero(score >= threshold)
    left, right, score, why = left[kept], right[kept], score[kept], why[kept]
    places = (one_to_one if one_only else best_of_either)(left, right, score)
    return Matches(left[places], right[places], score[places], _in_words(why[places]))


def compare(left: Companies, right: Companies, *, only_open: bool = False, standards: Standards | None = None, tell: Tell = lambda _said: None) -> Mapping:
    """Compare two lists. `only_open` looks no further for rows that a proof has joined, or a whole name that no other row has: enough for one match each."""
    return _compared(left, right, only_open, standards, None, tell)


def refresh(before: Mapping, left: Companies, right: Companies, tell: Tell = lambda _said: None) -> Mapping:
    """The mapping of the lists as they are now: only what changed since `before` is compared again, by the standards of then."""
    return _compared(left, right, before.only_open, before.standards, before, tell)


def _compared(left: Companies, right: Companies, only_open: bool, standards: Standards | None, before: Mapping | None, tell: Tell) -> Mapping:
    exact = exact_pairs(left, right)
    tell(f"{len(exact.left):,} pairs by domain or identifier")
    known = standards.known if standards else count_words(left.names, right.names)
    both = sides(left, right, known)
    open_rows = unproven(len(left), exact.left), unproven(len(right), exact.right)
    named = same_names(left, right, *open_rows) if only_open else None
    if named:
        open_rows[0][named[0]], open_rows[1][named[1]] = False, False
    old = _still_true(before, left, right, open_rows) if before else None
    changed = old.changed if old else (np.ones(len(left), bool), np.ones(len(right), bool))
    keys = keys_of(*_sought(left, right, open_rows, changed, only_open), known)
    standards = standards or Standards(known, crowded(*keys, reach(known.rows)))
    scored = _scored(keys, both, open_rows, changed, only_open, standards, tell)
    also = [look(both, named[0][at], named[1][at], np.ones(len(named[0][at]), bool)) for at in _portions(len(named[0]))] if named else []
    scored = merged(*([old.scored] if old else []), scored, *also)
    return Mapping(left, right, only_open, standards, open_rows, exact, *proven(exact, both, left, right), scored)


def unproven(count: int, joined: np.ndarray) -> np.ndarray:
    rows = np.ones(count, bool)
    rows[joined] = False
    return rows


def _scored(
    keys: tuple[Keys, Keys],
    both: tuple[Side, Side],
    open_rows: tuple[np.ndarray, np.ndarray],
    changed: tuple[np.ndarray, np.ndarray],
    only_open: bool,
    standards: Standards,
    tell: Tell,
) -> Scored:
    """Every pair with a row that is open and a row that has changed (with `only_open` both must be open)."""
    parts = []
    for left_rows, right_rows in _turns(open_rows, changed, only_open):
        for block in candidates(keys[0].of(left_rows), keys[1].of(right_rows), standards.crowded, len(right_rows)):
            parts += [look(both, block.left[at], block.right[at], block.strong[at]) for at in _portions(len(block.left))]
            tell(f"{sum(len(part.left) for part in parts):,} pairs compared by name")
    return merged(*parts) if parts else Scored(*(np.zeros(0, kind) for kind in (np.int32, np.int32, np.float64, np.uint8)))


def _sought(
    left: Companies, right: Companies, open_rows: tuple[np.ndarray, np.ndarray], changed: tuple[np.ndarray, np.ndarray], only_open: bool
) -> tuple[Companies, Companies]:
    """The lists with the names of those rows alone that are looked up: when one list has changed, few of it and all of the other."""
    if not only_open and all(rows.all() for rows in changed):
        return left, right
    turns = _turns(open_rows, changed, only_open)
    rows = [np.logical_or.reduce([np.zeros(len(side), bool), *(turn[place] for turn in turns)]) for place, side in enumerate((left, right))]
    return without_names(left, rows[0]), without_names(right, rows[1])


def _turns(open_rows: tuple[np.ndarray, np.ndarray], changed: tuple[np.ndarray, np.ndarray], only_open: bool) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """(left rows, right rows) to be compared with each other, no pair in two turns."""
    (a, b), (x, y) = open_rows, changed
    opened = ((a, b),) if only_open else ((a, np.ones(len(b), bool)), (~a, b))
    turns = [turn for p, q in opened for turn in ((p & x, q), (p & ~x, q & y))]
    return tuple((p, q) for p, q in turns if p.any() and q.any())


def _portions(count: int) -> list[slice]:
    return [slice(start, start + _AT_ONCE) for start in range(0, count, _AT_ONCE)]


def look(both: tuple[Side, Side], a: np.ndarray, b: np.ndarray, strong: np.ndarray) -> Scored:
    kept = worth_scoring(*both, a, b, strong)
    a, b = a[kept], b[kept]
    said = features(*both, a, b)
    logit = logits(said) - _AGAINST * contradicted(*both, a, b)
    likely = logit >= _LOWEST
    return Scored(a[likely], b[likely], logit[likely], reasons(said[likely]))


def merged(*parts: Scored) -> Scored:
    """All pairs in one order, however they were found."""
    left, right, logit, why = (np.concatenate([getattr(part, name) for part in parts]) for name in ("left", "right", "logit", "reasons"))
    order = np.lexsort((right, left))
    return Scored(left[order], right[order], logit[order], why[order])


def proven(exact: ExactPairs, both: tuple[Side, Side], left: Companies, right: Companies) -> tuple[np.ndarray, np.ndarray]:
    """Scores and reasons of the pairs by domain or identifier."""
    scores, why = [np.zeros(0)], [np.zeros(0, np.uint16)]
    for at in _portions(len(exact.left)):
        a, b = exact.left[at], exact.right[at]
        said = features(*both, a, b)
        letters, country = (said[:, FEATURES.index(name)] for name in ("sorted_letters", "other_country"))
        scores.append(by_proof(letters, country, _contradicted(left, right, a, b)))
        likely = letters >= 0.7
        why.append(exact.proofs[at].astype(np.uint16) | (np.where(likely, reasons(said), 0).astype(np.uint16) << len(PROOFS)))
    return np.concatenate(scores), np.concatenate(why)


def _contradicted(left: Companies, right: Companies, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether both rows carry a LEI, and not the same: two legal entities under one roof."""
    if "lei" not in left.identifiers or "lei" not in right.identifiers:
        return np.zeros(len(a), bool)
    mine, theirs = (side.identifiers["lei"].to_numpy(zero_copy_only=False)[rows] for side, rows in ((left, a), (right, b)))
    return (mine != "") & (theirs != "") & (mine != theirs)


def _in_words(why: np.ndarray) -> tuple[str, ...]:
    """ "domain+name+country" and the like; each combination is written once."""
    names = (*PROOFS, *REASONS)
    codes, back = np.unique(why, return_inverse=True)
    words = ["+".join(name for bit, name in enumerate(names) if code >> bit & 1) for code in codes.tolist()]
    return tuple(words[place] for place in back)


@dataclass(frozen=True)
class _Old:
    """What is still true of an older mapping, in the rows of today, and which rows must be looked at again."""

    scored: Scored
    changed: tuple[np.ndarray, np.ndarray]


def _still_true(before: Mapping, left: Companies, right: Companies, open_rows: tuple[np.ndarray, np.ndarray]) -> _Old:
    (now_left, changed_left), (now_right, changed_right) = _moved(before.left, left), _moved(before.right, right)
    was_open = before.open_rows
    changed_left |= _opened(was_open[0], now_left, open_rows[0])
    changed_right |= _opened(was_open[1], now_right, open_rows[1])
    a, b = now_left[before.scored.left], now_right[before.scored.right]
    kept = (a >= 0) & (b >= 0)
    a, b = np.maximum(a, 0), np.maximum(b, 0)
    joined = open_rows[0][a] & open_rows[1][b] if before.only_open else open_rows[0][a] | open_rows[1][b]
    kept &= ~changed_left[a] & ~changed_right[b] & joined
    scored = Scored(a[kept].astype(np.int32), b[kept].astype(np.int32), before.scored.logit[kept], before.scored.reasons[kept])
    return _Old(scored, (changed_left, changed_right))


def _moved(before: Companies, now: Companies) -> tuple[np.ndarray, np.ndarray]:
    """Where each row of before is now (-1: nowhere), and which rows of now are new or say something else."""
    where = pc.fill_null(pc.index_in(before.ids, value_set=now.ids), -1).to_numpy().astype(np.int64)
    changed = np.ones(len(now), bool)
    there = where >= 0
    changed[where[there]] = before.prints[there] != now.prints[where[there]]
    return where, changed


def _opened(was: np.ndarray, where: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Rows that a proof had joined and does no more."""
    found = np.zeros(len(now), bool)
    there = where >= 0
    found[where[there]] = ~was[there] & now[where[there]]
    return found
