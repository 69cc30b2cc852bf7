"""Tax forms and invoices with their files, over the API."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Status, UploadedFile

from openprm.kernel.api import IdOut, idempotent, needs
from openprm.kernel.api.bodies import refuse_unstorable
from openprm.kernel.errors import NotFound
from openprm.payouts import services
from openprm.payouts.api.runs import read_file

papers = Router(tags=["Payouts"])


def _own(request: HttpRequest) -> UUID:
    if request.auth.partner_id is None:
        raise NotFound()
    return request.auth.partner_id


@papers.post("/tax-forms", response={201: IdOut}, summary="Hand in a tax form")
@needs("payouts.give")
@idempotent
def submit_tax_form(
    request: HttpRequest,
    kind: str = Form(..., max_length=6),
    name: str = Form(..., max_length=140),
    number: str = Form(..., max_length=40),
    country: str = Form("", max_length=2),
    signed_on: date | None = Form(None),  # noqa: B008
    file: File[UploadedFile] = None,
):
    refuse_unstorable([kind, name, number, country])
    values = {"kind": kind, "name": name, "number": number, "country": country, "signed_on": signed_on}
    form_id = services.submit_form(actor=request.auth, partner_id=_own(request), values=values, file=read_file(file) if file else None, at=request.at)
    return Status(201, {"id": form_id})


@papers.post("/invoices", response={201: IdOut}, summary="Send an invoice for a payment")
@needs("payouts.give")
@idempotent
def send_payee_invoice(
    request: HttpRequest,
    file: File[UploadedFile],
    number: str = Form(..., max_length=60),
    issued_on: date = Form(...),  # noqa: B008
    amount_minor: int = Form(..., ge=1, le=10**15),
    currency: str = Form(..., max_length=3),
):
    refuse_unstorable([number, currency])
    values = {"number": number, "issued_on": issued_on, "amount_minor": amount_minor, "currency": currency}
    invoice_id = services.send_invoice(actor=request.auth, partner_id=_own(request), values=values, file=read_file(file), at=request.at)
    return Status(201, {"id": invoice_id})
