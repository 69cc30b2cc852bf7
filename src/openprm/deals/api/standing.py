"""What stands about customers: pre-checks, protections, opportunities."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from openprm.deals import queries, services
from openprm.deals.api import shapes
from openprm.deals.api.paging import page_request
from openprm.deals.api.standing_schemas import OpportunityOut, OpportunityQuery, PrecheckIn, PrecheckOut, PrecheckRowOut, ProtectionOut, ProtectionQuery
from openprm.deals.queries.protections import protections as protections_of
from openprm.kernel.api import Page, PageQuery, etag_of, idempotent, needs, paginate

prechecks = Router(tags=["Pre-checks"])
protections = Router(tags=["Protections"])
opportunities = Router(tags=["Opportunities"])
KEPT_PRECHECKS = 200


@prechecks.post("", response=PrecheckOut, summary="Ask whether a customer is free")
@needs("deals.precheck")
@idempotent
def ask_precheck(request: HttpRequest, data: PrecheckIn):
    """Free, protected or ask. Nobody is named, every question is written down, and the number of questions is limited."""
    return services.pre_check(actor=request.auth, **data.model_dump(), at=request.at)


@prechecks.get("", response=Page[PrecheckRowOut], summary="List past pre-checks")
@needs("deals.precheck")
def list_prechecks(request: HttpRequest, query: Query[PageQuery]):
    """What was asked lately, at most 200: a partner sees its own company's questions."""
    found = paginate(queries.prechecks(request.auth, KEPT_PRECHECKS), query.cursor, query.limit, key=lambda row: (row.asked_at, row.id))
    return {"items": found.items, "next_cursor": found.next_cursor}


@protections.get("", response=Page[ProtectionOut], summary="List protections")
@needs("deals.view")
def list_protections(request: HttpRequest, query: Query[ProtectionQuery]):
    """Newest first. A partner sees its own."""
    page = page_request("protections", cursor=query.cursor, limit=query.limit)
    found = protections_of(request.auth, page, live=query.live, registration_id=query.registration_id, at=request.at)
    return {"items": list(found.rows), "next_cursor": found.next_cursor or None}


@opportunities.get("", response=Page[OpportunityOut], summary="List opportunities")
@needs("deals.view")
def list_opportunities(request: HttpRequest, query: Query[OpportunityQuery]):
    """Newest first. A partner sees those of its own registrations and its own imported ones."""
    page = page_request("opportunities", cursor=query.cursor, limit=query.limit)
    found = queries.opportunities(request.auth, page, text=query.q, status=tuple(query.status), partner_id=query.partner_id, account_id=query.account_id)
    return {"items": [shapes.opportunity(row) for row in found.rows], "next_cursor": found.next_cursor or None}


@opportunities.get("/{uuid:opportunity_id}", response=OpportunityOut, summary="Read an opportunity")
@needs("deals.view")
def get_opportunity(request: HttpRequest, opportunity_id: UUID, response: HttpResponse):
    found = queries.opportunity(request.auth, opportunity_id)
    response["ETag"] = etag_of(found.version)
    return shapes.opportunity(found)
