"""The life of a deal after its approval: checklists, quiet, losses, changes, splits, its chain."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.deals import queries, services
from openprm.deals.api.life_schemas import (
    AmendmentIn,
    AmendmentOut,
    ChainLinkOut,
    DecisionIn,
    FiguresOut,
    FiguresQuery,
    LostIn,
    LostQuery,
    LostReportOut,
    NextStageOut,
    RenewalOut,
    RenewalPage,
    RenewalQuery,
    SnoozeIn,
    SplitIn,
)
from openprm.deals.api.paging import page_request
from openprm.deals.api.registrations import answered
from openprm.deals.api.schemas import ReasonIn, RegistrationOut
from openprm.deals.queries import AmendmentView, LostFilters, LostRow, RenewalView
from openprm.deals.rules.draft import LineDraft
from openprm.kernel.api import etag_of, idempotent, matched_version, needs, updates

router = Router(tags=["Registrations"])
amendments = Router(tags=["Amendments"])
renewals = Router(tags=["Renewals"])
figures = Router(tags=["Deal figures"])


def _amendment(response: HttpResponse, found: AmendmentView) -> AmendmentView:
    response["ETag"] = etag_of(found.version)
    return found


def _read(request: HttpRequest, response: HttpResponse, amendment_id: UUID) -> AmendmentView:
    return _amendment(response, queries.amendment(request.auth, amendment_id, request.at))


@router.get("/{uuid:registration_id}/checklist", response=list[NextStageOut], summary="What the next stages ask for")
@needs("deals.view")
def get_registration_checklist(request: HttpRequest, registration_id: UUID):
    """The same list for both sides; a move is refused while something on the way is missing."""
    return list(queries.checklist(request.auth, registration_id, request.at))


@router.post("/{uuid:registration_id}/lost", response=RegistrationOut, summary="Mark as lost")
@needs("deals.advance")
@idempotent
@updates
def mark_registration_lost(request: HttpRequest, registration_id: UUID, data: LostIn, response: HttpResponse):
    """For a reason of the program's catalogue, which may ask for the competitor or a comment."""
    services.mark_lost(actor=request.auth, registration_id=registration_id, version=matched_version(request), at=request.at, **data.dict())
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/reopen", response=RegistrationOut, summary="Take a lost deal up again")
@needs("deals.advance")
@idempotent
@updates
def reopen_registration(request: HttpRequest, registration_id: UUID, data: ReasonIn, response: HttpResponse):
    """While the published days last and nobody else holds the customer; with the protection that is left."""
    services.reopen(actor=request.auth, registration_id=registration_id, reason=data.reason, version=matched_version(request), at=request.at)
    return answered(request, response, registration_id)


@router.post("/{uuid:registration_id}/snooze", response=RegistrationOut, summary="Ask for quiet about a standstill")
@needs("deals.advance")
@idempotent
@updates
def snooze_registration(request: HttpRequest, registration_id: UUID, data: SnoozeIn, response: HttpResponse):
    services.snooze_stall(
        actor=request.auth, registration_id=registration_id, until=data.until, reason=data.reason, version=matched_version(request), at=request.at
    )
    return answered(request, response, registration_id)


@router.get("/{uuid:registration_id}/chain", response=list[ChainLinkOut], summary="The chain of a customer's deals")
@needs("deals.view")
def get_registration_chain(request: HttpRequest, registration_id: UUID):
    """The first deal and what renewed it, grew from it or was split from it; empty for a deal that stands alone."""
    return [_money(ChainLinkOut, link) for link in queries.chain(request.auth, registration_id)]


@router.get("/{uuid:registration_id}/amendments", response=list[AmendmentOut], summary="List the changes of an approved deal")
@needs("deals.view")
def list_registration_amendments(request: HttpRequest, registration_id: UUID):
    """Newest first, with before and after."""
    queries.life_of(request.auth, registration_id)
    return list(queries.amendments_of(request.auth, registration_id, request.at))


@router.post("/{uuid:registration_id}/amendments", response={201: AmendmentOut}, summary="Change an approved deal")
@needs("deals.register")
@idempotent
@updates
def propose_registration_amendment(request: HttpRequest, registration_id: UUID, data: AmendmentIn, response: HttpResponse):
    """Small changes apply at once by the published rule; others are proposed and decided within the promise."""
    changes = {name: value for name, value in data.dict(exclude_unset=True, exclude={"reason"}).items() if value is not None}
    if "lines" in changes:
        changes["lines"] = tuple(LineDraft(**line) for line in changes["lines"])
    version = matched_version(request)
    made = services.propose_amendment(actor=request.auth, registration_id=registration_id, changes=changes, reason=data.reason, version=version, at=request.at)
    return Status(201, _read(request, response, made.amendment_id))


