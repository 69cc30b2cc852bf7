"""Payees, their accounts and papers, and the accounts that are paid from, over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from openprm.kernel.api import etag_of, idempotent, matched_version, needs, updates
from openprm.kernel.errors import NotFound
from openprm.payouts import queries, services
from openprm.payouts.api.schemas import (
    AccountIn,
    AccountOut,
    CheckIn,
    CodeIn,
    CodeOut,
    DepositOut,
    EvidenceIn,
    PayeeIn,
    PayeeListOut,
    PayeeOut,
    PayeeState,
    PayingIn,
    PayingOut,
    RejectIn,
    TaxFormOut,
)

payees = Router(tags=["Payouts"])
accounts = Router(tags=["Payouts"])
forms = Router(tags=["Payouts"])
paying = Router(tags=["Payouts"])


def _own(request: HttpRequest) -> UUID:
    if request.auth.partner_id is None:
        raise NotFound()
    return request.auth.partner_id


def _payee(request: HttpRequest, response: HttpResponse, partner_id: UUID) -> Any:
    found = queries.payee(request.auth, partner_id, request.at)
    response["ETag"] = etag_of(found.version)
    return found


@payees.get("", response=PayeeListOut, summary="List the payees")
@needs("payouts.view")
def list_payees(request: HttpRequest, state: PayeeState | None = None):
    """Those with something to verify first, then by name. A partner reads itself."""
    return {"items": queries.narrowed_payees(queries.payees(request.auth), "", {"state": (state,)} if state else {})}


@payees.get("/{uuid:partner_id}", response=PayeeOut, summary="Read a payee profile")
@needs("payouts.view")
def get_payee(request: HttpRequest, partner_id: UUID, response: HttpResponse):
    return _payee(request, response, partner_id)


@payees.put("/own", response=PayeeOut, summary="Keep one's payee profile")
@needs("payouts.give")
@idempotent
def save_payee(request: HttpRequest, data: PayeeIn, response: HttpResponse):
    services.save_payee(actor=request.auth, partner_id=_own(request), values=data.dict(), at=request.at)
    return _payee(request, response, _own(request))


@payees.post("/{uuid:partner_id}/refresh", response=PayeeOut, summary="Ask the provider about a payee")
@needs("payouts.view")
@idempotent
def refresh_payee(request: HttpRequest, partner_id: UUID, response: HttpResponse):
    services.refresh_account(actor=request.auth, partner_id=partner_id, at=request.at)
    return _payee(request, response, partner_id)


@accounts.post("", response={201: AccountOut}, summary="Enter a bank account")
@needs("payouts.give")
@idempotent
def enter_bank_account(request: HttpRequest, data: AccountIn):
    account_id = services.enter_account(actor=request.auth, partner_id=_own(request), values=data.dict(), at=request.at)
    return Status(201, queries.account(request.auth, account_id, request.at))


@accounts.get("/{uuid:account_id}", response=AccountOut, summary="Read a bank account")
@needs("payouts.view")
def get_bank_account(request: HttpRequest, account_id: UUID):
    return queries.account(request.auth, account_id, request.at)


@accounts.post("/{uuid:account_id}/deposit", response=DepositOut, summary="Begin to verify by a deposit")
@needs("payouts.check")
@idempotent
def start_deposit(request: HttpRequest, account_id: UUID):
    return {"code": services.start_verifying(actor=request.auth, account_id=account_id, at=request.at)}


@accounts.post("/{uuid:account_id}/code", response=CodeOut, summary="Give the code of the deposit")
@needs("payouts.give")
@idempotent
def confirm_deposit(request: HttpRequest, account_id: UUID, data: CodeIn):
    wrong = services.confirm_code(actor=request.auth, account_id=account_id, code=data.code, at=request.at)
    return {"verified": wrong is None, "message": wrong or ""}


@accounts.post("/{uuid:account_id}/verify", response=AccountOut, summary="Verify a bank account with evidence")
@needs("payouts.check")
@idempotent
def verify_bank_account(request: HttpRequest, account_id: UUID, data: EvidenceIn):
    services.verify_by_person(actor=request.auth, account_id=account_id, evidence=data.evidence, at=request.at)
    return queries.account(request.auth, account_id, request.at)


@accounts.post("/{uuid:account_id}/reject", response=AccountOut, summary="Reject a bank account")
@needs("payouts.check")
@idempotent
def reject_bank_account(request: HttpRequest, account_id: UUID, data: RejectIn):
    services.reject_account(actor=request.auth, account_id=account_id, reason=data.reason, at=request.at)
    return queries.account(request.auth, account_id, request.at)


@forms.post("/{uuid:form_id}/check", response=TaxFormOut, summary="Accept or reject a tax form")
@needs("payouts.check")
@idempotent
def check_tax_form(request: HttpRequest, form_id: UUID, data: CheckIn):
    services.check_form(actor=request.auth, form_id=form_id, accepted=data.accepted, note=data.note, at=request.at)
    return queries.form(request.auth, form_id)


@paying.get("", response=list[PayingOut], summary="List paying accounts")
@needs("payouts.configure")
def list_paying_accounts(request: HttpRequest):
    return list(queries.paying_accounts(request.auth))


@paying.post("", response={201: PayingOut}, summary="Add a paying account")
@needs("payouts.configure")
@idempotent
def add_paying_account(request: HttpRequest, data: PayingIn):
    account_id = services.save_account(actor=request.auth, values=data.dict(), at=request.at)
    return Status(201, next(row for row in queries.paying_accounts(request.auth) if row.id == account_id))


@paying.put("/{uuid:account_id}", response=PayingOut, summary="Change a paying account")
@needs("payouts.configure")
@idempotent
@updates
def change_paying_account(request: HttpRequest, account_id: UUID, data: PayingIn, response: HttpResponse):
    services.save_account(actor=request.auth, values=data.dict(), account_id=account_id, version=matched_version(request), at=request.at)
    found = next(row for row in queries.paying_accounts(request.auth) if row.id == account_id)
    response["ETag"] = etag_of(found.version)
    return found


@paying.delete("/{uuid:account_id}", response={204: None}, summary="Switch a paying account off")
@needs("payouts.configure")
@idempotent
def remove_paying_account(request: HttpRequest, account_id: UUID):
    services.switch_off(actor=request.auth, account_id=account_id, at=request.at)
    return Status(204, None)
