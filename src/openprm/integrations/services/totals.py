"""The proof of an import: sums of the file, added up from its cells, against sums of the database, read back row by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.integrations.imports.cells import CLOSED, CellReader, Reading
from openprm.integrations.imports.limits import BATCH
from openprm.integrations.imports.mapping import Feed, FileMapping, Measure
from openprm.integrations.imports.reading import Row
from openprm.kernel.actor import Actor
from openprm.kernel.money import minor_units
from openprm.kernel.transfer import How, Importer, Reference, match_text


@dataclass
class Total:
    """One line: rows, those that count (won), and their sum, in the file and in the database."""

    label: str
    rows_in_file: int = 0
    counted_in_file: int = 0
    file_minor: int = 0
    rows_in_database: int = 0
    counted_in_database: int = 0
    database_minor: int = 0
    currency: str = ""

    @property
    def is_equal(self) -> bool:
        mine = (self.rows_in_file, self.counted_in_file, self.file_minor)
        return mine == (self.rows_in_database, self.counted_in_database, self.database_minor)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "is_equal": self.is_equal, "places": minor_units(self.currency) if self.currency else 2}


class Proof:
    """Compares one measure of one file. `known` says which row each text of the grouping column was taken for."""

    def __init__(self, mapping: FileMapping, importer: Importer, columns: Sequence[str], reading: Reading, known: Mapping[tuple[str, str], Reference]):
        assert mapping.measure
        self.measure: Measure = mapping.measure
        self.mapping, self.importer, self.reading, self.known = mapping, importer, reading, known
        self.place = {column: position for position, column in enumerate(columns)}
        self.fields = {one.name: one for one in importer.fields}
        self.totals: dict[UUID | None, Total] = {}
        self.currency = mapping.constants.get("currency") or reading.currency

    def of_file(self, rows: Iterable[Row], refused: set[int]) -> None:
        """Add up the cells of every row that was not refused."""
        amount = self._feed(self.measure.amount)
        reader = CellReader(self.fields[amount.field], self.reading, Decimal(amount.scale))
        for row in rows:
            if row.number in refused or row.problem:
                continue
            total = self._total(*self._group(str(row.cells[self.place[self._column(self.measure.by)]] or "").strip()))
            total.rows_in_file += 1
            if self._counts(row):
                total.counted_in_file += 1
                total.file_minor += reader.read(row.cells[self.place[amount.column]], self.currency).value or 0

    def of_database(self, actor: Actor, ids: Sequence[UUID]) -> None:
        """Add up what is stored for the rows of this import."""
        amount, group = self._feed(self.measure.amount).field, self._feed(self.measure.by).field
        wanted = self._stored_where()
        for start in range(0, len(ids), BATCH):
            for values in self.importer.current(actor=actor, ids=ids[start : start + BATCH]).values():
                total = self._total(values.get(group), "")
                total.rows_in_database += 1
                if all(str(values.get(name)) in allowed for name, allowed in wanted.items()):
                    total.counted_in_database += 1
                    total.database_minor += values.get(amount) or 0

    def result(self) -> list[dict[str, Any]]:
        """One line per group by label, and the sum of all."""
        lines = sorted(self.totals.values(), key=lambda one: one.label.casefold())
        whole = Total("", currency=self.currency)
        for line in lines:
            for name in ("rows_in_file", "counted_in_file", "file_minor", "rows_in_database", "counted_in_database", "database_minor"):
                setattr(whole, name, getattr(whole, name) + getattr(line, name))
        return [*(line.as_json() for line in lines), {**whole.as_json(), "is_sum": True}]

    def _group(self, text: str) -> tuple[UUID | None, str]:
        entity = self.fields[self._feed(self.measure.by).field].references
        found = self.known.get((entity, " ".join(text.split())))
        return (found.id, found.label) if found and found.id else (None, "")

    def _total(self, key: UUID | None, label: str) -> Total:
        total = self.totals.setdefault(key, Total(label, currency=self.currency))
        total.label = total.label or label
        return total

    def _counts(self, row: Row) -> bool:
        return all(self._is(column, str(row.cells[self.place[self._column(column)]] or "").strip(), text) for column, text in self.measure.where.items())

    def _is(self, column: str, cell: str, text: str) -> bool:
        values = {value for feed in self.mapping.feeds if feed.column == self._column(column) for value in feed.values} or {text}
        match = match_text(cell, values, letters_per_edit=CLOSED)
        return match.how not in (How.AMBIGUOUS, How.UNKNOWN) and match.name == text

    def _stored_where(self) -> dict[str, set[str]]:
        wanted: dict[str, set[str]] = {}
        for column, text in self.measure.where.items():
            for feed in self.mapping.feeds:
                if feed.column == self._column(column):
                    wanted[feed.field] = {feed.values.get(text, text)}
        return wanted

    def _feed(self, column: str) -> Feed:
        return next(feed for feed in self.mapping.feeds if feed.column == self._column(column))

    def _column(self, written: str) -> str:
        return match_text(written, self.place).name or written
