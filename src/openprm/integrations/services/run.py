"""The engine: staged rows of one file become created, changed and unchanged rows of one entity.

A trial is a real run that is rolled back, so its report is what the run will do. Two passes: first everything, then the
fields that name rows of the same file (a parent).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from openprm.integrations.imports.findings import Findings
from openprm.integrations.imports.limits import BATCH
from openprm.integrations.imports.mapping import FileMapping
from openprm.integrations.imports.reading import Row
from openprm.integrations.imports.rows import Draft, RowReader, note_for
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Refusal
from openprm.kernel.jobs import encode
from openprm.kernel.transfer import Change, How, Importer, Reference, Values

NO_VALUE = (None, "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one row did: create, update, same, refuse or skip; `before` and `after` hold the changed fields as JSON."""

    row: int
    action: str
    object_id: UUID | None = None
    label: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Plan:
    draft: Draft
    object_id: UUID | None
    before: Values
    after: Values
    action: str = ""


class EntityRun:
    """Runs the rows of one file through one importer."""

    def __init__(
        self,
        *,
        actor: Actor,
        importer: Importer,
        importers: dict[str, Importer],
        mapping: FileMapping,
        reader: RowReader,
        source: str,
        findings: Findings,
        at: datetime,
        sink: Callable[[Sequence[Outcome]], None],
        tick: Callable[[int], None],
    ):
        self.actor, self.importer, self.importers, self.mapping, self.reader = actor, importer, importers, mapping, reader
        self.source, self.findings, self.at, self.sink, self.tick = source, findings, at, sink, tick
        self.fields = {one.name: one for one in importer.fields}
        self.feeds = {feed.field: feed for feed in mapping.feeds}
        self.deferred = {one.name for one in importer.fields if one.deferred and one.name in self.feeds}
        self.known: dict[tuple[str, str], Reference] = {}
        self.seen: dict[Any, int] = {}
        self.waiting: list[tuple[int, UUID, dict[str, str]]] = []
        self.outcomes: dict[str, int] = {}

    def run(self, rows: Iterable[Row]) -> dict[str, int]:
        """Work through the rows in batches; gives how many were created, changed, the same and refused."""
        for batch in _batches(rows):
            self._batch([self.reader.read(row.number, row.cells, row.problem) for row in batch])
            self.tick(len(batch))
        for waiting in _batches(self.waiting):
            self._fill_deferred(waiting)
        return self.outcomes

    def _batch(self, drafts: list[Draft]) -> None:
        self._resolve(drafts, [name for name in self.feeds if name not in self.deferred])
        self._complete(drafts)
        self._refuse_repeated([draft for draft in drafts if not draft.problems])
        refused = [_Plan(draft, None, {}, {}, "refuse") for draft in drafts if draft.problems]
        plans = self._plans([draft for draft in drafts if not draft.problems])
        self._write([plan for plan in plans if plan.action == "create"], self._create)
        self._write([plan for plan in plans if plan.action == "update"], self._update)
        everything = sorted([*plans, *refused], key=lambda plan: plan.draft.number)
        self._remember_deferred(plans)
        self._report(everything)

    def _resolve(self, drafts: list[Draft], names: Sequence[str]) -> None:
        """Turn the texts of reference fields into ids, or refuse or note the row as the mapping says."""
        for name in names:
            holding = [draft for draft in drafts if name in draft.references]
            self._look_up(name, {draft.references[name] for draft in holding})
            for draft in holding:
                self._refer(draft, name)

    def _look_up(self, name: str, texts: Iterable[str]) -> None:
        entity = self.fields[name].references
        unknown = sorted({text for text in texts if (entity, text) not in self.known})
        if not unknown:
            return
        found = self.importers[entity].lookup(actor=self.actor, texts=unknown, source=self.source)
        self.known |= {(entity, text): found[text] for text in unknown}

    def _refer(self, draft: Draft, name: str) -> None:
        feed, text = self.feeds[name], draft.references[name]
        found = self.known[self.fields[name].references, text]
        if found.id is not None:
            draft.values[name], draft.shown[feed.column] = found.id, found.label
            if found.how in (How.NORMALISED, How.SPELLING):
                self._note(draft, "repaired", feed.column, text, found.label)
            return
        kind = "ambiguous" if found.how is How.AMBIGUOUS else "unmatched"
        if feed.unmatched == "keep":
            self._note(draft, kind, feed.column, text)
        elif kind == "ambiguous":
            draft.refuse(feed.column, _("“%(text)s” fits several; write it in full or give its id") % {"text": text[:60]})
        else:
            draft.refuse(feed.column, _("there is no “%(text)s”") % {"text": text[:60]})

    def _note(self, draft: Draft, kind: str, column: str, text: str, became: str = "") -> None:
        self.findings.add(kind, file=self.reader.file, column=column, text=text, became=became, row=draft.number)
        draft.notes.append(note_for(kind, column=column, text=text, became=became))

    def _complete(self, drafts: list[Draft]) -> None:
        """Fill templates, and write values as the domain will store them, so that a second run finds nothing to change."""
        for draft in drafts:
            self.reader.compose(draft)
            draft.values = self.importer.normal(draft.values)

    def _refuse_repeated(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            key, column = self._identity(draft)
            if key is None:
                continue
            first = self.seen.setdefault(key, draft.number)
            if first != draft.number:
                draft.refuse(column, _("“%(text)s” is in row %(row)d already") % {"text": str(key[1])[:60], "row": first})

    def _identity(self, draft: Draft) -> tuple[Any, str]:
        """What makes a row itself within its file: its id, else its name within what it belongs to."""
        if external_id := draft.values.get("external_id"):
            return ("external_id", external_id), self._column("external_id")
        if name := draft.values.get("name"):
            owner = [value for key, value in sorted(draft.values.items()) if key in ("account_id", "domain", "email")]
            return ("name", name.casefold(), *map(str, owner)), self._column("name")
        return None, ""

    def _column(self, name: str) -> str:
        return self.feeds[name].column if name in self.feeds else ""

    def _plans(self, drafts: list[Draft]) -> list[_Plan]:
        rows = [draft.values for draft in drafts]
        found = list(self.importer.find(actor=self.actor, rows=rows, source=self.source)) if rows else []
        present = self.importer.current(actor=self.actor, ids=[one for one in found if one]) if any(found) else {}
        problems = self.importer.check(actor=self.actor, rows=rows, found=found) if rows else []
        plans = []
        for draft, object_id, against in zip(drafts, found, problems, strict=True):
            for problem in against:
                draft.refuse(self._column(problem.field) or problem.field, problem.message)
            if object_id is None:
                self._refuse_missing(draft)
            plans.append(self._plan(draft, object_id, present.get(object_id, {}) if object_id else {}))
        return plans

    def _refuse_missing(self, draft: Draft) -> None:
        for one in self.importer.fields:
            if one.required and draft.values.get(one.name) in NO_VALUE and not draft.problems:
                draft.refuse(self._column(one.name) or str(one.label), _("is empty, and every row needs it"))

    def _plan(self, draft: Draft, object_id: UUID | None, present: Values) -> _Plan:
        if draft.problems:
            return _Plan(draft, object_id, {}, {}, "refuse")
        if object_id is None:
            return _Plan(draft, None, {}, dict(draft.values), "create")
        after = {name: value for name, value in draft.values.items() if _differs(present.get(name), value)}
        return _Plan(draft, object_id, {name: present.get(name) for name in after}, after, "update" if after else "same")

    def _write(self, plans: list[_Plan], act: Callable[[list[_Plan]], None]) -> None:
        """Write a batch; when it is refused, row by row, so that the row can be named."""
        if not plans:
            return
        try:
            with transaction.atomic():
                act(plans)
        except (Refusal, DatabaseError):
            for plan in plans:
                self._write_one(plan, act)

    def _write_one(self, plan: _Plan, act: Callable[[list[_Plan]], None]) -> None:
        try:
            with transaction.atomic():
                act([plan])
        except Refusal as refusal:
            plan.action = "refuse"
            for problem in refusal.problems:
                plan.draft.refuse(self._column(problem.field) or problem.field, problem.message)
            if not refusal.problems:
                plan.draft.refuse("", refusal.message)
        except DatabaseError as error:
            plan.action = "refuse"
            plan.draft.refuse("", _("the database refuses this row: %(why)s") % {"why": str(error).partition("\n")[0][:200]})

    def _create(self, plans: list[_Plan]) -> None:
        ids = self.importer.create(actor=self.actor, rows=[plan.after for plan in plans], source=self.source, at=self.at)
        for plan, object_id in zip(plans, ids, strict=True):
            plan.object_id = object_id

    def _update(self, plans: list[_Plan]) -> None:
        changes = [Change(plan.object_id, plan.before, plan.after) for plan in plans if plan.object_id]
        self.importer.update(actor=self.actor, changes=changes, at=self.at)

    def _remember_deferred(self, plans: list[_Plan]) -> None:
        for plan in plans:
            held = {name: text for name, text in plan.draft.references.items() if name in self.deferred}
            if held and plan.object_id and plan.action != "refuse":
                self.waiting.append((plan.draft.number, plan.object_id, held))

    def _fill_deferred(self, waiting: Sequence[tuple[int, UUID, dict[str, str]]]) -> None:
        drafts = [Draft(number, {}, references=held) for number, _object_id, held in waiting]
        self._resolve(drafts, sorted(self.deferred))
        present = self.importer.current(actor=self.actor, ids=[object_id for _number, object_id, _held in waiting])
        plans = [self._plan(draft, object_id, present.get(object_id, {})) for draft, (_number, object_id, _held) in zip(drafts, waiting, strict=True)]
        self._write([plan for plan in plans if plan.action == "update"], self._update)
        self._report([plan for plan in plans if plan.action in ("update", "refuse")], is_second=True)

    def _report(self, plans: list[_Plan], *, is_second: bool = False) -> None:
        for plan in plans:
            for problem in plan.draft.problems:
                self.findings.add("refused", file=self.reader.file, column=problem.field, text=problem.message, row=plan.draft.number)
            if not is_second or plan.action == "refuse":
                self.outcomes[plan.action] = self.outcomes.get(plan.action, 0) + 1
        self.sink([_outcome(plan) for plan in plans])


def _outcome(plan: _Plan) -> Outcome:
    problems = tuple(f"{problem.field}: {problem.message}" if problem.field else problem.message for problem in plan.draft.problems)
    label = str(plan.draft.values.get("name") or plan.draft.values.get("external_id") or "")[:200]
    kept = plan.action in ("create", "update")
    return Outcome(
        row=plan.draft.number,
        action=plan.action,
        object_id=plan.object_id if plan.action != "refuse" else None,
        label=label,
        before=encode(plan.before) if kept else {},
        after=encode(plan.after) if kept else {},
        notes=(*problems, *plan.draft.notes),
    )


def _differs(present: Any, wanted: Any) -> bool:
    if present in NO_VALUE and wanted in NO_VALUE:
        return False
    return encode(present) != encode(wanted)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch
