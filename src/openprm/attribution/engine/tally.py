"""Sums by whole-number keys, over more keys and rows than one array should hold."""

import numpy as np

from openprm.attribution.engine.journeys import Floats, Ints

DENSE = 1 << 22
PENDING = 1 << 22


class Tally:
    """Adds up `columns` numbers for each key below `limit`: in one array where that is small, else in sorted runs that are merged."""

    def __init__(self, limit: int, columns: int) -> None:
        self._limit, self._columns = limit, columns
        self._table = np.zeros((columns, limit)) if limit <= DENSE else None
        self._runs: list[tuple[Ints, Floats]] = []
        self._pending = 0

    def add(self, keys: Ints, *values: Floats) -> None:
        if self._table is not None:
            for row, column in zip(self._table, values, strict=True):
                row += np.bincount(keys, weights=column, minlength=self._limit)
            return
        self._runs.append(_summed(keys, np.stack(values)))
        self._pending += len(self._runs[-1][0])
        if self._pending > PENDING:
            self._merge()

    def sums(self) -> tuple[Ints, Floats]:
        """The keys that have a number above 0, in order, and their sums, one row for each column."""
        if self._table is not None:
            keys = np.flatnonzero(self._table.any(axis=0))
            return keys, self._table[:, keys]
        self._merge()
        return self._runs[0] if self._runs else (np.zeros(0, np.int64), np.zeros((self._columns, 0)))

    def _merge(self) -> None:
        if self._runs:
            self._runs = [_summed(np.concatenate([keys for keys, _ in self._runs]), np.concatenate([sums for _, sums in self._runs], axis=1))]
        self._pending = 0


def _summed(keys: Ints, values: Floats) -> tuple[Ints, Floats]:
    found, place = np.unique(keys, return_inverse=True)
    return found, np.stack([np.bincount(place, weights=column, minlength=len(found)) for column in values])
