"""One risk case in the vendor's workspace, and what is done on it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.compliance import queries, services
from openprm.compliance.pages import forms
from openprm.compliance.pages.common import attempt, file_of, send, version_of
from openprm.compliance.rulekinds import CURRENCY
from openprm.compliance.rules.cases import IN_ORDER
from openprm.compliance.wording import CASE_STATE
from openprm.kernel.countries import country_name
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import minor_units


def case(request: Request, case_id: UUID) -> HttpResponse:
    return _detail(request, case_id, opened=request.GET.get("do", ""))


def _detail(request: Request, case_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The page of a case; `held` puts forms with their problems back, `opened` shows their dialog or fold."""
    found, held = queries.case_for_vendor(request.actor, case_id, request.at), held or {}
    return page(
        request,
        "compliance/vendor/case.html",
        status=status,
        case=found,
        country=country_name(found.country),
        steps=_steps(found),
        forms=_forms(found, held),
        resolving=[(flag, held.get(str(flag.id)) or forms.ResolveForm(auto_id=f"id_{flag.id}_%s")) for flag in found.flags],
        opened=opened,
        currency=CURRENCY,
        timeline=audit.timeline(request.actor, case_id, limit=40),
    )


def _forms(found: Any, held: Mapping[str, Any]) -> dict[str, django_forms.Form]:
    amount = None if found.transaction_minor is None else Decimal(found.transaction_minor).scaleb(-minor_units(CURRENCY))
    factors = {"government": found.government, "ownership": found.ownership, "compensation": found.compensation, "transaction": amount}
    return {
        "send": forms.SendForm(auto_id="id_send_%s"),
        "approve": forms.NoteForm(auto_id="id_approve_%s"),
        "decline": forms.ReasonForm(auto_id="id_decline_%s"),
        "factors": forms.FactorsForm(initial=factors, auto_id="id_factors_%s"),
        "flag": forms.FlagForm(auto_id="id_flag_%s"),
        "reference": forms.ReferenceForm(auto_id="id_reference_%s"),
        **held,
    }


def _steps(found: Any) -> list[dict[str, Any]]:
    """Where the case is between opened and approved."""
    place = IN_ORDER.index(found.state) if found.state in IN_ORDER else 0
    return [
        {"label": CASE_STATE[state][0], "state": "done" if at < place or found.state == "approved" else "current" if at == place else ""}
        for at, state in enumerate(IN_ORDER)
    ]  # fmt: skip


def _act(
    request: Request, case_id: UUID, name: str, form: django_forms.Form, act: Callable[[Mapping[str, Any]], Any], title: str, text: str = ""
) -> HttpResponse:
    """Do what a form of the page asks and say so, or show the page again with the problem."""
    _result, status = attempt(form, act)
    if status:
        return _detail(request, case_id, opened=name, held={name: form}, status=status)
    return done(request, reverse("compliance:case", args=[case_id]), title, text)


def send_questionnaire(request: Request, case_id: UUID) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> Any:
        return services.send_questionnaire(actor=request.actor, case_id=case_id, message=values["message"], version=version_of(request), at=request.at)

    return _act(request, case_id, "send", forms.SendForm(request.POST, auto_id="id_send_%s"), act, _("Questionnaire sent"), _("The partner was told."))


def screen(request: Request, case_id: UUID) -> HttpResponse:
    found = services.screen_case(actor=request.actor, case_id=case_id, at=request.at)
    said = _("%(count)d new red flags.") % {"count": found} if found else _("No name is like one on the lists, or all were seen before.")
    return done(request, reverse("compliance:case", args=[case_id]), _("Names screened"), said)


def factors(request: Request, case_id: UUID) -> HttpResponse:
    form = forms.FactorsForm(request.POST, auto_id="id_factors_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.set_factors(actor=request.actor, case_id=case_id, factors=form.factors(CURRENCY), version=version_of(request), at=request.at)

    return _act(request, case_id, "factors", form, act, _("Risk rated"))


def approve(request: Request, case_id: UUID) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> Any:
        return services.approve(actor=request.actor, case_id=case_id, note=values["note"], version=version_of(request), at=request.at)

    return _act(request, case_id, "approve", forms.NoteForm(request.POST, auto_id="id_approve_%s"), act, _("Due diligence approved"))


def decline(request: Request, case_id: UUID) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> Any:
        return services.decline(actor=request.actor, case_id=case_id, note=values["note"], version=version_of(request), at=request.at)

    return _act(request, case_id, "decline", forms.ReasonForm(request.POST, auto_id="id_decline_%s"), act, _("Due diligence declined"))


def reopen(request: Request, case_id: UUID) -> HttpResponse:
    services.reopen(actor=request.actor, case_id=case_id, version=version_of(request), at=request.at)
    return done(request, reverse("compliance:case", args=[case_id]), _("The case is open again"))


def flag(request: Request, case_id: UUID) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> Any:
        return services.raise_flag(actor=request.actor, case_id=case_id, title=values["title"], detail=values["detail"], at=request.at)

    return _act(request, case_id, "flag", forms.FlagForm(request.POST, auto_id="id_flag_%s"), act, _("Red flag raised"))


def reference(request: Request, case_id: UUID) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> Any:
        return services.add_reference(actor=request.actor, case_id=case_id, at=request.at, **values)

    return _act(request, case_id, "reference", forms.ReferenceForm(request.POST, auto_id="id_reference_%s"), act, _("Reference kept"))


def resolve(request: Request, flag_id: UUID) -> HttpResponse:
    case_id = queries.case_of_flag(request.actor, flag_id)
    form = forms.ResolveForm(request.POST, request.FILES, auto_id=f"id_{flag_id}_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.resolve_flag(
            actor=request.actor, flag_id=flag_id, outcome=values["outcome"], evidence=values["evidence"], file=file_of(request), at=request.at
        )

    return _act(request, case_id, str(flag_id), form, act, _("Red flag resolved"), _("Somebody else approves the case."))


def document(request: Request, document_id: UUID) -> HttpResponse:
    return send(queries.open_document(request.actor, document_id))
