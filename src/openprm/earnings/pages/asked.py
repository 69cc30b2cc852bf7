"""Adjustments, bounties and statements on their pages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.earnings import queries, services
from openprm.earnings.engine.pdf import draw_statement
from openprm.earnings.pages import forms
from openprm.earnings.pages.common import attempt, download, file_of, uuid_of, version_of
from openprm.earnings.services import Proof
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import parse_amount


def statement(request: Request, statement_id: UUID) -> HttpResponse:
    """A sealed month as PDF: the same bytes whenever it is asked for."""
    found = queries.statement(request.actor, statement_id)
    return download(draw_statement(found.content, found.sha256), "application/pdf", f"statement-{found.month:%Y-%m}-{found.currency}.pdf")


def new_adjustment(request: Request) -> HttpResponse:
    form = forms.AdjustmentForm(request.POST or None, auto_id="id_adjustment_%s", initial={"partner_id": request.GET.get("partner", "")})
    if request.method == "POST":
        _result, status = attempt(form, lambda values: _propose(request, values))
        if not status:
            return done(request, reverse("earnings:adjustments"), _("Proposed"), _("Somebody else approves it."))
        return page(request, "earnings/vendor/adjustment_new.html", status=status, form=form)
    return page(request, "earnings/vendor/adjustment_new.html", form=form)


def _propose(request: Request, values: Mapping[str, Any]) -> Any:
    partner_id, currency = uuid_of(values["partner_id"]), values["currency"].upper()
    if partner_id is None:
        raise Invalid(_("Choose a partner."), field="partner_id")
    minor = parse_amount(values["amount"], currency, request.actor.locale).minor
    return services.propose_adjustment(
        actor=request.actor, partner_id=partner_id, amount_minor=minor, currency=currency, reason=values["reason"], at=request.at
    )


def adjustment(request: Request, adjustment_id: UUID) -> HttpResponse:
    return _adjustment(request, adjustment_id, forms.DecideForm(auto_id="id_decide_%s"))


def _adjustment(request: Request, adjustment_id: UUID, form: forms.DecideForm, status: int = 200) -> HttpResponse:
    return page(request, "earnings/vendor/adjustment.html", status=status, found=queries.adjustment(request.actor, adjustment_id), form=form)


def decide_adjustment(request: Request, adjustment_id: UUID) -> HttpResponse:
    form = forms.DecideForm(request.POST, auto_id="id_decide_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.decide_adjustment(
            actor=request.actor, adjustment_id=adjustment_id, approve=values["outcome"] == "approve", reason=values["reason"], version=version_of(request),
            at=request.at,
        )  # fmt: skip

    _result, status = attempt(form, act)
    if status:
        return _adjustment(request, adjustment_id, form, status)
    return done(request, reverse("earnings:adjustment", args=[adjustment_id]), _("Decided"))


def withdraw_adjustment(request: Request, adjustment_id: UUID) -> HttpResponse:
    services.withdraw_adjustment(actor=request.actor, adjustment_id=adjustment_id, version=version_of(request), at=request.at)
    return done(request, reverse("earnings:adjustments"), _("Taken back"))


def bounty(request: Request, bounty_id: UUID) -> HttpResponse:
    return _bounty(request, bounty_id, {})


def _bounty(request: Request, bounty_id: UUID, held: Mapping[str, Any], status: int = 200, opened: str = "") -> HttpResponse:
    dialogs = {"accept": forms.NoteForm(auto_id="id_accept_%s"), "reject": forms.RejectForm(auto_id="id_reject_%s"), **held}
    template = "earnings/vendor/bounty.html" if request.actor.is_vendor else "earnings/partner/bounty.html"
    found = queries.bounty(request.actor, bounty_id, request.at)
    return page(request, template, status=status, found=found, dialogs=dialogs, opened=opened or request.GET.get("do", ""))


def accept_bounty(request: Request, bounty_id: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST, auto_id="id_accept_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.accept_bounty(actor=request.actor, bounty_id=bounty_id, note=values["reason"], version=version_of(request), at=request.at)

    _result, status = attempt(form, act)
    return (
        _bounty(request, bounty_id, {"accept": form}, status, "accept")
        if status
        else done(request, reverse("earnings:bounty", args=[bounty_id]), _("Accepted"))
    )


def reject_bounty(request: Request, bounty_id: UUID) -> HttpResponse:
    form = forms.RejectForm(request.POST, auto_id="id_reject_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.reject_bounty(actor=request.actor, bounty_id=bounty_id, version=version_of(request), at=request.at, **values)

    _result, status = attempt(form, act)
    return (
        _bounty(request, bounty_id, {"reject": form}, status, "reject")
        if status
        else done(request, reverse("earnings:bounty", args=[bounty_id]), _("Rejected"))
    )


def withdraw_bounty(request: Request, bounty_id: UUID) -> HttpResponse:
    services.withdraw_bounty(actor=request.actor, bounty_id=bounty_id, version=version_of(request), at=request.at)
    return done(request, reverse("earnings:portal_bounties"), _("Taken back"))


def bounty_proof(request: Request, bounty_id: UUID) -> HttpResponse:
    found = queries.open_proof(request.actor, bounty_id)
    with found.file as file:
        return download(file.read(), found.content_type, found.name)


def new_bounty(request: Request) -> HttpResponse:
    form = forms.bounty_form(request.actor, request.at, *((request.POST, request.FILES) if request.method == "POST" else ()))
    status = 200
    if request.method == "POST":
        _result, status = attempt(form, lambda values: _submit(request, values))
        if not status:
            return done(request, reverse("earnings:portal_bounties"), _("Sent"), _("You are told as soon as somebody has looked at it."))
    return page(request, "earnings/partner/bounty_new.html", status=status, form=form, open=queries.open_bounties(request.actor, request.at))


def _submit(request: Request, values: Mapping[str, Any]) -> Any:
    sent, plan_id = file_of(request, "proof"), uuid_of(values["plan_id"])
    if plan_id is None:
        raise Invalid(_("Choose a bounty."), field="plan_id")
    return services.submit_bounty(
        actor=request.actor, plan_id=plan_id, title=values["title"], happened_on=values["happened_on"], note=values["note"], link=values["link"],
        proof=Proof(name=sent[0], content=sent[1]) if sent else None, at=request.at,
    )  # fmt: skip
