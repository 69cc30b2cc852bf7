"""Engagements and their members, for both sides."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.cosell import queries, services
from openprm.cosell.api import shapes
from openprm.cosell.api.schemas import (
    CloseIn,
    EngagementIn,
    EngagementOut,
    EngagementPage,
    EngagementPatch,
    EngagementQuery,
    InviteIn,
    MemberPatch,
    ReasonIn,
    SharesIn,
    StageIn,
)
from openprm.cosell.services import Draft
from openprm.kernel.api import IdOut, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.errors import NotFound

router = Router(tags=["Engagements"])


def read(request: HttpRequest, engagement_id: UUID) -> Any:
    """The engagement as the caller may know it. Reading others' mirrors is kept in their access log."""
    found = queries.room(request.auth, engagement_id, request.at)
    shown = {one.party_id: (tuple(one.values), one.changed_at) for one in getattr(found, "mirrors", ())}
    services.log_reads(actor=request.auth, engagement_id=engagement_id, shown=shown, at=request.at)
    return found


def answered(request: HttpRequest, response: HttpResponse, engagement_id: UUID) -> Any:
    found = read(request, engagement_id)
    response["ETag"] = etag_of(found.version)
    return shapes.room(found)


@router.get("", response=EngagementPage, summary="List engagements")
@needs("cosell.view")
def list_engagements(request: HttpRequest, query: Query[EngagementQuery]):
    """Those that your company takes part in, the newest first."""
    filters = queries.Filters(text=query.q, states=tuple(query.state), deal_types=tuple(query.deal_type))
    found = paginate(queries.listed(request.auth, filters), query.cursor, query.limit)
    return {"items": [shapes.row(row) for row in queries.rows_of(request.auth, found.items)], "next_cursor": found.next_cursor}


@router.post("", response={201: EngagementOut}, summary="Open an engagement")
@needs("cosell.act")
@idempotent
def open_engagement(request: HttpRequest, data: EngagementIn, response: HttpResponse):
    """On a registration, an opportunity, a lead or a bare customer. Your company is its host."""
    about = ("deal_type", "role", "registration_id", "opportunity_id", "lead_id")
    values = data.dict()
    rest = {name: values.pop(name) for name in about}
    opened = services.open_engagement(actor=request.auth, draft=Draft(**values), **{**rest, "role": rest["role"] or ""}, at=request.at)
    response["Location"] = f"/api/v1/engagements/{opened.engagement_id}"
    return Status(201, answered(request, response, opened.engagement_id))


@router.get("/{uuid:engagement_id}", response=EngagementOut, summary="Read an engagement")
@needs("cosell.view")
def get_engagement(request: HttpRequest, engagement_id: UUID, response: HttpResponse):
    """Everything in it that your company may know, and nothing else."""
    return answered(request, response, engagement_id)


@router.patch("/{uuid:engagement_id}", response=EngagementOut, summary="Change an engagement")
@needs("cosell.act")
@idempotent
@updates
def update_engagement(request: HttpRequest, engagement_id: UUID, data: EngagementPatch, response: HttpResponse):
    version, changes = matched_version(request), data.dict(exclude_unset=True)
    deal_type = changes.pop("deal_type", None)
    services.update_engagement(actor=request.auth, engagement_id=engagement_id, changes=changes, deal_type=deal_type, version=version, at=request.at)
    return answered(request, response, engagement_id)


@router.post("/{uuid:engagement_id}/stage", response=EngagementOut, summary="Move to another stage")
@needs("cosell.act")
@idempotent
@updates
def move_engagement(request: HttpRequest, engagement_id: UUID, data: StageIn, response: HttpResponse):
    services.move_stage(
        actor=request.auth,
        engagement_id=engagement_id,
        stage=data.stage,
        expected_close_date=data.expected_close_date,
        version=matched_version(request),
        at=request.at,
    )
    return answered(request, response, engagement_id)


@router.post("/{uuid:engagement_id}/close", response=EngagementOut, summary="Close an engagement")
@needs("cosell.act")
@idempotent
@updates
def close_engagement(request: HttpRequest, engagement_id: UUID, data: CloseIn, response: HttpResponse):
    """Active ones end as won or lost, new ones as declined; any other step is refused with 409."""
    services.close_engagement(
        actor=request.auth, engagement_id=engagement_id, outcome=data.outcome, reason=data.reason, version=matched_version(request), at=request.at
    )
    return answered(request, response, engagement_id)


@router.post("/{uuid:engagement_id}/invitations", response={201: IdOut}, summary="Invite a company")
@needs("cosell.act")
@idempotent
def invite_to_engagement(request: HttpRequest, engagement_id: UUID, data: InviteIn):
    """Refused with a reason: a partner that left or rests, a role that it cannot hold, its own rule."""
    return Status(201, {"id": services.invite(actor=request.auth, engagement_id=engagement_id, at=request.at, **data.dict())})


@router.patch("/{uuid:engagement_id}/members/{uuid:party_id}", response=EngagementOut, summary="Change a member")
@needs("cosell.act")
@idempotent
def change_engagement_member(request: HttpRequest, engagement_id: UUID, party_id: UUID, data: MemberPatch, response: HttpResponse):
    """Involvement (with the reason), role, view, hiding."""
    who: dict[str, Any] = {"actor": request.auth, "engagement_id": engagement_id, "party_id": party_id, "at": request.at}
    found = next((one for one in read(request, engagement_id).present if one.party_id == party_id), None)
    if found is None:
        raise NotFound()
    if data.involvement:
        services.change_involvement(involvement=data.involvement, reason=data.reason, **who)
    if data.role:
        services.change_role(role=data.role, responsibilities=tuple(data.responsibilities), **who)
    if data.visibility is not None or data.hidden is not None:
        hidden = getattr(found, "hidden", False) if data.hidden is None else data.hidden
        services.change_view(visibility=data.visibility or getattr(found, "visibility", "full"), hidden=hidden, **who)
    return answered(request, response, engagement_id)


@router.post("/{uuid:engagement_id}/members/{uuid:party_id}/remove", response=EngagementOut, summary="Take a member out")
@needs("cosell.act")
@idempotent
def remove_engagement_member(request: HttpRequest, engagement_id: UUID, party_id: UUID, data: ReasonIn, response: HttpResponse):
    services.remove_member(actor=request.auth, engagement_id=engagement_id, party_id=party_id, reason=data.reason, at=request.at)
    return answered(request, response, engagement_id)


@router.put("/{uuid:engagement_id}/shares", response=EngagementOut, summary="Set shares")
@needs("cosell.act")
@idempotent
def set_engagement_shares(request: HttpRequest, engagement_id: UUID, data: SharesIn, response: HttpResponse):
    """In basis points; members that are not named keep theirs."""
    services.set_shares(actor=request.auth, engagement_id=engagement_id, shares=data.shares, at=request.at)
    return answered(request, response, engagement_id)


@router.post("/{uuid:engagement_id}/leave", response={204: None}, summary="Leave an engagement")
@needs("cosell.act")
@idempotent
def leave_engagement(request: HttpRequest, engagement_id: UUID, data: ReasonIn):
    services.leave(actor=request.auth, engagement_id=engagement_id, reason=data.reason, at=request.at)
    return Status(204, None)
