"""Tiers over the API: the same services and queries as the pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from openprm.kernel.api import IdOut, In, Out, Page, PageQuery, etag_of, idempotent, needs, paginate, require_match, updates
from openprm.kernel.errors import NotFound
from openprm.tiering import queries, services

State = Literal["safe", "rising", "at_risk", "grace", "exempt"]
MoveState = Literal["pending", "done", "declined", "superseded"]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Days = Annotated[int, Field(ge=0, le=730)]

router = Router(tags=["Tiers"])
ROUTERS = {"tiers": router}


class StandingQuery(PageQuery):
    program_id: UUID | None = None
    partner_id: UUID | None = None
    state: State | None = None


class StandingOut(Out):
    """Where a partner stands in a program. On the partner's own side `at_stake_minor` is null."""

    id: UUID
    partner_id: UUID
    partner: str
    program_id: UUID
    program: str
    tier: str
    earned: str = Field(description="The tier that the facts earn today; empty when no rule speaks.")
    state: State
    next_tier: str
    next_share: int | None
    lacks: list[str]
    reasons: list[str]
    at_stake_minor: int | None
    currency: str
    grace_until: datetime | None
    track: str
    refreshed_at: datetime | None
    created_at: datetime
    version: int


class CriterionOut(Out):
    fact: str
    label: str
    words: str
    have: str
    need: str
    missing: str
    share: int
    is_met: bool
    by: date | None
    warning: str


class StepOut(Out):
    code: str
    name: str
    rank: int
    is_held: bool
    is_met: bool
    share: int
    clause: str
    criteria: list[CriterionOut]


class HealthItemOut(Out):
    kind: str
    code: str
    label: str
    promised: str
    state: str
    severity: str
    owner: str
    detail: str


class ProgressOut(Out):
    """A partner's progress in a program, with what both sides owe each other."""

    partner_id: UUID
    program_id: UUID
    program: str
    tier: str
    state: str
    headline: str
    sentence: str
    measured_at: datetime | None
    grace_until: datetime | None
    forgiven_until: date | None
    ladder: list[StepOut]
    requirements: list[HealthItemOut]
    benefits: list[HealthItemOut]


class ProgressListOut(Out):
    items: list[ProgressOut]


class MoveQuery(PageQuery):
    program_id: UUID | None = None
    partner_id: UUID | None = None
    state: MoveState | None = None


class MoveOut(Out):
    """A promotion or demotion. A partner reads its own decided ones."""

    id: UUID
    partner_id: UUID
    partner: str
    program_id: UUID
    before: str
    after: str
    direction: str
    state: MoveState
    is_automatic: bool
    clause: str
    clause_text: str
    rule_version: int | None
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str


class ApproveIn(In):
    reason: Reason = ""


class DeclineIn(In):
    reason: Reason = Field(min_length=1, description="The partner reads it.")


class KeepIn(In):
    until: date | None = Field(description="Null ends the exception.")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class TrackIn(In):
    track: Literal["small", "medium", "large"]


class PolicyOut(Out):
    program_id: UUID
    program: str
    promotes_at_once: bool
    demotes_at_once: bool
    is_forgiving: bool
    grace_days: int
    warn_days: int
    ask_again_days: int
    has_own_rules: bool
    version: int


class PolicyListOut(Out):
    items: list[PolicyOut]


class PolicyIn(In):
    promotes_at_once: bool
    demotes_at_once: bool
    is_forgiving: bool
    grace_days: Days
    warn_days: Annotated[int, Field(ge=0, le=365)]
    ask_again_days: Days


class MetricOut(Out):
    id: UUID
    code: str
    label: str
    about: str
    kind: str
    unit: str
    formula: str
    is_retired: bool
    version: int


class MetricListOut(Out):
    items: list[MetricOut]


class MetricIn(In):
    code: Code = Field(examples=["attach_rate"])
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    kind: Literal["entered", "computed"] = "entered"
    unit: Literal["number", "money"] = "number"
    formula: Short = Field("", examples=["won_deals / registrations * 100"])
    about: Short = ""


class MetricChangeIn(In):
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    formula: Short = ""
    about: Short = ""
    is_retired: bool = False


class ValueIn(In):
    partner_id: UUID
    metric: Code
    amount: Decimal = Field(max_digits=19, decimal_places=4)
    starts_on: date
    ends_on: date | None = None
    note: Short = ""


class BenefitIn(In):
    """The partner's or the vendor's word on a promised benefit; nobody can change it afterwards."""

    partner_id: UUID
    program_id: UUID
    benefit: Annotated[str, StringConstraints(max_length=40)] = Field(examples=["market_fund_percent"])
    said: Literal["met", "not_met"]
    note: Reason = Field(min_length=1)


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
