"""Touches, claims, disputes and reviews."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Status

from openprm.attribution import queries, services
from openprm.attribution.api import said_schemas as s
from openprm.attribution.api.routers import router
from openprm.kernel.api import Page, etag_of, idempotent, matched_version, needs, paginate, updates


def _claim(request: HttpRequest, response: HttpResponse, claim_id: UUID) -> queries.ClaimView:
    found = queries.claim(request.auth, claim_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


def _dispute(request: HttpRequest, response: HttpResponse, dispute_id: UUID) -> queries.DisputeView:
    found = queries.dispute(request.auth, dispute_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


@router.get("/touches", response=Page[s.TouchOut])
@needs("attribution.view")
def list_attribution_touches(request: HttpRequest, query: Query[s.TouchQuery]):
    """What partners did, newest first; a partner reads its own."""
    rows = queries.listed_touches(request.auth, kinds=tuple(query.kind), sources=tuple(query.source), partner_id=query.partner_id)
    found = paginate(rows, query.cursor, query.limit)
    return {"items": queries.touch_rows(request.auth, found.items), "next_cursor": found.next_cursor}


@router.get("/claims", response=Page[s.ClaimOut])
@needs("attribution.view")
def list_attribution_claims(request: HttpRequest, query: Query[s.ClaimQuery]):
    found = paginate(queries.listed_claims(request.auth, states=tuple(query.state), partner_id=query.partner_id), query.cursor, query.limit)
    return {"items": [queries.claim_view(request.auth, row, request.at) for row in found.items], "next_cursor": found.next_cursor}


@router.post("/claims", response={201: s.ClaimOut})
@needs("attribution.claim")
@idempotent
def make_attribution_claim(request: HttpRequest, body: s.ClaimIn, response: HttpResponse):
    """Say that a partner helped; it counts when the other side confirms."""
    claim_id = services.make_claim(actor=request.auth, at=request.at, **body.dict())
    return Status(201, _claim(request, response, claim_id))


@router.get("/claims/{uuid:claim_id}", response=s.ClaimOut)
@needs("attribution.view")
def get_attribution_claim(request: HttpRequest, claim_id: UUID, response: HttpResponse):
    return _claim(request, response, claim_id)


@router.post("/claims/{uuid:claim_id}/confirm", response=s.ClaimOut)
@needs("attribution.claim")
@idempotent
@updates
def confirm_attribution_claim(request: HttpRequest, claim_id: UUID, response: HttpResponse):
    """The other side says that it is so; from now on it counts."""
    services.confirm_claim(actor=request.auth, claim_id=claim_id, version=matched_version(request), at=request.at)
    return _claim(request, response, claim_id)


@router.post("/claims/{uuid:claim_id}/decline", response=s.ClaimOut)
@needs("attribution.claim")
@idempotent
@updates
def decline_attribution_claim(request: HttpRequest, claim_id: UUID, body: s.DeclineIn, response: HttpResponse):
    services.decline_claim(actor=request.auth, claim_id=claim_id, reason=body.reason, version=matched_version(request), at=request.at)
    return _claim(request, response, claim_id)


@router.post("/claims/{uuid:claim_id}/withdraw", response=s.ClaimOut)
@needs("attribution.claim")
@idempotent
@updates
def withdraw_attribution_claim(request: HttpRequest, claim_id: UUID, response: HttpResponse):
    services.withdraw_claim(actor=request.auth, claim_id=claim_id, version=matched_version(request), at=request.at)
    return _claim(request, response, claim_id)


@router.get("/disputes", response=Page[s.DisputeOut])
@needs("attribution.view")
def list_attribution_disputes(request: HttpRequest, query: Query[s.DisputeQuery]):
    found = paginate(queries.listed_disputes(request.auth, states=tuple(query.state)), query.cursor, query.limit)
    return {"items": [queries.dispute_view(request.auth, row, request.at) for row in found.items], "next_cursor": found.next_cursor}


@router.post("/disputes", response={201: s.DisputeOut})
@needs("attribution.dispute")
@idempotent
def open_attribution_dispute(request: HttpRequest, body: s.DisputeIn, response: HttpResponse):
    """Say what is wrong with the credit of a deal."""
    dispute_id = services.open_dispute(actor=request.auth, deal_id=body.deal_id, reason=body.reason, at=request.at)
    return Status(201, _dispute(request, response, dispute_id))


@router.get("/disputes/{uuid:dispute_id}", response=s.DisputeOut)
@needs("attribution.view")
def get_attribution_dispute(request: HttpRequest, dispute_id: UUID, response: HttpResponse):
    return _dispute(request, response, dispute_id)


@router.post("/disputes/{uuid:dispute_id}/answer", response=s.DisputeOut)
@needs("attribution.decide")
@idempotent
@updates
def answer_attribution_dispute(request: HttpRequest, dispute_id: UUID, body: s.AnswerIn, response: HttpResponse):
    """With reasons that the partner reads."""
    services.settle_dispute(
        actor=request.auth, dispute_id=dispute_id, uphold=body.uphold, answer=body.answer, kind=body.kind or "", occurred_on=body.occurred_on,
        version=matched_version(request), at=request.at,
    )  # fmt: skip
    return _dispute(request, response, dispute_id)


@router.post("/disputes/{uuid:dispute_id}/withdraw", response=s.DisputeOut)
@needs("attribution.dispute")
@idempotent
@updates
def withdraw_attribution_dispute(request: HttpRequest, dispute_id: UUID, response: HttpResponse):
    services.withdraw_dispute(actor=request.auth, dispute_id=dispute_id, version=matched_version(request), at=request.at)
    return _dispute(request, response, dispute_id)


@router.get("/reviews", response=s.ToReviewListOut)
@needs("attribution.decide")
def list_attribution_reviews(request: HttpRequest):
    """Wins that nobody is credited for and nobody looked at yet, the largest first, at most 200."""
    found = queries.review_queue(request.auth, limit=200)
    return {"items": [{**_row(one.row), "account_id": one.account_id, "asked": list(one.asked), "touches": one.touches} for one in found]}


def _row(row: queries.DealRow) -> dict:
    names = ("deal_id", "number", "customer", "base", "closed_at")
    return {name: getattr(row, name) for name in names} | {"deal_kind": row.kind}


@router.post("/reviews/{uuid:deal_id}", response={204: None})
@needs("attribution.decide")
@idempotent
def review_attribution_win(request: HttpRequest, deal_id: UUID, body: s.ReviewIn):
    """Close the question who brought a win."""
    services.review_win(actor=request.auth, deal_id=deal_id, finding=body.finding, note=body.note, at=request.at)
    return Status(204, None)
