"""The UN Security Council's consolidated list (CONSOLIDATED_LIST with INDIVIDUALS and ENTITIES, names in up to four parts)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import Element

from openprm.compliance.rules.sanctions import xml
from openprm.compliance.rules.sanctions.entries import BadList, Entry, Parsed, countries_in, day_in, distinct, made, years_in

PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def read_un(content: bytes) -> Parsed:
    """Raises BadList."""
    when: list[date | None] = [None]
    return replace(made(_entries(content, when)), list_date=when[0])


def _entries(content: bytes, when: list[date | None]) -> Iterator[Entry]:
    for place, (root, one) in enumerate(xml.records(content, {"INDIVIDUAL", "ENTITY"}), start=1):
        when[0] = when[0] or day_in(root.get("dateGenerated"))
        yield _entry(one, xml.local(one), place)


def _entry(one: Element, kind: str, place: int) -> Entry:
    whole = " ".join(filter(None, (xml.text(one, part) for part in PARTS)))
    names = distinct([whole, xml.text(one, "NAME_ORIGINAL_SCRIPT"), *xml.texts(one, f"{kind}_ALIAS/ALIAS_NAME")])
    number = xml.text(one, "DATAID") or xml.text(one, "REFERENCE_NUMBER")
    if not names or not number:
        raise BadList("nameless", place)
    born = [text for name in ("YEAR", "DATE", "FROM_YEAR") for text in xml.texts(one, f"INDIVIDUAL_DATE_OF_BIRTH/{name}")]
    return Entry(
        ref=number[:60],
        kind="person" if kind == "INDIVIDUAL" else "entity",
        names=names,
        countries=countries_in([*xml.texts(one, "NATIONALITY/VALUE"), *xml.texts(one, f"{kind}_ADDRESS/COUNTRY")]),
        birth_years=years_in(born),
        programs=distinct([xml.text(one, "UN_LIST_TYPE")], 60),
        remarks=" ".join(distinct([xml.text(one, "COMMENTS1")], 2000)),
    )
