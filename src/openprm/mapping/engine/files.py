"""Lists of companies out of CSV files, and pairs into one; a file that cannot be read right is refused with the row that is wrong."""

import codecs
import csv
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from openprm.mapping.engine.companies import COLUMNS

LONGEST_CELL = 10_000
REQUIRED = ("id", "name")
PAIR_COLUMNS = ("left_id", "right_id", "score", "matched_on")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Unreadable(Exception):
    """A sentence that says which file and row are wrong, and what to do."""


@dataclass(frozen=True)
class ListFile:
    """The columns of a list as text, and what is worth knowing about how they were read."""

    columns: dict[str, pa.Array]
    notes: tuple[str, ...]


def read_list(file: Path, required: tuple[str, ...] = REQUIRED) -> ListFile:
    """Every row of a CSV file with at least the required columns, of which id is one. Raises Unreadable."""
    try:
        raw = file.read_bytes()
    except OSError as odd:
        raise Unreadable(f"{file}: {odd.strerror or odd}.") from None
    raw, notes = _as_utf8(file, raw)
    columns = _columns(file, raw, required)
    _check(file, raw, columns)
    return ListFile(columns, notes)


def read_pairs(file: Path) -> dict[str, str]:
    """The first two columns of a CSV file with a heading, such as old and new domains. Raises Unreadable."""
    try:
        raw, _notes = _as_utf8(file, file.read_bytes())
    except OSError as odd:
        raise Unreadable(f"{file}: {odd.strerror or odd}.") from None
    rows = [row for row in _rows(file, raw) if row[1]]
    if short := next((line for line, row in rows if len(row) < 2), None):
        raise Unreadable(f"{file}, row {short}: two columns are needed, the old domain and the new one.")
    return {row[0].strip(): row[1].strip() for _line, row in rows[1:]}


