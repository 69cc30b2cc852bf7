"""The pack as a workbook: the same contents as on paper, with numbers as numbers. Same input, same bytes."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from openprm.kpis.engine.content import Cell, Line, Pack, TableOf
from openprm.ui.exports import neutral

BOLD, MUTED = Font(bold=True), Font(color="5B616E")
HEAD = PatternFill("solid", fgColor="F4F5F7")
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MONEY, PLAIN = "#,##0.00", "#,##0.######"
LONGEST = 32_767
EPOCH = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def draw(pack: Pack, fingerprint: str) -> bytes:
    book = Workbook()
    book.remove(book.active)
    _about(book.create_sheet(_("About")[:31]), pack, fingerprint)
    _summary(book.create_sheet(_("Summary")[:31]), pack)
    _numbers(book.create_sheet(_("Numbers")[:31]), pack)
    for table, name in zip((*pack.tables, pack.curve.table, pack.rows, pack.missing), _names(), strict=True):
        _table(book.create_sheet(name[:31]), table)
    _definitions(book.create_sheet(_("Definitions")[:31]), pack)
    book.properties.creator = book.properties.lastModifiedBy = FORBIDDEN.sub("", pack.vendor)[:200]
    book.properties.title = f"{pack.title}, {pack.subtitle}"
    out = io.BytesIO()
    book.save(out)
    return _without_clock(out.getvalue())


def _names() -> tuple[str, ...]:
    return _("Largest partners"), _("Without one of them"), _("First deal"), _("Deals won"), _("Not measured")


def _without_clock(content: bytes) -> bytes:
    """The archive with no moment of its making in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as still:
        for name in made.namelist():
            body = made.read(name)
            if name == "docProps/core.xml":
                body = MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", body)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            still.writestr(entry, body)
    return out.getvalue()


def _about(sheet: Worksheet, pack: Pack, fingerprint: str) -> None:
    _put(sheet, [pack.vendor], font=BOLD)
    _put(sheet, [pack.title], font=BOLD)
    for label, value in (*pack.facts, (_("Fingerprint"), fingerprint)):
        _put(sheet, [label, value])
    _put(sheet, [])
    for text in (pack.check_title, *pack.checks):
        _put(sheet, [text])
    _wide(sheet, (26, 90))


def _summary(sheet: Worksheet, pack: Pack) -> None:
    _head(sheet, (pack.summary.title, _("Amount"), _("Share")))
    for part in pack.summary.parts:
        _put(sheet, [part.label, part.amount.raw, part.share], money=(1,))
    _put(sheet, [pack.summary.whole.label, pack.summary.whole.amount.raw, pack.summary.whole.share], font=BOLD, money=(1,))
    _put(sheet, [pack.summary.check])
    _wide(sheet, (60, 22, 12))


def _numbers(sheet: Worksheet, pack: Pack) -> None:
    _head(sheet, (_("Group"), _("Name"), *{**pack.heads, "before": _("Before")}.values(), *_more_heads()))
    for section in pack.sections:
        for line in section.lines:
            _put(sheet, [section.title, line.name, *_line(line)])
    _wide(sheet, (14, 28, 34, 18, 10, 18, 18, 18, 14, 18, 18, 14, 50, 66))
    sheet.freeze_panes = "D2"


def _more_heads() -> tuple[str, ...]:
    return _("Change"), _("Target by"), _("95 %% from").replace("%%", "%"), _("to"), _("Unit"), _("Why there is none, and notes"), _("Configuration")


def _line(line: Line) -> Iterable[Any]:
    said = "; ".join(filter(None, (line.reason, *line.notes)))
    yield from (line.label, line.value.raw, line.n.raw, line.before.raw, line.target.raw, line.change.raw, line.target_by, line.low, line.high, line.unit)
    yield from (said, line.configuration)


def _table(sheet: Worksheet, table: TableOf) -> None:
    _head(sheet, table.head)
    for row in table.rows:
        _put(sheet, [_value(cell) for cell in row])
    if not table.rows:
        _put(sheet, [table.empty])
    if table.lead:
        _put(sheet, [])
        _put(sheet, [table.lead], font=MUTED)
    _wide(sheet, tuple(max(12, round(110 * share)) for share in table.widths))


def _value(cell: Cell) -> Any:
    return cell.text if cell.raw is None else cell.raw


def _definitions(sheet: Worksheet, pack: Pack) -> None:
    _head(sheet, (_("Number"), _("How it is computed"), _("What is decided")))
    for section in pack.sections:
        for line in section.lines:
            _put(sheet, [line.label, line.formula, "\n".join(line.edge_cases)], wrapped=True)
    _wide(sheet, (34, 70, 90))


def _head(sheet: Worksheet, titles: Sequence[str]) -> None:
    _put(sheet, list(titles), font=BOLD, fill=HEAD)
    sheet.freeze_panes = "A2"


def _put(
    sheet: Worksheet, values: list[Any], *, font: Font | None = None, fill: PatternFill | None = None, money: tuple[int, ...] = (), wrapped: bool = False
) -> None:
    row = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    if not values:
        sheet.cell(row, 1, " ")
        return
    for place, value in enumerate(values, start=1):
        cell = sheet.cell(row, place)
        _fill(cell, value, MONEY if place - 1 in money else PLAIN)
        if font:
            cell.font = font
        if fill:
            cell.fill = fill
        if wrapped:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _fill(cell: Any, value: Any, looks: str) -> None:
    """Text is never a formula, and a number never a text."""
    if isinstance(value, str):
        cell.value = FORBIDDEN.sub("", neutral(value))[:LONGEST]
        cell.data_type = "s"
        return
    cell.value = value
    if isinstance(value, int | Decimal):
        cell.number_format = looks


def _wide(sheet: Worksheet, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
