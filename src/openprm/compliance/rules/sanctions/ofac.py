"""OFAC's SDN list as published in SDN.CSV (12 columns, no header, "-0-" for nothing) and ALT.CSV (other names, 5 columns)."""

import re
from collections import defaultdict
from collections.abc import Iterator

from openprm.compliance.rules.sanctions.entries import BadList, Entry, Parsed, countries_in, distinct, made, table, years_in

NOTHING = "-0-"
KINDS = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
_QUOTED_ALIAS = re.compile(r"(?:a\.k\.a\.|alt\. name|f\.k\.a\.)\s+'([^']+)'")
_PLACE = re.compile(r"(?:nationality|citizen|Nationality of Registration|Organization Established in|POB[^;]*,)\s*([^;.,]+)", re.I)
_BORN = re.compile(r"DOB\s+([^;.]+)", re.I)


def read_ofac(content: bytes, aliases: bytes = b"") -> Parsed:
    """Raises BadList with the line that has not 12 columns or no number."""
    other_names = _aliases(aliases) if aliases else {}
    return made(_entry(row, other_names) for row in _rows(content, 12))


def _rows(content: bytes, columns: int) -> Iterator[list[str]]:
    for line, row in table(content, ","):
        cells = ["" if (cell := raw.strip()) == NOTHING else cell for raw in row]
        if not any(cells):
            continue
        if len(cells) != columns or not cells[0].isdigit():
            raise BadList("columns", line)
        yield cells


def _aliases(content: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for number, _alias_number, _type, name, _remarks in _rows(content, 5):
        found[number].append(name)
    return found


def _entry(row: list[str], other_names: dict[str, list[str]]) -> Entry:
    number, name, kind, program, title, _sign, _type, _tons, _grt, flag, _owner, remarks = row
    names = distinct([name, *other_names.get(number, ()), *_QUOTED_ALIAS.findall(remarks)])
    if not names:
        raise BadList("nameless", int(number))
    return Entry(
        ref=number,
        kind=KINDS.get(kind.lower(), "entity"),
        names=names,
        countries=countries_in([flag, *_PLACE.findall(remarks)]),
        birth_years=years_in(_BORN.findall(remarks)),
        programs=distinct(re.split(r"[\]\[;]", program), 60),
        remarks="; ".join(part for part in (title, remarks) if part)[:2000],
    )
