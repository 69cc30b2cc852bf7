"""Which column feeds which field, and how its cells are read: from a saved mapping, a YAML file, or the headings themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from openprm.integrations.imports.cells import DATE_ORDERS, Reading
from openprm.kernel.errors import Invalid
from openprm.kernel.money import currencies
from openprm.kernel.transfer import How, Importer, match_text, squash

SHIPPED = Path(__file__).parent.parent / "mappings"
LARGEST_FILE = 256 * 1024
UNMATCHED = ("refuse", "keep")
AS_WRITTEN = Reading()


@dataclass(frozen=True, slots=True)
class Feed:
    """One field fed by a column. `unmatched`: what to do with a reference that names no row: refuse the row, or keep it without."""

    column: str
    field: str
    scale: str = "1"
    values: Mapping[str, str] = field(default_factory=dict)
    unmatched: str = "refuse"
    report_empty: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A sum that must be the same in the file and in the database: `amount` added up by `by`, where `where` holds."""

    amount: str
    by: str
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileMapping:
    """How one file becomes rows of one entity."""

    entity: str
    feeds: tuple[Feed, ...]
    file: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    required: bool = True
    measure: Measure | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(feed.column for feed in self.feeds))


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """A whole mapping: one file, or the files of a folder."""

    name: str
    files: tuple[FileMapping, ...]
    source: str = ""
    about: str = ""
    reading: Reading = AS_WRITTEN
    encoding: str = ""
    delimiter: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def load(name_or_path: str) -> ImportMapping:
    """A mapping that ships with OpenPRM by its name, or a YAML file by its path. Raises Invalid naming what is wrong."""
    path = Path(name_or_path)
    shipped = SHIPPED / f"{name_or_path}.yaml"
    if shipped.parent == SHIPPED and shipped.is_file():
        path = shipped
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in SHIPPED.glob("*.yaml")))
        raise Invalid(_("There is no mapping “%(name)s”: neither a file nor one of %(known)s.") % {"name": name_or_path[:200], "known": known}, field="mapping")
    if path.stat().st_size > LARGEST_FILE:
        raise Invalid(_("%(file)s is too large for a mapping.") % {"file": path.name}, field="mapping")
    return _read(path.read_bytes(), path.name, path.stem)


def from_text(text: str, *, name: str) -> ImportMapping:
    """A mapping out of the text of a YAML or JSON file. Raises Invalid naming what is wrong."""
    if len(text) > LARGEST_FILE:
        raise Invalid(_("The text is too large for a mapping."), field="mapping")
    return _read(text.encode(), _("The mapping"), name)


def _read(content: bytes, label: str, name: str) -> ImportMapping:
    try:
        return from_json(yaml.safe_load(content.decode("utf-8")), name=name)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(_("%(file)s is not readable YAML: %(why)s") % {"file": label, "why": str(error)[:300]}, field="mapping") from None


def from_json(data: Any, *, name: str = "") -> ImportMapping:
    """A mapping out of YAML or JSON. Raises Invalid with the place of the first thing that is wrong."""
    data = _mapping(data, _("the mapping"))
    _only(data, {"name", "about", "source", "currency", "dates", "numbers", "encoding", "delimiter", "files", "reading"}, _("the mapping"))
    files = data.get("files")
    if not isinstance(files, Sequence) or isinstance(files, str) or not files:
        raise Invalid(_("The mapping lists no files. Add “files:” with at least one entry."), field="mapping")
    return ImportMapping(
        name=str(data.get("name") or name),
        files=tuple(_file(one, number) for number, one in enumerate(files, start=1)),
        source=str(data.get("source") or data.get("name") or name)[:60],
        about=str(data.get("about") or ""),
        reading=_reading(data),
        encoding=str(data.get("encoding") or ""),
        delimiter=str(data.get("delimiter") or ""),
    )


