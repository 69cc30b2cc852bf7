"""Lines, their proofs, their review, and alerts."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from openprm.earnings import queries, services
from openprm.earnings.api.schemas import (
    AlertOut,
    AlertQuery,
    BulkIn,
    BulkOut,
    ClawbackIn,
    ClawbackOut,
    EarningOut,
    EarningPage,
    EarningQuery,
    NoteIn,
    PartnerEarningOut,
    ProofOut,
    ReasonIn,
    ResolveIn,
    SummaryOut,
    TellIn,
    ToldOut,
    VendorEarningOut,
)
from openprm.kernel.api import Page, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.money import Money

router = Router(tags=["Earnings"])
alerts = Router(tags=["Earnings"])


def taken(schema: Any, source: Any, **more: Any) -> dict[str, Any]:
    """The fields that `source` has under the schema's own names."""
    return {name: getattr(source, name) for name in schema.model_fields if name not in more and hasattr(source, name)} | more


def shape(row: Any) -> VendorEarningOut | PartnerEarningOut:
    """Chosen by the type of what was found, never by a flag."""
    schema: Any = VendorEarningOut if isinstance(row, queries.VendorLineRow) else PartnerEarningOut
    found: VendorEarningOut | PartnerEarningOut = schema(**taken(schema, row, amount_minor=row.amount.minor, currency=row.amount.currency))
    return found


def answered(request: HttpRequest, response: HttpResponse, earning_id: UUID) -> Any:
    actor = request.auth
    found = queries.earning_for_vendor(actor, earning_id) if actor.is_vendor else queries.earning_for_partner(actor, earning_id, request.at)
    response["ETag"] = etag_of(found.line.version)
    return shape(found.line)


@router.get("", response=EarningPage, summary="List earnings")
@needs("earnings.view")
def list_earnings(request: HttpRequest, query: Query[EarningQuery]):
    """The newest first: all for the vendor, its own for a partner, a rep's own share for a rep."""
    filters = queries.Filters(text=query.q, states=tuple(query.state), kinds=tuple(query.kind), partner_id=query.partner_id, plan_id=query.plan_id)
    found = paginate(queries.listed(request.auth, filters), query.cursor, query.limit)
    return {"items": [shape(row) for row in queries.rows_of(request.auth, found.items)], "next_cursor": found.next_cursor}


@router.get("/summary", response=list[SummaryOut], summary="Sum up earnings")
@needs("earnings.view")
def sum_up_earnings(request: HttpRequest):
    """By currency: waiting, held, owed, paid this year."""
    return [SummaryOut(**taken(SummaryOut, one)) for one in queries.figures(request.auth, request.at)]


@router.post("/decide", response=BulkOut, summary="Decide about many earnings")
@needs("earnings.review")
@idempotent
def decide_earnings(request: HttpRequest, data: BulkIn):
    """Those that cannot be are named with the reason, and stay as they are."""
    who = {"actor": request.auth, "earning_ids": data.ids, "at": request.at}
    if data.action == "approve":
        done = services.approve_many(**who)
    else:
        done = (services.hold_many if data.action == "hold" else services.decline_many)(reason=data.reason, **who)
    return {"done": list(done.done), "refused": [{"id": one.id, "number": one.number, "reason": one.reason} for one in done.refused]}


@router.get("/{uuid:earning_id}", response=EarningOut, summary="Read an earning")
@needs("earnings.view")
def get_earning(request: HttpRequest, earning_id: UUID, response: HttpResponse):
    return answered(request, response, earning_id)


@router.get("/{uuid:earning_id}/proof", response=ProofOut, summary="Read the proof of an earning")
@needs("earnings.view")
def get_earning_proof(request: HttpRequest, earning_id: UUID):
    """Rule version, inputs and digests: everything that computes the line again."""
    return {"proof": queries.proof(request.auth, earning_id)[1]}


@router.post("/{uuid:earning_id}/approve", response=EarningOut, summary="Approve an earning")
@needs("earnings.review")
@idempotent
@updates
def approve_earning(request: HttpRequest, earning_id: UUID, data: NoteIn, response: HttpResponse):
    services.approve(actor=request.auth, earning_id=earning_id, reason=data.reason, version=matched_version(request), at=request.at)
    return answered(request, response, earning_id)


