"""Leads over the API, for both sides: read, route and close them; open, answer and convert what was offered."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from openprm.kernel.api import In, Out, Page, PageQuery, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.money import Money
from openprm.leads import queries, services
from openprm.leads.api.intake import attach
from openprm.leads.queries import LeadFilters

router = Router(tags=["Leads"])
receivers = Router(tags=["Leads"])
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
StatusName = Literal["new", "offered", "accepted", "declined", "expired", "unrouted", "nurture", "converted", "won", "lost"]


class AmountOut(Out):
    amount_minor: int
    currency: str


class CustomerOut(Out):
    """Who the customer is; for a partner it is null until the opening is recorded."""

    company_name: str
    company_domain: str
    postal_code: str
    contact_name: str
    contact_email: str
    contact_phone: str
    contact_title: str
    title: str
    message: str


class LeadRowOut(Out):
    """`status` is the lead's for the vendor and the offer's for a partner. `company_name` is blank until a partner has opened it."""

    id: UUID
    number: str
    status: str
    company_name: str
    country: str
    city: str
    industry: str
    employees: int | None
    product_line: str
    skills: list[str]
    amount: AmountOut | None
    grade: str
    partner_id: UUID | None = None
    source: str = ""
    due_at: datetime | None
    received_at: datetime
    version: int


class LeadPage(Page):
    items: list[LeadRowOut]


class OfferOut(Out):
    partner_id: UUID
    state: str
    reasons: list[str]
    offered_at: datetime
    open_by: datetime
    opened_at: datetime | None
    accept_by: datetime | None
    accepted_at: datetime | None
    convert_by: datetime | None
    ended_at: datetime | None
    decline_reason: str
    was_contacted: bool | None
    comment: str


class CandidateOut(Out):
    partner_id: UUID
    chosen: bool
    score: str
    reasons: list[str]
    why_not: str


class RoutingOut(Out):
    """One decision with everything it was made from: the clause, what the rule looked at, the seed of chance, and the candidates."""

    round: int
    at: datetime
    method: str
    by: str
    reason: str
    clause: str
    clause_text: str
    rule_version: int | None
    inputs: dict[str, Any]
    seed: str
    eligible: int
    candidates: list[CandidateOut]


class LeadOut(LeadRowOut):
    """The lead as your side may see it. `offers` and `routings` are for the vendor; a partner reads `clause` and `reasons` of its own offer."""

    customer: CustomerOut | None
    reasons: list[str] = Field(default_factory=list)
    clause: str = ""
    clause_text: str = ""
    rule_version: int | None = None
    opened_at: datetime | None = None
    registration_id: UUID | None = None
    closed_reason: str = ""
    offers: list[OfferOut] = Field(default_factory=list)
    routings: list[RoutingOut] = Field(default_factory=list)


class LeadQuery(PageQuery):
    q: str = Field("", max_length=100)
    status: list[StatusName] = Field(default_factory=list, max_length=10)
    country: str = Field("", max_length=2)
    partner_id: UUID | None = None


class ReasonIn(In):
    reason: Reason


class AssignIn(In):
    partner_id: UUID
    reason: Reason


class PassIn(In):
    reason: Literal["no_capacity", "outside_area", "missing_skill", "conflict", "no_need", "unreachable", "spam", "other"]
    was_contacted: bool | None = None
    comment: Note = ""


class LostIn(In):
    reason: Literal["no_budget", "no_need", "no_decision", "competitor", "unreachable", "spam", "duplicate", "other"]
    note: Note = ""


class WonIn(In):
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class ConvertIn(In):
    """What differs from what the lead knows; everything may be left out."""

    product_id: UUID | None = None
    amount_minor: int | None = Field(None, ge=0, le=10**13)
    expected_close_date: date | None = None
    title: Annotated[str, StringConstraints(max_length=160)] = ""


class RoutedOut(Out):
    offered: int
    unrouted: int
    offers: int


class ReceiverOut(Out):
    """What a partner takes. `weight` is its share of the leads near it."""

    partner_id: UUID
    countries: list[str]
    skills: list[str]
    latitude: float | None
    longitude: float | None
    weight: int
    max_open: int | None
    is_paused: bool
    open_leads: int
    version: int


class ReceiverIn(In):
    countries: list[Annotated[str, StringConstraints(max_length=2)]] | None = Field(None, max_length=250)
    skills: list[Annotated[str, StringConstraints(max_length=40)]] | None = Field(None, max_length=40)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    weight: int | None = Field(None, ge=0, le=100)
    max_open: int | None = Field(None, ge=0, le=1000)
    is_paused: bool | None = None


def _amount(amount: Money | None) -> dict[str, Any] | None:
    return {"amount_minor": amount.minor, "currency": amount.currency} if amount else None


_SHOWN = ("id", "number", "country", "city", "industry", "employees", "product_line", "grade", "received_at", "version")


def _shown(found: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in _SHOWN} | {"skills": list(found.skills), "amount": _amount(found.amount)}


def _vendor_row(row: Any) -> dict[str, Any]:
    return _shown(row) | {
        "status": row.status, "company_name": row.company_name, "partner_id": row.partner_id, "source": row.source, "due_at": row.due_at,
    }  # fmt: skip


def _partner_row(row: Any) -> dict[str, Any]:
    return _shown(row) | {"status": row.offer_state, "company_name": row.company_name, "due_at": row.due_at}


def _customer(found: Any) -> dict[str, Any] | None:
    customer = found.customer
    return {name: getattr(customer, name) for name in CustomerOut.model_fields} if customer else None


def _of_vendor(found: Any) -> dict[str, Any]:
    live = next((offer for offer in found.offers if offer.state in ("offered", "opened", "accepted")), None)
    due = {"offered": "open_by", "opened": "accept_by", "accepted": "convert_by"}
    return _shown(found) | {
        "status": found.status,
        "company_name": found.customer.company_name,
        "partner_id": found.partner_id,
        "source": found.source,
        "due_at": getattr(live, due[live.state]) if live else None,
        "customer": _customer(found),
        "registration_id": found.registration_id,
        "closed_reason": found.closed_label,
        "offers": [_offer(offer) for offer in found.offers],
        "routings": [_routing(one) for one in found.routings],
    }


def _offer(offer: Any) -> dict[str, Any]:
    names = set(OfferOut.model_fields) - {"reasons", "decline_reason"}
    return {name: getattr(offer, name) for name in names} | {"reasons": list(offer.reasons), "decline_reason": offer.decline_label}


def _routing(one: Any) -> dict[str, Any]:
    names = set(RoutingOut.model_fields) - {"candidates"}
    return {name: getattr(one, name) for name in names} | {"candidates": [_candidate(line) for line in one.candidates]}


def _candidate(line: Any) -> dict[str, Any]:
    return {"partner_id": line.partner_id, "chosen": line.chosen, "score": line.score_text, "reasons": list(line.reasons), "why_not": line.why_not}


def _of_partner(found: Any, partner_id: UUID) -> dict[str, Any]:
    return _shown(found) | {
        "status": found.offer_state,
        "company_name": found.customer.company_name if found.customer else "",
        "partner_id": partner_id,
        "due_at": found.due_at,
        "customer": _customer(found),
        "reasons": list(found.reasons),
        "clause": found.clause,
        "clause_text": found.clause_text,
        "rule_version": found.rule_version,
        "opened_at": found.opened_at,
        "registration_id": found.registration_id,
        "closed_reason": found.closed_label,
    }


def answered(request: HttpRequest, response: HttpResponse, lead_id: UUID) -> dict[str, Any]:
    """The lead as the caller's side sees it, with the ETag of its version."""
    actor = request.auth
    if actor.is_partner:
        found: Any = queries.lead_for_partner(actor, lead_id, request.at)
        shape = _of_partner(found, actor.partner_id)
    else:
        found = queries.lead_for_vendor(actor, lead_id, request.at)
        shape = _of_vendor(found)
    response["ETag"] = etag_of(found.version)
    return shape


