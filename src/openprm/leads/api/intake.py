"""Leads over the API: taken in one by one or many at once; forms, sending systems, referrals and the fairness report."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.kernel.api import Page, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.leads import queries, services
from openprm.leads.api.intake_schemas import (
    BulkOut,
    ConsentIn,
    DeclineIn,
    FairnessOut,
    FairnessQuery,
    FormIn,
    FormOut,
    FormRowOut,
    LeadIn,
    LeadsIn,
    NewFormIn,
    NewLeadIn,
    NewSourceIn,
    ReferIn,
    ReferralOut,
    ReferralQuery,
    SourceOut,
    TakenInOut,
    TakeUpIn,
)
from openprm.leads.rules.consent import ConsentGiven, Ground
from openprm.leads.rules.intake_draft import LeadDraft
from openprm.leads.rules.webform import FormField
from openprm.leads.services import FormContent, FormSettings

forms = Router(tags=["Lead forms"])
sources = Router(tags=["Lead forms"])
referrals = Router(tags=["Leads"])
fairness = Router(tags=["Leads"])


def attach(router: Router) -> None:
    """Put the ways in onto the router of leads, before its addresses of one lead."""
    router.post("", response={201: TakenInOut, 200: TakenInOut}, summary="Take a lead in")(create_lead)
    router.post("/bulk", response=BulkOut, summary="Take many leads in")(create_leads)


@needs("leads.create")
@idempotent
def create_lead(request: HttpRequest, data: NewLeadIn, response: HttpResponse):
    """201 for a new lead, 200 for one that joined an earlier one. Without the consent that the country asks for it is refused (422)."""
    draft, consent, points = _read(data)
    taken = services.take_in(actor=request.auth, draft=draft, consent=consent, points=points, route=data.route, at=request.at)
    response["Location"] = f"/api/v1/leads/{taken.received.lead_id}"
    return Status(200 if taken.received.was_known else 201, _taken(request, taken))


@needs("leads.create")
@idempotent
def create_leads(request: HttpRequest, data: LeadsIn):
    """Each lead for itself: what one lacks does not hold up the others, and the answer says so place by place."""
    incoming = [services.Incoming(draft=draft, consent=consent, points=points) for draft, consent, points in map(_read, data.leads)]
    told = services.take_in_each(actor=request.auth, incoming=incoming, route=data.route, at=request.at)
    lines = [_line(request, place, one) for place, one in enumerate(told)]
    counts = {name: sum(line["outcome"] == name for line in lines) for name in ("created", "known", "refused")}
    return {**counts, "results": lines}


@forms.get("", response=list[FormRowOut], summary="List lead forms")
@needs("leads.manage_intake")
def list_lead_forms(request: HttpRequest):
    return list(queries.forms(request.auth, request.at))


@forms.post("", response={201: FormOut}, summary="Make a lead form")
@needs("leads.manage_intake")
@idempotent
def create_lead_form(request: HttpRequest, data: NewFormIn, response: HttpResponse):
    form_id = services.create_form(actor=request.auth, code=data.code, settings=_settings(data), content=_content(data), at=request.at)
    response["Location"] = f"/api/v1/lead-forms/{form_id}"
    return Status(201, _form(request, response, form_id))


@forms.get("/{uuid:form_id}", response=FormOut, summary="Read a lead form")
@needs("leads.manage_intake")
def get_lead_form(request: HttpRequest, form_id: UUID, response: HttpResponse):
    return _form(request, response, form_id)


@forms.put("/{uuid:form_id}", response=FormOut, summary="Change a lead form")
@needs("leads.manage_intake")
@idempotent
@updates
def update_lead_form(request: HttpRequest, form_id: UUID, data: FormIn, response: HttpResponse):
    """Other words make a new version; whoever agreed before keeps the old one."""
    version = matched_version(request)
    services.update_form(actor=request.auth, form_id=form_id, settings=_settings(data), content=_content(data), version=version, at=request.at)
    return _form(request, response, form_id)


@sources.get("", response=list[SourceOut], summary="List sending systems")
@needs("leads.manage_intake")
def list_lead_sources(request: HttpRequest):
    return list(queries.sources(request.auth))


@sources.post("", response={201: SourceOut}, summary="Let a system send events")
@needs("leads.manage_intake")
@idempotent
def create_lead_source(request: HttpRequest, data: NewSourceIn):
    """Its secret is shown on its page to whoever manages intake, and nowhere else."""
    source_id = services.create_source(actor=request.auth, code=data.code, name=data.name, at=request.at)
    return Status(201, queries.source(request.auth, source_id))


@referrals.get("", response=Page[ReferralOut], summary="List referrals")
@needs("leads.view")
def list_lead_referrals(request: HttpRequest, query: Query[ReferralQuery]):
    """The vendor reads all, a partner those it made."""
    found = paginate(queries.newest_referrals(request.auth, filters={"state": query.state} if query.state else {}), query.cursor, query.limit)
    if request.auth.is_partner:
        return {"items": queries.own_referral_rows(found.items, request.at), "next_cursor": found.next_cursor}
    return {"items": [_referral_row(queries.referral_row(row)) for row in found.items], "next_cursor": found.next_cursor}


@referrals.post("", response={201: ReferralOut}, summary="Refer a lead")
@needs("leads.view")
@idempotent
def refer_lead(request: HttpRequest, data: ReferIn, response: HttpResponse):
    """From a partner to the vendor, or by way of the vendor to a partner; from the vendor to a partner."""
    draft, consent, _points = _read(data)
    made = services.refer_lead(actor=request.auth, draft=draft, consent=consent, target_id=data.target_id, note=data.note, at=request.at)
    response["Location"] = f"/api/v1/lead-referrals/{made.referral_id}"
    return Status(201, _referral(request, response, made.referral_id))


@referrals.get("/{uuid:referral_id}", response=ReferralOut, summary="Read a referral")
@needs("leads.view")
def get_lead_referral(request: HttpRequest, referral_id: UUID, response: HttpResponse):
    return _referral(request, response, referral_id)


@referrals.post("/{uuid:referral_id}/take-up", response=ReferralOut, summary="Take a referral up")
@needs("leads.route")
@idempotent
@updates
def take_up_lead_referral(request: HttpRequest, referral_id: UUID, data: TakeUpIn, response: HttpResponse):
    services.take_up_referral(actor=request.auth, referral_id=referral_id, to_target=data.to_target, version=matched_version(request), at=request.at)
    return _referral(request, response, referral_id)


@referrals.post("/{uuid:referral_id}/decline", response=ReferralOut, summary="Decline a referral")
@needs("leads.route")
@idempotent
@updates
def decline_lead_referral(request: HttpRequest, referral_id: UUID, data: DeclineIn, response: HttpResponse):
    services.decline_referral(actor=request.auth, referral_id=referral_id, reason=data.reason, version=matched_version(request), at=request.at)
    return _referral(request, response, referral_id)


@fairness.get("", response=FairnessOut, summary="Read the routing fairness report")
@needs("leads.view")
def read_routing_fairness(request: HttpRequest, query: Query[FairnessQuery]):
    """The Gini coefficient of what was offered, with its 95 % interval, beside what capacity alone would give."""
    read = queries.own_fairness if request.auth.is_partner else queries.fairness
    return read(request.auth, days=query.days, measure=query.measure, at=request.at)


def _read(data: LeadIn) -> tuple[LeadDraft, ConsentGiven | None, int | None]:
    """The lead, its consent and its points, as the service takes them."""
    values = data.dict(include=set(LeadIn.model_fields) - {"consent", "score", "skills"})
    draft = LeadDraft(**values, skills=tuple(data.skills), source="api", source_detail=data.external_source)
    return draft, _consent(data.consent), data.score


def _consent(given: ConsentIn | None) -> ConsentGiven | None:
    if given is None:
        return None
    plain = given.dict(exclude={"ground", "network_address"})
    return ConsentGiven(ground=Ground(given.ground), network_address=given.network_address or None, **plain)


def _taken(request: HttpRequest, taken: Any) -> dict[str, Any]:
    received = taken.received
    return {
        "lead_id": received.lead_id,
        "number": received.number,
        "status": received.status,
        "was_known": received.was_known,
        "points": taken.points,
        "grade": taken.grade,
        "consent_needed": taken.ruled.need,
        "consent_clause": taken.ruled.clause,
        "withdraw_url": request.build_absolute_uri(services.withdraw_url(received.lead_id)),
    }


def _line(request: HttpRequest, place: int, told: Any) -> dict[str, Any]:
    if isinstance(told, services.TakenIn):
        outcome = "known" if told.received.was_known else "created"
        return {"place": place, "outcome": outcome, "lead": _taken(request, told), "message": "", "errors": []}
    errors = [{"field": one.field, "code": one.code, "message": str(one.message)} for one in told.problems]
    return {"place": place, "outcome": "refused", "lead": None, "message": str(told.message), "errors": errors}


def _settings(data: FormIn) -> FormSettings:
    names = ("name", "program_id", "campaign", "is_open", "allowed_origins", "theme")
    return FormSettings(**{name: getattr(data, name) for name in names})


def _content(data: FormIn) -> FormContent:
    names = ("title", "consent_text", "button", "intro", "points", "product_lines", "asks_confirmation", "thanks_title", "thanks_text")
    fields = tuple(FormField(one.name, one.required, one.label, tuple(one.choices)) for one in data.fields)
    return FormContent(**{name: getattr(data, name) for name in names}, fields=fields)


def _form(request: HttpRequest, response: HttpResponse, form_id: UUID) -> Any:
    found = queries.form(request.auth, form_id)
    response["ETag"] = etag_of(found.version)
    return found


def _referral(request: HttpRequest, response: HttpResponse, referral_id: UUID) -> Any:
    if request.auth.is_partner:
        return queries.own_referral(request.auth, referral_id, request.at)
    found = queries.referral(request.auth, referral_id, request.at)
    response["ETag"] = etag_of(found.version)
    return _referral_row(found)


def _referral_row(row: queries.ReferralRow) -> dict[str, Any]:
    names = set(ReferralOut.model_fields) - {"number"}
    return {name: getattr(row, name) for name in names} | {"number": row.lead_number}


ROUTERS = {"lead-forms": forms, "lead-sources": sources, "lead-referrals": referrals, "routing-fairness": fairness}
