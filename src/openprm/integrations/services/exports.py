"""Rows of every entity to CSV or XLSX, as much as the actor may see."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from openprm.integrations import policies
from openprm.integrations.services.importers import exporter_of
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, refuse_if

FORMATS = ("csv", "xlsx")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
SHEET_ROWS = 1_048_575


def export_to(*, actor: Actor, entity: str, path: Path, at: datetime, format: str = "", filters: Mapping[str, str] | None = None) -> int:
    """Write the rows of an entity to a file; gives their number. Raises Invalid, NotAllowed."""
    exporter = exporter_of(entity)
    refuse_if(policies.why_not_export(actor, exporter))
    format = format or path.suffix.lstrip(".").lower() or "csv"
    if format not in FORMATS:
        raise Invalid(_("An export is csv or xlsx."), field="format")
    rows = exporter.rows(actor=actor, filters=filters or {}, at=at)
    header = [column.name for column in exporter.columns]
    return _write_csv(path, header, rows) if format == "csv" else _write_xlsx(path, header, rows, str(exporter.label))


def _write_csv(path: Path, header: Sequence[str], rows: Any) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        return _each(writer.writerow, rows)


def _write_xlsx(path: Path, header: Sequence[str], rows: Any, title: str) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.append(list(header))
    count = _each(sheet.append, _at_most(rows, SHEET_ROWS))
    book.save(path)
    return count


def _at_most(rows: Any, most: int) -> Iterator[Any]:
    for number, row in enumerate(rows, start=1):
        if number > most:
            raise Invalid(_("A sheet holds %(most)d rows. Export CSV instead.") % {"most": most}, field="format")
        yield row


def _each(write: Any, rows: Any) -> int:
    count = 0
    for row in rows:
        write([plain(cell) for cell in row])
        count += 1
    return count


def plain(value: Any) -> Any:
    """A cell that no spreadsheet runs: text that could start a formula is led by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float):
        return value
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.startswith(DANGEROUS) else text
