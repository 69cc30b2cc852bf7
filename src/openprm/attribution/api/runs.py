"""Runs, their results, and how credit is divided."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Status

from openprm.attribution import queries, services
from openprm.attribution.api import run_schemas as s
from openprm.attribution.api.figures import credit_of
from openprm.attribution.api.routers import router
from openprm.attribution.api.schemas import DealCreditOut
from openprm.identity import queries as identity
from openprm.kernel.api import Page, PageQuery, idempotent, needs, paginate, question
from openprm.kernel.money import Money


@router.get("/runs", response=s.RunListOut)
@needs("attribution.decide")
def list_attribution_runs(request: HttpRequest):
    """The newest hundred runs."""
    return {"items": list(queries.runs(request.auth, request.at))}


@router.post("/runs", response={201: s.MadeOut})
@needs("attribution.run")
@idempotent
def compute_attribution_run(request: HttpRequest, body: s.RunIn):
    """Compute a month as it is known now; what came out as it stands is not written again."""
    return Status(201, services.compute(actor=request.auth, month=body.month, at=request.at))


@router.get("/runs/{uuid:run_id}", response=s.RunOut)
@needs("attribution.view")
def get_attribution_run(request: HttpRequest, run_id: UUID):
    return queries.run(request.auth, run_id, request.at)


@router.get("/runs/{uuid:run_id}/replay", response=s.ReplayOut)
@needs("attribution.view")
def replay_attribution_run(request: HttpRequest, run_id: UUID):
    """Compute a run again and say whether it is the same to the byte."""
    return services.replay(actor=request.auth, run_id=run_id)


@router.post("/runs/{uuid:run_id}/lock", response=s.LockedOut)
@needs("attribution.lock")
@idempotent
def lock_attribution_run(request: HttpRequest, run_id: UUID, body: s.LockIn):
    """Make this run final for its month, if it still stands for it."""
    month = queries.run(request.auth, run_id, request.at).month
    return {"run_id": services.lock_month(actor=request.auth, month=month, run_id=run_id, note=body.note, at=request.at)}


@router.get("/runs/{uuid:run_id}/results", response=Page[s.ResultOut])
@needs("attribution.view")
def list_attribution_run_results(request: HttpRequest, run_id: UUID, query: Query[PageQuery]):
    """Every decided deal of a run with its outcome."""
    found = paginate(queries.results_of(request.auth, run_id), query.cursor, query.limit)
    return {"items": [_result(row) for row in found.items], "next_cursor": found.next_cursor}


def _result(row: Any) -> dict[str, Any]:
    names = ("deal_id", "number", "customer", "account_id", "is_won", "outcome", "opened_at", "closed_at")
    return {name: getattr(row, name) for name in names} | {"deal_kind": row.kind, "base": Money(row.base_minor, row.run.currency)}


@router.get("/runs/{uuid:run_id}/credits", response=Page[DealCreditOut])
@needs("attribution.view")
def list_attribution_run_credits(request: HttpRequest, run_id: UUID, query: Query[PageQuery]):
    """Who is credited in a run, deal by deal."""
    run = queries.run(request.auth, run_id, request.at)
    found = paginate(queries.credits_of(request.auth, run_id), query.cursor, query.limit)
    return {"items": [credit_of(row, run.month, run.locked_at is not None) for row in found.items], "next_cursor": found.next_cursor}


@router.get("/runs/{uuid:run_id}/correction", response=s.CorrectionOut)
@needs("attribution.view")
def get_attribution_run_correction(request: HttpRequest, run_id: UUID):
    """What a locked run would say with the touches that became known since. It changes none of its numbers."""
    queries.run(request.auth, run_id, request.at)
    found = queries.correction(request.auth, run_id)
    return {"sums": found.sums if found else None, "rows": list(found.rows) if found else []}


@router.get("/configurations", response=s.ConfigurationListOut)
@needs("attribution.view")
def list_attribution_configurations(request: HttpRequest):
    """Every published way to divide credit, the one in force first."""
    return {"items": list(queries.configurations(request.auth))}


@router.post("/configurations", response={201: s.ConfigurationOut})
@needs("attribution.configure")
@idempotent
def publish_attribution_configuration(request: HttpRequest, body: s.ConfigurationIn):
    """Publish how credit is divided from now on. Locked months stay as they are."""
    services.publish_configuration(actor=request.auth, at=request.at, **body.dict())
    return Status(201, queries.configurations(request.auth)[0])


@router.post("/configurations/what-if", response=s.WhatIfOut)
@needs("attribution.configure")
@question
def imagine_attribution_configuration(request: HttpRequest, body: s.WhatIfIn):
    """A past month by another configuration, or by other rules: what each partner would have. Nothing is written."""
    found = services.imagine(actor=request.auth, at=request.at, **{name: value for name, value in body.dict().items() if value is not None})
    names = identity.organization_names(partner_id for partner_id, _before, _after in found.partners)

    def money(minor: int) -> Money:
        return Money(minor, found.currency)

    partners = [
        {
            "partner_id": partner_id, "partner": names.get(partner_id, ""), "before": money(before), "after": money(after), "difference": money(after - before),
        }
        for partner_id, before, after in found.partners
    ]  # fmt: skip
    sums = {side: {name: money(minor) for name, minor in getattr(found, side).items()} for side in ("before", "after")}
    return {"run_id": found.run_id, "month": found.month, "deals": found.deals, "changed": found.changed, "partners": partners, **sums}
