"""A file of aggregated paths: path ("a > b > a"), conversions, and perhaps value and nulls."""

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openprm.attribution.engine.errors import BadInput
from openprm.attribution.engine.journeys import Block, Floats
from openprm.attribution.engine.reading import cells
from openprm.attribution.engine.reading.table import Table, expect, plain
from openprm.attribution.engine.running import Tell

REQUIRED, OPTIONAL = ("path", "conversions"), ("value", "nulls")
BETWEEN = ">"
ROWS_AT_ONCE = 50_000


class Paths:
    """The file, gone through once for its partners and its faults, and again for each turn. Raises BadInput."""

    has_times = False

    def __init__(self, table: Table, tell: Tell) -> None:
        expect(table.types, REQUIRED, OPTIONAL)
        self._table, names, rows = table, set[str](), 0
        for batch in self._batches():
            names.update(_steps(batch, rows + table.first_row).dictionary.to_pylist())
            for column in ("conversions", "value", "nulls"):
                _checked(batch, column, rows + table.first_row)
            _refuse_value_of_nothing(batch, rows + table.first_row)
            rows += batch.num_rows
        if not rows:
            raise BadInput("the file has a header and no rows")
        self._names = names
        tell(f"{rows:,} paths read, {len(names):,} partners")

    @cached_property
    def partners(self) -> tuple[str, ...]:
        return tuple(sorted(self._names))

    def blocks(self, *, won_only: bool = False) -> Iterator[Block]:
        code = {name: place for place, name in enumerate(self.partners)}
        return (_block(batch, code) for batch in self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        types = self._table.types
        numbers = ", ".join(f"{cells.number(name, types[name]) if name in types else '0::double'} as {name}" for name in ("conversions", "value", "nulls"))
        return self._table.batches(f"path::varchar as path, {numbers}", rows=ROWS_AT_ONCE)


def _block(batch: pa.RecordBatch, code: Mapping[str, int]) -> Block:
    steps = _steps(batch, 0)
    codes = np.array([code[name] for name in steps.dictionary.to_pylist()], dtype=np.int64)
    lengths = plain(pc.list_value_length(_split(batch)))
    return Block(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        partner=codes[plain(steps.indices)],
        conversions=_numbers(batch, "conversions"),
        nulls=_numbers(batch, "nulls"),
        value=_numbers(batch, "value"),
    )


def _split(batch: pa.RecordBatch) -> pa.ListArray:
    return pc.split_pattern(batch.column("path").cast(pa.string()), BETWEEN)


def _steps(batch: pa.RecordBatch, first_row: int) -> pa.DictionaryArray:
    """The partners of all paths, one after the other. Raises BadInput for a path with an empty step."""
    if batch.column("path").null_count:
        raise BadInput("the path is empty", row=first_row + pc.index(pc.is_null(batch.column("path")), True).as_py(), column="path")
    lists = _split(batch)
    steps = pc.utf8_trim_whitespace(lists.flatten())
    empty = pc.index(steps, "").as_py()
    if empty >= 0:
        row = int(np.searchsorted(plain(lists.offsets), empty, side="right")) - 1
        raise BadInput("the path has a step without a partner", row=first_row + row, column="path")
    return steps.dictionary_encode()


def _numbers(batch: pa.RecordBatch, column: str) -> Floats:
    return plain(batch.column(column).fill_null(np.nan))


def _checked(batch: pa.RecordBatch, column: str, first_row: int) -> None:
    numbers = _numbers(batch, column)
    wrong = np.flatnonzero(~((numbers >= 0) & (numbers <= cells.LARGEST)))
    if len(wrong):
        number = numbers[wrong[0]]
        reason = f"{number:g} is negative" if number < 0 else "too large" if np.isfinite(number) else "not a number"
        raise BadInput(reason, row=first_row + int(wrong[0]), column=column)


def _refuse_value_of_nothing(batch: pa.RecordBatch, first_row: int) -> None:
    odd = np.flatnonzero((_numbers(batch, "value") > 0) & (_numbers(batch, "conversions") == 0))
    if len(odd):
        raise BadInput("a value, but no conversions", row=first_row + int(odd[0]), column="value")