def _common(request: HttpRequest, lead_id: UUID) -> dict[str, Any]:
    return {"actor": request.auth, "lead_id": lead_id, "version": matched_version(request), "at": request.at}


@router.get("", response=LeadPage, summary="List leads")
@needs("leads.view")
def list_leads(request: HttpRequest, query: Query[LeadQuery]):
    """Newest first. A partner sees what is offered to it and what it works on; names only of what it has opened."""
    if request.auth.is_partner:
        found = paginate(queries.partner_offers(request.auth).order_by("-created_at", "-id"), query.cursor, query.limit)
        items = [_partner_row(row) for row in queries.partner_rows(request.auth, found.items)]
    else:
        filters = LeadFilters(text=query.q, status=tuple(query.status), country=query.country, partner_id=query.partner_id)
        found = paginate(queries.newest_leads(request.auth, filters), query.cursor, query.limit)
        items = [_vendor_row(row) for row in queries.vendor_rows(request.auth, found.items)]
    return {"items": items, "next_cursor": found.next_cursor}


attach(router)


@router.post("/route", response=RoutedOut, summary="Route all new leads")
@needs("leads.route")
@idempotent
def route_leads(request: HttpRequest):
    """Everything that came in without being routed, in one go."""
    made = services.route_leads(actor=request.auth, at=request.at)
    return {"offered": made.offered, "unrouted": made.unrouted, "offers": made.offers}


@router.get("/{uuid:lead_id}", response=LeadOut, summary="Read a lead")
@needs("leads.view")
def get_lead(request: HttpRequest, lead_id: UUID, response: HttpResponse):
    """Reading is not opening: the customer stays hidden from a partner until `open`."""
    return answered(request, response, lead_id)


@router.post("/{uuid:lead_id}/open", response=LeadOut, summary="Open a lead")
@needs("leads.work")
@idempotent
def open_lead(request: HttpRequest, lead_id: UUID, response: HttpResponse):
    """Shows the customer, is the proof of receipt, and starts the time to answer."""
    services.open_lead(actor=request.auth, lead_id=lead_id, at=request.at)
    return answered(request, response, lead_id)


