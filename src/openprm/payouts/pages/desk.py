"""The vendor's desk, runs and payments."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.kernel.http import Request, done, page
from openprm.payouts import queries, remittance, services
from openprm.payouts.pages import forms
from openprm.payouts.pages.common import attempt, download, file_of, uuid_of, version_of
from openprm.payouts.pages.computed import draw_desk


def prepare(request: Request) -> HttpResponse:
    """A run over everybody, or over the one partner that the button names."""
    form = forms.PrepareForm(request.POST)
    only = uuid_of(request.POST.get("partner"))

    def act(values: Mapping[str, Any]) -> UUID:
        return services.prepare(
            actor=request.actor, pay_on=values["pay_on"], note=values["note"], partner_ids=[only] if only else None,
            conversions=form.conversions(), at=request.at,
        )  # fmt: skip

    run_id, status = attempt(form, act)
    if status:
        return draw_desk(request, form, status)
    return done(request, reverse("payouts:run", args=[run_id]), _("Run prepared"), _("Somebody else approves it."))


def run(request: Request, run_id: UUID) -> HttpResponse:
    return _run(request, run_id)


def _run(request: Request, run_id: UUID, form: Any = None, status: int = 200) -> HttpResponse:
    return page(
        request, "payouts/vendor/run.html", status=status, run=queries.run(request.actor, run_id, request.at), form=form or forms.ReasonForm(),
        timeline=audit.timeline(request.actor, run_id, limit=20),
    )  # fmt: skip


def approve(request: Request, run_id: UUID) -> HttpResponse:
    services.approve(actor=request.actor, run_id=run_id, version=version_of(request), at=request.at)
    return done(request, reverse("payouts:run", args=[run_id]), _("Run approved"), _("It can be sent."))


def cancel(request: Request, run_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST)

    def act(values: Mapping[str, Any]) -> None:
        services.cancel(actor=request.actor, run_id=run_id, reason=values["reason"], version=version_of(request), at=request.at)

    _result, status = attempt(form, act)
    if status:
        return _run(request, run_id, form, status)
    return done(request, reverse("payouts:run", args=[run_id]), _("Run canceled"), _("Everything in it is due again."))


def send(request: Request, run_id: UUID) -> HttpResponse:
    services.send(actor=request.actor, run_id=run_id, version=version_of(request), at=request.at)
    return done(request, reverse("payouts:run", args=[run_id]), _("Run sent"), _("Give the files to your bank; the provider is told by itself."))


def payout(request: Request, payout_id: UUID) -> HttpResponse:
    return _payout(request, payout_id)


def _payout(request: Request, payout_id: UUID, form: Any = None, status: int = 200) -> HttpResponse:
    return page(
        request, "payouts/vendor/payout.html", status=status, payout=queries.payout(request.actor, payout_id), form=form or forms.ReasonForm(),
        timeline=audit.timeline(request.actor, payout_id, limit=20),
    )  # fmt: skip


def take_out(request: Request, payout_id: UUID) -> HttpResponse:
    return _with_reason(request, payout_id, services.take_out, _("Payment taken out"))


def settle(request: Request, payout_id: UUID) -> HttpResponse:
    services.settle(actor=request.actor, payout_id=payout_id, at=request.at)
    return done(request, reverse("payouts:payout", args=[payout_id]), _("Payment settled"))


def send_back(request: Request, payout_id: UUID) -> HttpResponse:
    return _with_reason(request, payout_id, services.send_back, _("Payment returned to the balance"))


def _with_reason(request: Request, payout_id: UUID, service: Any, said: str) -> HttpResponse:
    form = forms.ReasonForm(request.POST)
    _result, status = attempt(form, lambda values: service(actor=request.actor, payout_id=payout_id, reason=values["reason"], at=request.at))
    if status:
        return _payout(request, payout_id, form, status)
    return done(request, reverse("payouts:payout", args=[payout_id]), said)


def advice(request: Request, payout_id: UUID) -> HttpResponse:
    found = queries.payout(request.actor, payout_id)
    return download(f"{found.number.lower()}.pdf", "application/pdf", remittance.advice(found, to=found.payee_name))


def file(request: Request, file_id: UUID) -> HttpResponse:
    name, content_type, content = services.open_file(actor=request.actor, file_id=file_id, at=request.at)
    return download(name, content_type, content)


def hand_over(request: Request, file_id: UUID) -> HttpResponse:
    run_id = queries.run_of_file(request.actor, file_id)
    services.hand_over(actor=request.actor, file_id=file_id, at=request.at)
    return done(request, reverse("payouts:run", args=[run_id]), _("File given to the bank"), _("Its payments are on their way."))


def statements(request: Request) -> HttpResponse:
    form = forms.StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        name, content = file_of(request) or ("statement", b"")
        _result, status = attempt(form, lambda values: services.read_statement(actor=request.actor, name=name, content=content, at=request.at))
        if not status:
            return done(request, reverse("payouts:statements"), _("Statement read"))
        return _statements(request, form, status)
    return _statements(request, form)


def _statements(request: Request, form: Any, status: int = 200) -> HttpResponse:
    return page(
        request, "payouts/vendor/statements.html", status=status, form=form, rows=queries.statements(request.actor), tab="statements",
        may_read=request.actor.can("payouts.prepare"),
    )  # fmt: skip
