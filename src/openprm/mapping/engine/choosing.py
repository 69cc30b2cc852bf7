"""Which of the scored pairs are matches."""

import numpy as np

_EVEN = 6.0  # a lead beyond this says no more


def leads(rows: np.ndarray, logit: np.ndarray) -> np.ndarray:
    """How far each pair is ahead of the best other pair of the same row; negative where another is ahead."""
    order = np.lexsort((-logit, rows))
    ordered, values = rows[order], logit[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]] if len(rows) else np.zeros(0, bool)
    group = np.cumsum(first) - 1
    heads = np.flatnonzero(first)
    after = np.minimum(heads + 1, max(len(rows) - 1, 0))
    second = np.where((heads + 1 < len(rows)) & (ordered[after] == ordered[heads]), values[after], -np.inf)
    rival = np.where(first, second[group], values[heads][group])
    found = np.empty(len(rows))
    found[order] = np.clip(values - rival, -_EVEN, _EVEN)
    return found


def one_to_one(left: np.ndarray, right: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Places of the pairs taken, the best first: each row is in one pair at most."""
    order = np.lexsort((right, left, -score))
    taken_left, taken_right, found = set[int](), set[int](), []
    for place, a, b in zip(order.tolist(), left[order].tolist(), right[order].tolist(), strict=True):
        if a not in taken_left and b not in taken_right:
            taken_left.add(a)
            taken_right.add(b)
            found.append(place)
    return np.array(found, np.int64)


def best_of_either(left: np.ndarray, right: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Places of the pairs than which neither the left row or the right row has a better one; several where they are equal."""
    best = np.zeros(len(score), bool)
    for rows in (left, right):
        highest = np.zeros(int(rows.max(initial=-1)) + 1)
        np.maximum.at(highest, rows, score)
        best |= score >= highest[rows] - 1e-9
    places = np.flatnonzero(best)
    return places[np.lexsort((right[places], left[places], -score[places]))]