@router.post("/{uuid:lead_id}/accept", response=LeadOut, summary="Accept a lead")
@needs("leads.work")
@idempotent
def accept_lead(request: HttpRequest, lead_id: UUID, response: HttpResponse):
    """409 when another partner was faster. Accepting twice changes nothing."""
    services.accept_lead(actor=request.auth, lead_id=lead_id, at=request.at)
    return answered(request, response, lead_id)


@router.post("/{uuid:lead_id}/decline", response={204: None}, summary="Decline a lead")
@needs("leads.work")
@idempotent
def decline_lead(request: HttpRequest, lead_id: UUID, data: PassIn):
    """The next partner is asked, and you are not asked again."""
    services.decline_lead(actor=request.auth, lead_id=lead_id, at=request.at, **data.dict())
    return 204, None


@router.post("/{uuid:lead_id}/convert", response=LeadOut, summary="Register a lead as a deal")
@needs("leads.work")
@idempotent
@updates
def convert_lead(request: HttpRequest, lead_id: UUID, data: ConvertIn, response: HttpResponse):
    """Registers the deal with everything that the lead knows; the lead is locked from then on."""
    draft = services.draft_of(actor=request.auth, lead_id=lead_id, product_id=data.product_id, at=request.at)
    if data.amount_minor is not None:
        draft = replace(draft, lines=tuple(replace(line, amount_minor=data.amount_minor) for line in draft.lines))
    draft = replace(draft, title=data.title or draft.title, expected_close_date=data.expected_close_date or draft.expected_close_date)
    services.convert_lead(**_common(request, lead_id), draft=draft)
    return answered(request, response, lead_id)


@router.post("/{uuid:lead_id}/lost", response=LeadOut, summary="Close a lead as lost")
@needs("leads.view")
@idempotent
@updates
def close_lead_lost(request: HttpRequest, lead_id: UUID, data: LostIn, response: HttpResponse):
    services.close_lost(**_common(request, lead_id), **data.dict())
    return answered(request, response, lead_id)


@router.post("/{uuid:lead_id}/won", response=LeadOut, summary="Close a lead as won")
@needs("leads.work")
@idempotent
@updates
def close_lead_won(request: HttpRequest, lead_id: UUID, data: WonIn, response: HttpResponse):
    """For what was sold without a registration; the note says what and why."""
    services.close_won(**_common(request, lead_id), **data.dict())
    return answered(request, response, lead_id)


@router.post("/{uuid:lead_id}/assign", response=LeadOut, summary="Offer a lead to a partner")
@needs("leads.route")
@idempotent
@updates
def assign_lead(request: HttpRequest, lead_id: UUID, data: AssignIn, response: HttpResponse):
    """A person chooses. Refused for a partner that said no, that may not receive leads, or while another is protected."""
    services.assign_lead(**_common(request, lead_id), **data.dict())
    return answered(request, response, lead_id)


@router.post("/{uuid:lead_id}/route", response=LeadOut, summary="Route a lead again")
@needs("leads.route")
@idempotent
@updates
def route_lead_again(request: HttpRequest, lead_id: UUID, data: ReasonIn, response: HttpResponse):
    services.route_again(**_common(request, lead_id), **data.dict())
    return answered(request, response, lead_id)


@router.post("/{uuid:lead_id}/nurture", response=LeadOut, summary="Keep a lead for later")
@needs("leads.route")
@idempotent
@updates
def nurture_lead(request: HttpRequest, lead_id: UUID, data: ReasonIn, response: HttpResponse):
    services.nurture_lead(**_common(request, lead_id), **data.dict())
    return answered(request, response, lead_id)


@router.post("/{uuid:lead_id}/erase", response=LeadOut, summary="Erase the person behind a lead")
@needs("leads.route")
@idempotent
def erase_lead(request: HttpRequest, lead_id: UUID, data: ReasonIn, response: HttpResponse):
    """Every personal column is blanked; the figures stay."""
    services.erase_lead(actor=request.auth, lead_id=lead_id, reason=data.reason, at=request.at)
    return answered(request, response, lead_id)


def _receiver(request: HttpRequest, response: HttpResponse, partner_id: UUID) -> dict[str, Any]:
    found = queries.receiver_of(request.auth, partner_id)
    response["ETag"] = etag_of(found.version)
    return {name: getattr(found, name) for name in ReceiverOut.model_fields} | {"countries": list(found.countries), "skills": list(found.skills)}


@receivers.get("/{uuid:partner_id}", response=ReceiverOut, summary="Read which leads a partner takes")
@needs("leads.view")
def get_receiver(request: HttpRequest, partner_id: UUID, response: HttpResponse):
    return _receiver(request, response, partner_id)


@receivers.patch("/{uuid:partner_id}", response=ReceiverOut, summary="Change which leads a partner takes")
@needs("leads.configure")
@idempotent
@updates
def update_receiver(request: HttpRequest, partner_id: UUID, data: ReceiverIn, response: HttpResponse):
    """Only what is sent changes. `weight` is the vendor's alone."""
    services.save_receiver(actor=request.auth, partner_id=partner_id, changes=data.dict(exclude_unset=True), version=matched_version(request), at=request.at)
    return _receiver(request, response, partner_id)
