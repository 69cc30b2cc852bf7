"""Tables as files: CSV and XLSX of what a list shows, with cells that no spreadsheet will run."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from openprm.kernel.errors import Invalid
from openprm.kernel.money import Money
from openprm.ui.listspec import Column, ListState

ROWS_AT_MOST = 50_000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_XLSX_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CELL_CAP = 32_767  # Excel's own


def respond(request: HttpRequest, state: ListState, rows: Iterable[Any], *, name: str) -> HttpResponse:
    """The export that a list's address asked for: the filtered rows in the chosen columns.

    Raises Invalid above 50,000 rows. Give rows lazily and unpaged; `?bom=no` leaves the byte order mark of a CSV out.
    """
    if state.export == "xlsx":
        return xlsx_response(name, state.columns, rows)
    return csv_response(name, state.columns, rows, bom=request.GET.get("bom") != "no")


def csv_response(name: str, columns: Iterable[Column], rows: Iterable[Any], *, bom: bool = True) -> HttpResponse:
    """UTF-8 CSV; the byte order mark lets Excel read names with accents."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for line in table(tuple(columns), rows):
        writer.writerow([_as_text(cell) for cell in line])
    body = ("\ufeff" if bom else "") + out.getvalue()
    return _file(body.encode(), f"{slugify(name)}.csv", "text/csv; charset=utf-8")


def xlsx_response(name: str, columns: Iterable[Column], rows: Iterable[Any]) -> HttpResponse:
    """A workbook with numbers as numbers and dates as dates; text is never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", name)[:31] or "Export")
    sheet.freeze_panes = "A2"
    for number, line in enumerate(table(tuple(columns), rows)):
        sheet.append([_xlsx_cell(sheet, value, bold=number == 0) for value in line])
    out = io.BytesIO()
    book.save(out)
    return _file(out.getvalue(), f"{slugify(name)}.xlsx", XLSX_TYPE)


def table(columns: tuple[Column, ...], rows: Iterable[Any]) -> Iterator[list[Any]]:
    """The heading, then one line per row. Money becomes two cells: the amount and its currency."""
    yield [title for column in columns for title in _titles(column)]
    for number, row in enumerate(rows):
        if number >= ROWS_AT_MOST:
            sentence = _("This export has more than %(count)s rows. Narrow the filters, or ask an operator for `openprm export`.")
            raise Invalid(sentence % {"count": f"{ROWS_AT_MOST:,}"})
        yield [cell for column in columns for cell in _cells(column, row)]


def _is_money(column: Column) -> bool:
    return column.kind.startswith("money")


def _titles(column: Column) -> tuple[str, ...]:
    label = str(column.label)
    return (label, _("%(label)s currency") % {"label": label}) if _is_money(column) else (label,)


def _cells(column: Column, row: Any) -> tuple[Any, ...]:
    value = column.value_of(row)
    if _is_money(column):
        return (value.major, value.currency) if isinstance(value, Money) else (None, "")
    return (_plain(value),)


def _plain(value: Any) -> Any:
    """A value that both formats know; the drawn things (badges, companies, deadlines) become their words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or isinstance(value, (int, float, Decimal, datetime, date)):
        return value
    if isinstance(value, (tuple, list, frozenset, set)):
        return neutral(", ".join(str(item) for item in value))
    return neutral(str(value))


def neutral(text: str) -> str:
    """Text that a spreadsheet will not run: a leading = + - @ tab or return gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA_START) else text


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _xlsx_cell(sheet: Any, value: Any, *, bold: bool) -> WriteOnlyCell:
    if isinstance(value, datetime):
        value = value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, str):
        value = _XLSX_FORBIDDEN.sub("", value)[:_CELL_CAP]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _file(body: bytes, filename: str, content_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response
