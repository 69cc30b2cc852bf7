"""The partner's side: its cases, its statement, its appeal."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.conflicts import queries, services
from openprm.conflicts.pages import forms, vendor
from openprm.conflicts.pages.common import attempt, send, version_of
from openprm.kernel.http import Request, done, page


def case(request: Request, case_id: UUID) -> HttpResponse:
    return _detail(request, case_id, opened=request.GET.get("do", ""))


def _detail(request: Request, case_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = queries.case_for_partner(request.actor, case_id, request.at)
    shown = {
        "speak": forms.StatementForm(auto_id="id_speak_%s"), "appeal": forms.AppealForm(auto_id="id_appeal_%s"),
        "withdraw": forms.ReasonForm(auto_id="id_withdraw_%s"), **(held or {}),
    }  # fmt: skip
    return page(
        request, "conflicts/partner/case.html", status=status, case=found, steps=vendor.steps_of(found), forms=shown, opened=opened,
        timeline=audit.timeline(request.actor, case_id, limit=40),
    )  # fmt: skip


def _act(
    request: Request, case_id: UUID, name: str, form: django_forms.Form, act: Callable[[Mapping[str, Any]], Any], title: str, text: str = ""
) -> HttpResponse:
    """Do what a form of the page asks and say so, or show the page again with the problem."""
    _result, status = attempt(form, act)
    if status:
        return _detail(request, case_id, opened=name, held={name: form}, status=status)
    return done(request, reverse("conflicts:portal_case", args=[case_id]), title, text)


def open_case(request: Request, registration_id: UUID) -> HttpResponse:
    return vendor.opening(request, queries.opening_form(request.actor, registration_id, request.at), portal=True)


def open_lead(request: Request, lead_id: UUID) -> HttpResponse:
    return vendor.opening(request, queries.lead_form(request.actor, lead_id), portal=True)


def open_engagement(request: Request, engagement_id: UUID) -> HttpResponse:
    return vendor.opening(request, queries.engagement_form(request.actor, engagement_id, request.at), portal=True)


def speak(request: Request, case_id: UUID) -> HttpResponse:
    form = forms.StatementForm(request.POST, request.FILES, auto_id="id_speak_%s")
    text = _("The other side reads it when both have spoken, or when its time is over.")
    return _act(request, case_id, "speak", form, lambda values: vendor.statement(request, case_id, values), _("Statement kept"), text)


def withdraw(request: Request, case_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST, auto_id="id_withdraw_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.withdraw(actor=request.actor, case_id=case_id, reason=values["reason"], version=version_of(request), at=request.at)

    return _act(request, case_id, "withdraw", form, act, _("Case withdrawn"))


def appeal(request: Request, case_id: UUID) -> HttpResponse:
    form = forms.AppealForm(request.POST, auto_id="id_appeal_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.appeal(actor=request.actor, case_id=case_id, text=values["text"], version=version_of(request), at=request.at)

    return _act(request, case_id, "appeal", form, act, _("Appeal filed"), _("A second reviewer looks at it, never the first."))


def file(request: Request, evidence_id: UUID) -> HttpResponse:
    return send(queries.open_evidence(request.actor, evidence_id))
