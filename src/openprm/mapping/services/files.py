"""Rows out of a CSV or XLSX file."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, Problem, Refusal, refuse_if
from openprm.kernel.money import parse_amount
from openprm.kernel.transfer import squash
from openprm.mapping import policies
from openprm.mapping.services.rows import Row, RowsResult, replace_rows

LARGEST_BYTES = 20 * 1024 * 1024
LARGEST_UNPACKED = 400 * 1024 * 1024
LONGEST_CELL = 10_000
MOST_COLUMNS = 200
ALIASES = {
    "key": ("id", "key", "account id", "crm id", "external id", "customer id"),
    "name": ("name", "company", "account", "account name", "customer"),
    "domain": ("domain", "website", "web", "url"),
    "country": ("country", "country code"),
    "city": ("city", "town"),
    "lei": ("lei",),
    "duns": ("duns", "d-u-n-s", "duns number"),
    "vat": ("vat", "vat number", "vat id"),
    "owner": ("owner", "account owner", "account manager"),
    "email": ("owner email", "email of the owner"),
    "amount": ("amount", "value", "deal value", "open amount"),
    "currency": ("currency",),
    "stage": ("stage",),
}
NAMES = {squash(alias): name for name, aliases in ALIASES.items() for alias in aliases}


def upload(*, actor: Actor, population_id: UUID, content: bytes, is_dry: bool = False, at: datetime) -> RowsResult:
    """Make a list of the rows of a file, all or none; a dry run says what it would do.

    Raises NotAllowed, NotFound, Conflict, and Invalid that names the row.
    """
    refuse_if(policies.why_not_manage(actor))
    policies.reach(actor).one(population_id)
    return replace_rows(actor=actor, population_id=population_id, rows=read(content, actor.locale), is_dry=is_dry, at=at)


def read(content: bytes, locale: str = "en") -> list[Row]:
    """The rows of a CSV or XLSX file. Raises Invalid."""
    if not content.strip():
        raise _bad(_("The file is empty."), "file_empty")
    if len(content) > LARGEST_BYTES:
        raise _bad(_("The file is larger than 20 MB. Send its rows over the API."), "file_too_large")
    lines = _sheet(content) if content.startswith(b"PK\x03\x04") else _text(content)
    header = next(lines, None)
    if header is None:
        raise _bad(_("The file is empty."), "file_empty")
    return list(_rows(_columns(header), lines, locale))


def _columns(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, text in enumerate(header):
        name = NAMES.get(squash(text[:80]))
        if name in found:
            raise _bad(_("Two columns are called like “%(name)s”. Leave one of them out.") % {"name": text[:40]}, "column_twice")
        if name:
            found[name] = place
    if missing := [name for name in ("key", "name") if name not in found]:
        raise _bad(
            _("The file has no column “%(name)s”. Its first row must name the columns.") % {"name": {"key": "id"}.get(missing[0], missing[0])}, "column_missing"
        )
    return found


def _rows(columns: dict[str, int], lines: Iterable[Sequence[str]], locale: str) -> Iterator[Row]:
    for number, cells in enumerate(lines, start=2):
        if not any(cells):
            continue
        if long := next((cell for cell in cells if len(cell) > LONGEST_CELL), None):
            raise _bad(
                _("Row %(row)d has a cell of %(length)d characters; at most %(most)d are read.") % {"row": number, "length": len(long), "most": LONGEST_CELL},
                "cell_too_long",
            )
        told = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
        yield _row(told, number, locale)


def _row(told: dict[str, str], number: int, locale: str) -> Row:
    amount, currency, stage = (told.pop(name, "") for name in ("amount", "currency", "stage"))
    deals: tuple[tuple[str, int, str, str], ...] = ()
    if amount:
        try:
            money = parse_amount(amount, currency.upper(), locale, field="amount")
        except Refusal as refusal:
            raise Invalid(problems=[Problem("file", _("Row %(row)d: %(said)s") % {"row": number, "said": refusal.message}, "bad_amount")]) from None
        deals = ((told["key"], money.minor, money.currency, stage[:60]),)
    return Row(**told, deals=deals, line=number)


def _text(content: bytes) -> Iterator[list[str]]:
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _bad(_("This is neither a CSV nor an XLSX file."), "no_text")
    text = _decoded(content)
    if text[:200].lstrip().lower().startswith(("<!doctype", "<html", "<?xml", "%pdf")):
        raise _bad(_("This is neither a CSV nor an XLSX file."), "no_text")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=lambda sign: (first.count(sign), sign == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as odd:
        if "field limit" in str(odd):
            said = _("Row %(row)d has a cell of more than %(most)d characters. Look for a quotation mark that is not closed.")
            raise _bad(said % {"row": reader.line_num, "most": LONGEST_CELL}, "cell_too_long") from None
        raise _bad(_("Row %(row)d: %(why)s. Look for a quotation mark that is not closed.") % {"row": reader.line_num, "why": odd}, "no_cells") from None


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else Windows-1252. Raises Invalid for a file that mixes them."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _read_as(content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as odd:
        _refuse_mixture(content, odd.start)
    return _read_as(content, "cp1252")


def _read_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise _bad(_("The letters of this file cannot be read. Save it as CSV in UTF-8."), "no_text") from None


def _refuse_mixture(content: bytes, odd: int) -> None:
    """A file with letters in UTF-8 in one row and in another encoding in the next would be read wrongly either way."""
    if any(not line.isascii() and _is_utf8(line) for line in content.split(b"\n")):
        row = content.count(b"\n", 0, odd) + 1
        said = _("Row %(row)d is written in another encoding than other rows of this file. Save the whole file as CSV in UTF-8.")
        raise _bad(said % {"row": row}, "mixed_encodings")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _sheet(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED or len(parts) > 2_000:
            raise _bad(_("This file unpacks to far more than its size: it was not opened. Save it as CSV."), "workbook_bomb")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for cells in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield [_cell(value) for value in cells]
    except Refusal:
        raise
    except Exception as odd:  # a workbook of a stranger may break the reader anywhere
        raise _bad(_("This workbook cannot be read. Save it as CSV in UTF-8."), "no_workbook") from odd


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return str(value)


def _bad(message: str, code: str) -> Invalid:
    return Invalid(message, field="file", code=code)
