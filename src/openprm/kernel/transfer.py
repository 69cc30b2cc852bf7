"""What a domain promises so that its rows can be read from files and written to them.

A domain lists its importers and exporters in `<domain>/transfer.py` and contributes them in `wiring.py`;
the engine in `integrations` does everything that is the same for all: reading files, mapping columns, parsing and
repairing cells, finding references, comparing with what is stored, dry runs, reports and undo.

Values travel as plain dictionaries keyed by field name: text, int, Decimal, bool, date, UUID (references), None.
A field that the file does not carry is absent from the dictionary and must be left as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from rapidfuzz.distance import OSA

from openprm.kernel.actor import Actor

Values = dict[str, Any]


class Kind(StrEnum):
    """How the text of a cell is understood."""

    TEXT = "text"
    NUMBER = "number"  # int
    DECIMAL = "decimal"  # Decimal
    MONEY = "money"  # int, minor units of the currency field's currency
    CURRENCY = "currency"  # "EUR"; an unknown code is refused
    DATE = "date"  # date; order of day, month and year as the mapping declares
    BOOL = "bool"
    CHOICE = "choice"  # one of `choices`, spelling repaired and reported
    COUNTRY = "country"  # "FI"; names and misspellings repaired and reported
    EMAIL = "email"
    REFERENCE = "reference"  # UUID of a row of the entity in `references`


@dataclass(frozen=True)
class ImportField:
    """One column that an entity can take. `aliases` are header names that map themselves."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()  # (value, label)
    open_choice: bool = False  # a value outside `choices` is kept as it is and reported, not refused
    references: str = ""  # entity named by a REFERENCE
    deferred: bool = False  # filled in a second pass, because it names rows of the same file (a parent)
    currency_field: str = "currency"  # for MONEY
    max_length: int = 200
    aliases: tuple[str, ...] = ()
    help: str = ""


class How(StrEnum):
    """Why a text was taken to mean a stored row or value."""

    EXACT = "exact"
    NORMALISED = "normalised"  # equal after case, spaces, punctuation and legal form are set aside
    SPELLING = "spelling"  # one near and unmistakable neighbour
    AMBIGUOUS = "ambiguous"  # several rows fit: never guessed
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reference:
    """The row a text names, or why none was taken. `id` is None when ambiguous or unknown."""

    id: UUID | None
    label: str
    how: How
    percent: int = 0


@dataclass(frozen=True)
class RowProblem:
    """Something a person must fix: field "" speaks about the whole row."""

    field: str
    message: str


@dataclass(frozen=True)
class RowPlan:
    """What one row will do: create, update, same (nothing to change) or refuse."""

    row: int
    action: str
    object_id: UUID | None
    values: Values
    before: Values
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True)
class Change:
    """Fields to set on a stored row; `before` holds their present values."""

    id: UUID
    before: Values
    after: Values


@runtime_checkable
class Importer(Protocol):
    """How the engine reads, writes and takes back the rows of one entity.

    All methods work on batches (up to 500 rows) with a fixed number of queries, run inside scope(actor) and one
    transaction, and check permission and reach themselves through the domain's policies. A dry run is a real run that
    is rolled back, so nothing here may have an effect outside the database (jobs and events are in the database).
    A Refusal, IntegrityError or DataError out of create, update or remove is answered by the engine with a savepoint
    and a retry row by row, so that the row can be named.
    """

    entity: str  # "accounts": plural, also the name in the CLI and in mappings
    label: str
    permission: str  # "accounts.import"
    after: tuple[str, ...]  # entities that must be loaded before this one
    fields: tuple[ImportField, ...]

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        """The row each text names: by external id of `source`, name or another natural key. Every text is answered."""

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        """The stored row that each row of the file means (external id of `source` first, then natural key), or None."""

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        """The present values of all fields, in the same vocabulary; a row that no longer exists is absent."""

    def normal(self, values: Values) -> Values:
        """The values as the domain will store them (a URL cut to its domain), so that comparing with `current` is fair."""

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        """What speaks against each row beyond its cells (the engine has checked kinds, lengths and required fields)."""

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        """Create one row each, with its audit event; returns their ids in order."""

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        """Set the fields in each change's `after`, with an audit event each."""

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        """Take back rows an import created; raises a Refusal that says what hangs on them."""


@dataclass(frozen=True)
class ExportColumn:
    name: str
    label: str


@runtime_checkable
class Exporter(Protocol):
    """The rows of one entity that an actor may see, as plain values in column order."""

    entity: str
    label: str
    permission: str
    columns: tuple[ExportColumn, ...]

    def rows(self, *, actor: Actor, filters: Mapping[str, str], at: datetime) -> Iterable[Sequence[Any]]:
        """Rows in a stable order; `filters` are those of the list page. Reads in chunks, never all at once."""


@dataclass(frozen=True)
class TextMatch:
    """The known name a text stands for; `name` is None when ambiguous or unknown."""

    name: str | None
    how: How
    percent: int = 0
    others: tuple[str, ...] = ()  # the names that fit equally well


def squash(text: str) -> str:
    """Letters and digits only, without accents and case: "GTX-Pro " and "gtxpro" are one."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c for c in bare.casefold() if c.isalnum())


def match_text(text: str, names: Iterable[str], *, letters_per_edit: int = 5) -> TextMatch:
    """Find the one name that a written text means: exactly, after normalising, or by one unmistakable misspelling.

    A misspelling is at most one edit in every five letters (fewer where the names are a short closed list), keeps all
    digits, and has no rival as near. `names` may be a mapping: names that stand for the same value are no rivals.
    """
    meaning = names if isinstance(names, Mapping) else {name: name for name in names}
    if text in meaning:
        return TextMatch(text, How.EXACT, 100)
    wanted = squash(text)
    equal = [name for name in meaning if squash(name) == wanted and wanted]
    if equal:
        return _only(equal, meaning, How.NORMALISED, 100)
    return _nearest(wanted, meaning, len(wanted) // letters_per_edit)


def _nearest(wanted: str, names: Mapping[str, Any], allowed: int) -> TextMatch:
    reach = [(distance, name) for name in names if (distance := _edits(wanted, squash(name), allowed)) <= allowed]
    if not wanted or not allowed or not reach:
        return TextMatch(None, How.UNKNOWN)
    best = min(distance for distance, _ in reach)
    return _only([name for distance, name in reach if distance == best], names, How.SPELLING, round(100 * (1 - best / len(wanted))))


def _edits(wanted: str, known: str, allowed: int) -> int:
    if re.findall(r"\d+", wanted) != re.findall(r"\d+", known):
        return allowed + 1
    return OSA.distance(wanted, known, score_cutoff=allowed)


def _only(names: Sequence[str], meaning: Mapping[str, Any], how: How, percent: int) -> TextMatch:
    if all(meaning[name] == meaning[names[0]] for name in names):
        return TextMatch(names[0], how, percent)
    return TextMatch(None, How.AMBIGUOUS, percent, tuple(names))
