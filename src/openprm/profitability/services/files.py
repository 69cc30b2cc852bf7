"""Effort from a file: read inside this room, because what an import of the vendor keeps is the vendor's to read."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, Problem, Refusal
from openprm.kernel.money import to_minor
from openprm.kernel.transfer import ImportField, match_text, squash
from openprm.partners import queries as partners
from openprm.profitability import policies
from openprm.profitability.models import Book, Entry, Group
from openprm.profitability.rules import sheet
from openprm.profitability.services import unit
from openprm.profitability.services.entries import Draft, filled, known_to, record_many
from openprm.profitability.wording import CHOICES

LARGEST_BYTES = 2 * 1024 * 1024
MOST_PROBLEMS = 25
CLOSED = 4

FIELDS = (
    ImportField("month", gettext_lazy("Month"), required=True, aliases=("month", "date", "period")),
    ImportField("kind", gettext_lazy("Kind"), required=True, aliases=("kind", "type", "category")),
    ImportField("hours", gettext_lazy("Hours"), aliases=("hours", "time", "effort")),
    ImportField("group", gettext_lazy("Group of people"), aliases=("group", "group of people", "person group", "people", "role")),
    ImportField("amount", gettext_lazy("Amount"), aliases=("amount", "cost", "value")),
    ImportField("deal", gettext_lazy("Deal"), aliases=("deal", "registration", "deal number", "number")),
    ImportField("program", gettext_lazy("Program"), aliases=("program",)),
    ImportField("product_line", gettext_lazy("Product line"), aliases=("product line", "line")),
    ImportField("note", gettext_lazy("Note"), aliases=("note", "comment", "description")),
    ImportField("id", gettext_lazy("Your id"), aliases=("id", "your id", "external id")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """How many rows became entries, and how many were in the books already."""

    created: int
    known: int


@transaction.atomic
def record_file(*, actor: Actor, content: bytes, at: datetime) -> FileResult:
    """Write the rows of a CSV file, all or none; rows that are in the books already are left as they are.

    Raises NotAllowed, Conflict, and Invalid with one problem for each row that cannot be used.
    """
    book = unit.book_of(actor)
    header, rows = _table(content)
    drafts = _drafts(actor, book, header, rows, at)
    fresh = _not_known(actor, drafts)
    if fresh:
        record_many(actor=actor, drafts=fresh, source="file", at=at, most=sheet.MOST_ROWS)
    unit.note(actor, "file", f"{len(fresh)} / {len(drafts)}")
    return FileResult(created=len(fresh), known=len(drafts) - len(fresh))


def _table(content: bytes) -> tuple[Mapping[str, int], list[sheet.Row]]:
    if not content.strip():
        raise Invalid(_("The file is empty."), field="file", code="file_empty")
    if len(content) > LARGEST_BYTES:
        raise Invalid(_("The file is larger than 2 MB. Split it by year."), field="file", code="file_too_large")
    text = sheet.decoded(content)
    if text is None:
        raise Invalid(_("This is no CSV file. Save the sheet as CSV (UTF-8) and send that."), field="file", code="no_text")
    try:
        header, found = sheet.rows_of(text)
        rows = [row for row, _count in zip(found, range(sheet.MOST_ROWS + 1), strict=False)]
    except csv.Error as error:
        raise Invalid(_("The file cannot be cut into cells: %(why)s. Save it as CSV anew.") % {"why": error}, field="file", code="no_cells") from None
    if len(rows) > sheet.MOST_ROWS:
        raise Invalid(_("A file holds at most %(most)d rows. Split it by year.") % {"most": sheet.MOST_ROWS}, field="file", code="too_many_rows")
    if not rows:
        raise Invalid(_("The file has a header and no rows."), field="file", code="file_empty")
    return _columns(header), rows


def _columns(header: Sequence[str]) -> Mapping[str, int]:
    """Which column feeds which field. Raises Invalid for a missing or doubled one."""
    names = {squash(alias): field.name for field in FIELDS for alias in (field.name, *field.aliases)}
    found: dict[str, int] = {}
    for place, text in enumerate(header):
        name = names.get(squash(text))
        if name in found:
            raise Invalid(_("Two columns are called like “%(name)s”. Leave one of them out.") % {"name": text[:40]}, field="file", code="column_twice")
        if name:
            found[name] = place
    missing = [str(field.label) for field in FIELDS if field.required and field.name not in found]
    if missing:
        raise Invalid(_("The file has no column for: %(names)s.") % {"names": ", ".join(missing)}, field="file", code="column_missing")
    return found


class _Unclear(Exception):
    def __init__(self, field: str, message: str):
        self.field, self.message = field, message


class _Reader:
    """Turns rows into drafts by the names that this partner's books, deals and programs have."""

    def __init__(self, actor: Actor, book: Book, columns: Mapping[str, int], numbers: Sequence[str]):
        self.columns, self.currency = columns, book.currency
        self.kinds = {value: value for value, _label in CHOICES} | {str(label): value for value, label in CHOICES}
        self.groups = {group.name: group.pk for group in policies.reach(actor, Group)}
        self.programs = {name: program.id for program in partners.programs(actor) for name in (program.name, program.code)}
        self.lines = {name: line.id for line in deals.product_lines(actor) for name in (line.name, line.code)}
        wanted = sorted({number.upper() for number in numbers if number})
        rows = deals.listed(actor, deals.Filters()).filter(number__in=wanted).values_list("number", "pk") if wanted else ()
        self.deals: dict[str, UUID] = dict(rows)

    def cell(self, row: sheet.Row, name: str) -> str:
        place = self.columns.get(name)
        return sheet.unprotected(row.cells)[place] if place is not None and place < len(row.cells) else ""

    def draft(self, row: sheet.Row) -> Draft:
        """Raises _Unclear."""
        text = self.cell(row, "month")
        month = sheet.month(text)
        if month is None:
            raise _Unclear("month", _("“%(text)s” is no month. Write it as 2026-03.") % {"text": text[:40]})
        hours, amount = self._number(row, "hours"), self._number(row, "amount")
        deal = self.cell(row, "deal").upper()
        if deal and deal not in self.deals:
            raise _Unclear("deal", _("You have no deal with the number “%(text)s”.") % {"text": deal[:40]})
        return Draft(
            kind=self._named(row, "kind", self.kinds) or "",
            month=month,
            minutes=int((hours * 60).to_integral_value()) if hours is not None else None,
            group_id=self._named(row, "group", self.groups),
            amount_minor=self._minor(amount),
            deal_id=self.deals.get(deal),
            program_id=self._named(row, "program", self.programs),
            product_line_id=self._named(row, "product_line", self.lines),
            note=self.cell(row, "note"),
            external_id=self.cell(row, "id"),
        )

    def _number(self, row: sheet.Row, name: str) -> Decimal | None:
        text = self.cell(row, name)
        if not text:
            return None
        found = sheet.number(text)
        if found is None:
            raise _Unclear(name, _("“%(text)s” is no number, or could be two. Write it as 1250.00.") % {"text": text[:40]})
        return found

    def _minor(self, amount: Decimal | None) -> int | None:
        return None if amount is None else to_minor(amount, self.currency)

    def _named(self, row: sheet.Row, name: str, names: Mapping[str, Any]) -> Any:
        text = self.cell(row, name)
        if not text:
            return None
        found = match_text(text, names, letters_per_edit=CLOSED).name
        if found is None:
            known = ", ".join(list(names)[:8]) or "–"
            raise _Unclear(name, _("“%(text)s” is not known here. Known are: %(known)s.") % {"text": text[:40], "known": known})
        return names[found]


