"""Requests and claims over the API, for both sides."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from openprm.funds import queries, services
from openprm.funds.api import schemas
from openprm.funds.api.shapes import plain
from openprm.funds.queries import RequestFilters
from openprm.funds.services import ActivityDraft, Part, RequestDraft
from openprm.kernel.api import etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.money import Money

requests, claims, activities = Router(tags=["Funds"]), Router(tags=["Funds"]), Router(tags=["Funds"])


def _request(request: HttpRequest, response: HttpResponse, request_id: UUID) -> dict[str, Any]:
    read = queries.request_for_partner if request.auth.is_partner else queries.request_for_vendor
    found: Any = read(request.auth, request_id, request.at)
    response["ETag"] = etag_of(found.version)
    return plain(found, schemas.RequestOut)


def _claim(request: HttpRequest, response: HttpResponse, claim_id: UUID) -> dict[str, Any]:
    read = queries.claim_for_partner if request.auth.is_partner else queries.claim_for_vendor
    found: Any = read(request.auth, claim_id, request.at)
    response["ETag"] = etag_of(found.version)
    return plain(found, schemas.ClaimOut)


def _common(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.auth, "version": matched_version(request), "at": request.at}


def _filters(query: Any) -> RequestFilters:
    return RequestFilters(text=query.q, status=tuple(query.status), partner_id=query.partner_id, fund_id=query.fund_id, mine=query.mine)


def _draft(data: schemas.RequestIn) -> RequestDraft:
    head = {name: getattr(data, name) for name in ("allocation_id", "title", "currency", "purpose", "expected")}
    return RequestDraft(**head, activities=tuple(ActivityDraft(**one.dict()) for one in data.activities))


@requests.get("", response=schemas.RequestPage, summary="List requests for funds")
@needs("funds.view")
def list_requests(request: HttpRequest, query: Query[schemas.RequestQuery]):
    """Newest first. `mine` are those whose next level is yours."""
    found = paginate(queries.newest_requests(request.auth, _filters(query)).order_by("-created_at", "-id"), query.cursor, query.limit)
    rows = queries.request_rows(found.items, request.at)
    return {"items": [plain(row, schemas.RequestRowOut) for row in rows], "next_cursor": found.next_cursor}


@requests.post("", response={201: schemas.RequestOut}, summary="Write a request for funds")
@needs("funds.request")
@idempotent
def create_request(request: HttpRequest, data: schemas.RequestIn, response: HttpResponse):
    """A draft; `submit` sends it. 422 in another currency than its fund."""
    made = services.save_request(actor=request.auth, draft=_draft(data), at=request.at)
    return 201, _request(request, response, made.id)


@requests.get("/{uuid:request_id}", response=schemas.RequestOut, summary="Read a request for funds")
@needs("funds.view")
def get_request(request: HttpRequest, request_id: UUID, response: HttpResponse):
    return _request(request, response, request_id)


@requests.put("/{uuid:request_id}", response=schemas.RequestOut, summary="Change a request for funds")
@needs("funds.request")
@updates
@idempotent
def change_request(request: HttpRequest, request_id: UUID, data: schemas.RequestIn, response: HttpResponse):
    """A draft, or one that was rejected and may be sent again."""
    services.save_request(**_common(request), draft=_draft(data), request_id=request_id)
    return _request(request, response, request_id)


@requests.post("/{uuid:request_id}/submit", response=schemas.RequestOut, summary="Send a request for funds")
@needs("funds.request")
@idempotent
@updates
def submit_request(request: HttpRequest, request_id: UUID, response: HttpResponse):
    """Freezes the rules of each activity and starts the promise to answer."""
    services.submit_request(**_common(request), request_id=request_id)
    return _request(request, response, request_id)


@requests.post("/{uuid:request_id}/withdraw", response=schemas.RequestOut, summary="Withdraw a request for funds")
@needs("funds.request")
@idempotent
@updates
def withdraw_request(request: HttpRequest, request_id: UUID, response: HttpResponse):
    services.withdraw_request(**_common(request), request_id=request_id)
    return _request(request, response, request_id)


@requests.post("/{uuid:request_id}/approve", response=schemas.RequestOut, summary="Approve a level of a request")
@needs("funds.decide")
@idempotent
@updates
def approve_request(request: HttpRequest, request_id: UUID, data: schemas.ApproveRequestIn, response: HttpResponse):
    """The last level reserves the money: 409 when the fund has less left, or the amount is above your limit."""
    amounts = {one.activity_id: one.amount_minor for one in data.amounts}
    services.approve_request(**_common(request), request_id=request_id, amounts=amounts, note=data.note)
    return _request(request, response, request_id)


@requests.post("/{uuid:request_id}/reject", response=schemas.RequestOut, summary="Reject a request for now")
@needs("funds.decide")
@idempotent
@updates
def reject_request(request: HttpRequest, request_id: UUID, data: schemas.ReasonIn, response: HttpResponse):
    """The partner may change it and send it again."""
    services.reject_request(**_common(request), request_id=request_id, reason=data.reason)
    return _request(request, response, request_id)


@requests.post("/{uuid:request_id}/decline", response=schemas.RequestOut, summary="Decline a request for good")
@needs("funds.decide")
@idempotent
@updates
def decline_request(request: HttpRequest, request_id: UUID, data: schemas.ReasonIn, response: HttpResponse):
    services.decline_request(**_common(request), request_id=request_id, reason=data.reason)
    return _request(request, response, request_id)


@activities.post("/{uuid:activity_id}/release", response={204: None}, summary="Give reserved money back")
@needs("funds.view")
@idempotent
def release(request: HttpRequest, activity_id: UUID, data: schemas.ReasonIn):
    """What an approved activity will not claim any more."""
    services.release(actor=request.auth, activity_id=activity_id, reason=data.reason, at=request.at)
    return 204, None


@claims.get("", response=schemas.ClaimPage, summary="List claims")
@needs("funds.view")
def list_claims(request: HttpRequest, query: Query[schemas.ClaimQuery]):
    found = paginate(queries.newest_claims(request.auth, _filters(query)).order_by("-created_at", "-id"), query.cursor, query.limit)
    rows = queries.claim_rows(found.items, request.at)
    return {"items": [plain(row, schemas.ClaimRowOut) for row in rows], "next_cursor": found.next_cursor}


@claims.post("", response={201: schemas.ClaimOut}, summary="Claim an approved activity")
@needs("funds.request")
@idempotent
def create_claim(request: HttpRequest, data: schemas.ClaimIn, response: HttpResponse):
    """422 with every problem of the proofs and the sum, 409 above what the request leaves open."""
    asked = Money(data.amount_minor, data.currency.upper()) if data.amount_minor is not None else None
    made = services.submit_claim(
        actor=request.auth, activity_id=data.activity_id, spent=Money(data.spent_minor, data.currency.upper()), asked=asked, spent_on=data.spent_on,
        note=data.note, is_final=data.is_final, claim_id=data.claim_id, at=request.at,
    )  # fmt: skip
    return 201, _claim(request, response, made.id)


@claims.get("/{uuid:claim_id}", response=schemas.ClaimOut, summary="Read a claim")
@needs("funds.view")
def get_claim(request: HttpRequest, claim_id: UUID, response: HttpResponse):
    return _claim(request, response, claim_id)


@claims.post("/{uuid:claim_id}/withdraw", response=schemas.ClaimOut, summary="Withdraw a claim")
@needs("funds.request")
@idempotent
@updates
def withdraw_claim(request: HttpRequest, claim_id: UUID, response: HttpResponse):
    services.withdraw_claim(**_common(request), claim_id=claim_id)
    return _claim(request, response, claim_id)


@claims.post("/{uuid:claim_id}/approve", response=schemas.ClaimOut, summary="Approve a level of a claim")
@needs("funds.decide")
@idempotent
@updates
def approve_claim(request: HttpRequest, claim_id: UUID, data: schemas.ApproveClaimIn, response: HttpResponse):
    """The last level makes the amount owed to the partner."""
    services.approve_claim(**_common(request), claim_id=claim_id, **data.dict())
    return _claim(request, response, claim_id)


@claims.post("/{uuid:claim_id}/reject", response=schemas.ClaimOut, summary="Reject a claim for now")
@needs("funds.decide")
@idempotent
@updates
def reject_claim(request: HttpRequest, claim_id: UUID, data: schemas.ReasonIn, response: HttpResponse):
    services.reject_claim(**_common(request), claim_id=claim_id, reason=data.reason)
    return _claim(request, response, claim_id)


@claims.post("/{uuid:claim_id}/decline", response=schemas.ClaimOut, summary="Decline a claim for good")
@needs("funds.decide")
@idempotent
@updates
def decline_claim(request: HttpRequest, claim_id: UUID, data: schemas.ReasonIn, response: HttpResponse):
    services.decline_claim(**_common(request), claim_id=claim_id, reason=data.reason)
    return _claim(request, response, claim_id)


@claims.put("/{uuid:claim_id}/instalments", response=schemas.ClaimOut, summary="Pay a claim in instalments")
@needs("funds.settle")
@updates
@idempotent
def set_instalments(request: HttpRequest, claim_id: UUID, data: schemas.InstalmentsIn, response: HttpResponse):
    """Their sum is what is due, to the cent, in the fund's currency."""
    services.schedule_instalments(**_common(request), claim_id=claim_id, parts=[Part(**one.dict()) for one in data.parts])
    return _claim(request, response, claim_id)


@claims.post("/{uuid:claim_id}/payments", response=schemas.ClaimOut, summary="Write a payment down")
@needs("funds.settle")
@idempotent
def record_payment(request: HttpRequest, claim_id: UUID, data: schemas.PaymentIn, response: HttpResponse):
    """An instalment that was paid outside of the payout runs; both rates of its day are kept."""
    services.record_payment(actor=request.auth, at=request.at, **data.dict())
    return _claim(request, response, claim_id)
