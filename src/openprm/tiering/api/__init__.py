"""Tiers over the API: the same services and queries as the pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from openprm.kernel.api import IdOut, Page, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.errors import NotFound
from openprm.tiering import queries, services
from openprm.tiering.api.schemas import (
    ApproveIn,
    BenefitIn,
    DeclineIn,
    KeepIn,
    MetricChangeIn,
    MetricIn,
    MetricListOut,
    MetricOut,
    MoveOut,
    MoveQuery,
    PolicyIn,
    PolicyListOut,
    PolicyOut,
    ProgressListOut,
    StandingOut,
    StandingQuery,
    TrackIn,
    ValueIn,
)

router = Router(tags=["Tiers"])
ROUTERS = {"tiers": router}


@router.get("", response=Page[StandingOut])
@needs("tiering.view")
def list_tier_standings(request: HttpRequest, query: Query[StandingQuery]):
    """Where partners stand; a partner sees its own."""
    filters = {name: (value,) for name, value in (("program", query.program_id), ("partner", query.partner_id), ("state", query.state)) if value}
    found = paginate(queries.newest_standings(request.auth, **filters), query.cursor, query.limit)
    return {"items": [_standing(request, queries.standing_row(row)) for row in found.items], "next_cursor": found.next_cursor}


@router.get("/partners/{uuid:partner_id}", response=ProgressListOut)
@needs("tiering.view")
def get_tier_progress(request: HttpRequest, partner_id: UUID):
    """Progress and two-sided health in each program of the partner."""
    found = queries.progress_of(request.auth, partner_id, request.at)
    health = {one.program_id: one for one in queries.health_of(request.auth, partner_id, request.at)}
    return {"items": [_progress(one, health[one.program_id]) for one in found]}


@router.post("/partners/{uuid:partner_id}/refresh", response=ProgressListOut)
@needs("tiering.decide")
@idempotent
def refresh_tier(request: HttpRequest, partner_id: UUID):
    """Measure the partner now."""
    queries.progress_of(request.auth, partner_id, request.at)
    services.refresh(partner_id=partner_id, at=request.at)
    return get_tier_progress(request, partner_id)


@router.put("/partners/{uuid:partner_id}/{uuid:program_id}/exception", response=StandingOut)
@needs("tiering.decide")
@updates
@idempotent
def keep_tier(request: HttpRequest, partner_id: UUID, program_id: UUID, body: KeepIn, response: HttpResponse):
    """Keep the partner's tier by hand until a day, or end that."""
    row = _one_standing(request, partner_id, program_id)
    require_match(request, row.version)
    ids = {"partner_id": partner_id, "program_id": program_id}
    services.keep_tier(actor=request.auth, until=body.until, reason=body.reason, version=row.version, at=request.at, **ids)
    return _answer_standing(request, partner_id, program_id, response)


@router.put("/partners/{uuid:partner_id}/{uuid:program_id}/size", response=StandingOut)
@needs("tiering.decide")
@updates
@idempotent
def set_tier_track(request: HttpRequest, partner_id: UUID, program_id: UUID, body: TrackIn, response: HttpResponse):
    """Say how large the partner is, so that points are fair."""
    row = _one_standing(request, partner_id, program_id)
    require_match(request, row.version)
    services.set_track(actor=request.auth, partner_id=partner_id, program_id=program_id, track=body.track, version=row.version, at=request.at)
    return _answer_standing(request, partner_id, program_id, response)


@router.get("/moves", response=Page[MoveOut])
@needs("tiering.view")
def list_tier_moves(request: HttpRequest, query: Query[MoveQuery]):
    """Promotions and demotions, made or waiting."""
    filters = {name: (value,) for name, value in (("program", query.program_id), ("partner", query.partner_id), ("state", query.state)) if value}
    rows = queries.newest_moves(request.auth, **filters)
    rows = rows.exclude(state__in=("pending", "superseded")) if request.auth.is_partner else rows
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [queries.move_row(row) for row in found.items], "next_cursor": found.next_cursor}


@router.post("/moves/{uuid:move_id}/approve", response=MoveOut)
@needs("tiering.decide")
@idempotent
def approve_tier_move(request: HttpRequest, move_id: UUID, body: ApproveIn):
    """Say yes: the partner moves now."""
    services.approve_move(actor=request.auth, move_id=move_id, reason=body.reason, at=request.at)
    return queries.move(request.auth, move_id)


@router.post("/moves/{uuid:move_id}/decline", response=MoveOut)
@needs("tiering.decide")
@idempotent
def decline_tier_move(request: HttpRequest, move_id: UUID, body: DeclineIn):
    """Say no, with a reason."""
    services.decline_move(actor=request.auth, move_id=move_id, reason=body.reason, at=request.at)
    return queries.move(request.auth, move_id)


