"""From the text of a cell to a value: dates in the declared order, amounts, names of countries, choices.

A cell gives a value, or a problem that a person must mend, and sometimes a note that says how the text was understood.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from openprm.integrations.imports.countries import country_of
from openprm.kernel.countries import country_name
from openprm.kernel.money import LARGEST_MINOR, currencies, minor_units
from openprm.kernel.transfer import How, ImportField, Kind, TextMatch, match_text

DATE_ORDERS = ("dmy", "mdy", "ymd")
LARGEST_NUMBER = 2**31 - 1
CLOSED = 4  # choices are a short closed list, so one edit in four letters is still unmistakable
_PARTS = re.compile(r"(\d{1,4})[-/. ](\d{1,2}|[^\W\d_]{3,9})[-/. ](\d{1,4})(?:[T ,]\s*\d{1,2}:\d{2}.*)?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?")
_MONTHS = {name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)}
_TRUE = frozenset({"1", "true", "yes", "y", "x", "ja", "oui", "si", "sí", "t", "wahr"})
_FALSE = frozenset({"0", "false", "no", "n", "nein", "non", "f", "falsch"})


@dataclass(frozen=True, slots=True)
class Reading:
    """How cells are read: the order of day, month and year, the decimal mark, the century of two-digit years, one currency for all."""

    dates: str = "ymd"
    decimal: str = "."
    first_year: int = 1970  # two-digit years lie in the hundred years from here
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell gave. `note` is (kind, what it became): repaired, assumed or kept."""

    value: Any = None
    problem: str = ""
    note: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads the cells of one mapped column."""

    target: ImportField
    reading: Reading
    scale: Decimal = Decimal(1)
    values: Mapping[str, str] = field(default_factory=dict)

    def read(self, cell: Any, currency: str = "") -> Read:
        """The value of a cell that is not empty. `currency` is that of its row."""
        if isinstance(cell, str):
            cell = _unprotected(cell.strip())
        if isinstance(cell, str) and len(cell) > self.target.max_length and self.target.kind is not Kind.REFERENCE:
            return Read(problem=_("is longer than %(most)d characters") % {"most": self.target.max_length})
        if self.values and (written := match_text(str(cell), self.values, letters_per_edit=CLOSED)).name is not None:
            return self._as_mapped(written)
        if self.target.kind is Kind.MONEY:
            return self._money(cell, currency or self.reading.currency)
        return _READERS[self.target.kind](self, cell)

    def _as_mapped(self, written: TextMatch) -> Read:
        read = _READERS[self.target.kind](self, self.values[written.name or ""])
        return replace(read, note=("repaired", str(read.value))) if written.how is How.SPELLING else read

    def _text(self, cell: Any) -> Read:
        return Read(" ".join(str(cell).split()))

    def _number(self, cell: Any) -> Read:
        number = self._exact(cell)
        if number is None or number != number.to_integral_value() or abs(number) > LARGEST_NUMBER:
            return Read(problem=_("“%(text)s” is no whole number") % {"text": _short(cell)})
        return Read(int(number))

    def _decimal(self, cell: Any) -> Read:
        number = self._exact(cell)
        return Read(number) if number is not None else Read(problem=_("“%(text)s” is no number") % {"text": _short(cell)})

    def _money(self, cell: Any, currency: str) -> Read:
        if not currency or currency not in currencies():
            return Read(problem=_("has no currency; map a column to it or set one for the file"))
        number = self._exact(_without_currency(cell, currency))
        if number is None:
            return Read(problem=_("“%(text)s” is no amount") % {"text": _short(cell)})
        minor = (number * self.scale).scaleb(minor_units(currency))
        if abs(minor) > LARGEST_MINOR:
            return Read(problem=_("“%(text)s” is too large an amount") % {"text": _short(cell)})
        if minor != minor.to_integral_value():
            return Read(problem=_("“%(text)s” has more decimal places than %(currency)s") % {"text": _short(cell), "currency": currency})
        return Read(int(minor))

    def _exact(self, cell: Any) -> Decimal | None:
        if isinstance(cell, bool):
            return None
        if isinstance(cell, int | float):
            return Decimal(str(cell)) if Decimal(str(cell)).is_finite() else None
        return _parse_number(str(cell), self.reading.decimal)

    def _currency(self, cell: Any) -> Read:
        code = str(cell).strip().upper()
        if code in currencies():
            return Read(code)
        return Read(problem=_("“%(text)s” is no currency; use three letters, for example EUR") % {"text": _short(cell)})

    def _date(self, cell: Any) -> Read:
        found = parse_date(str(cell), self.reading)
        if found is None:
            values = {"text": _short(cell), "order": ORDER_WORDS[self.reading.dates]}
            return Read(problem=_("“%(text)s” is no date in the order %(order)s") % values)
        return Read(found)

    def _bool(self, cell: Any) -> Read:
        word = str(cell).strip().casefold()
        if word in _TRUE or word in _FALSE:
            return Read(word in _TRUE)
        return Read(problem=_("“%(text)s” is neither yes nor no") % {"text": _short(cell)})

    def _choice(self, cell: Any) -> Read:
        text = " ".join(str(cell).split())
        known = {str(label): value for value, label in self.target.choices} | {value: value for value, _label in self.target.choices}
        match = match_text(text, known, letters_per_edit=CLOSED)
        if match.name is not None:
            value = known[match.name]
            return Read(value, note=("repaired", value) if match.how is How.SPELLING else ("", ""))
        if self.target.open_choice:
            return Read(text, note=("kept", text))
        return Read(
            problem=_("“%(text)s” is none of: %(choices)s") % {"text": _short(cell), "choices": ", ".join(value for value, _label in self.target.choices)}
        )

    def _country(self, cell: Any) -> Read:
        code, match = country_of(str(cell))
        if code is None:
            return Read("", note=("unmatched", ""))
        return Read(code, note=("repaired", f"{code} ({country_name(code, 'en')})") if match.how is How.SPELLING else ("", ""))

    def _email(self, cell: Any) -> Read:
        address = str(cell).strip().casefold().removeprefix("mailto:")
        try:
            validate_email(address)
        except ValidationError:
            return Read(problem=_("“%(text)s” is no e-mail address") % {"text": _short(cell)})
        return Read(address)


_READERS: Mapping[Kind, Callable[[CellReader, Any], Read]] = {
    Kind.TEXT: CellReader._text, Kind.NUMBER: CellReader._number, Kind.DECIMAL: CellReader._decimal, Kind.CURRENCY: CellReader._currency,
    Kind.DATE: CellReader._date, Kind.BOOL: CellReader._bool, Kind.CHOICE: CellReader._choice, Kind.COUNTRY: CellReader._country,
    Kind.EMAIL: CellReader._email, Kind.REFERENCE: CellReader._text, Kind.MONEY: CellReader._decimal,
}  # fmt: skip
ORDER_WORDS = {"dmy": "day-month-year", "mdy": "month-day-year", "ymd": "year-month-day"}


def parse_date(text: str, reading: Reading) -> date | None:
    """A date in the declared order, with two- or four-digit years and months in figures or English. Year-first is always understood."""
    text = text.strip()
    if iso := _ISO.fullmatch(text):
        return _date_of(*map(int, iso.groups()[:3]))
    parts = _PARTS.fullmatch(text)
    if not parts or reading.dates not in DATE_ORDERS:
        return None
    found = dict(zip(reading.dates if not parts[2].isalpha() else "dmy", parts.groups(), strict=True))
    month = _MONTHS.get(found["m"][:3].casefold(), 0) if found["m"].isalpha() else int(found["m"])
    if len(found["d"]) > 2 or (len(found["m"]) > 2 and not found["m"].isalpha()) or len(found["y"]) not in (2, 4):
        return None
    return _date_of(_full_year(found["y"], reading.first_year), month, int(found["d"]))


def _full_year(digits: str, first_year: int) -> int:
    """Two digits mean the year of that ending in the hundred years from `first_year`."""
    if len(digits) == 4:
        return int(digits)
    return first_year + (int(digits) - first_year) % 100


def _date_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _parse_number(text: str, mark: str) -> Decimal | None:
    """A number with the declared decimal mark; thousands may be grouped by the other mark, a space or an apostrophe."""
    text = text.strip().replace("\u00a0", " ").replace("\u202f", " ")
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    other = "," if mark == "." else "."
    if not re.fullmatch(rf"[+-]?(\d+|\d{{1,3}}([{re.escape(other)} '’]\d{{3}})+)({re.escape(mark)}\d*)?", text):
        return None
    try:
        return Decimal(re.sub(rf"[{re.escape(other)} '’]", "", text).replace(mark, "."))
    except InvalidOperation:
        return None


def _without_currency(cell: Any, currency: str) -> Any:
    """An amount may carry its own code or sign: "EUR 1,200", "$1,200"."""
    if not isinstance(cell, str):
        return cell
    return re.sub(rf"^\s*(?:{currency}|[$€£¥])\s*|\s*(?:{currency}|[$€£¥])\s*$", "", cell, flags=re.IGNORECASE)


def _unprotected(text: str) -> str:
    """Our own exports put an apostrophe before what a spreadsheet would run; it is no part of the value."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text


def _short(cell: Any) -> str:
    text = str(cell)
    return text if len(text) <= 40 else f"{text[:39]}…"
