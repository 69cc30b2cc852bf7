"""Usage over the API."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from openprm.incentives import queries, services
from openprm.incentives.api.schemas import (
    BookedListOut,
    CreditOut,
    MonthIn,
    MonthListOut,
    ReportsIn,
    ShareIn,
    ShareListOut,
    ShareQuery,
    UsageLineOut,
    UsageQuery,
)
from openprm.kernel.api import Page, idempotent, needs, paginate

router = Router(tags=["Usage"])


@router.get("", response=Page[UsageLineOut])
@needs("incentives.view")
def list_usage(request: HttpRequest, query: Query[UsageQuery]):
    """Usage lines, newest first."""
    found = paginate(queries.newest_lines(request.auth, search=query.q, filters={}), query.cursor, query.limit)
    return {"items": [_line(queries.usage_line(row)) for row in found.items], "next_cursor": found.next_cursor}


@router.post("", response=BookedListOut)
@needs("incentives.usage")
@idempotent
def report_usage(request: HttpRequest, body: ReportsIn):
    """Tell what customers used: once per id, all or nothing. Another amount for the same id books the difference."""
    reports = tuple(services.UsageReport(source=body.source, **{**one.dict(), "service_month": _month(one.service_month)}) for one in body.reports)
    return {"items": services.report_usage(actor=request.auth, reports=reports, at=request.at)}


@router.get("/credits", response=Page[CreditOut])
@needs("incentives.view")
def list_usage_credits(request: HttpRequest, query: Query[UsageQuery]):
    """What partners were credited with; a partner sees its own."""
    found = paginate(queries.newest_credits(request.auth, search=query.q, filters={}), query.cursor, query.limit)
    return {"items": [_credit(queries.credit_row(row)) for row in found.items], "next_cursor": found.next_cursor}


@router.get("/shares", response=ShareListOut)
@needs("incentives.view")
def list_usage_shares(request: HttpRequest, query: Query[ShareQuery]):
    """The shares as they stand, or as they stood at any moment; a partner sees its own."""
    month = _month(query.month) if query.month else None
    return {"items": queries.shares(request.auth, customer_key=query.customer_key, month=month, as_of=query.as_of)}


@router.post("/shares", response=ShareListOut)
@needs("incentives.usage")
@idempotent
def set_usage_share(request: HttpRequest, body: ShareIn):
    """Credit a partner with a part of a customer's usage. Refused with `shares_exceed_cap` or `immutable_allocation`."""
    until = _month(body.until_month) if body.until_month else None
    given: dict[str, Any] = {"customer_key": body.customer_key, "partner_id": body.partner_id, "percent": body.percent}
    services.set_share(actor=request.auth, from_month=_month(body.from_month), until_month=until, at=request.at, **given)
    return {"items": queries.shares(request.auth, customer_key=body.customer_key)}


@router.get("/months", response=MonthListOut)
@needs("incentives.view")
def list_usage_months(request: HttpRequest):
    """The months, and which of them are closed."""
    return {"items": queries.months(request.auth, request.at)}


@router.post("/months/close", response=MonthListOut)
@needs("incentives.usage")
@idempotent
def close_usage_month(request: HttpRequest, body: MonthIn):
    """Close a month for good."""
    services.close_month(actor=request.auth, month=_month(body.month), at=request.at)
    return {"items": queries.months(request.auth, request.at)}


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _line(row: Any) -> dict[str, Any]:
    names = UsageLineOut.model_fields
    plain = {name: getattr(row, name) for name in names if hasattr(row, name)}
    return {**plain, "amount_minor": row.amount.minor, "credited_minor": row.credited.minor, "currency": row.amount.currency}


def _credit(row: Any) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in CreditOut.model_fields if hasattr(row, name)}
    return {**plain, "amount_minor": row.amount.minor, "currency": row.amount.currency}
