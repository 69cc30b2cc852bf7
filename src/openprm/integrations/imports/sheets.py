"""XLSX workbooks: packed XML from strangers. Checked as an archive before a single part is unpacked."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from openprm.integrations.imports import limits
from openprm.kernel.errors import Invalid


def is_workbook(start: bytes) -> bool:
    return start.startswith(b"PK\x03\x04")


def workbook_rows(path: Path, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows of the first sheet that is not hidden, values only. Raises Invalid, also for formulas, with the cell's name."""
    check_archive(path, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, ParseError, zipfile.BadZipFile):
        raise _unreadable(name) from None
    sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
    if sheet is None:
        raise Invalid(_("%(file)s holds no visible sheet.") % {"file": name}, code="file_empty", field="file")
    try:
        for number, cells in enumerate(sheet.iter_rows(max_col=limits.MOST_COLUMNS + 1), start=1):
            yield number, tuple(_value(cell, name, number, position) for position, cell in enumerate(cells, start=1))
    except (KeyError, ValueError, OSError, ParseError, zipfile.BadZipFile):
        raise _unreadable(name) from None
    finally:
        book.close()


def check_archive(path: Path, name: str) -> None:
    """Refuse an archive that would unpack to more than it looks. Reads only its table of contents."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError):
        raise _unreadable(name) from None
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(_("%(file)s is protected by a password. Save it without one.") % {"file": name}, code="workbook_locked", field="file")
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise _unreadable(name)
    dense = any(part.file_size > limits.RATIO_FROM and part.file_size > limits.HIGHEST_RATIO * max(1, part.compress_size) for part in parts)
    if dense or len(parts) > limits.MOST_PARTS or sum(part.file_size for part in parts) > limits.LARGEST_UNPACKED:
        raise Invalid(_("%(file)s unpacks to far more than its size: it was not opened. Save it as CSV.") % {"file": name}, code="workbook_bomb", field="file")


def _value(cell: Any, name: str, row: int, column: int) -> str | int | float | bool | None:
    value = cell.value
    if getattr(cell, "data_type", "") == "f" or type(value).__name__ in ("ArrayFormula", "DataTableFormula"):
        where = f"{get_column_letter(column)}{row}"
        raise Invalid(
            _("%(file)s, row %(row)d, cell %(cell)s holds a formula. Copy and paste the sheet as values, then save.")
            % {"file": name, "row": row, "cell": where},
            code="formula",
        )
    if getattr(cell, "data_type", "") == "e":
        return str(value)
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _unreadable(name: str) -> Invalid:
    return Invalid(_("%(file)s is not a workbook that can be read. Save it again as .xlsx or CSV.") % {"file": name}, code="workbook_unreadable", field="file")
