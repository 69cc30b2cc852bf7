"""What every list format is read into, and the bounds of all of them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale

from openprm.compliance.rules.names import flat

SOURCES = ("ofac_sdn", "eu", "un", "own")
MAX_BYTES = 64 * 1024 * 1024
MAX_ENTRIES, MAX_NAMES, MAX_CELL = 200_000, 120, 20_000
_OTHER_NAMES = {
    "russia": "RU",
    "russian federation": "RU",
    "iran islamic republic of": "IR",
    "islamic republic of iran": "IR",
    "korea north": "KP",
    "north korea": "KP",
    "democratic peoples republic of korea": "KP",
    "korea democratic peoples republic of": "KP",
    "syrian arab republic": "SY",
    "congo democratic republic of the": "CD",
    "democratic republic of the congo": "CD",
    "burma": "MM",
    "turkey": "TR",
    "united states of america": "US",
    "viet nam": "VN",
    "libyan arab jamahiriya": "LY",
    "united republic of tanzania": "TZ",
    "cote d ivoire": "CI",
    "region gaza": "PS",
    "palestinian": "PS",
    "bosnia and herzegovina": "BA",
}


class BadList(ValueError):
    """The file is not what it is said to be: `code` names the sentence, `line` is where (0: the whole file)."""

    def __init__(self, code: str, line: int):
        self.code, self.line = code, line
        super().__init__(f"{code} at line {line}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One person, company or ship of a list. `ref` is its number in the list."""

    ref: str
    kind: str
    names: tuple[str, ...]
    countries: tuple[str, ...] = ()
    birth_years: tuple[int, ...] = ()
    programs: tuple[str, ...] = ()
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    entries: tuple[Entry, ...]
    list_date: date | None = None


def made(entries: Iterable[Entry], list_date: date | None = None) -> Parsed:
    """All entries, bounded, each number once. Raises BadList for an empty list or a repeated number."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.ref in found:
            raise BadList("repeated", len(found) + 1)
        if len(found) >= MAX_ENTRIES:
            raise BadList("too_many", MAX_ENTRIES)
        found[entry.ref] = entry
    if not found:
        raise BadList("empty", 0)
    return Parsed(tuple(found.values()), list_date)


def distinct(texts: Iterable[str | None], longest: int = 300) -> tuple[str, ...]:
    """Clean, non-empty, each once, in order."""
    tidy = (" ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:longest] for text in texts if text)
    return tuple(dict.fromkeys(text for text in tidy if text))[:MAX_NAMES]


def table(content: bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with their line. Raises BadList."""
    reader = csv.reader(io.StringIO(text_of(content), newline=""), delimiter=delimiter)
    csv.field_size_limit(MAX_CELL)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        raise BadList("not_csv", reader.line_num) from None


def text_of(content: bytes) -> str:
    if b"\x00" in content:
        raise BadList("not_text", 0)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\x1a", "")
        except UnicodeDecodeError:
            continue
    raise BadList("not_text", 0)


def year_in(text: str | None) -> int | None:
    found = re.search(r"\b(1[89]\d\d|20\d\d)\b", text or "")
    return int(found[1]) if found else None


def years_in(texts: Iterable[str | None]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(year for text in texts if (year := year_in(text))))


def day_in(text: str | None) -> date | None:
    """The first "2026-11-20" or "20/11/2026" of a text."""
    if found := re.search(r"(\d{4})-(\d\d)-(\d\d)", text or ""):
        parts = found[1], found[2], found[3]
    elif found := re.search(r"(\d\d)/(\d\d)/(\d{4})", text or ""):
        parts = found[3], found[2], found[1]
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def country_code(text: str | None) -> str:
    """ "Iran, Islamic Republic of" and "ir" give "IR"; what is not known gives ""."""
    name = (text or "").strip()
    if re.fullmatch(r"[A-Za-z]{2}", name):
        return name.upper() if name.upper() in _codes() else ""
    return _by_name().get(flat(name), "")


def countries_in(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for text in texts if (code := country_code(text))))[:20]


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(code for code in Locale.parse("en").territories if re.fullmatch(r"[A-Z]{2}", code))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    known = {flat(name): code for code, name in Locale.parse("en").territories.items() if re.fullmatch(r"[A-Z]{2}", code)}
    return known | _OTHER_NAMES
