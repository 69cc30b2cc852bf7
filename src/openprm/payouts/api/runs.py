"""The desk, runs, payments and statements over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Status, UploadedFile

from openprm.kernel.api import Page, etag_of, idempotent, matched_version, needs, paginate, updates
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.files import MAX_BYTES
from openprm.payouts import queries, services
from openprm.payouts.api.schemas import BalanceOut, DeskOut, PayoutOut, PayoutQuery, PrepareIn, ReasonIn, RunOut, RunQuery, RunRowOut, StatementOut

desk = Router(tags=["Payouts"])
runs = Router(tags=["Payouts"])
payouts = Router(tags=["Payouts"])
files = Router(tags=["Payouts"])
statements = Router(tags=["Payouts"])


def read_file(file: UploadedFile) -> tuple[str, bytes]:
    """A sent file as name and bytes. Raises Invalid above the limit, before it is read."""
    if (file.size or 0) > MAX_BYTES:
        raise Invalid(f"The file is larger than {MAX_BYTES // 2**20} MB.", field="file", code="too_large")
    return file.name or "file", file.read()


def _run(request: HttpRequest, response: HttpResponse, run_id: UUID) -> Any:
    found = queries.run(request.auth, run_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


def _payout(request: HttpRequest, response: HttpResponse, payout_id: UUID) -> Any:
    read = queries.payout if request.auth.sees_all_partners else queries.partner_payout
    found = read(request.auth, payout_id)
    response["ETag"] = etag_of(found.version)
    return found


@desk.get("", response=DeskOut, summary="Read the payments desk")
@needs("payouts.prepare")
def get_payments_desk(request: HttpRequest):
    """What is due over all sources, what stands in the way, and that the books say the same."""
    return queries.desk(request.auth, request.at)


@desk.get("/own", response=BalanceOut, summary="Read one's own balance")
@needs("payouts.view")
def get_own_balance(request: HttpRequest):
    """For a partner: what waits and why, what is on its way, what was paid this year."""
    return queries.balance(request.auth, request.at)


@runs.get("", response=Page[RunRowOut], summary="List payout runs")
@needs("payouts.view")
def list_payout_runs(request: HttpRequest, query: Query[RunQuery]):
    found = paginate(queries.newest_runs(request.auth, {"state": query.state} if query.state else {}), query.cursor, query.limit)
    return {"items": queries.run_rows(found.items), "next_cursor": found.next_cursor}


@runs.post("", response={201: RunOut}, summary="Prepare a payout run")
@needs("payouts.prepare")
@idempotent
def prepare_payout_run(request: HttpRequest, data: PrepareIn, response: HttpResponse):
    run_id = services.prepare(actor=request.auth, at=request.at, **data.dict())
    return Status(201, _run(request, response, run_id))


@runs.get("/{uuid:run_id}", response=RunOut, summary="Read a payout run")
@needs("payouts.view")
def get_payout_run(request: HttpRequest, run_id: UUID, response: HttpResponse):
    if not request.auth.sees_all_partners:
        raise NotFound()
    return _run(request, response, run_id)


@runs.post("/{uuid:run_id}/approve", response=RunOut, summary="Approve a payout run")
@needs("payouts.approve")
@idempotent
@updates
def approve_payout_run(request: HttpRequest, run_id: UUID, response: HttpResponse):
    services.approve(actor=request.auth, run_id=run_id, version=matched_version(request), at=request.at)
    return _run(request, response, run_id)


@runs.post("/{uuid:run_id}/send", response=RunOut, summary="Send a payout run")
@needs("payouts.prepare")
@idempotent
@updates
def send_payout_run(request: HttpRequest, run_id: UUID, response: HttpResponse):
    services.send(actor=request.auth, run_id=run_id, version=matched_version(request), at=request.at)
    return _run(request, response, run_id)


@runs.post("/{uuid:run_id}/cancel", response=RunOut, summary="Cancel a payout run")
@needs("payouts.prepare")
@idempotent
@updates
def cancel_payout_run(request: HttpRequest, run_id: UUID, data: ReasonIn, response: HttpResponse):
    services.cancel(actor=request.auth, run_id=run_id, reason=data.reason, version=matched_version(request), at=request.at)
    return _run(request, response, run_id)


@payouts.get("", response=Page[PayoutOut], summary="List payments")
@needs("payouts.view")
def list_payouts(request: HttpRequest, query: Query[PayoutQuery]):
    wanted = {"state": query.state, "partner": query.partner_id}
    found = paginate(queries.newest_payouts(request.auth, {name: value for name, value in wanted.items() if value}), query.cursor, query.limit)
    return {"items": [queries.payout_of(request.auth, row) for row in found.items], "next_cursor": found.next_cursor}


@payouts.get("/{uuid:payout_id}", response=PayoutOut, summary="Read a payment")
@needs("payouts.view")
def get_payout(request: HttpRequest, payout_id: UUID, response: HttpResponse):
    return _payout(request, response, payout_id)


@payouts.post("/{uuid:payout_id}/take-out", response=PayoutOut, summary="Take a payment out of its run")
@needs("payouts.prepare")
@idempotent
def take_out_payout(request: HttpRequest, payout_id: UUID, data: ReasonIn, response: HttpResponse):
    services.take_out(actor=request.auth, payout_id=payout_id, reason=data.reason, at=request.at)
    return _payout(request, response, payout_id)


@payouts.post("/{uuid:payout_id}/settle", response=PayoutOut, summary="Say that a payment arrived")
@needs("payouts.prepare")
@idempotent
def settle_payout(request: HttpRequest, payout_id: UUID, response: HttpResponse):
    services.settle(actor=request.auth, payout_id=payout_id, at=request.at)
    return _payout(request, response, payout_id)


@payouts.post("/{uuid:payout_id}/send-back", response=PayoutOut, summary="Say that a payment came back")
@needs("payouts.prepare")
@idempotent
def send_back_payout(request: HttpRequest, payout_id: UUID, data: ReasonIn, response: HttpResponse):
    services.send_back(actor=request.auth, payout_id=payout_id, reason=data.reason, at=request.at)
    return _payout(request, response, payout_id)


@files.post("/{uuid:file_id}/hand-over", response=RunOut, summary="Say that a payment file was given to the bank")
@needs("payouts.prepare")
@idempotent
def hand_over_payment_file(request: HttpRequest, file_id: UUID, response: HttpResponse):
    run_id = queries.run_of_file(request.auth, file_id)
    services.hand_over(actor=request.auth, file_id=file_id, at=request.at)
    return _run(request, response, run_id)


@statements.get("", response=list[StatementOut], summary="List bank statements")
@needs("payouts.prepare")
def list_bank_statements(request: HttpRequest):
    return list(queries.statements(request.auth))


@statements.post("", response={201: list[StatementOut]}, summary="Read a bank statement in")
@needs("payouts.prepare")
@idempotent
def read_bank_statement(request: HttpRequest, file: File[UploadedFile]):
    name, content = read_file(file)
    services.read_statement(actor=request.auth, name=name, content=content, at=request.at)
    return Status(201, list(queries.statements(request.auth))[:1])
