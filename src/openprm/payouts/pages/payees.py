"""Payees in the vendor's workspace, the accounts that the vendor pays from, and the provider's door."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from openprm.audit import queries as audit
from openprm.kernel.api.problems import PROBLEM_JSON, problem_of
from openprm.kernel.countries import country_name
from openprm.kernel.errors import Invalid, NotFound, Refusal
from openprm.kernel.http import Request, done, page
from openprm.payouts import queries, services
from openprm.payouts.pages import forms
from openprm.payouts.pages.common import attempt, download, file_of, version_of

LARGEST_EVENT = 300_000


def payee(request: Request, partner_id: UUID) -> HttpResponse:
    return _payee(request, partner_id)


def _payee(request: Request, partner_id: UUID, *, bound: Any = None, about: UUID | None = None, status: int = 200) -> HttpResponse:
    found = queries.payee(request.actor, partner_id, request.at)
    may = found.why_not_check is None
    codes = {one.id: services.deposit_code(actor=request.actor, account_id=one.id) for one in found.accounts if may and one.state == "verifying"}
    return page(
        request, "payouts/vendor/payee.html", status=status, payee=found, country=country_name(found.country), may_check=may,
        accounts=[
            (one, codes.get(one.id, ""), _own(bound, about, one.id, forms.EvidenceForm), _own(bound, about, one.id, forms.RejectForm))
            for one in found.accounts
        ],
        tax_forms=[(one, _own(bound, about, one.id, forms.FormCheckForm)) for one in found.forms],
        timeline=audit.timeline(request.actor, partner_id, limit=10),
    )  # fmt: skip


def _own(bound: Any, about: UUID | None, row_id: UUID, kind: Any) -> Any:
    """The form that came back for this row, or an empty one."""
    return bound if about == row_id and isinstance(bound, kind) else kind(auto_id=f"id_{str(row_id)[-6:]}_{kind.__name__}_%s")


def _back(request: Request, partner_id: UUID, said: str, more: str = "") -> HttpResponse:
    return done(request, reverse("payouts:payee", args=[partner_id]), said, more)


def start_verifying(request: Request, account_id: UUID) -> HttpResponse:
    partner_id = queries.account(request.actor, account_id, request.at).partner_id
    services.start_verifying(actor=request.actor, account_id=account_id, version=version_of(request), at=request.at)
    return _back(request, partner_id, _("Verification begun"), _("Send the smallest amount with the code in its reference."))


def verify(request: Request, account_id: UUID) -> HttpResponse:
    partner_id = queries.account(request.actor, account_id, request.at).partner_id
    form = forms.EvidenceForm(request.POST, request.FILES)

    def act(values: Mapping[str, Any]) -> None:
        services.verify_by_person(
            actor=request.actor, account_id=account_id, evidence=values["evidence"], file=file_of(request), version=version_of(request), at=request.at
        )  # fmt: skip

    _result, status = attempt(form, act)
    return _payee(request, partner_id, bound=form, about=account_id, status=status) if status else _back(request, partner_id, _("Account verified"))


def reject(request: Request, account_id: UUID) -> HttpResponse:
    partner_id = queries.account(request.actor, account_id, request.at).partner_id
    form = forms.RejectForm(request.POST)

    def act(values: Mapping[str, Any]) -> None:
        services.reject_account(actor=request.actor, account_id=account_id, reason=values["reason"], version=version_of(request), at=request.at)

    _result, status = attempt(form, act)
    return _payee(request, partner_id, bound=form, about=account_id, status=status) if status else _back(request, partner_id, _("Account rejected"))


def check_form(request: Request, form_id: UUID) -> HttpResponse:
    partner_id = queries.form(request.actor, form_id).partner_id
    form = forms.FormCheckForm(request.POST)

    def act(values: Mapping[str, Any]) -> None:
        services.check_form(
            actor=request.actor, form_id=form_id, accepted=values["accepted"] == "yes", note=values["note"], version=version_of(request), at=request.at
        )  # fmt: skip

    _result, status = attempt(form, act)
    return _payee(request, partner_id, bound=form, about=form_id, status=status) if status else _back(request, partner_id, _("Form checked"))


def refresh(request: Request, partner_id: UUID) -> HttpResponse:
    ready = services.refresh_account(actor=request.actor, partner_id=partner_id, at=request.at)
    return _back(request, partner_id, _("The provider pays out to it") if ready else _("The provider does not pay out to it yet"))


def document(request: Request, document_id: UUID) -> HttpResponse:
    row, opened = queries.open_document(request.actor, document_id)
    with opened:
        return download(row.name, row.content_type, opened.read())


def paying(request: Request) -> HttpResponse:
    """The accounts that the vendor pays from."""
    may = request.actor.can("payouts.configure")
    form = forms.PayingForm(request.POST or None)
    status = 200
    if request.method == "POST":
        _result, status = attempt(form, lambda values: services.save_account(actor=request.actor, values=values, at=request.at))
        if not status:
            return done(request, reverse("payouts:paying"), _("Paying account kept"))
    return page(
        request, "payouts/settings/paying.html", status=status, form=form if may else None, rows=queries.paying_accounts(request.actor),
        event_url=request.build_absolute_uri(reverse("payouts:provider_event", args=["stripe"])),
    )  # fmt: skip


def paying_off(request: Request, account_id: UUID) -> HttpResponse:
    services.switch_off(actor=request.actor, account_id=account_id, at=request.at)
    return done(request, reverse("payouts:paying"), _("Switched off"))


@csrf_exempt
def provider_event(request: Request, code: str) -> HttpResponse:
    """The provider's signed events: 200 for what was taken or known, a problem for what is refused."""
    try:
        kind = services.kind_of(code)
        if int(request.headers.get("Content-Length") or 0) > LARGEST_EVENT:
            raise Invalid(_("The event is larger than %(limit)s bytes.") % {"limit": LARGEST_EVENT}, code="body_too_large")
        outcome = services.receive_event(code=code, header=request.headers.get(kind.signature_header, ""), body=request.body, at=request.at)
    except NotFound:
        raise
    except Refusal as refusal:
        return JsonResponse(problem_of(refusal), status=refusal.status, content_type=PROBLEM_JSON)
    return JsonResponse({"outcome": outcome})
