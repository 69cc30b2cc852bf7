"""Partners: listed, read, added, changed, moved along their life."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.kernel.api import Page, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.partners import queries, services
from openprm.partners.api.schemas import NewPartnerIn, PartnerIn, PartnerOut, PartnerQuery, PartnerRowOut, StatusIn

partners = Router(tags=["Partners"])


@partners.get("", response=Page[PartnerRowOut], summary="List partners")
@needs("partners.view")
def list_partners(request: HttpRequest, query: Query[PartnerQuery]):
    """The vendor sees all partners, a partner itself."""
    wanted = {"status": query.status, "type": query.type, "motion": query.motion, "country": query.country, "manager": query.manager_id}
    filters: dict[str, Any] = {name: (value,) for name, value in wanted.items() if value}
    if query.program_id:
        filters["program"] = (query.program_id,)
    found = paginate(queries.newest_partners(request.auth, search=query.q, filters=filters), query.cursor, query.limit)
    return {"items": [queries.partner_row(row) for row in found.items], "next_cursor": found.next_cursor}


@partners.get("/{uuid:partner_id}", response=PartnerOut, summary="Read a partner")
@needs("partners.view")
def getanswered(request: HttpRequest, partner_id: UUID, response: HttpResponse):
    return answered(request, response, partner_id)


@partners.post("", response={201: PartnerOut}, summary="Add a partner")
@needs("partners.manage")
@idempotent
def addanswered(request: HttpRequest, data: NewPartnerIn, response: HttpResponse):
    partner_id = services.create_partner(actor=request.auth, at=request.at, **data.dict())
    return Status(201, answered(request, response, partner_id))


@partners.patch("/{uuid:partner_id}", response=PartnerOut, summary="Change a partner")
@needs("partners.manage")
@idempotent
@updates
def changeanswered(request: HttpRequest, partner_id: UUID, data: PartnerIn, response: HttpResponse):
    """Fields that are left out stay as they are."""
    require_match(request, queries.partner(request.auth, partner_id).version)
    services.update_partner(actor=request.auth, partner_id=partner_id, changes=data.dict(exclude_unset=True), at=request.at)
    return answered(request, response, partner_id)


@partners.post("/{uuid:partner_id}/status", response=PartnerOut, summary="Move a partner along its life")
@needs("partners.manage")
@idempotent
def change_partner_status(request: HttpRequest, partner_id: UUID, data: StatusIn, response: HttpResponse):
    """The people of a suspended, banned, declined or archived partner cannot sign in; of a deactivated one they only look. A partner
    leaves by an offboarding, not here. The answer to a move that the life of a partner does not know is 409."""
    services.change_status(actor=request.auth, partner_id=partner_id, status=data.status, reason=data.reason, at=request.at)
    return answered(request, response, partner_id)


def answered(request: HttpRequest, response: HttpResponse, partner_id: UUID) -> queries.PartnerView:
    found = queries.partner(request.auth, partner_id)
    response["ETag"] = etag_of(found.version)
    return found