def write_pairs(file: Path, rows: Iterable[tuple[str, str, float, str]]) -> None:
    """Write the pairs as CSV; the file appears whole or not at all."""
    with NamedTemporaryFile("w", dir=file.parent, prefix=f".{file.name}.", suffix=".part", delete=False, newline="", encoding="utf-8") as part:
        try:
            writer = csv.writer(part, lineterminator="\n")
            writer.writerow(PAIR_COLUMNS)
            writer.writerows((left, right, f"{score:.4f}", why) for left, right, score, why in rows)
            part.flush()
            os.fsync(part.fileno())
            os.chmod(part.name, 0o644)
            os.replace(part.name, file)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _as_utf8(file: Path, raw: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The text as UTF-8. Lines in another encoding are read as Windows-1252, and it is said which."""
    if raw.startswith(_UTF16):
        try:
            return raw.decode("utf-16").encode(), ()
        except UnicodeDecodeError:
            raise Unreadable(f"{file}: begins as UTF-16 and does not go on so. Save it as UTF-8.") from None
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if (at := raw.find(b"\0")) >= 0:
        row = raw.count(b"\n", 0, at) + 1
        raise Unreadable(f"{file}, row {row}: holds a zero byte; this is no text. Save it as CSV in UTF-8.")
    try:
        codecs.utf_8_decode(raw, "strict", True)
    except UnicodeDecodeError:
        return _line_by_line(raw)
    return raw, ()


def _line_by_line(raw: bytes) -> tuple[bytes, tuple[str, ...]]:
    lines, odd = raw.split(b"\n"), []
    for number, line in enumerate(lines):
        try:
            codecs.utf_8_decode(line, "strict", True)
        except UnicodeDecodeError:
            odd.append(number + 1)
            lines[number] = line.decode("cp1252", errors="replace").encode()
    return b"\n".join(lines), (f"{len(odd):,} rows are not UTF-8 (the first is row {odd[0]:,}): read as Windows-1252",)


def _columns(file: Path, raw: bytes, required: tuple[str, ...]) -> dict[str, pa.Array]:
    heading = next((row for _line, row in _rows(file, raw) if row), None)
    if heading is None:
        raise Unreadable(f"{file}: is empty. Its first row must name the columns: {', '.join(COLUMNS[:5])}.")
    names = [name.strip().lower() for name in heading]
    if missing := [name for name in required if name not in names]:
        rest = f"The columns are {', '.join(COLUMNS[:5])}; all but {' and '.join(required)} may be missing."
        raise Unreadable(f"{file}, row 1: has no column {' and no column '.join(missing)}. {rest}")
    if twice := sorted({name for name in names if name in COLUMNS and names.count(name) > 1}):
        raise Unreadable(f"{file}, row 1: has the column {twice[0]} twice.")
    if raw.count(b'"') % 2:
        _find_the_bad_row(file, raw, len(names))
    unique = [f"{place}:{name}" for place, name in enumerate(names)]
    used = {name: unique[names.index(name)] for name in COLUMNS if name in names}
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(raw),
            read_options=arrow_csv.ReadOptions(column_names=unique, skip_rows_after_names=1, block_size=max(1 << 23, min(len(raw) + 1, 1 << 26))),
            parse_options=arrow_csv.ParseOptions(delimiter=_delimiter(raw), newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(unique, pa.string()), include_columns=list(used.values()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as odd:
        _find_the_bad_row(file, raw, len(names))
        raise Unreadable(f"{file}: {odd}") from None
    return {name: _one(table.column(column)) for name, column in used.items()}


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _delimiter(raw: bytes) -> str:
    first = raw[: raw.find(b"\n") if b"\n" in raw else len(raw)]
    return max(",;\t", key=lambda sign: (first.count(sign.encode()), sign == ","))


def _rows(file: Path, raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells), read with Python's own reader: slower, and strict about quotes."""
    before = csv.field_size_limit(max(len(raw), 1 << 17))
    reader = csv.reader(io.StringIO(raw.decode(), newline=""), delimiter=_delimiter(raw), strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as odd:
        raise Unreadable(f"{file}, row {line}: {odd}. Look for a quotation mark that is not closed.") from None
    finally:
        csv.field_size_limit(before)


def _find_the_bad_row(file: Path, raw: bytes, width: int) -> None:
    for line, row in _rows(file, raw):
        if row and len(row) != width:
            raise Unreadable(f"{file}, row {line}: has {len(row)} cells, the heading has {width}.")


def _check(file: Path, raw: bytes, columns: dict[str, pa.Array]) -> None:
    for name, column in columns.items():
        if (place := _first(pc.greater(pc.binary_length(column), LONGEST_CELL))) is not None:
            length = len(column[place].as_py())
            if length > LONGEST_CELL:
                raise Unreadable(f"{file}, row {_line(file, raw, place)}: the {name} has {length:,} signs; at most {LONGEST_CELL:,} are read.")
    ids = columns["id"]
    if (place := _first(pc.equal(pc.utf8_trim_whitespace(ids), ""))) is not None:
        raise Unreadable(f"{file}, row {_line(file, raw, place)}: has no id.")
    encoded = ids.dictionary_encode()
    if len(encoded.dictionary) < len(ids):
        _say_which_is_twice(file, raw, ids.to_pylist())


def _first(holds: pa.BooleanArray) -> int | None:
    place = holds.index(True).as_py() if len(holds) else -1
    return None if place < 0 else place


def _say_which_is_twice(file: Path, raw: bytes, ids: list[str]) -> None:
    seen: dict[str, int] = {}
    for place, key in enumerate(ids):
        if key in seen:
            raise Unreadable(
                f"{file}, row {_line(file, raw, place)}: the id {key[:80]} is already in row {_line(file, raw, seen[key])}. Each row needs its own."
            )
        seen[key] = place


def _line(file: Path, raw: bytes, place: int) -> int:
    """The row of the file in which the row of the table is; the heading is row 1, empty rows count."""
    rows = (line for line, row in _rows(file, raw) if row)
    return next(line for number, line in enumerate(rows) if number == place + 1)
