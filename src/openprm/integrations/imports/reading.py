"""From bytes to rows of text: encoding, delimiter, sheets. Streams; what is wrong is said with file, row and column."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from openprm.integrations.imports import limits
from openprm.integrations.imports.sheets import is_workbook, workbook_rows
from openprm.kernel.errors import Invalid

Cell = str | int | float | bool | None
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
_SAMPLE = 64 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
csv.field_size_limit(limits.LARGEST_CELL)


@dataclass(frozen=True, slots=True)
class Row:
    """One record; `number` counts as a spreadsheet does, with the header as row 1. `problem` says why it cannot be read."""

    number: int
    cells: tuple[Cell, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it is being read: what it is, its header, and its rows, once."""

    name: str
    format: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: Iterable[Row]


class UnsureEncoding(Invalid):
    """The bytes are not Unicode; they read as Windows-1252, which a person has to confirm."""


def open_table(path: Path, *, name: str = "", encoding: str = "", delimiter: str = "") -> Table:
    """Open a CSV or XLSX file. Raises Invalid (UnsureEncoding when the encoding needs a word) naming file, row and column."""
    name = name or path.name
    _refuse_large(path, name)
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if is_workbook(start):
        return _with_header(name, "xlsx", "", "", workbook_rows(path, name))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(_("%(file)s is an old Excel file (.xls). Save it as .xlsx or CSV.") % {"file": name}, code="old_workbook")
    encoding = encoding or detect_encoding(path, name, start)
    return _csv_table(path, name, encoding, delimiter)


def detect_encoding(path: Path, name: str, start: bytes) -> str:
    """UTF-8, UTF-16 by mark or by pattern, else a guess that must be confirmed. Reads the file through, in pieces."""
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    if _looks_like_utf16(start):
        return "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as file:
        while piece := file.read(_SAMPLE):
            try:
                line += decoder.decode(piece).count("\n")
            except UnicodeDecodeError as error:
                raise _unsure(name, line, piece, error) from None
    return "utf-8"


