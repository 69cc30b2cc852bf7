"""How programs sell: their stages with criteria, and the reasons for losing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from openprm.deals import queries, services
from openprm.deals.api.life_schemas import ProcessChangeOut, ProcessIn, ProcessOut
from openprm.deals.rules.stages import Process, as_json, from_json
from openprm.kernel.api import In, etag_of, idempotent, matched_version, needs, updates

router = Router(tags=["Sales process"])


class ProcessQuery(In):
    program_id: UUID | None = Field(None, description="Left out, the general process is meant.")


def _answer(request: HttpRequest, response: HttpResponse, program_id: UUID | None) -> dict[str, Any]:
    found = queries.sales_process(request.auth, program_id)
    response["ETag"] = etag_of(found.number)
    return {"program_id": program_id, "number": found.number, "own": found.own, **as_json(found.process)}


def _process(data: ProcessIn) -> Process:
    return from_json(data.dict(include={"stages", "entry", "lost_reasons"}))


@router.get("", response=ProcessOut, summary="Read how a program sells")
@needs("deals.view")
def get_sales_process(request: HttpRequest, query: Query[ProcessQuery], response: HttpResponse):
    """The version in force: the program's own, else the general one, else the built-in one. Both sides read it."""
    return _answer(request, response, query.program_id)


@router.post("/preview", response=ProcessChangeOut, summary="What another process would touch")
@needs("deals.manage_catalogue")
@idempotent
def preview_sales_process(request: HttpRequest, query: Query[ProcessQuery], data: ProcessIn):
    """Nothing is published."""
    found = services.preview_process(actor=request.auth, program_id=query.program_id, process=_process(data))
    codes = {name: [entry[0] for entry in getattr(found, name)] for name in ("gone", "new", "changed")}
    return {**codes, "touched_count": found.touched_count, "touched": list(found.touched)}


@router.put("", response=ProcessOut, summary="Publish how a program sells")
@needs("deals.manage_catalogue")
@idempotent
@updates
def publish_sales_process(request: HttpRequest, query: Query[ProcessQuery], data: ProcessIn, response: HttpResponse):
    """A new version; the running deals of a stage that goes move where `moves` says."""
    services.publish_process(
        actor=request.auth,
        program_id=query.program_id,
        process=_process(data),
        moves=data.moves,
        note=data.note,
        number=matched_version(request),
        at=request.at,
    )
    return _answer(request, response, query.program_id)
