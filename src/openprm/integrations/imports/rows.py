"""From staged cells to values: one reader per mapped field, constants, templates; knows nothing of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from string import Formatter
from typing import Any

from django.utils.translation import gettext as _

from openprm.integrations.imports.cells import CellReader, Reading
from openprm.integrations.imports.findings import Findings
from openprm.integrations.imports.mapping import Feed, FileMapping
from openprm.kernel.transfer import ImportField, Kind, RowProblem, Values


@dataclass(slots=True)
class Draft:
    """A row on its way: its values so far, what speaks against it, and what was understood rather than read."""

    number: int
    values: Values
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    def refuse(self, column: str, message: str) -> None:
        self.problems.append(RowProblem(column, message))


class RowReader:
    """Reads the rows of one file. `references` are left as texts: the engine looks them up."""

    def __init__(self, mapping: FileMapping, fields: Sequence[ImportField], columns: Sequence[str], reading: Reading, file: str, findings: Findings):
        self.mapping, self.file, self.findings = mapping, file, findings
        self.fields = {one.name: one for one in fields}
        self.place = {column: position for position, column in enumerate(columns)}
        self.feeds = sorted(mapping.feeds, key=lambda feed: self.fields[feed.field].kind is Kind.MONEY)  # an amount needs its currency first
        self.readers = {feed.field: CellReader(self.fields[feed.field], reading, Decimal(feed.scale), feed.values) for feed in mapping.feeds}
        self.money = [one for one in fields if one.kind is Kind.MONEY]
        self.reading = reading
        self.constants = self._constants()

    def read(self, number: int, cells: Sequence[Any], problem: str = "") -> Draft:
        """The values of one row; problems name the column as the file's heading calls it."""
        draft = Draft(number, dict(self.constants))
        if problem:
            draft.refuse("", problem)
            return draft
        for feed in self.feeds:
            self._feed(draft, feed, cells[self.place[feed.column]])
        self._drop_idle_currencies(draft)
        if self.mapping.templates:
            draft.shown = {column: str(cells[place] or "").strip() for column, place in self.place.items()} | draft.shown
        return draft

    def _drop_idle_currencies(self, draft: Draft) -> None:
        """A currency set for the whole file says nothing in a row without an amount."""
        for name in self.mapping.constants.keys() & {one.currency_field for one in self.money}:
            if not any(draft.values.get(one.name) is not None for one in self.money if one.currency_field == name):
                draft.values.pop(name, None)

    def compose(self, draft: Draft) -> None:
        """Fill the templates, once the references of the row are known by their proper names."""
        for name, template in self.mapping.templates.items():
            if text := _filled(template, draft.shown):
                draft.values[name] = text[: self.fields[name].max_length]

    def _feed(self, draft: Draft, feed: Feed, cell: Any) -> None:
        target = self.fields[feed.field]
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            if feed.report_empty:
                self.findings.add("empty", file=self.file, column=feed.column, row=draft.number)
            return
        read = self.readers[feed.field].read(cell, draft.values.get(target.currency_field) or "")
        if read.problem:
            draft.refuse(feed.column, read.problem)
            return
        if read.note[0]:
            self._note(draft, feed, str(cell).strip(), *read.note)
        if target.kind is Kind.REFERENCE:
            draft.references[feed.field] = read.value
        else:
            draft.values[feed.field] = read.value

    def _note(self, draft: Draft, feed: Feed, text: str, kind: str, became: str) -> None:
        self.findings.add(kind, file=self.file, column=feed.column, text=text, became=became, row=draft.number)
        draft.notes.append(_NOTES[kind]() % {"column": feed.column, "text": text[:60], "became": became})

    def _constants(self) -> Values:
        values: Values = {}
        for name, text in self.mapping.constants.items():
            read = CellReader(self.fields[name], self.reading).read(text, self.mapping.constants.get("currency", ""))
            if not read.problem and self.fields[name].kind is not Kind.REFERENCE:
                values[name] = read.value
        return values


def _filled(template: str, shown: Mapping[str, str]) -> str:
    """A template with the row's texts; what is empty takes the punctuation before it along."""
    text = ""
    for literal, column, _spec, _conversion in Formatter().parse(template):
        value = shown.get(column or "", "")
        text += literal + value if (value and text) or column is None else value
    return text.strip()


_NOTES: Mapping[str, Any] = {
    "repaired": lambda: _("%(column)s: “%(text)s” was read as “%(became)s”"),
    "assumed": lambda: _("%(column)s: “%(text)s” was taken for “%(became)s”"),
    "kept": lambda: _("%(column)s: “%(text)s” is not on our list and was kept"),
    "unmatched": lambda: _("%(column)s: “%(text)s” was not recognised and is left empty"),
    "ambiguous": lambda: _("%(column)s: “%(text)s” could be several and is left empty"),
}


def note_for(kind: str, *, column: str, text: str, became: str = "") -> str:
    return str(_NOTES[kind]() % {"column": column, "text": text[:60], "became": became})
