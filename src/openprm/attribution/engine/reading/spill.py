"""Touches by the first bits of their journey's fingerprint: in memory while they fit, in files when they do not."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from openprm.attribution.engine.reading.sorting import TOUCH, Touches

BUDGET = 16 * 1024 * 1024
ROWS_IN_ONE = 1 << 16
MOST_BITS = 12


class Pile:
    """Parts that each hold whole journeys and are small enough to be sorted in memory."""

    def __init__(self, rows: int, room: Path, *, budget: int = BUDGET) -> None:
        self.bits = min(MOST_BITS, max(0, (rows // ROWS_IN_ONE).bit_length()))
        self._room, self._budget, self._held = room, budget, 0
        self._pieces: list[list[Touches]] = [[] for _ in range(1 << self.bits)]

    def add(self, touches: Touches) -> None:
        if self.bits == 0:
            self._pieces[0].append(touches)
        else:
            part = (touches["journey"] >> np.uint64(64 - self.bits)).astype(np.uint16)
            touches = touches.take(np.argsort(part, kind="stable"))  # indexing rows of several columns is 60 times slower
            ends = np.cumsum(np.bincount(part, minlength=len(self._pieces)))
            for pieces, begin, end in zip(self._pieces, np.concatenate([[0], ends[:-1]]), ends, strict=True):
                if end > begin:
                    pieces.append(touches[begin:end])
        self._held += touches.nbytes
        if self._held > self._budget:
            self._write()

    def parts(self) -> Iterator[Touches]:
        """Each part that holds anything, in the order of the fingerprints; a row keeps its place in the file among its like."""
        for number, pieces in enumerate(self._pieces):
            file = self._file(number)
            written = [np.fromfile(file, TOUCH)] if file.exists() else []
            if written or pieces:
                yield np.concatenate([*written, *pieces])

    def _write(self) -> None:
        for number, pieces in enumerate(self._pieces):
            if pieces:
                with self._file(number).open("ab") as file:
                    for piece in pieces:
                        piece.tofile(file)
        self._pieces, self._held = [[] for _ in self._pieces], 0

    def _file(self, number: int) -> Path:
        return self._room / f"touches-{number}"
