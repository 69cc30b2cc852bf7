"""Reading the cells of a file of effort: months, hours, amounts. What could mean two things is refused, never guessed."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST_ROWS = 5_000
DELIMITERS = (";", "\t", ",")
_MONTHS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?"),
    re.compile(r"(?P<m>\d{1,2})[./](?P<y>\d{4})"),
)
_PLAIN = re.compile(r"-?\d{1,12}(?:[.,]\d{1,2})?")
_GROUPED = (
    re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d{1,2})?"),
    re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d{1,2}"),
    re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d{1,2}"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts as a spreadsheet does, with the header as row 1."""

    number: int
    cells: tuple[str, ...]


def decoded(content: bytes) -> str | None:
    """The text of a file, or None when it is no text."""
    starts_wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if starts_wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def rows_of(text: str) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The header and the rows that are not empty. Raises csv.Error for a file that cannot be cut into cells."""
    first = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = tuple(cell.strip() for cell in next(reader, []))
    return header, (Row(number, tuple(cell.strip() for cell in cells)) for number, cells in enumerate(reader, start=2) if any(cell.strip() for cell in cells))


def month(text: str) -> date | None:
    """The first day of "2026-03", "2026-03-15", "03/2026" or "3.2026"; None for anything else."""
    for pattern in _MONTHS:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            try:
                return date(int(parts["y"]), int(parts["m"]), int(parts.get("d") or 1)).replace(day=1)
            except ValueError:
                return None
    return None


def number(text: str) -> Decimal | None:
    """ "7,5", "1 250.00" or "1.250,00"; None for what is none, or could be two numbers ("1,250")."""
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    for pattern in _GROUPED:
        if pattern.fullmatch(text):
            whole, mark, cents = _cut(text)
            return Decimal(re.sub(r"[^\d-]", "", whole) + mark + cents)
    return None


def _cut(text: str) -> tuple[str, str, str]:
    found = re.search(r"[.,](\d{1,2})$", text)
    return (text[: found.start()], ".", found[1]) if found else (text, "", "")


def unprotected(cells: Sequence[str]) -> tuple[str, ...]:
    """Cells without the sign that spreadsheets and our own exports put before a formula."""
    return tuple(cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell for cell in cells)
