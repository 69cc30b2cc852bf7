"""The board, the forecast and slipping close dates over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from openprm.kernel.api import idempotent, needs
from openprm.pipeline import queries, services
from openprm.pipeline.api import schemas as shapes

router = Router(tags=["Pipeline"])


def _narrowed(query: shapes.NarrowIn) -> queries.Narrowed:
    held = query.dict(exclude={"by", "q"})
    return queries.Narrowed(text=query.q, **held)


@router.get("", response=shapes.BoardOut, summary="Read the pipeline by stage")
@needs("pipeline.view")
def get_pipeline(request: HttpRequest, query: Query[shapes.NarrowIn]):
    """Approved deals and co-sell engagements, each sale once. The vendor sees all, a partner its own."""
    found = queries.board(request.auth, _narrowed(query), request.at)
    lanes = [
        {"key": one.key, "title": one.title, "probability": one.probability, "count": one.count, "total_minor": one.total.minor, "overdue": one.overdue}
        for one in found.lanes
    ]
    return {"lanes": lanes, "figures": found.figures, "engagements": found.engagements, "rates": found.rates}


@router.post("/move", response={204: None}, summary="Move a deal or an engagement to another stage")
@needs("deals.advance")
@idempotent
def move_in_pipeline(request: HttpRequest, data: shapes.MoveIn):
    """By the rules of its own room: every entry criterion that is not met is named."""
    services.move(actor=request.auth, kind=data.kind, item_id=data.id, stage=data.stage, version=data.version, at=request.at)
    return Status(204, None)


@router.get("/forecast", response=shapes.ForecastOut, summary="Read the forecast")
@needs("pipeline.view")
def get_forecast(request: HttpRequest, query: Query[shapes.ForecastIn]):
    """By stage and close month, broken down by partner, program, product line or owner."""
    found = queries.forecast(request.auth, _narrowed(query), query.by, request.at)
    plain = {name: getattr(found, name) for name in ("figures", "heads", "stages", "groups", "others", "by", "rates", "engagements")}
    return {**plain, "target": _target(found.target, found.currency)}


def _target(found: queries.TargetView, currency: str) -> dict[str, Any]:
    return {
        "quarter_start": found.quarter_start,
        "quarter_end": found.quarter_end,
        "amount_minor": found.amount.minor if found.amount else None,
        "currency": currency,
        "version": found.version,
        "coverage": found.coverage,
    }


@router.put("/target", response={204: None}, summary="Set the own target of this quarter")
@needs("pipeline.set_target")
@idempotent
def set_pipeline_target(request: HttpRequest, data: shapes.TargetIn):
    """In the reporting currency, for the person whose token it is."""
    services.set_target(actor=request.auth, amount_minor=data.amount_minor, day=request.at.date(), at=request.at)
    return Status(204, None)


@router.get("/close-dates", response=shapes.SlipsOut, summary="Read which close dates moved")
@needs("pipeline.view")
def get_close_dates(request: HttpRequest, query: Query[shapes.NarrowIn]):
    """The moves of the last ninety days of deals that are still open, and the deals whose close date has passed."""
    found = queries.slips(request.auth, _narrowed(query), request.at)
    return {
        "since": found.since,
        "deals": found.summary.deals,
        "later": found.summary.later,
        "earlier": found.summary.earlier,
        "median_days": found.summary.median_days,
        "pushed_minor": found.pushed_total.minor,
        "rows": [_plain(row, "moves", "first", "close", "days") for row in found.rows],
        "overdue": [_plain(row, "close", "days") for row in found.overdue],
    }


def _plain(row: Any, *names: str) -> dict[str, Any]:
    common = {name: getattr(row, name) for name in ("id", "number", "customer", "partner", "stage", *names)}
    return {**common, "amount_minor": row.amount.minor}
