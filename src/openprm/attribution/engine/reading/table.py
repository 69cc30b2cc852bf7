"""A file as a table with the columns that a model needs, whatever its format says about them."""

import codecs
import csv
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from openprm.attribution.engine.errors import BadInput

MEMORY, THREADS = "512MB", 4
LARGE = 256 * 1024 * 1024  # a smaller file is read by one thread: each takes memory of its own
MAGIC = b"PAR1"
PEEK = 1 << 20
ROWS_AT_ONCE = 25_000
OTHER_NAMES = {
    "journey": "journey_id", "deal_id": "journey_id", "channel": "partner", "timestamp": "at", "touched_at": "at",
    "total_conversions": "conversions", "total_conversion_value": "value", "conversion_value": "value", "total_null": "nulls", "total_nulls": "nulls",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """`types` are DuckDB's names of the columns' types; `first_row` is what a spreadsheet calls the first row of data."""

    duck: duckdb.DuckDBPyConnection
    types: Mapping[str, str]
    source: str
    first_row: int
    size: int
    is_text: bool

    def batches(self, columns: str, *, rows: int = ROWS_AT_ONCE) -> Iterator[pa.RecordBatch]:
        """The answer to `select columns` in the order of the file, piece by piece. Raises BadInput."""
        with understood(self.first_row):
            yield from self.duck.sql(f"select {columns} from {self.source}").to_arrow_reader(rows)

    def first(self, query: str) -> tuple | None:
        """The first line of a query's answer; `rows` in it is this table with its row numbers."""
        numbered = f"with rows as (select row_number() over () + {self.first_row - 1} as row, * from {self.source}) "
        with understood(self.first_row):
            found = self.duck.sql(numbered + query).fetchall()
            return found[0] if found else None

    def rows(self) -> int | None:
        """How many rows there are, where the file says so without being read."""
        if self.is_text:
            return None
        return self.duck.sql(f"select count(*) from {self.source}").fetchall()[0][0]


def plain(column: pa.Array) -> np.ndarray:
    """Numbers without nulls, not copied. (`to_numpy` would import pandas, which costs more than reading a million rows.)"""
    return np.from_dlpack(column)


@contextmanager
def understood(first_row: int) -> Iterator[None]:
    """What DuckDB refuses, as a sentence with its row."""
    try:
        yield
    except (duckdb.Error, UnicodeDecodeError, pa.ArrowException, OSError) as odd:
        raise _told(str(odd), first_row) from None


def _told(text: str, first_row: int) -> BadInput:
    line = re.search(r"[Ll]ine:?\s*(\d+)", text)
    row = int(line.group(1)) if line else None
    if "unicode" in text.lower() or "utf-8" in text.lower():
        return BadInput("not UTF-8: the file mixes encodings, or was saved in another one", row=row)
    if "Expected Number of Columns" in text:
        counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
        found = f"{counts.group(2)} columns where the header has {counts.group(1)}" if counts else "another number of columns than the header"
        return BadInput(f"{found}; is the file cut off?", row=row)
    if "unterminated quote" in text.lower():
        return BadInput("a quotation mark that is never closed", row=row)
    return BadInput(_reason(text), row=row)


def _reason(text: str) -> str:
    """What DuckDB says went wrong, without where it looked."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not re.match(r"(Original Line|.*Error on Line)", line)]
    said = lines[0] if lines else "the file cannot be read"
    return f"this file is damaged: {said.rpartition(': ')[2]}" if "Failed to read file" in said or "No magic bytes" in said else said


@contextmanager
def opened(path: Path, room: Path) -> Iterator[Table]:
    """The table in the file; `room` is an empty folder for what does not fit into memory. Raises BadInput."""
    size = path.stat().st_size
    if size == 0:
        raise BadInput("the file is empty")
    # A name of our own: what DuckDB would take for a pattern, or for the end of a text, is then never in it.
    link = room / f"input{''.join(path.suffixes[-2:]) if path.suffix == '.gz' else path.suffix}"
    link.symlink_to(path.resolve())
    duck = duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "threads": min(THREADS, os.cpu_count() or 1) if size > LARGE else 1,
            "temp_directory": str(room / "duck"),
            "autoinstall_known_extensions": False,
        }
    )
    try:
        duck.execute("set TimeZone = 'UTC'")
        yield _parquet(duck, path, link, size) if _is_parquet(path) else _text(duck, path, link, size)
    finally:
        duck.close()


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == MAGIC or path.suffix.lower() in (".parquet", ".pq")


def _parquet(duck: duckdb.DuckDBPyConnection, path: Path, link: Path, size: int) -> Table:
    with path.open("rb") as file:
        begins = file.read(4) == MAGIC
        file.seek(max(0, size - 4))
        ends = file.read(4) == MAGIC
    if not begins or not ends or size < 12:
        raise BadInput("this Parquet file is not whole: its end is missing" if begins else "this is no Parquet file, though its name says so")
    with understood(1):
        found = duck.sql(f"describe select * from read_parquet('{link}')").fetchall()
    types = _known([row[0] for row in found], [row[1] for row in found])
    chosen = ", ".join(f"{_quoted(row[0])} as {_quoted(name)}" for row, name in zip(found, types, strict=True))
    return Table(duck, types, f"(select {chosen} from read_parquet('{link}'))", 1, size, is_text=False)


def _text(duck: duckdb.DuckDBPyConnection, path: Path, link: Path, size: int) -> Table:
    header, separator = _header(path)
    types = _known(header, ["VARCHAR"] * len(header))
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in types)
    options = f"header=true, auto_detect=false, delim='{separator}', quote='\"', escape='\"', columns={{{columns}}}, strict_mode=true, null_padding=false"
    return Table(duck, types, f"read_csv('{link}', {options})", 2, size, is_text=True)


def _header(path: Path) -> tuple[list[str], str]:
    """The names in the first row, and what separates them."""
    if path.suffix == ".gz":
        import gzip

        with gzip.open(path) as file:
            begin = file.read(PEEK)
    else:
        with path.open("rb") as file:
            begin = file.read(PEEK)
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in begin:
        raise BadInput("not UTF-8: the file is in another encoding; save it as CSV in UTF-8", row=1)
    line = begin.removeprefix(codecs.BOM_UTF8).splitlines()[0] if begin.strip() else b""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise BadInput("not UTF-8: the header is in another encoding", row=1) from None
    if not text.strip():
        raise BadInput("the file is empty" if not begin.strip() else "the first row names no columns", row=None if not begin.strip() else 1)
    separator = max(",;\t", key=text.count)
    return next(csv.reader([text], delimiter=separator)), separator


def _known(names: Sequence[str], types: Sequence[str]) -> dict[str, str]:
    """Column names as we say them. Raises BadInput for two of a name."""
    said = [OTHER_NAMES.get(name.strip().lower(), name.strip().lower()) for name in names]
    twice = next((name for place, name in enumerate(said) if name in said[:place]), None)
    if twice is not None:
        raise BadInput(f"the column {twice!r} is there twice", row=1)
    return dict(zip(said, types, strict=True))


def expect(types: Mapping[str, str], required: Sequence[str], optional: Sequence[str]) -> None:
    """Raises BadInput for a column that is missing, or that nobody knows."""
    unknown = [name for name in types if name not in (*required, *optional)]
    if unknown:
        raise BadInput(f"unknown column {unknown[0]!r}; expected are {', '.join((*required, *optional))}", row=1)
    missing = [name for name in required if name not in types]
    if missing:
        raise BadInput(f"the column {missing[0]!r} is missing; expected are {', '.join((*required, *optional))}", row=1)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
