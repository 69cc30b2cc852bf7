"""Companies as CSV and XLSX files, however many there are: written in portions beside the memory, then sent from the disk."""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from openpyxl import Workbook

from openprm.kernel.http import Request
from openprm.mapping import queries, wording
from openprm.ui.exports import XLSX_TYPE, neutral

AT_ONCE = 2_000
ROWS_OF_A_SHEET = 1_000_000
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
Line = list[Any]


def overlaps(request: Request, rows: QuerySet, kind: str) -> tuple[FileResponse, int]:
    """The companies of a cell, and how many."""
    heading = [
        _("Our id"), _("Our name"), _("Their name"), _("Domain"), _("Country"), _("City"), _("Score"), _("Matched on"), _("State"), _("Our open deals"),
        _("Their open deals"), _("Their identifiers"), _("Their owner"),
    ]  # fmt: skip

    def line(one: queries.Overlap) -> Line:
        return [
            one.mine.key, one.mine.name, one.theirs.name, one.mine.domain or one.theirs.domain, one.theirs.country or one.mine.country,
            one.theirs.city or one.mine.city, one.percent, "+".join(one.matched_on), str(wording.STATE[one.state]), _amounts(one.mine), _amounts(one.theirs),
            _told(one.theirs.identifiers), _told(one.theirs.people),
        ]  # fmt: skip

    return _file("overlaps", kind, heading, (line(one) for part in _portions(rows) for one in queries.overlaps(request.actor, part, request.at)))


def companies(request: Request, rows: QuerySet, kind: str, name: str, *, own: bool = False) -> tuple[FileResponse, int]:
    """Companies of one list, and how many; of an own list with the ids, so that the file can be read in again."""
    heading = [*([_("ID")] if own else []), _("Name"), _("Domain"), _("Country"), _("City"), _("Open deals"), _("Identifiers"), _("Owner")]

    def line(one: queries.CompanyView) -> Line:
        key = [one.key] if own else []
        return [*key, one.name, one.domain, one.country, one.city, _amounts(one), _told(one.identifiers), _told(one.people)]

    return _file(name, kind, heading, (line(one) for part in _portions(rows) for one in queries.companies(request.actor, part, request.at)))


def looks(request: Request, rows: QuerySet, kind: str) -> FileResponse:
    """The access log."""
    heading = [_("When"), _("Who"), _("Company"), _("List"), _("What"), _("Rows"), _("What for")]

    def line(one: queries.LookView) -> Line:
        what, purpose = str(wording.LOOK[one.what]), str(wording.PURPOSE[one.purpose])
        return [one.at.isoformat(timespec="seconds"), one.person, one.viewer, one.population, what, one.rows, purpose]

    return _file("access-log", kind, heading, (line(one) for part in _portions(rows) for one in queries.look_views(part)))[0]


def targets(request: Request, rows: QuerySet, kind: str) -> FileResponse:
    heading = [_("Company"), _("Domain"), _("Country"), _("City"), _("With"), _("Kind"), _("Note"), _("Chosen by"), _("Chosen on"), _("Ended on")]

    def line(one: queries.TargetView) -> Line:
        ended = one.ended_at.date().isoformat() if one.ended_at else ""
        words = [one.name, one.domain, one.country, one.city, one.other, str(wording.TARGET[one.kind]), one.note, one.person]
        return [*words, one.chosen_at.date().isoformat(), ended]

    return _file("target-accounts", kind, heading, (line(one) for part in _portions(rows) for one in queries.target_views(request.actor, part)))[0]


def _portions(rows: QuerySet) -> Iterator[list]:
    part = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        part.append(row)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _amounts(one: queries.CompanyView) -> str:
    return "; ".join(f"{money.major} {money.currency}" for money in one.deals)


def _told(values: Any) -> str:
    return "; ".join(str(value) for value in values.values())


def _file(name: str, kind: str, heading: list[str], lines: Iterable[Line]) -> tuple[FileResponse, int]:
    """The file, and how many lines it has. It is whole before the first byte is sent: the scope is closed by then."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    is_sheet = kind == "xlsx"
    count = (_write_sheets if is_sheet else _write_csv)(out, heading, lines)
    out.seek(0)
    response = FileResponse(out, as_attachment=True, filename=f"{slugify(name) or 'list'}.{'xlsx' if is_sheet else 'csv'}")
    response["Content-Type"] = XLSX_TYPE if is_sheet else "text/csv; charset=utf-8"
    response["Cache-Control"] = "no-store"
    response.reads_no_rows = True  # type: ignore[attr-defined]
    return response, count


def _write_csv(out: BinaryIO, heading: list[str], lines: Iterable[Line]) -> int:
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    text.write("\ufeff")
    count = _counted(csv.writer(text).writerow, heading, lines)
    text.detach()
    return count


def _write_sheets(out: BinaryIO, heading: list[str], lines: Iterable[Line]) -> int:
    """As many sheets as the rows need: one holds a million."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(heading)
    count = 0
    for count, line in enumerate(lines, start=1):
        if count % ROWS_OF_A_SHEET == 0:
            sheet = book.create_sheet()
            sheet.append(heading)
        sheet.append([_cell(value) for value in line])
    book.save(out)
    return count


def _counted(write: Callable[[Line], Any], heading: list[str], lines: Iterable[Line]) -> int:
    write(heading)
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007  the last number is how many there were
        write([_cell(value) for value in line])
    return count


def _cell(value: Any) -> Any:
    return neutral(_FORBIDDEN.sub("", value)) if isinstance(value, str) else value
