"""Programs and their tiers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.kernel.api import Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.partners import queries, services
from openprm.partners.api.schemas import ProgramIn, ProgramOut, TierIn, TierOut

programs = Router(tags=["Programs"])


@programs.get("", response=Page[ProgramOut], summary="List programs")
@needs("partners.view")
def list_programs(request: HttpRequest, query: Query[PageQuery]):
    """Every program with its tiers, the highest first, and what each tier gives."""
    rows = sorted(queries.programs(request.auth), key=lambda row: (row.created_at, row.id), reverse=True)
    found = paginate(rows, query.cursor, query.limit)
    return {"items": found.items, "next_cursor": found.next_cursor}


@programs.get("/{uuid:program_id}", response=ProgramOut, summary="Read a program")
@needs("partners.view")
def get_program(request: HttpRequest, program_id: UUID, response: HttpResponse):
    return _program(request, response, program_id)


@programs.post("", response={201: ProgramOut}, summary="Add a program")
@needs("partners.configure")
@idempotent
def add_program(request: HttpRequest, data: ProgramIn, response: HttpResponse):
    program_id = services.create_program(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _program(request, response, program_id))


@programs.put("/{uuid:program_id}", response=ProgramOut, summary="Change a program")
@needs("partners.configure")
@idempotent
@updates
def change_program(request: HttpRequest, program_id: UUID, data: ProgramIn, response: HttpResponse):
    require_match(request, queries.program(request.auth, program_id).version)
    services.update_program(actor=request.auth, program_id=program_id, changes=data.dict(), at=request.at)
    return _program(request, response, program_id)


@programs.post("/{uuid:program_id}/tiers", response={201: ProgramOut}, summary="Add a tier")
@needs("partners.configure")
@idempotent
def add_tier(request: HttpRequest, program_id: UUID, data: TierIn, response: HttpResponse):
    services.create_tier(actor=request.auth, program_id=program_id, at=request.at, **data.dict())
    return Status(201, _program(request, response, program_id))


@programs.put("/tiers/{uuid:tier_id}", response=TierOut, summary="Change a tier")
@needs("partners.configure")
@idempotent
@updates
def change_program_tier(request: HttpRequest, tier_id: UUID, data: TierIn, response: HttpResponse):
    require_match(request, queries.tier(request.auth, tier_id).version)
    services.update_tier(actor=request.auth, tier_id=tier_id, changes=data.dict(), at=request.at)
    tier = queries.tier(request.auth, tier_id)
    response["ETag"] = etag_of(tier.version)
    return tier


def _program(request: HttpRequest, response: HttpResponse, program_id: UUID) -> queries.ProgramView:
    found = queries.program(request.auth, program_id)
    response["ETag"] = etag_of(found.version)
    return found
