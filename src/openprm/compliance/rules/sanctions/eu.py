"""The EU's consolidated financial sanctions list: XML (fsd/export 1.1) or CSV with semicolons, one row per name, address or birth."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import Element

from openprm.compliance.rules.sanctions import xml
from openprm.compliance.rules.sanctions.entries import BadList, Entry, Parsed, countries_in, day_in, distinct, made, table, years_in

NUMBER = "Entity_LogicalId"
NAME, KIND = "NameAlias_WholeName", "Entity_SubjectType"
NEEDED = {NUMBER, NAME, KIND}
NAME_PARTS = ("NameAlias_FirstName", "NameAlias_MiddleName", "NameAlias_LastName")
COUNTRIES = ("Citizenship_CountryIso2Code", "Address_CountryIso2Code", "BirthDate_CountryIso2Code", "Identification_CountryIso2Code")
YEARS = ("BirthDate_Year", "BirthDate_BirthDate")


def read_eu(content: bytes) -> Parsed:
    """Raises BadList."""
    return _read_xml(content) if xml.is_xml(content) else _read_csv(content)


def _read_xml(content: bytes) -> Parsed:
    when: list[date | None] = [None]
    return replace(made(_from_xml(content, when)), list_date=when[0])


def _from_xml(content: bytes, when: list[date | None]) -> Iterator[Entry]:
    for place, (root, one) in enumerate(xml.records(content, {"sanctionEntity"}), start=1):
        when[0] = when[0] or day_in(root.get("generationDate"))
        yield _entity(one, place)


def _entity(one: Element, place: int) -> Entry:
    names = distinct(_name(alias) for alias in xml.children(one, "nameAlias"))
    number = one.get("logicalId") or one.get("euReferenceNumber")
    if not names or not number:
        raise BadList("nameless", place)
    kinds = [kind.get("code") or kind.get("classificationCode") for kind in xml.children(one, "subjectType")]
    places = [code for child in ("citizenship", "address", "birthdate") for code in xml.attributes(one, child, "countryIso2Code")]
    return Entry(
        ref=number[:60],
        kind="person" if any(kind in ("person", "P") for kind in kinds) else "entity",
        names=names,
        countries=countries_in(places),
        birth_years=years_in(xml.attributes(one, "birthdate", "year", "birthdate")),
        programs=distinct(xml.attributes(one, "regulation", "programme"), 60),
        remarks=" ".join(distinct([remark.text for remark in xml.children(one, "remark")], 1000))[:2000],
    )


def _name(alias: Element) -> str:
    return alias.get("wholeName") or " ".join(filter(None, (alias.get(part) for part in ("firstName", "middleName", "lastName"))))


def _read_csv(content: bytes) -> Parsed:
    rows = table(content, ";")
    _line, head = next(rows, (1, []))
    if not set(head) >= NEEDED:
        raise BadList("header", 1)
    grouped: dict[str, list[dict[str, str]]] = {}
    for line, row in rows:
        if not any(row):
            continue
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        if not cells.get(NUMBER):
            raise BadList("columns", line)
        grouped.setdefault(cells[NUMBER], []).append(cells)
    first = next(iter(grouped.values()), [{}])[0]
    return made((_from_rows(number, found) for number, found in grouped.items()), day_in(first.get("fileGenerationDate")))


def _from_rows(number: str, rows: list[dict[str, str]]) -> Entry:
    names = distinct(row.get(NAME) or " ".join(filter(None, (row.get(part) for part in NAME_PARTS))) for row in rows)
    if not names:
        raise BadList("nameless", 0)
    return Entry(
        ref=number[:60],
        kind="person" if any(row.get(KIND, "").upper() in ("P", "PERSON") for row in rows) else "entity",
        names=names,
        countries=countries_in(row.get(column) for row in rows for column in COUNTRIES),
        birth_years=years_in(row.get(column) for row in rows for column in YEARS),
        programs=distinct((row.get("Entity_Regulation_Programme") for row in rows), 60),
        remarks=" ".join(distinct((row.get("Entity_Remark") for row in rows), 1000))[:2000],
    )
