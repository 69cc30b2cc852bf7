"""A plain table of one's own: name;kind;aliases;country;birth_year;reference;program;remarks with a header, comma or semicolon."""

from collections.abc import Iterator

from openprm.compliance.rules.sanctions.entries import BadList, Entry, Parsed, countries_in, distinct, made, table, text_of, years_in

KINDS = {"person": "person", "individual": "person", "vessel": "vessel"}


def read_own(content: bytes) -> Parsed:
    """Only `name` is needed; aliases are parted by "|". Raises BadList."""
    head_line = text_of(content).split("\n", 1)[0]
    return made(_entries(content, ";" if head_line.count(";") > head_line.count(",") else ","))


def _entries(content: bytes, delimiter: str) -> Iterator[Entry]:
    rows = table(content, delimiter)
    _line, head = next(rows, (1, []))
    columns = [cell.strip().lower().replace(" ", "_") for cell in head]
    if "name" not in columns:
        raise BadList("header", 1)
    for line, row in rows:
        if any(cell.strip() for cell in row):
            yield _entry(dict(zip(columns, row, strict=False)), line)


def _entry(cells: dict[str, str], line: int) -> Entry:
    names = distinct([cells.get("name"), *cells.get("aliases", "").split("|")])
    if not names:
        raise BadList("nameless", line)
    return Entry(
        ref=(cells.get("reference") or "").strip()[:60] or f"line {line}",
        kind=KINDS.get(cells.get("kind", "").strip().lower(), "entity"),
        names=names,
        countries=countries_in(cells.get("country", "").split("|")),
        birth_years=years_in(cells.get("birth_year", "").split("|")),
        programs=distinct([cells.get("program")], 60),
        remarks=" ".join(distinct([cells.get("remarks")], 2000)),
    )
