"""Budgets, funds, approvers and the days to cash over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from openprm.funds import queries, services
from openprm.funds.api import schemas
from openprm.funds.api.shapes import plain
from openprm.funds.services import BudgetDraft, FundDraft
from openprm.kernel.api import PageQuery, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.scope import system_scope

budgets, funds, approvers, cash = Router(tags=["Funds"]), Router(tags=["Funds"]), Router(tags=["Funds"]), Router(tags=["Funds"])


def _budget(request: HttpRequest, response: HttpResponse, budget_id: UUID) -> dict[str, Any]:
    found = queries.budget(request.auth, budget_id)
    response["ETag"] = etag_of(found.version)
    return plain(found, schemas.BudgetOut)


def _fund(request: HttpRequest, response: HttpResponse, fund_id: UUID) -> dict[str, Any]:
    found = queries.fund(request.auth, fund_id)
    response["ETag"] = etag_of(found.version)
    return plain(found, schemas.FundOut)


@budgets.get("", response=schemas.BudgetPage, summary="List fund budgets")
@needs("funds.view")
def list_budgets(request: HttpRequest, query: Query[PageQuery]):
    """Newest first, each with the sums of everything below it. Budgets are the vendor's: a partner gets none."""
    found = paginate(queries.newest_budgets(request.auth).order_by("-created_at", "-id"), query.cursor, query.limit)
    return {"items": [plain(row, schemas.BudgetOut) for row in queries.budget_rows(found.items)], "next_cursor": found.next_cursor}


@budgets.post("", response={201: schemas.BudgetOut}, summary="Set up a fund budget")
@needs("funds.manage")
@idempotent
def create_budget(request: HttpRequest, data: schemas.BudgetIn, response: HttpResponse):
    """A budget of its own, or under `parent_id`, from which its amount is taken. At most five levels, in one currency."""
    made = services.create_budget(actor=request.auth, draft=BudgetDraft(**data.dict()), at=request.at)
    return 201, _budget(request, response, made.id)


@budgets.get("/{uuid:budget_id}", response=schemas.BudgetOut, summary="Read a fund budget")
@needs("funds.view")
def get_budget(request: HttpRequest, budget_id: UUID, response: HttpResponse):
    return _budget(request, response, budget_id)


@budgets.patch("/{uuid:budget_id}", response=schemas.BudgetOut, summary="Change a fund budget")
@needs("funds.manage")
@updates
@idempotent
def change_budget(request: HttpRequest, budget_id: UUID, data: schemas.BudgetPatch, response: HttpResponse):
    changes = data.dict(exclude_unset=True)
    services.update_budget(actor=request.auth, budget_id=budget_id, changes=changes, version=matched_version(request), at=request.at)
    return _budget(request, response, budget_id)


@budgets.post("/{uuid:budget_id}/ignore-limits", response=schemas.BudgetOut, summary="Switch the validation of a budget off")
@needs("funds.manage")
@idempotent
@updates
def ignore_limits(request: HttpRequest, budget_id: UUID, data: schemas.ReasonIn, response: HttpResponse):
    """One way: it cannot be taken back, and the log keeps who did it and why."""
    services.ignore_limits(actor=request.auth, budget_id=budget_id, reason=data.reason, version=matched_version(request), at=request.at)
    return _budget(request, response, budget_id)


@funds.get("", response=schemas.FundPage, summary="List funds of partners")
@needs("funds.view")
def list_funds(request: HttpRequest, query: Query[schemas.ListQuery]):
    rows = queries.newest_funds(request.auth, text=query.q, partner_id=query.partner_id).order_by("-created_at", "-id")
    found = paginate(rows, query.cursor, query.limit)
    return {"items": [plain(queries.fund_row(row), schemas.FundOut) for row in found.items], "next_cursor": found.next_cursor}


@funds.post("", response={201: schemas.FundOut}, summary="Give a partner a fund")
@needs("funds.manage")
@idempotent
def allocate(request: HttpRequest, data: schemas.FundIn, response: HttpResponse):
    """409 when the budget has less left than this; 422 in another currency than its budget."""
    made = services.allocate(actor=request.auth, draft=FundDraft(**data.dict()), at=request.at)
    return 201, _fund(request, response, made.id)


@funds.get("/{uuid:fund_id}", response=schemas.FundOut, summary="Read a fund")
@needs("funds.view")
def get_fund(request: HttpRequest, fund_id: UUID, response: HttpResponse):
    return _fund(request, response, fund_id)


@funds.patch("/{uuid:fund_id}", response=schemas.FundOut, summary="Change a fund")
@needs("funds.manage")
@updates
@idempotent
def change_fund(request: HttpRequest, fund_id: UUID, data: schemas.FundPatch, response: HttpResponse):
    changes = data.dict(exclude_unset=True)
    services.update_allocation(actor=request.auth, allocation_id=fund_id, changes=changes, version=matched_version(request), at=request.at)
    return _fund(request, response, fund_id)


@funds.post("/{uuid:fund_id}/close", response=schemas.FundOut, summary="Close a fund")
@needs("funds.manage")
@idempotent
@updates
def close_fund(request: HttpRequest, fund_id: UUID, data: schemas.ReasonIn, response: HttpResponse):
    services.close_allocation(actor=request.auth, allocation_id=fund_id, reason=data.reason, version=matched_version(request), at=request.at)
    return _fund(request, response, fund_id)


@approvers.get("", response=list[schemas.ApproverOut], summary="List approvers of funds")
@needs("funds.limit")
def list_approvers(request: HttpRequest):
    return [plain(one, schemas.ApproverOut) for one in queries.approvers(request.auth)]


@approvers.put("/{uuid:user_id}", response={204: None}, summary="Set how much a person may approve")
@needs("funds.limit")
@idempotent
def set_limit(request: HttpRequest, user_id: UUID, data: schemas.LimitIn):
    """In the reporting currency, for one request or claim."""
    services.set_limit(actor=request.auth, user_id=user_id, limit_minor=data.limit_minor, at=request.at)
    return 204, None


@cash.get("", response=schemas.CashOut, summary="Days from request to money")
@needs("promises.view")
def days_to_cash(request: HttpRequest):
    with system_scope():
        overall = queries.days_to_cash(request.auth, request.at)
    own = queries.days_to_cash(request.auth, request.at, everybody=False).legs if request.auth.is_partner else ()
    return plain(overall, schemas.CashOut) | {"own": [plain(leg, schemas.LegOut) for leg in own]}
