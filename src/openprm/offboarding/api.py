"""Offboarding over the API: the same services and queries as the pages."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import In, Out, Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.errors import NotAllowed, NotFound
from openprm.offboarding import queries, services

offboardings = Router(tags=["Offboarding"])
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_.-]{0,38}$")]


class OffboardingQuery(PageQuery):
    status: Literal["requested", "open", "done", "declined", "canceled", "reinstated"] | None = None
    kind: Literal["mutual", "vendor", "partner", "cause"] | None = None
    partner_id: UUID | None = None


class OpenIn(In):
    partner_id: UUID
    kind: Literal["mutual", "vendor", "partner", "cause"] = "mutual"
    reason: Reason = Field(description="Both sides read it.")
    access_ends_at: datetime | None = Field(None, description="The end of the notice when left out.")
    farewell: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class RequestIn(In):
    reason: Reason
    last_day: datetime | None = None


class ReasonIn(In):
    reason: Reason


class LastDayIn(In):
    access_ends_at: datetime
    reason: Reason


class ItemIn(In):
    choice: Code
    partner_id: UUID | None = None


class DecisionIn(In):
    choice: Code = Field(examples=["release"])
    partner_id: UUID | None = Field(None, description="To whom it goes, where the choice asks for it.")
    items: dict[str, ItemIn] = Field(default_factory=dict, max_length=2000, description="Single decisions that differ, by id.")


class RetentionIn(In):
    days: Annotated[int, Field(ge=1, le=3650)]


class RetentionOut(Out):
    kind: str
    days: int
    least: int
    most: int
    version: int


class OffboardingRowOut(Out):
    id: UUID
    partner_id: UUID
    partner: str
    kind: str
    status: str
    reason: str
    requested_at: datetime | None
    opened_at: datetime | None
    access_ends_at: datetime | None
    access_ended_at: datetime | None
    finished_at: datetime | None
    erase_at: datetime | None
    progress: int
    version: int
    created_at: datetime


class StepOut(Out):
    """One step. `left`, `choice` and `receiver_id` are for the vendor alone and empty on the partner's side."""

    code: str
    label: str
    state: str
    note: str
    left: int
    choice: str
    receiver_id: UUID | None
    settled_at: datetime | None


class PartOut(Out):
    code: str
    label: str
    rows: int
    files: int


class ExportOut(Out):
    size: int
    sha256: str
    made_at: datetime
    parts: list[PartOut]


class OffboardingOut(OffboardingRowOut):
    notice_days: int
    closed_reason: str
    link_ends_at: datetime | None
    erased_at: datetime | None
    export: ExportOut | None
    steps: list[StepOut]


@offboardings.get("", response=Page[OffboardingRowOut], summary="List offboardings")
@needs("offboarding.view")
def list_offboardings(request: HttpRequest, query: Query[OffboardingQuery]):
    """The vendor sees all partners', a partner its own."""
    wanted = {"status": query.status, "kind": query.kind, "partner": query.partner_id}
    filters = {name: (value,) for name, value in wanted.items() if value}
    found = paginate(queries.newest_offboardings(request.auth, filters=filters), query.cursor, query.limit)
    return {"items": [queries.offboarding_row(row) for row in found.items], "next_cursor": found.next_cursor}


@offboardings.post("", response={201: OffboardingOut}, summary="Open an offboarding")
@needs("offboarding.manage")
@idempotent
def open_partner_offboarding(request: HttpRequest, data: OpenIn, response: HttpResponse):
    """Lays out the checklist, or takes up the partner's own request. Nothing ends before a step runs or the last day comes."""
    opened = services.open_offboarding(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _case(request, response, opened))


@offboardings.post("/requests", response={201: OffboardingOut}, summary="Ask to leave")
@needs("offboarding.request")
@idempotent
def ask_to_leave(request: HttpRequest, data: RequestIn, response: HttpResponse):
    """For an administrator of the partner. The vendor answers within its promise."""
    if not request.auth.is_partner:
        raise NotAllowed()
    asked = services.request_offboarding(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _case(request, response, asked))


@offboardings.get("/retention", response=list[RetentionOut], summary="Read how long data is kept")
@needs("offboarding.view")
def list_retention(request: HttpRequest):
    return list(queries.retention())


