"""Plans over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.incentives import queries, services
from openprm.incentives.api.schemas import (
    EarnListOut,
    EndIn,
    PlanChangeIn,
    PlanDetailOut,
    PlanIn,
    PlanOut,
    PlanQuery,
    PublishIn,
    TermsIn,
    WhatIfOut,
)
from openprm.incentives.rules.draft import RateDraft, TermsDraft
from openprm.kernel.api import IdOut, Page, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.errors import NotFound

router = Router(tags=["Plans"])


@router.get("", response=Page[PlanOut])
@needs("incentives.view")
def list_plans(request: HttpRequest, query: Query[PlanQuery]):
    """The vendor's plans, newest first."""
    filters = {name: (value,) for name, value in (("kind", query.kind), ("program", query.program_id)) if value}
    found = paginate(queries.newest_plans(request.auth, search=query.q, filters=filters, at=request.at), query.cursor, query.limit)
    return {"items": [queries.plan_row(row, request.at) for row in found.items], "next_cursor": found.next_cursor}


@router.post("", response={201: IdOut})
@needs("incentives.edit")
@idempotent
def create_plan(request: HttpRequest, body: PlanIn):
    """Begin a plan as a draft; it pays nothing before it is published."""
    given = body.dict(exclude={"terms", "partner_ids"})
    terms = _draft(body.terms) if body.terms else None
    return Status(201, {"id": services.create_plan(actor=request.auth, terms=terms, partner_ids=tuple(body.partner_ids), at=request.at, **given)})


@router.get("/open", response=EarnListOut)
@needs("incentives.view")
def list_open_plans(request: HttpRequest):
    """What the partner itself can earn today."""
    if request.auth.partner_id is None:
        raise NotFound()
    found = queries.open_plans(request.auth.partner_id, request.at.date())
    return {"items": [{"plan_id": one.plan_id, "code": one.code, "name": one.name, "kind": one.kind, "terms": _terms(one)} for one, _about in found]}


@router.get("/{uuid:plan_id}", response=PlanDetailOut)
@needs("incentives.view")
def get_plan(request: HttpRequest, plan_id: UUID, response: HttpResponse):
    """One plan with the terms in force, announced and drafted."""
    return _answer(request, plan_id, response)


@router.patch("/{uuid:plan_id}", response=PlanDetailOut)
@needs("incentives.edit")
@updates
@idempotent
def change_plan(request: HttpRequest, plan_id: UUID, body: PlanChangeIn, response: HttpResponse):
    """Its name and words."""
    row = queries.plan_page(request.auth, plan_id, request.at).row
    require_match(request, row.version)
    changes = body.dict(exclude_unset=True, exclude_none=True)
    services.change_plan(actor=request.auth, plan_id=plan_id, changes=changes, version=row.version, at=request.at)
    return _answer(request, plan_id, response)


@router.put("/{uuid:plan_id}/draft", response=PlanDetailOut)
@needs("incentives.edit")
@idempotent
def save_plan_terms(request: HttpRequest, plan_id: UUID, body: TermsIn, response: HttpResponse):
    """Keep terms as the plan's draft."""
    services.save_terms(actor=request.auth, plan_id=plan_id, terms=_draft(body), at=request.at)
    return _answer(request, plan_id, response)


@router.delete("/{uuid:plan_id}/draft", response={204: None})
@needs("incentives.edit")
@idempotent
def discard_plan_draft(request: HttpRequest, plan_id: UUID):
    """Throw the draft away."""
    services.discard_draft(actor=request.auth, plan_id=plan_id, at=request.at)
    return Status(204, None)


@router.get("/{uuid:plan_id}/what-if", response=WhatIfOut)
@needs("incentives.edit")
def get_plan_what_if(request: HttpRequest, plan_id: UUID):
    """The draft over two years of what really happened."""
    run = queries.what_if(request.auth, plan_id, request.at)
    moved = [{"partner_id": one.partner_id, "partner": one.partner, "before_minor": one.before.minor, "after_minor": one.after.minor} for one in run.moved]
    plain = {name: getattr(run, name) for name in ("months", "events", "seconds", "gaining", "losing")}
    return {**plain, "currency": run.before.currency, "before_minor": run.before.minor, "after_minor": run.after.minor, "moved": moved}


@router.post("/{uuid:plan_id}/publish", response=PlanDetailOut)
@needs("incentives.publish")
@idempotent
def publish_plan(request: HttpRequest, plan_id: UUID, body: PublishIn, response: HttpResponse):
    """Announce the draft."""
    services.publish_plan(actor=request.auth, plan_id=plan_id, starts_on=body.starts_on, note=body.note, at=request.at)
    return _answer(request, plan_id, response)


@router.post("/{uuid:plan_id}/end", response=PlanDetailOut)
@needs("incentives.publish")
@idempotent
def end_plan(request: HttpRequest, plan_id: UUID, body: EndIn, response: HttpResponse):
    """The plan pays nothing for what happens from a day on."""
    services.end_plan(actor=request.auth, plan_id=plan_id, ended_on=body.ended_on, at=request.at)
    return _answer(request, plan_id, response)


def _draft(body: TermsIn) -> TermsDraft:
    return TermsDraft(dict(body.head), tuple(body.conditions), tuple(RateDraft(**one.dict()) for one in body.rates))


def _answer(request: HttpRequest, plan_id: UUID, response: HttpResponse) -> dict[str, Any]:
    found = queries.plan_page(request.auth, plan_id, request.at)
    response["ETag"] = etag_of(found.row.version)
    return {"plan": found.row, "in_force": _terms(found.terms), "upcoming": _terms(found.upcoming), "draft": _terms(found.draft)}


def _terms(plan: Any) -> dict[str, Any] | None:
    if plan is None:
        return None
    words = queries.in_words(plan)
    said = [words.headline, *(f"{ladder.when}: {band.band} {band.pays}" for ladder in words.ladders for band in ladder.bands), *words.terms]
    kept = {name: getattr(plan, name) for name in ("version_id", "number", "starts_on", "ends_on")}
    return {**kept, "terms": plan.terms.as_json(), "words": said}
