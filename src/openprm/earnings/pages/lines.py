"""One line on both sides, its proof, and what finance does with it."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.earnings import queries, services
from openprm.earnings.pages import forms
from openprm.earnings.pages.common import attempt, download, version_of
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import parse_amount

ENTRIES = 40


def earning(request: Request, earning_id: UUID) -> HttpResponse:
    return _detail(request, earning_id, opened=request.GET.get("do", ""))


def _detail(request: Request, earning_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The vendor's page of a line; `held` puts forms with their problems back, `opened` shows their dialog."""
    found, held = queries.earning_for_vendor(request.actor, earning_id), held or {}
    dialogs = {
        "approve": forms.NoteForm(auto_id="id_approve_%s"), "decline": forms.ReasonForm(auto_id="id_decline_%s"),
        "hold": forms.ReasonForm(auto_id="id_hold_%s"), "clawback": forms.ClawbackForm(auto_id="id_clawback_%s"), **held,
    }  # fmt: skip
    resolving = [(alert, held.get(str(alert.id)) or forms.AlertForm(auto_id=f"id_{alert.id}_%s")) for alert in found.alerts]
    return page(
        request, "earnings/vendor/earning.html", status=status, found=found, line=found.line, dialogs=dialogs, resolving=resolving, opened=opened,
        timeline=audit.timeline(request.actor, earning_id, limit=ENTRIES),
    )  # fmt: skip


def _act(request: Request, earning_id: UUID, name: str, form: django_forms.Form, act: Callable[[Mapping[str, Any]], Any], title: str) -> HttpResponse:
    _result, status = attempt(form, act)
    if status:
        return _detail(request, earning_id, opened=name, held={name: form}, status=status)
    return done(request, reverse("earnings:earning", args=[earning_id]), title)


def approve(request: Request, earning_id: UUID) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> Any:
        return services.approve(actor=request.actor, earning_id=earning_id, reason=values["reason"], version=version_of(request), at=request.at)

    return _act(request, earning_id, "approve", forms.NoteForm(request.POST, auto_id="id_approve_%s"), act, _("Approved"))


def decline(request: Request, earning_id: UUID) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> Any:
        return services.decline(actor=request.actor, earning_id=earning_id, reason=values["reason"], version=version_of(request), at=request.at)

    return _act(request, earning_id, "decline", forms.ReasonForm(request.POST, auto_id="id_decline_%s"), act, _("Declined"))


def hold(request: Request, earning_id: UUID) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> Any:
        return services.hold(actor=request.actor, earning_id=earning_id, reason=values["reason"], version=version_of(request), at=request.at)

    return _act(request, earning_id, "hold", forms.ReasonForm(request.POST, auto_id="id_hold_%s"), act, _("On hold"))


def release(request: Request, earning_id: UUID) -> HttpResponse:
    services.release(actor=request.actor, earning_id=earning_id, version=version_of(request), at=request.at)
    return done(request, reverse("earnings:earning", args=[earning_id]), _("Released"))


def claw_back(request: Request, earning_id: UUID) -> HttpResponse:
    currency = queries.earning_for_vendor(request.actor, earning_id).line.amount.currency

    def act(values: Mapping[str, Any]) -> Any:
        text = values["amount"].strip()
        minor = parse_amount(text, currency, request.actor.locale).minor if text else None
        return services.claw_back(
            actor=request.actor, earning_id=earning_id, reason=values["reason"], amount_minor=minor, version=version_of(request), at=request.at
        )

    return _act(request, earning_id, "clawback", forms.ClawbackForm(request.POST, auto_id="id_clawback_%s"), act, _("Taken back"))


def resolve(request: Request, alert_id: UUID) -> HttpResponse:
    found = queries.alert(request.actor, alert_id)

    def act(values: Mapping[str, Any]) -> Any:
        return services.resolve_alert(actor=request.actor, alert_id=alert_id, version=version_of(request), at=request.at, **values)

    return _act(request, found.earning_id, str(alert_id), forms.AlertForm(request.POST, auto_id=f"id_{alert_id}_%s"), act, _("Alert decided"))


def portal_earning(request: Request, earning_id: UUID) -> HttpResponse:
    found = queries.earning_for_partner(request.actor, earning_id, request.at)
    return page(request, "earnings/partner/earning.html", found=found, line=found.line, timeline=audit.timeline(request.actor, earning_id, limit=ENTRIES))


def proof(request: Request, earning_id: UUID) -> HttpResponse:
    """The proof file, for `openprm commission explain`."""
    number, made = queries.proof(request.actor, earning_id)
    return download(json.dumps(made, ensure_ascii=False, indent=2).encode(), "application/json", f"{number}.json")