@router.get("/policies", response=PolicyListOut)
@needs("tiering.view")
def list_tier_policies(request: HttpRequest):
    """How each program moves its partners."""
    return {"items": queries.policies_of(request.auth, request.at)}


@router.put("/policies/{uuid:program_id}", response=PolicyOut)
@needs("tiering.configure")
@updates
@idempotent
def save_tier_policy(request: HttpRequest, program_id: UUID, body: PolicyIn, response: HttpResponse):
    """Change how a program moves its partners."""
    found = queries.policy_view(request.auth, program_id, request.at)
    require_match(request, found.version)
    version = services.save_policy(actor=request.auth, program_id=program_id, changes=body.model_dump(), version=found.version, at=request.at)
    response["ETag"] = etag_of(version)
    return queries.policy_view(request.auth, program_id, request.at)


@router.get("/metrics", response=MetricListOut)
@needs("tiering.view")
def list_tier_metrics(request: HttpRequest):
    """The vendor's own metrics."""
    return {"items": queries.all_metrics()}


@router.post("/metrics", response={201: MetricOut})
@needs("tiering.configure")
@idempotent
def create_tier_metric(request: HttpRequest, body: MetricIn):
    """Add a metric: entered by hand, or computed from other facts."""
    metric_id = services.create_metric(actor=request.auth, at=request.at, **body.model_dump())
    return Status(201, queries.metric(request.auth, metric_id))


@router.put("/metrics/{uuid:metric_id}", response=MetricOut)
@needs("tiering.configure")
@updates
@idempotent
def update_tier_metric(request: HttpRequest, metric_id: UUID, body: MetricChangeIn, response: HttpResponse):
    """Change a metric's words or formula, or retire it."""
    found = queries.metric(request.auth, metric_id)
    require_match(request, found.version)
    version = services.update_metric(actor=request.auth, metric_id=metric_id, changes=body.model_dump(), version=found.version, at=request.at)
    response["ETag"] = etag_of(version)
    return queries.metric(request.auth, metric_id)


@router.post("/values", response={201: IdOut})
@needs("tiering.enter")
@idempotent
def enter_tier_value(request: HttpRequest, body: ValueIn):
    """Enter what a metric of a partner is from a day on; the partner is measured at once."""
    value_id = services.enter_value(actor=request.auth, at=request.at, **body.model_dump())
    services.refresh(partner_id=body.partner_id, at=request.at)
    return Status(201, {"id": value_id})


@router.post("/benefits", response={201: IdOut})
@needs("tiering.report")
@idempotent
def say_of_tier_benefit(request: HttpRequest, body: BenefitIn):
    """Say that a promised benefit was given or not."""
    return Status(201, {"id": services.say_of_benefit(actor=request.auth, at=request.at, **body.model_dump())})


def _standing(request: HttpRequest, row: queries.StandingRow) -> dict[str, Any]:
    names = (name for name in StandingOut.model_fields if name not in ("at_stake_minor", "currency"))
    stake = row.at_stake.minor if request.auth.sees_all_partners else None
    return {**{name: getattr(row, name) for name in names}, "at_stake_minor": stake, "currency": row.at_stake.currency}


def _one_standing(request: HttpRequest, partner_id: UUID, program_id: UUID) -> queries.StandingRow:
    queries.progress_of(request.auth, partner_id, request.at)
    row = queries.newest_standings(request.auth, partner=(partner_id,), program=(program_id,)).first()
    if row is None:
        raise NotFound()
    return queries.standing_row(row)


def _answer_standing(request: HttpRequest, partner_id: UUID, program_id: UUID, response: HttpResponse) -> dict[str, Any]:
    row = _one_standing(request, partner_id, program_id)
    response["ETag"] = etag_of(row.version)
    return _standing(request, row)


def _progress(found: queries.Progress, health: queries.Health) -> dict[str, Any]:
    names = ("partner_id", "program_id", "program", "tier", "state", "headline", "sentence", "measured_at", "grace_until", "forgiven_until")
    steps = [
        {**{name: getattr(step, name) for name in ("code", "name", "rank", "is_held", "is_met", "share", "clause")}, "criteria": _criteria(step)}
        for step in found.ladder
    ]
    return {**{name: getattr(found, name) for name in names}, "ladder": steps, "requirements": health.requirements, "benefits": health.benefits}


def _criteria(step: queries.StepView) -> list[dict[str, Any]]:
    names = ("label", "words", "have", "need", "missing", "share", "is_met", "by", "warning")
    return [{"fact": one.criterion.fact, **{name: getattr(one, name) for name in names}} for one in step.criteria]
