"""Prospects."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import Country, In, Line, Out, Page, PageQuery, RequiredLine, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.recruitment import queries, services
from openprm.recruitment.api.fields import Facts, Host, Mail, Motion, PartnerIdOut, Short, Stage, Type

prospects = Router(tags=["Recruiting"])


class ProspectQuery(PageQuery):
    q: str = Field("", max_length=100, description="Part of the name, the domain or the next step.")
    stage: Literal["identified", "contacted", "engaged", "qualified", "invited", "converted", "lost"] | None = None
    owner_id: UUID | None = None
    program_id: UUID | None = None


class ProspectIn(In):
    name: RequiredLine = Field(examples=["Kallio Digital"])
    domain: Host = Field("", examples=["kallio.example"])
    country: Country = ""
    program_id: UUID | None = None
    owner_id: UUID | None = None
    source: Short = ""
    next_step: Line = ""
    next_step_date: date | None = None
    contact_name: Annotated[str, StringConstraints(max_length=120)] = ""
    contact_email: Mail = ""
    facts: Facts = Field(default_factory=dict, examples=[{"employees": 120, "skills": ["SAP", "Azure"]}])


class ProspectPatch(In):
    program_id: UUID | None = None
    owner_id: UUID | None = None
    source: Short = ""
    next_step: Line = ""
    next_step_date: date | None = None


class StageIn(In):
    stage: Stage
    reason: Line = Field("", description="Needed for `lost`.")


class ConvertIn(In):
    type: Type = "reseller"
    motion: Motion = "transact"
    program_id: UUID | None = None
    tier_id: UUID | None = None
    invite: bool = True


class ProspectOut(Out):
    """A prospect with its proven points, and what they could become when everything unknown turns out well."""

    id: UUID
    company_id: UUID
    name: str
    domain: str
    country: str
    stage: str
    stage_since: datetime
    owner: str
    owner_id: UUID | None
    program: str
    program_id: UUID | None
    source: str
    next_step: str
    next_step_date: date | None
    points: int | None
    could_reach: int | None
    fit: str
    missing_percent: int | None
    created_at: datetime
    version: int


@prospects.get("", response=Page[ProspectOut], summary="List prospects")
@needs("recruitment.view")
def list_prospects(request: HttpRequest, query: Query[ProspectQuery]):
    wanted = {"stage": query.stage, "owner": query.owner_id, "program": query.program_id}
    rows = queries.prospect_rows(request.auth, search=query.q, filters={name: (value,) for name, value in wanted.items() if value})
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [queries.prospect_row(row, request.at.date()) for row in found.items], "next_cursor": found.next_cursor}


@prospects.post("", response={201: ProspectOut}, summary="Add a prospect")
@needs("recruitment.manage")
@idempotent
def add_prospect(request: HttpRequest, data: ProspectIn, response: HttpResponse):
    """A company whose domain a partner or another prospect has is refused with its name."""
    prospect_id = services.add_prospect(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _prospect(request, response, prospect_id))


@prospects.get("/{uuid:prospect_id}", response=ProspectOut, summary="Read a prospect")
@needs("recruitment.view")
def get_prospect(request: HttpRequest, prospect_id: UUID, response: HttpResponse):
    return _prospect(request, response, prospect_id)


@prospects.patch("/{uuid:prospect_id}", response=ProspectOut, summary="Change a prospect")
@needs("recruitment.manage")
@idempotent
@updates
def change_prospect(request: HttpRequest, prospect_id: UUID, data: ProspectPatch, response: HttpResponse):
    """Fields that are left out stay as they are."""
    require_match(request, _prospect(request, response, prospect_id).version)
    services.update_prospect(actor=request.auth, prospect_id=prospect_id, changes=data.dict(exclude_unset=True), at=request.at)
    return _prospect(request, response, prospect_id)


@prospects.post("/{uuid:prospect_id}/stage", response=ProspectOut, summary="Move a prospect")
@needs("recruitment.manage")
@idempotent
def move_prospect(request: HttpRequest, prospect_id: UUID, data: StageIn, response: HttpResponse):
    services.move_stage(actor=request.auth, prospect_id=prospect_id, stage=data.stage, reason=data.reason, at=request.at)
    return _prospect(request, response, prospect_id)


@prospects.post("/{uuid:prospect_id}/convert", response={201: PartnerIdOut}, summary="Make a prospect a partner")
@needs("recruitment.manage")
@idempotent
def convert_prospect(request: HttpRequest, prospect_id: UUID, data: ConvertIn):
    """Creates the partner and, unless `invite` is false, invites its main contact. The history comes along."""
    return Status(201, {"partner_id": services.convert(actor=request.auth, prospect_id=prospect_id, at=request.at, **data.dict())})


def _prospect(request: HttpRequest, response: HttpResponse, prospect_id: UUID) -> queries.ProspectRow:
    found = queries.prospect_row(queries.prospect_rows(request.auth, filters={}).one(prospect_id), request.at.date())
    response["ETag"] = etag_of(found.version)
    return found
