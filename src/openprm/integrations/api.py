"""Imports and exports over the API: send a file, try it, run it, read what every row did, take it back; and take lists out."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status, UploadedFile
from pydantic import Field, StringConstraints

from openprm.integrations import queries, services
from openprm.integrations.imports.mapping import LARGEST_FILE, from_text
from openprm.integrations.imports.reading import spool
from openprm.kernel.api import Out, Page, PageQuery, idempotent, needs, paginate

imports = Router(tags=["Imports"])
exports = Router(tags=["Imports"])
FILE_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
BINARY = {"responses": {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in FILE_TYPES.values()}}}}
ENTITY = r"^[a-z][a-z_-]{0,39}$"
Entity = Annotated[str, StringConstraints(pattern=ENTITY)]


class ImportQuery(PageQuery):
    status: Literal["staged", "checking", "checked", "running", "done", "failed", "undone"] | None = None


class FindingOut(Out):
    kind: str = Field(examples=["repaired"])
    file: str
    column: str
    text: str = Field(examples=["technolgy"])
    became: str = Field(examples=["technology"])
    count: int
    rows: list[int] = Field(description="The first rows where it was found; the heading is row 1.")


class ImportFileOut(Out):
    name: str
    entity: str
    format: str
    encoding: str
    rows: int
    counts: dict[str, int]


class ImportOut(Out):
    id: UUID
    name: str
    source: str
    status: str
    message: str
    skip_bad_rows: bool
    files: list[ImportFileOut]
    findings: list[FindingOut]
    started_by: str
    created_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None


class UndoneOut(Out):
    removed: int
    restored: int


class ImportRowOut(Out):
    id: UUID
    file: str
    row: int
    entity: str
    action: str
    label: str
    notes: list[str]
    created_at: datetime


@imports.get("", response=Page[ImportOut], summary="List imports")
@needs("integrations.view_imports")
def list_imports(request: HttpRequest, query: Query[ImportQuery]):
    rows = queries.newest_imports(request.auth)
    found = paginate(rows.filter(status=query.status) if query.status else rows, query.cursor, query.limit)
    return {"items": [queries.view_of(row) for row in found.items], "next_cursor": found.next_cursor}


@imports.post("", response={201: ImportOut}, summary="Send a file to import")
@needs("integrations.import")
@idempotent
def add_import(
    request: HttpRequest,
    file: File[UploadedFile],
    entity: str = Form(..., pattern=ENTITY),
    mapping: str = Form("", max_length=LARGEST_FILE),
    encoding: Form[Literal["", "utf-8", "utf-16", "cp1252"]] = "",
    delimiter: Form[Literal["", ",", ";", "|", "tab"]] = "",
    skip_bad_rows: Form[bool] = False,
):
    """CSV or XLSX, up to 100 MB. `mapping` is the text of a mapping file (YAML or JSON); without it the headings are matched with the fields.

    Nothing of the lists is changed yet: ask for a try, read its rows, then run it.
    """
    known = from_text(mapping, name=entity) if mapping.strip() else None
    options = {"encoding": encoding, "delimiter": "\t" if delimiter == "tab" else delimiter, "skip_bad_rows": skip_bad_rows}
    with tempfile.NamedTemporaryFile(prefix="openprm-import-") as kept:
        spool(file.chunks(), kept, file.name or "")
        kept.flush()
        name = (file.name or "file").replace("\x00", "")
        import_id = services.stage_file(actor=request.auth, path=Path(kept.name), name=name, entity=entity, mapping=known, **options)
    if known:
        services.map_columns(actor=request.auth, import_id=import_id, mapping=queries.mapping_of(request.auth, import_id), skip_bad_rows=skip_bad_rows)
    return Status(201, queries.import_view(request.auth, import_id))


@imports.post("/{uuid:import_id}/try", response={202: ImportOut}, summary="Try an import")
@needs("integrations.import")
@idempotent
def try_import(request: HttpRequest, import_id: UUID):
    """Does everything and takes it back, in the background: `status` goes from checking to checked or failed."""
    services.begin_trial(actor=request.auth, import_id=import_id)
    return Status(202, queries.import_view(request.auth, import_id))


@imports.post("/{uuid:import_id}/run", response={202: ImportOut}, summary="Run an import that was tried")
@needs("integrations.import")
@idempotent
def run_import(request: HttpRequest, import_id: UUID):
    """In one transaction, in the background: `status` goes from running to done or failed. One bad row keeps everything out unless they are skipped."""
    services.begin_run(actor=request.auth, import_id=import_id)
    return Status(202, queries.import_view(request.auth, import_id))


@imports.delete("/{uuid:import_id}", response={204: None}, summary="Throw away an import that was never run")
@needs("integrations.import")
@idempotent
def discard_import(request: HttpRequest, import_id: UUID):
    services.discard_import(actor=request.auth, import_id=import_id)
    return Status(204, None)


@exports.get("/{entity}.{format}", summary="Export a list", openapi_extra=BINARY)
@needs("integrations.view_imports")
def export_list(request: HttpRequest, entity: Entity, format: Literal["csv", "xlsx"]):
    """Every row of one kind that you can see, with the columns that an import of it takes."""
    with tempfile.TemporaryDirectory(prefix="openprm-export-") as folder:
        path = Path(folder) / f"{entity}.{format}"
        services.export_to(actor=request.auth, entity=entity, path=path, at=request.at, format=format)
        content = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{entity}.{format}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=FILE_TYPES[format], headers=headers)


@imports.get("/{uuid:import_id}", response=ImportOut, summary="Read an import")
@needs("integrations.view_imports")
def get_import(request: HttpRequest, import_id: UUID):
    return queries.import_view(request.auth, import_id)


@imports.get("/{uuid:import_id}/rows", response=Page[ImportRowOut], summary="Read what every row did")
@needs("integrations.view_imports")
def list_import_rows(request: HttpRequest, import_id: UUID, query: Query[PageQuery]):
    found = paginate(queries.newest_results(request.auth, import_id), query.cursor, query.limit)
    return {"items": [_row(row) for row in found.items], "next_cursor": found.next_cursor}


@imports.post("/{uuid:import_id}/undo", response=UndoneOut, summary="Take an import back")
@needs("integrations.import")
@idempotent
def undo_import(request: HttpRequest, import_id: UUID):
    """Removes what it created and restores what it changed; refused when somebody worked on it since."""
    return services.undo_import(actor=request.auth, import_id=import_id, at=request.at)


ROUTERS = {"imports": imports, "exports": exports}


def _row(row: Any) -> dict[str, Any]:
    found = queries.result_of(row)
    return {name: getattr(found, name) for name in ImportRowOut.model_fields if hasattr(found, name)} | {"created_at": row.created_at}