@router.post("/{uuid:earning_id}/decline", response=EarningOut, summary="Decline an earning")
@needs("earnings.review")
@idempotent
@updates
def decline_earning(request: HttpRequest, earning_id: UUID, data: ReasonIn, response: HttpResponse):
    services.decline(actor=request.auth, earning_id=earning_id, reason=data.reason, version=matched_version(request), at=request.at)
    return answered(request, response, earning_id)


@router.post("/{uuid:earning_id}/hold", response=EarningOut, summary="Hold an earning")
@needs("earnings.review")
@idempotent
@updates
def hold_earning(request: HttpRequest, earning_id: UUID, data: ReasonIn, response: HttpResponse):
    services.hold(actor=request.auth, earning_id=earning_id, reason=data.reason, version=matched_version(request), at=request.at)
    return answered(request, response, earning_id)


@router.post("/{uuid:earning_id}/release", response=EarningOut, summary="Release an earning")
@needs("earnings.review")
@idempotent
@updates
def release_earning(request: HttpRequest, earning_id: UUID, response: HttpResponse):
    services.release(actor=request.auth, earning_id=earning_id, version=matched_version(request), at=request.at)
    return answered(request, response, earning_id)


@router.post("/{uuid:earning_id}/claw-back", response=ClawbackOut, summary="Take an earning back")
@needs("earnings.review")
@idempotent
@updates
def claw_back_earning(request: HttpRequest, earning_id: UUID, data: ClawbackIn):
    """A negative line with the reason; paid money is never edited."""
    made = services.claw_back(
        actor=request.auth, earning_id=earning_id, reason=data.reason, amount_minor=data.amount_minor, version=matched_version(request), at=request.at
    )
    return {"clawback_id": made}


@router.post("/{uuid:earning_id}/facts", response=ToldOut, summary="Say what was not known of an earning")
@needs("earnings.review")
@idempotent
def tell_about_earning(request: HttpRequest, earning_id: UUID, data: TellIn):
    """The margin, the list price or the channel of what the line was earned by; further lines hold the difference."""
    made = services.tell_about_line(
        actor=request.auth, earning_id=earning_id, net=_money(data.net_minor, data.currency), reason=data.reason, at=request.at, **_told(data)
    )
    return {"earning_ids": list(made)}


@router.post("/deals/{uuid:registration_id}/facts", response=ToldOut, summary="Say what a won deal does not say")
@needs("earnings.review")
@idempotent
def tell_about_deal(request: HttpRequest, registration_id: UUID, data: TellIn):
    """The same for a deal, whether plans have paid for it or not."""
    made = services.tell_about_deal(actor=request.auth, registration_id=registration_id, reason=data.reason, at=request.at, **_told(data))
    return {"earning_ids": list(made)}


def _told(data: TellIn) -> dict[str, Any]:
    return {"margin": _money(data.margin_minor, data.currency), "list_price": _money(data.list_minor, data.currency), "channel": data.channel}


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


@alerts.get("", response=Page[AlertOut], summary="List alerts")
@needs("earnings.review")
def list_earning_alerts(request: HttpRequest, query: Query[AlertQuery]):
    found = paginate(queries.newest_alerts(request.auth, states=tuple(query.state)), query.cursor, query.limit)
    return {"items": [AlertOut(**taken(AlertOut, queries.alert_view(request.auth, row))) for row in found.items], "next_cursor": found.next_cursor}


@alerts.post("/{uuid:alert_id}/resolve", response=AlertOut, summary="Decide about an alert")
@needs("earnings.review")
@idempotent
@updates
def resolve_earning_alert(request: HttpRequest, alert_id: UUID, data: ResolveIn, response: HttpResponse):
    """Unfounded ones let the line go on; confirmed ones keep it held until it is declined."""
    services.resolve_alert(
        actor=request.auth, alert_id=alert_id, outcome=data.outcome, resolution=data.resolution, version=matched_version(request), at=request.at
    )
    found = queries.alert(request.auth, alert_id)
    response["ETag"] = etag_of(found.version)
    return AlertOut(**taken(AlertOut, found))
