"""Imports over the API: what ran, what it found, row by row, and taking it back. Files come in by page or command line."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from openprm.integrations import queries, services
from openprm.kernel.api import Out, Page, PageQuery, idempotent, needs, paginate

imports = Router(tags=["Imports"])


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


ROUTERS = {"imports": imports}


def _row(row: Any) -> dict[str, Any]:
    found = queries.result_of(row)
    return {name: getattr(found, name) for name in ImportRowOut.model_fields if hasattr(found, name)} | {"created_at": row.created_at}