@router.post("/{uuid:registration_id}/split", response={201: AmendmentOut}, summary="Split an approved deal")
@needs("deals.register")
@idempotent
@updates
def split_registration(request: HttpRequest, registration_id: UUID, data: SplitIn, response: HttpResponse):
    """The named product lines become a second registration with a protection of its own."""
    made = services.split_registration(
        actor=request.auth,
        registration_id=registration_id,
        product_line_ids=data.product_line_ids,
        title=data.title,
        reason=data.reason,
        version=matched_version(request),
        at=request.at,
    )
    return Status(201, _read(request, response, made.amendment_id))


@amendments.get("/{uuid:amendment_id}", response=AmendmentOut, summary="Read a change")
@needs("deals.view")
def get_amendment(request: HttpRequest, amendment_id: UUID, response: HttpResponse):
    return _read(request, response, amendment_id)


@amendments.post("/{uuid:amendment_id}/approve", response=AmendmentOut, summary="Let a change through")
@needs("deals.review")
@idempotent
@updates
def approve_amendment(request: HttpRequest, amendment_id: UUID, data: DecisionIn, response: HttpResponse):
    """409 when the deal was changed meanwhile, or another protection stands."""
    services.approve_amendment(actor=request.auth, amendment_id=amendment_id, reason=data.reason, version=matched_version(request), at=request.at)
    return _read(request, response, amendment_id)


@amendments.post("/{uuid:amendment_id}/reject", response=AmendmentOut, summary="Keep the deal as it is")
@needs("deals.review")
@idempotent
@updates
def reject_amendment(request: HttpRequest, amendment_id: UUID, data: ReasonIn, response: HttpResponse):
    services.reject_amendment(actor=request.auth, amendment_id=amendment_id, reason=data.reason, version=matched_version(request), at=request.at)
    return _read(request, response, amendment_id)


@amendments.post("/{uuid:amendment_id}/withdraw", response=AmendmentOut, summary="Take a proposal back")
@needs("deals.register")
@idempotent
@updates
def withdraw_amendment(request: HttpRequest, amendment_id: UUID, response: HttpResponse):
    services.withdraw_amendment(actor=request.auth, amendment_id=amendment_id, version=matched_version(request), at=request.at)
    return _read(request, response, amendment_id)


@renewals.get("", response=RenewalPage, summary="List renewals")
@needs("deals.view")
def list_deal_renewals(request: HttpRequest, query: Query[RenewalQuery]):
    """The next end first. A partner sees its own."""
    page = page_request("renewals", cursor=query.cursor, limit=query.limit, sort=query.sort)
    found = queries.renewals(request.auth, page, text=query.q, state=tuple(query.state), at=request.at)
    return {"items": [_money(RenewalOut, row) for row in found.rows], "next_cursor": found.next_cursor or None}


@renewals.get("/{uuid:renewal_id}", response=RenewalOut, summary="Read a renewal")
@needs("deals.view")
def get_renewal(request: HttpRequest, renewal_id: UUID):
    return _money(RenewalOut, queries.renewal(request.auth, renewal_id, request.at))


@renewals.post("/{uuid:renewal_id}/decline", response=RenewalOut, summary="Give a renewal up")
@needs("deals.register")
@idempotent
def decline_renewal(request: HttpRequest, renewal_id: UUID, data: ReasonIn):
    """The first right ends at once and the customer is open to everybody."""
    services.decline_renewal(actor=request.auth, renewal_id=renewal_id, reason=data.reason, at=request.at)
    return _money(RenewalOut, queries.renewal(request.auth, renewal_id, request.at))


@figures.get("/won", response=FiguresOut, summary="What was won, by kind of deal")
@needs("deals.view")
def get_won_figures(request: HttpRequest, query: Query[FiguresQuery]):
    """From the first day to the last, both counted. A partner reads its own."""
    found = queries.sourced(request.auth, since=_start(query.since), until=_start(query.until + timedelta(days=1)), partner_id=query.partner_id)
    kinds = {f"{name}_minor": getattr(found, name).minor for name in ("new", "expansion", "cross_sell", "renewal", "sourced")}
    return {"currency": found.sourced.currency, "deals": found.deals, "renewals": found.renewals, **kinds}


@figures.get("/lost", response=LostReportOut, summary="Why deals are lost")
@needs("deals.view")
def get_lost_figures(request: HttpRequest, query: Query[LostQuery]):
    """By reason, and beside the partner, the product line, the competitor or the kind of deal."""
    filters = LostFilters(**query.dict(exclude={"by"}))
    found = queries.lost_report(request.auth, filters, query.by)
    return {"by": found.by, "deals": found.deals, "by_reason": [_lost(row) for row in found.by_reason], "rows": [_lost(row) for row in found.rows]}


def _lost(row: LostRow) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("code", "reason", "beside", "deals", "share")}
    return {**plain, "amount_minor": row.amount.minor, "currency": row.amount.currency}


def _money(schema: type, row: RenewalView | queries.ChainLink) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in schema.model_fields if hasattr(row, name)}
    return {**plain, "amount_minor": row.amount.minor, "currency": row.amount.currency}


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
