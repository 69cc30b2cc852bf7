"""Precedents and the published figures over the API."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.conflicts import queries, services
from openprm.conflicts.api.schemas import FigureOut, PrecedentIn, PrecedentOut, PrecedentQuery, PrecedentRowOut
from openprm.kernel.api import Page, etag_of, idempotent, matched_version, needs, paginate, updates

router = Router(tags=["Conflicts"])
figures = Router(tags=["Conflicts"])


@router.get("", response=Page[PrecedentRowOut], summary="Search precedents")
@needs("conflicts.view")
def list_precedents(request: HttpRequest, query: Query[PrecedentQuery]):
    """Published ones, for both sides. `q` searches what happened, why, and the clause."""
    wanted = {"type": query.type, "finding": query.finding, "clause": query.clause}
    rows = queries.newest_precedents(request.auth, search=query.q, filters={name: value for name, value in wanted.items() if value})
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [queries.precedent_row(row) for row in found.items], "next_cursor": found.next_cursor}


@router.get("/{uuid:precedent_id}", response=PrecedentOut, summary="Read a precedent")
@needs("conflicts.view")
def get_precedent(request: HttpRequest, precedent_id: UUID, response: HttpResponse):
    found = queries.precedent(request.auth, precedent_id)
    response["ETag"] = etag_of(found.row.version)
    return found


@router.put("/{uuid:precedent_id}", response=PrecedentOut, summary="Change a draft")
@needs("conflicts.review")
@idempotent
@updates
def change_precedent(request: HttpRequest, precedent_id: UUID, data: PrecedentIn, response: HttpResponse):
    services.save_draft(actor=request.auth, precedent_id=precedent_id, texts=data.dict(), version=matched_version(request), at=request.at)
    return get_precedent(request, precedent_id, response)


@router.post("/{uuid:precedent_id}/publish", response=PrecedentOut, summary="Publish a checked precedent")
@needs("conflicts.review")
@idempotent
@updates
def publish_precedent(request: HttpRequest, precedent_id: UUID, response: HttpResponse):
    """Refused while a known name is still in the text; the problem names it."""
    services.publish_precedent(actor=request.auth, precedent_id=precedent_id, version=matched_version(request), at=request.at)
    return get_precedent(request, precedent_id, response)


@router.delete("/{uuid:precedent_id}", response={204: None}, summary="Withdraw a precedent")
@needs("conflicts.review")
@idempotent
def withdraw_precedent(request: HttpRequest, precedent_id: UUID):
    services.withdraw_precedent(actor=request.auth, precedent_id=precedent_id, at=request.at)
    return Status(204, None)


@figures.get("", response=list[FigureOut], summary="Read how cases end")
@needs("conflicts.view")
def list_conflict_figures(request: HttpRequest):
    """Over everybody; partners do not get lines of fewer than three cases."""
    return list(queries.figures(request.auth, request.at))
