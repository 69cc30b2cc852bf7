"""Statements, adjustments and bounties."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.earnings import queries, services
from openprm.earnings.api.lines import taken
from openprm.earnings.api.schemas import (
    AdjustmentIn,
    AdjustmentOut,
    AdjustmentQuery,
    BountyIn,
    BountyOut,
    DecideIn,
    NoteIn,
    RejectIn,
    StatementDetailOut,
    StatementOut,
)
from openprm.kernel.api import IdOut, Page, PageQuery, etag_of, idempotent, matched_version, needs, paginate, updates

statements = Router(tags=["Earnings"])
adjustments = Router(tags=["Earnings"])
bounties = Router(tags=["Earnings"])
SUMS = ("opening", "earned", "taken_back", "paid", "closing")


def _statement(schema: Any, row: queries.StatementRow) -> Any:
    return schema(**taken(schema, row, **{f"{name}_minor": getattr(row, name).minor for name in SUMS}))


def _adjustment(request: HttpRequest, response: HttpResponse, adjustment_id: UUID) -> AdjustmentOut:
    found = queries.adjustment(request.auth, adjustment_id)
    response["ETag"] = etag_of(found.version)
    return _shown(found)


def _shown(found: queries.AdjustmentView) -> AdjustmentOut:
    return AdjustmentOut(**taken(AdjustmentOut, found, amount_minor=found.amount.minor, currency=found.amount.currency))


def _bounty(request: HttpRequest, response: HttpResponse, bounty_id: UUID) -> BountyOut:
    found = queries.bounty(request.auth, bounty_id, request.at)
    response["ETag"] = etag_of(found.version)
    return BountyOut(**taken(BountyOut, found))


@statements.get("", response=Page[StatementOut], summary="List statements")
@needs("earnings.view_company")
def list_earning_statements(request: HttpRequest, query: Query[PageQuery]):
    found = paginate(queries.newest_statements(request.auth), query.cursor, query.limit)
    return {"items": [_statement(StatementOut, queries.statement_row(row)) for row in found.items], "next_cursor": found.next_cursor}


@statements.get("/{uuid:statement_id}", response=StatementDetailOut, summary="Read a statement")
@needs("earnings.view_company")
def get_earning_statement(request: HttpRequest, statement_id: UUID):
    """The sealed month with every line, its rule version and inputs."""
    return _statement(StatementDetailOut, queries.statement(request.auth, statement_id))


@adjustments.get("", response=Page[AdjustmentOut], summary="List adjustments")
@needs("earnings.adjust")
def list_earning_adjustments(request: HttpRequest, query: Query[AdjustmentQuery]):
    found = paginate(queries.newest_adjustments(request.auth, states=tuple(query.state)), query.cursor, query.limit)
    return {"items": [_shown(queries.adjustment_view(request.auth, row)) for row in found.items], "next_cursor": found.next_cursor}


@adjustments.post("", response={201: IdOut}, summary="Propose an adjustment")
@needs("earnings.adjust")
@idempotent
def propose_earning_adjustment(request: HttpRequest, data: AdjustmentIn):
    """Somebody else approves it."""
    return Status(201, {"id": services.propose_adjustment(actor=request.auth, at=request.at, **data.dict())})


@adjustments.get("/{uuid:adjustment_id}", response=AdjustmentOut, summary="Read an adjustment")
@needs("earnings.adjust")
def get_earning_adjustment(request: HttpRequest, adjustment_id: UUID, response: HttpResponse):
    return _adjustment(request, response, adjustment_id)


@adjustments.post("/{uuid:adjustment_id}/decide", response=AdjustmentOut, summary="Decide about an adjustment")
@needs("earnings.adjust")
@idempotent
@updates
def decide_earning_adjustment(request: HttpRequest, adjustment_id: UUID, data: DecideIn, response: HttpResponse):
    """Refused with 403 to the person who proposed it."""
    services.decide_adjustment(
        actor=request.auth, adjustment_id=adjustment_id, approve=data.approve, reason=data.reason, version=matched_version(request), at=request.at
    )
    return _adjustment(request, response, adjustment_id)


@adjustments.post("/{uuid:adjustment_id}/withdraw", response=AdjustmentOut, summary="Take an adjustment back")
@needs("earnings.adjust")
@idempotent
@updates
def withdraw_earning_adjustment(request: HttpRequest, adjustment_id: UUID, response: HttpResponse):
    services.withdraw_adjustment(actor=request.auth, adjustment_id=adjustment_id, version=matched_version(request), at=request.at)
    return _adjustment(request, response, adjustment_id)


@bounties.get("", response=Page[BountyOut], summary="List bounty submissions")
@needs("earnings.view")
def list_bounties(request: HttpRequest, query: Query[AdjustmentQuery]):
    found = paginate(queries.newest_bounties(request.auth, states=tuple(query.state)), query.cursor, query.limit)
    views = queries.bounty_views(request.auth, found.items, request.at)
    return {"items": [BountyOut(**taken(BountyOut, one)) for one in views], "next_cursor": found.next_cursor}


@bounties.post("", response={201: IdOut}, summary="Submit for a bounty")
@needs("earnings.submit")
@idempotent
def submit_bounty(request: HttpRequest, data: BountyIn):
    """With the address of a page that shows it; a file is sent on the page."""
    return Status(201, {"id": services.submit_bounty(actor=request.auth, at=request.at, **data.dict())})


@bounties.get("/{uuid:bounty_id}", response=BountyOut, summary="Read a bounty submission")
@needs("earnings.view")
def get_bounty(request: HttpRequest, bounty_id: UUID, response: HttpResponse):
    return _bounty(request, response, bounty_id)


@bounties.post("/{uuid:bounty_id}/accept", response=BountyOut, summary="Accept a bounty submission")
@needs("earnings.review")
@idempotent
@updates
def accept_bounty(request: HttpRequest, bounty_id: UUID, data: NoteIn, response: HttpResponse):
    services.accept_bounty(actor=request.auth, bounty_id=bounty_id, note=data.reason, version=matched_version(request), at=request.at)
    return _bounty(request, response, bounty_id)


@bounties.post("/{uuid:bounty_id}/reject", response=BountyOut, summary="Reject a bounty submission")
@needs("earnings.review")
@idempotent
@updates
def reject_bounty(request: HttpRequest, bounty_id: UUID, data: RejectIn, response: HttpResponse):
    services.reject_bounty(actor=request.auth, bounty_id=bounty_id, code=data.code, reason=data.reason, version=matched_version(request), at=request.at)
    return _bounty(request, response, bounty_id)


@bounties.post("/{uuid:bounty_id}/withdraw", response=BountyOut, summary="Take a bounty submission back")
@needs("earnings.submit")
@idempotent
@updates
def withdraw_bounty(request: HttpRequest, bounty_id: UUID, response: HttpResponse):
    services.withdraw_bounty(actor=request.auth, bounty_id=bounty_id, version=matched_version(request), at=request.at)
    return _bounty(request, response, bounty_id)
