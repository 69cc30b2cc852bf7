"""The partner's side: its payments, and how it is paid."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import parse_amount
from openprm.payouts import queries, remittance, services
from openprm.payouts.pages import forms
from openprm.payouts.pages.common import attempt, download, file_of, version_of

PROFILE = "payouts:portal_profile"


def _own(request: Request) -> UUID:
    if request.actor.partner_id is None:
        raise NotFound()
    return request.actor.partner_id


def payout(request: Request, payout_id: UUID) -> HttpResponse:
    return page(request, "payouts/partner/payout.html", payout=queries.partner_payout(request.actor, payout_id))


def advice(request: Request, payout_id: UUID) -> HttpResponse:
    found = queries.partner_payout(request.actor, payout_id)
    to = queries.payee(request.actor, _own(request), request.at).legal_name
    return download(f"{found.number.lower()}.pdf", "application/pdf", remittance.advice(found, to=to))


def profile(request: Request) -> HttpResponse:
    return _profile(request)


def _profile(request: Request, status: int = 200, **bound: Any) -> HttpResponse:
    found = queries.payee(request.actor, _own(request), request.at)
    initial = {name: getattr(found, name) for name in ("kind", "legal_name", "street", "postal_code", "city", "country", "method", "provider_account")}
    made = {
        "payee_form": forms.PayeeForm(initial=initial, auto_id="id_p_%s"),
        "account_form": forms.AccountForm(initial={"holder": found.legal_name}, auto_id="id_a_%s"),
        "tax_form": forms.TaxFormForm(initial={"kind": found.needs_form, "name": found.legal_name, "country": found.country}, auto_id="id_t_%s"),
        "invoice_form": forms.InvoiceForm(auto_id="id_i_%s"),
        "code_form": forms.CodeForm(auto_id="id_c_%s"),
    }
    return page(request, "payouts/partner/profile.html", status=status, payee=found, may_give=found.why_not_give is None, **(made | bound))


def save_payee(request: Request) -> HttpResponse:
    form = forms.PayeeForm(request.POST, auto_id="id_p_%s")

    def act(values: Mapping[str, Any]) -> UUID:
        return services.save_payee(actor=request.actor, partner_id=_own(request), values=values, version=version_of(request), at=request.at)

    _result, status = attempt(form, act)
    return _profile(request, status, payee_form=form) if status else done(request, reverse(PROFILE), _("Profile kept"))


def enter_account(request: Request) -> HttpResponse:
    form = forms.AccountForm(request.POST, auto_id="id_a_%s")
    _result, status = attempt(form, lambda values: services.enter_account(actor=request.actor, partner_id=_own(request), values=values, at=request.at))
    if status:
        return _profile(request, status, account_form=form)
    return done(request, reverse(PROFILE), _("Account entered"), _("It is paid to once it is verified. Every administrator of your team was told."))


def confirm(request: Request, account_id: UUID) -> HttpResponse:
    form = forms.CodeForm(request.POST, auto_id="id_c_%s")
    wrong, status = attempt(form, lambda values: services.confirm_code(actor=request.actor, account_id=account_id, code=values["code"], at=request.at))
    if wrong:
        form.add_error("code", wrong)
        status = 422
    return _profile(request, status, code_form=form) if status else done(request, reverse(PROFILE), _("Account verified"))


def submit_form(request: Request) -> HttpResponse:
    form = forms.TaxFormForm(request.POST, request.FILES, auto_id="id_t_%s")

    def act(values: Mapping[str, Any]) -> UUID:
        return services.submit_form(actor=request.actor, partner_id=_own(request), values=values, file=file_of(request), at=request.at)

    _result, status = attempt(form, act)
    return _profile(request, status, tax_form=form) if status else done(request, reverse(PROFILE), _("Form handed in"))


def send_invoice(request: Request) -> HttpResponse:
    form = forms.InvoiceForm(request.POST, request.FILES, auto_id="id_i_%s")

    def act(values: Mapping[str, Any]) -> UUID:
        amount = parse_amount(values["amount"], values["currency"], request.actor.locale)
        given = {**values, "amount_minor": amount.minor}
        return services.send_invoice(actor=request.actor, partner_id=_own(request), values=given, file=file_of(request), at=request.at)

    _result, status = attempt(form, act)
    return _profile(request, status, invoice_form=form) if status else done(request, reverse(PROFILE), _("Invoice sent"))


def refresh(request: Request) -> HttpResponse:
    try:
        ready = services.refresh_account(actor=request.actor, partner_id=_own(request), at=request.at)
    except Invalid as refusal:
        return done(request, reverse(PROFILE), str(refusal))
    return done(request, reverse(PROFILE), _("The provider pays out to you") if ready else _("The provider still asks for something"))


def document(request: Request, document_id: UUID) -> HttpResponse:
    row, opened = queries.open_document(request.actor, document_id)
    with opened:
        return download(row.name, row.content_type, opened.read())
