"""Imports as pages, the API and the command line show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openprm.integrations import models, policies
from openprm.integrations.imports.mapping import ImportMapping, from_json
from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry
from openprm.kernel.transfer import ImportField
from openprm.ui.paging import PageRequest, Slice, slice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityChoice:
    """Something that can be imported, with the fields that its rows have."""

    entity: str
    label: str
    fields: tuple[ImportField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    name: str
    entity: str
    label: str
    format: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """One import: its files, what a trial or the run found, and the comparison of sums."""

    id: UUID
    name: str
    source: str
    status: str
    skip_bad_rows: bool
    message: str
    counts: dict[str, Any]
    findings: tuple[dict[str, Any], ...]
    checks: tuple[dict[str, Any], ...]
    files: tuple[FileView, ...]
    started_by: str
    created_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None

    @property
    def is_working(self) -> bool:
        return self.status in ("checking", "running")

    @property
    def refused(self) -> int:
        return int(self.counts.get("refuse", 0))

    @property
    def differences(self) -> tuple[dict[str, Any], ...]:
        return tuple(one for one in self.checks if not one["is_equal"])


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One line of the list of imports."""

    id: UUID
    name: str
    entity: str
    status: str
    rows: int
    created: int
    changed: int
    refused: int
    started_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """What one row of a file did or would do."""

    id: UUID
    file: str
    row: int
    entity: str
    action: str
    label: str
    changes: tuple[tuple[str, Any, Any], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    done: int
    total: int
    stage: str

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMappingRow:
    id: UUID
    name: str
    entity: str
    created_at: datetime


def entities(actor: Actor) -> tuple[EntityChoice, ...]:
    """What this actor may import."""
    found = [one for one in registry.all("importers") if policies.why_not_import(actor, one) is None]
    return tuple(EntityChoice(entity=one.entity, label=str(one.label), fields=one.fields) for one in found)


def export_entities(actor: Actor) -> tuple[tuple[str, str], ...]:
    """What this actor may export, as (entity, label)."""
    return tuple((one.entity, str(one.label)) for one in registry.all("exporters") if policies.why_not_export(actor, one) is None)


def imports(actor: Actor, page: PageRequest, *, statuses: tuple[str, ...] = ()) -> Slice:
    """A page of the imports, newest first."""
    rows = newest_imports(actor)
    return slice_of(rows.filter(status__in=statuses) if statuses else rows, page, order_by={"created_at": "created_at", "name": "name"}).map(_row)


def newest_imports(actor: Actor) -> QuerySet:
    return policies.reach(actor).select_related("started_by").prefetch_related("files")


def import_view(actor: Actor, import_id: UUID) -> ImportView:
    """One import. Raises NotFound."""
    return view_of(newest_imports(actor).one(import_id))


def progress(actor: Actor, import_id: UUID) -> ProgressView:
    """How far a running import is; zero rows before it starts."""
    policies.reach(actor).one(import_id)
    row = models.ImportProgress.objects.filter(pk=import_id).first()
    total = sum(models.ImportFile.objects.filter(of=import_id).values_list("row_count", flat=True))
    return ProgressView(done=row.done if row else 0, total=row.total if row else total, stage=row.stage if row else "")


def results(actor: Actor, import_id: UUID, page: PageRequest, *, actions: tuple[str, ...] = (), noted: bool | None = None) -> Slice:
    """A page of the report per row."""
    return slice_of(_results(actor, import_id, actions, noted), page, order_by={"position": "position"}).map(result_of)


def all_results(actor: Actor, import_id: UUID, *, actions: tuple[str, ...] = (), noted: bool | None = None) -> Iterator[ResultRow]:
    """The whole report per row, read in chunks."""
    for row in _results(actor, import_id, actions, noted).order_by("position", "id").iterator(chunk_size=1000):
        yield result_of(row)


def newest_results(actor: Actor, import_id: UUID) -> QuerySet:
    """For the API: rows that `result_of` reads."""
    return _results(actor, import_id, (), None)


def _results(actor: Actor, import_id: UUID, actions: tuple[str, ...], noted: bool | None) -> QuerySet:
    policies.reach(actor).one(import_id)
    rows = models.ImportResult.objects.filter(of=import_id).select_related("file")
    rows = rows.filter(action__in=actions) if actions else rows
    if noted is None:
        return rows
    return rows.exclude(notes=[]) if noted else rows.filter(notes=[])


def sample(actor: Actor, import_id: UUID, rows: int = 3) -> dict[str, tuple[str, ...]]:
    """The first values of each column of a one-file import, for the page that maps columns."""
    policies.reach(actor).one(import_id)
    file = models.ImportFile.objects.filter(of=import_id).order_by("position")[0]
    cells = [row.cells for row in models.ImportRow.objects.filter(file=file, problem="").order_by("number")[:rows]]
    return {column: tuple(str(row[place]) for row in cells if row[place] not in (None, "")) for place, column in enumerate(file.columns)}


def mapping_of(actor: Actor, import_id: UUID) -> ImportMapping:
    return from_json(policies.reach(actor).one(import_id).mapping)


def saved_mappings(actor: Actor, entity: str = "") -> list[SavedMappingRow]:
    rows = policies.reach_mappings(actor).order_by("entity", "name")
    rows = rows.filter(entity=entity) if entity else rows
    return [SavedMappingRow(id=row.pk, name=row.name, entity=row.entity, created_at=row.created_at) for row in rows]


def saved_mapping(actor: Actor, mapping_id: UUID) -> ImportMapping:
    return from_json(policies.reach_mappings(actor).one(mapping_id).mapping)


def view_of(row: models.Import) -> ImportView:
    return ImportView(
        id=row.pk,
        name=row.name,
        source=row.source,
        status=row.status,
        skip_bad_rows=row.skip_bad_rows,
        message=row.message,
        counts=row.counts,
        findings=tuple(row.findings),
        checks=tuple(row.checks),
        files=tuple(_file(one, row.counts) for one in sorted(row.files.all(), key=lambda one: one.position)),
        started_by=row.started_by.name if row.started_by else "",
        created_at=row.created_at,
        finished_at=row.finished_at,
        undone_at=row.undone_at,
    )


def _file(row: models.ImportFile, counts: dict[str, Any]) -> FileView:
    own = next((one for one in counts.get("files", ()) if one["name"] == row.name), {})
    labels = {one.entity: str(one.label) for one in registry.all("importers")}
    return FileView(
        name=row.name,
        entity=row.entity,
        label=labels.get(row.entity, row.entity),
        format=row.format,
        encoding=row.encoding,
        delimiter=row.delimiter,
        columns=tuple(row.columns),
        rows=row.row_count,
        counts={action: own.get(action, 0) for action in ("create", "update", "same", "refuse")},
    )


def _row(row: models.Import) -> ImportRow:
    files = list(row.files.all())
    return ImportRow(
        id=row.pk,
        name=row.name,
        entity=", ".join(dict.fromkeys(file.entity for file in sorted(files, key=lambda one: one.position))),
        status=row.status,
        rows=sum(file.row_count for file in files),
        created=row.counts.get("create", 0),
        changed=row.counts.get("update", 0),
        refused=row.counts.get("refuse", 0),
        started_by=row.started_by.name if row.started_by else "",
        created_at=row.created_at,
    )


def result_of(row: models.ImportResult) -> ResultRow:
    changes = tuple((name, row.before.get(name), value) for name, value in row.after.items())
    return ResultRow(id=row.pk, file=row.file.name, row=row.row, entity=row.entity, action=row.action, label=row.label, changes=changes, notes=tuple(row.notes))