def _looks_like_utf16(start: bytes) -> bool:
    pairs = start[: 2 * (len(start) // 2)]
    zeros = (pairs[0::2].count(0), pairs[1::2].count(0))
    return len(pairs) >= 8 and max(zeros) > 0.4 * len(pairs) / 2 and min(zeros) < 0.05 * len(pairs) / 2


def _unsure(name: str, line: int, piece: bytes, error: UnicodeDecodeError) -> UnsureEncoding:
    line += piece[: error.start].count(b"\n")
    before = piece[: error.start].rpartition(b"\n")[2]
    column = before.count(b",") + 1
    near = (before[-12:] + piece[error.start : error.start + 12].partition(b"\n")[0]).decode("cp1252", "replace")
    text = _(
        "%(file)s is not UTF-8: row %(row)d, about column %(column)d, near “%(near)s”. If that reads well it is Windows-1252: confirm it, or save it as UTF-8."
    )
    return UnsureEncoding(text % {"file": name, "row": line, "column": column, "near": near}, code="unsure_encoding", field="encoding")


def _refuse_large(path: Path, name: str) -> None:
    size = path.stat().st_size
    if size > limits.LARGEST_FILE:
        values = {"file": name, "size": size // limits.MEGABYTE, "most": limits.LARGEST_FILE // limits.MEGABYTE}
        raise Invalid(
            _("%(file)s has %(size)d MB; an import takes at most %(most)d MB. Split it into several files.") % values, code="file_too_large", field="file"
        )
    if not size:
        raise Invalid(_("%(file)s is empty.") % {"file": name}, code="file_empty", field="file")


def _csv_table(path: Path, name: str, encoding: str, delimiter: str) -> Table:
    try:
        text = io.TextIOWrapper(path.open("rb"), encoding=encoding, newline="")
        delimiter = delimiter or _delimiter(text.read(_SAMPLE // 4))
        text.seek(0)
    except (UnicodeError, LookupError):
        raise Invalid(_("%(file)s cannot be read as %(encoding)s. Choose another encoding.") % {"file": name, "encoding": encoding}, field="encoding") from None
    return _with_header(name, "csv", encoding, delimiter, _csv_rows(text, name, encoding, delimiter))


def _delimiter(sample: str) -> str:
    """The sign that cuts the first lines into the most columns, the same number in each."""
    lines = sample.splitlines()[:20]
    if len(lines) > 1 and len(sample) > 1000:
        lines = lines[:-1] or lines
    return max(DELIMITERS, key=lambda sign: _evenness(lines, sign))


def _evenness(lines: list[str], sign: str) -> tuple[int, int]:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
    except csv.Error:
        return (0, 0)
    if not widths or widths[0] < 2:
        return (0, 0)
    return (sum(width == widths[0] for width in widths), widths[0])


def _csv_rows(text: io.TextIOWrapper, name: str, encoding: str, delimiter: str) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    number = 0
    with text:
        reader = csv.reader(_short_lines(text, name, delimiter), delimiter=delimiter, strict=True)
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Invalid(_broken(error) % {"file": name, "row": number, "most": limits.LARGEST_CELL}, code="broken_csv") from None
            except UnicodeError:
                raise Invalid(
                    _("%(file)s, row %(row)d: cannot be read as %(encoding)s.") % {"file": name, "row": number, "encoding": encoding}, field="encoding"
                ) from None
            yield number, tuple(cells)


def _broken(error: csv.Error) -> str:
    if "field larger" in str(error):
        return _("%(file)s, row %(row)d: a cell is longer than %(most)d characters, or its quotation mark is never closed.")
    return _("%(file)s, row %(row)d: a quotation mark is out of place or never closed. Write it twice inside a quoted cell.")


def _short_lines(text: io.TextIOWrapper, name: str, delimiter: str) -> Iterator[str]:
    """Lines, each read at most to the limit of a cell, so that a line of gigabytes is never held."""
    number = 0
    while line := text.readline(limits.LARGEST_CELL * 2):
        number += 1
        if len(line) >= limits.LARGEST_CELL * 2:
            values = {"file": name, "row": number, "column": line[: limits.LARGEST_CELL].count(delimiter) + 1, "most": limits.LARGEST_CELL}
            raise Invalid(_("%(file)s, row %(row)d, column %(column)d: a cell is longer than %(most)d characters.") % values, code="cell_too_long")
        yield line


def _with_header(name: str, kind: str, encoding: str, delimiter: str, records: Iterator[tuple[int, tuple[Cell, ...]]]) -> Table:
    header = next(((number, cells) for number, cells in records if any(cell not in (None, "") for cell in cells)), None)
    if header is None:
        raise Invalid(_("%(file)s holds no rows.") % {"file": name}, code="file_empty", field="file")
    columns = _columns(name, header[1])
    return Table(name, kind, encoding, delimiter, columns, _checked(name, columns, records))


def _columns(name: str, cells: tuple[Cell, ...]) -> tuple[str, ...]:
    columns = [str("" if cell is None else cell).strip().strip("\ufeff") for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > limits.MOST_COLUMNS:
        raise Invalid(
            _("%(file)s has %(count)d columns; an import takes at most %(most)d.") % {"file": name, "count": len(columns), "most": limits.MOST_COLUMNS}
        )
    for position, column in enumerate(columns, start=1):
        if not column or "\x00" in column or len(column) > 200:
            raise Invalid(
                _("%(file)s: column %(column)d has no usable heading in row 1. Give every column a name.") % {"file": name, "column": position},
                code="bad_header",
            )
        if column in columns[: position - 1]:
            raise Invalid(
                _("%(file)s: the heading “%(heading)s” is there twice. Give every column its own name.") % {"file": name, "heading": column}, code="bad_header"
            )
    return tuple(columns)


def _checked(name: str, columns: tuple[str, ...], records: Iterator[tuple[int, tuple[Cell, ...]]]) -> Iterator[Row]:
    count = 0
    for number, cells in records:
        if all(cell in (None, "") for cell in cells):
            continue
        count += 1
        if count > limits.MOST_ROWS:
            raise Invalid(
                _("%(file)s has more than %(most)d rows. Split it into several files.") % {"file": name, "most": limits.MOST_ROWS}, code="too_many_rows"
            )
        cells = _trimmed(cells, len(columns))
        yield Row(number, tuple(_plain(cell) for cell in cells[: len(columns)]), _problem(cells, columns))


def _trimmed(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    while len(cells) > width and cells[-1] in (None, ""):
        cells = cells[:-1]
    return cells


def _plain(cell: Cell) -> Cell:
    """NUL cannot be stored; the row that holds one is refused, so nothing is lost by showing it as a mark."""
    return cell.replace("\x00", "\ufffd") if isinstance(cell, str) else cell


def _problem(cells: tuple[Cell, ...], columns: tuple[str, ...]) -> str:
    if len(cells) != len(columns):
        return _("has %(found)d cells where the heading has %(wanted)d") % {"found": len(cells), "wanted": len(columns)}
    for column, cell in zip(columns, cells, strict=True):
        if isinstance(cell, str) and "\x00" in cell:
            return _("column “%(column)s” holds a NUL byte") % {"column": column}
        if isinstance(cell, str) and len(cell) > limits.LARGEST_CELL:
            return _("column “%(column)s”: the cell is longer than %(most)d characters") % {"column": column, "most": limits.LARGEST_CELL}
        if isinstance(cell, str) and cell.lstrip()[:1] == "=":
            return _("column “%(column)s” holds a formula; save the file with values") % {"column": column}
    return ""


def spool(chunks: Iterable[bytes], target: BinaryIO, name: str) -> int:
    """Write an upload to disk piece by piece; stops at the limit, before the rest is read. Raises Invalid."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limits.LARGEST_FILE:
            raise Invalid(
                _("%(file)s is larger than %(most)d MB. Split it into several files.") % {"file": name, "most": limits.LARGEST_FILE // limits.MEGABYTE},
                field="file",
            )
        target.write(chunk)
    return size