def by_headings(importer: Importer, columns: Sequence[str], *, reading: Reading = AS_WRITTEN, source: str = "") -> ImportMapping:
    """Guess the mapping of one file: headings that equal or nearly equal a field's name, label or alias."""
    feeds, taken = [], set()
    names = {alias: one.name for one in importer.fields for alias in (one.name, str(one.label), *one.aliases)}
    for how in (How.EXACT, How.NORMALISED, How.SPELLING):
        for column in columns:
            match = match_text(column, names)
            if match.name and match.how is how and names[match.name] not in taken and column not in {feed.column for feed in feeds}:
                feeds.append(Feed(column, names[match.name]))
                taken.add(names[match.name])
    order = {column: position for position, column in enumerate(columns)}
    feeds.sort(key=lambda feed: order[feed.column])
    return ImportMapping(name="", files=(FileMapping(entity=importer.entity, feeds=tuple(feeds)),), source=source, reading=reading)


def checked(mapping: FileMapping, importer: Importer, columns: Sequence[str], name: str) -> FileMapping:
    """The mapping with the file's own headings. Raises Invalid for columns that are missing and fields that the entity has not."""
    by_squash = {squash(column): column for column in columns}
    problems = [message for message in _problems(mapping, importer, by_squash, name) if message]
    if problems:
        raise Invalid(" ".join(problems), field="mapping", code="mapping_does_not_fit")
    feeds = tuple(replace(feed, column=by_squash[squash(feed.column)]) for feed in mapping.feeds if squash(feed.column) in by_squash)
    return replace(mapping, feeds=feeds)


def unmapped(mapping: FileMapping, columns: Sequence[str]) -> tuple[str, ...]:
    """Columns of the file that the mapping neither uses nor ignores on purpose."""
    known = {squash(column) for column in (*mapping.columns, *mapping.ignored)}
    return tuple(column for column in columns if squash(column) not in known)


def _problems(mapping: FileMapping, importer: Importer, by_squash: Mapping[str, str], name: str) -> list[str]:
    fields = {one.name: one for one in importer.fields}
    missing = [column for column in mapping.columns if squash(column) not in by_squash]
    unknown = sorted({*(feed.field for feed in mapping.feeds), *mapping.constants, *mapping.templates} - set(fields))
    fed = {*(feed.field for feed in mapping.feeds), *mapping.constants, *mapping.templates}
    unfed = [str(one.label) for one in importer.fields if one.required and one.name not in fed]
    return [
        _("%(file)s has no column %(columns)s; it has %(has)s.")
        % {"file": name, "columns": ", ".join(f"“{one}”" for one in missing), "has": ", ".join(by_squash.values())[:500]}
        if missing
        else "",
        _("%(entity)s have no field %(fields)s.") % {"entity": importer.label, "fields": ", ".join(unknown)} if unknown else "",
        _("No column feeds %(fields)s, which every row needs.") % {"fields": ", ".join(unfed)} if unfed else "",
    ]


def _file(data: Any, number: int) -> FileMapping:
    where = _("file %(number)d of the mapping") % {"number": number}
    data = _mapping(data, where)
    _only(data, {"file", "entity", "columns", "feeds", "constants", "templates", "ignore", "ignored", "required", "measure"}, where)
    if not data.get("entity"):
        raise Invalid(_("%(where)s names no entity.") % {"where": where}, field="mapping")
    feeds = tuple(_feed_of(one, where) for one in data.get("feeds") or ()) + tuple(
        feed for column, targets in _mapping(data.get("columns") or {}, where).items() for feed in _feeds(str(column), targets, where)
    )
    twice = {feed.field for feed in feeds if sum(other.field == feed.field for other in feeds) > 1}
    if twice:
        raise Invalid(_("In %(where)s two columns feed %(fields)s.") % {"where": where, "fields": ", ".join(sorted(twice))}, field="mapping")
    return FileMapping(
        entity=str(data["entity"]),
        feeds=feeds,
        file=str(data.get("file") or ""),
        constants={str(key): str(value) for key, value in _mapping(data.get("constants") or {}, where).items()},
        templates={str(key): str(value) for key, value in _mapping(data.get("templates") or {}, where).items()},
        ignored=tuple(str(one) for one in data.get("ignore") or data.get("ignored") or ()),
        required=bool(data.get("required", True)),
        measure=_measure(data.get("measure"), where),
    )