@offboardings.put("/retention/{kind}", response=list[RetentionOut], summary="Say how long data is kept")
@needs("offboarding.configure")
@idempotent
def change_retention(request: HttpRequest, kind: Literal["people", "export"], data: RetentionIn):
    services.set_retention(actor=request.auth, kind=kind, days=data.days, at=request.at)
    return list(queries.retention())


@offboardings.get("/{uuid:offboarding_id}", response=OffboardingOut, summary="Read an offboarding")
@needs("offboarding.view")
def get_offboarding(request: HttpRequest, offboarding_id: UUID, response: HttpResponse):
    return _case(request, response, offboarding_id)


@offboardings.put("/{uuid:offboarding_id}/steps/{code}", response=OffboardingOut, summary="Decide a step")
@needs("offboarding.manage")
@idempotent
def decide_offboarding_step(request: HttpRequest, offboarding_id: UUID, code: Code, data: DecisionIn, response: HttpResponse):
    """Says what happens with everything of the step, and what differs. Runs nothing."""
    services.decide_step(actor=request.auth, offboarding_id=offboarding_id, code=code, at=request.at, **data.dict())
    return _case(request, response, offboarding_id)


@offboardings.post("/{uuid:offboarding_id}/steps/{code}/run", response=OffboardingOut, summary="Run a step")
@needs("offboarding.manage")
@idempotent
def run_offboarding_step(request: HttpRequest, offboarding_id: UUID, code: Code, response: HttpResponse):
    """All of it or nothing. A step that failed says why in its `note`; the step "access" ends every way in at once."""
    services.run_step(actor=request.auth, offboarding_id=offboarding_id, code=code, at=request.at)
    return _case(request, response, offboarding_id)


@offboardings.put("/{uuid:offboarding_id}/last-day", response=OffboardingOut, summary="Move the last day")
@needs("offboarding.manage")
@idempotent
@updates
def move_offboarding_last_day(request: HttpRequest, offboarding_id: UUID, data: LastDayIn, response: HttpResponse):
    require_match(request, _found(request, offboarding_id).version)
    services.move_last_day(actor=request.auth, offboarding_id=offboarding_id, at=request.at, **data.dict())
    return _case(request, response, offboarding_id)


@offboardings.post("/{uuid:offboarding_id}/close", response=OffboardingOut, summary="The partner stays")
@needs("offboarding.view")
@idempotent
def close_partner_offboarding(request: HttpRequest, offboarding_id: UUID, data: ReasonIn, response: HttpResponse):
    """The vendor declines a request or calls an offboarding off; a partner takes its own request back."""
    services.close_offboarding(actor=request.auth, offboarding_id=offboarding_id, reason=data.reason, at=request.at)
    return _case(request, response, offboarding_id)


@offboardings.post("/{uuid:offboarding_id}/reinstatement", response=OffboardingOut, summary="Take a partner back")
@needs("offboarding.manage")
@idempotent
def reinstate_partner(request: HttpRequest, offboarding_id: UUID, data: ReasonIn, response: HttpResponse):
    """Possible until the retention time is over."""
    services.reinstate(actor=request.auth, offboarding_id=offboarding_id, reason=data.reason, at=request.at)
    return _case(request, response, offboarding_id)


def _case(request: HttpRequest, response: HttpResponse, offboarding_id: UUID) -> dict[str, Any]:
    found = _found(request, offboarding_id)
    response["ETag"] = etag_of(found.version)
    names = [name for name in OffboardingOut.model_fields if name not in ("steps", "partner")]
    return {**{name: getattr(found, name) for name in names}, "partner": found.partner, "steps": [_step(step) for step in found.steps]}


def _found(request: HttpRequest, offboarding_id: UUID) -> Any:
    if request.auth.sees_all_partners:
        return queries.offboarding_for_vendor(request.auth, offboarding_id, request.at)
    found = queries.offboarding_for_partner(request.auth, request.at, offboarding_id)
    if found is None:
        raise NotFound()
    return found


def _step(step: Any) -> dict[str, Any]:
    own = {"left": getattr(step, "left", 0), "choice": getattr(step, "choice", ""), "receiver_id": getattr(step, "receiver_id", None)}
    return {"code": step.code, "label": str(step.label), "state": step.state, "note": step.note, "settled_at": step.settled_at, **own}