def _drafts(actor: Actor, book: Book, columns: Mapping[str, int], rows: Sequence[sheet.Row], at: datetime) -> list[Draft]:
    place = columns.get("deal")
    numbers = [row.cells[place] for row in rows if place is not None and place < len(row.cells)]
    reader = _Reader(actor, book, columns, numbers)
    read: list[tuple[int, Draft]] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            read.append((row.number, reader.draft(row)))
        except _Unclear as unclear:
            problems.append(_problem(row.number, unclear.field, unclear.message))
    problems += _refused(actor, book, read, at)
    if problems:
        more = [Problem("file", _("And %(count)d more rows.") % {"count": len(problems) - MOST_PROBLEMS})] if len(problems) > MOST_PROBLEMS else []
        raise Invalid(problems=[*problems[:MOST_PROBLEMS], *more], code="rows_refused")
    return [draft for _number, draft in read]


def _refused(actor: Actor, book: Book, read: Sequence[tuple[int, Draft]], at: datetime) -> Iterator[Problem]:
    known = known_to(actor, [draft for _number, draft in read])
    ids: set[str] = set()
    for number, draft in read:
        try:
            filled(Entry(partner_id=book.partner_id), draft, known, at)
        except Refusal as refusal:
            yield _problem(number, refusal.field or "", refusal.message)
        if draft.external_id and draft.external_id in ids:
            yield _problem(number, "id", _("This id stands twice in the file."))
        ids.add(draft.external_id)


def _problem(number: int, field: str, message: str) -> Problem:
    return Problem(f"row {number}", _("Row %(row)d: %(message)s") % {"row": number, "message": message}, code=field or "invalid")


def _not_known(actor: Actor, drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts that are not in the books: by your id, or, of what files brought, word for word."""
    columns = ("kind", "month", "minutes", "group_id", "amount_minor", "deal_id", "product_line_id", "note")
    rows = policies.reach(actor, Entry).filter(month__in={draft.month for draft in drafts})
    ids = set(policies.reach(actor, Entry).exclude(external_id="").values_list("external_id", flat=True))
    same = set(rows.filter(source="file", external_id="").values_list(*columns))
    return [draft for draft in drafts if (draft.external_id not in ids if draft.external_id else tuple(getattr(draft, name) for name in columns) not in same)]