def _feeds(column: str, targets: Any, where: str) -> list[Feed]:
    """A column feeds one field, or several in a list; each is a name or a mapping with `field` and how to read it."""
    several = targets if isinstance(targets, list) else [targets]
    return [_feed_of({"column": column, "field": one} if isinstance(one, str) else {"column": column, **_mapping(one, where)}, where) for one in several]


def _feed_of(data: Any, where: str) -> Feed:
    data = _mapping(data, where)
    _only(data, {"column", "field", "scale", "values", "unmatched", "report_empty"}, where)
    if not data.get("field") or not data.get("column"):
        raise Invalid(_("In %(where)s the column “%(column)s” feeds no field.") % {"where": where, "column": data.get("column")}, field="mapping")
    unmatched, scale = str(data.get("unmatched") or "refuse"), str(data.get("scale") or "1")
    if unmatched not in UNMATCHED or not _is_number(scale):
        raise Invalid(
            _("In %(where)s, column “%(column)s”: “unmatched” is refuse or keep, “scale” is a number.") % {"where": where, "column": data["column"]},
            field="mapping",
        )
    values = {str(key): str(value) for key, value in _mapping(data.get("values") or {}, where).items()}
    return Feed(str(data["column"]), str(data["field"]), scale, values, unmatched, bool(data.get("report_empty")))


def _measure(data: Any, where: str) -> Measure | None:
    if not data:
        return None
    data = _mapping(data, where)
    _only(data, {"amount", "by", "where"}, where)
    if not data.get("amount") or not data.get("by"):
        raise Invalid(_("In %(where)s the measure needs “amount” and “by”.") % {"where": where}, field="mapping")
    return Measure(str(data["amount"]), str(data["by"]), {str(key): str(value) for key, value in _mapping(data.get("where") or {}, where).items()})


def _reading(data: Mapping[str, Any]) -> Reading:
    if isinstance(data.get("reading"), Mapping):
        flat = data["reading"]
        dates, decimal, first_year, currency = flat.get("dates", "ymd"), flat.get("decimal", "."), flat.get("first_year", 1970), flat.get("currency", "")
    else:
        dates = data.get("dates") or {}
        dates, first_year = (dates.get("order", "ymd"), dates.get("first_year", 1970)) if isinstance(dates, Mapping) else (dates, 1970)
        numbers = data.get("numbers") or {}
        decimal = numbers.get("decimal", ".") if isinstance(numbers, Mapping) else "."
        currency = data.get("currency") or ""
    currency = str(currency).upper()
    if dates not in DATE_ORDERS or decimal not in (".", ",") or not isinstance(first_year, int) or not 1000 <= first_year <= 3000:
        raise Invalid(_("Dates are dmy, mdy or ymd with a first year such as 1970; the decimal mark is a point or a comma."), field="mapping")
    if currency and currency not in currencies():
        raise Invalid(_("“%(code)s” is not a currency code. Use three letters, for example EUR.") % {"code": currency[:10]}, field="currency")
    return Reading(dates=dates, decimal=decimal, first_year=first_year, currency=currency)


def _mapping(data: Any, where: str) -> Mapping[Any, Any]:
    if not isinstance(data, Mapping):
        raise Invalid(_("%(where)s is not made of “name: value” pairs.") % {"where": where}, field="mapping")
    return data


def _only(data: Mapping[Any, Any], known: set[str], where: str) -> None:
    strange = sorted({str(key) for key in data} - known)
    if strange:
        raise Invalid(
            _("%(where)s has an unknown key: %(keys)s. It knows %(known)s.") % {"where": where, "keys": ", ".join(strange), "known": ", ".join(sorted(known))},
            field="mapping",
        )


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
