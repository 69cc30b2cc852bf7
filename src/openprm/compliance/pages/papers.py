"""Answers, certificates and verifications in the vendor's workspace."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.compliance import queries, services
from openprm.compliance.pages import forms
from openprm.compliance.pages.common import attempt, version_of
from openprm.compliance.wording import CATEGORY
from openprm.kernel.countries import country_name
from openprm.kernel.http import Request, done, page
from openprm.promises import queries as promises


def reply(request: Request, reply_id: UUID) -> HttpResponse:
    return _reply(request, reply_id)


def _reply(request: Request, reply_id: UUID, *, form: Any = None, status: int = 200) -> HttpResponse:
    found = queries.reply(request.actor, reply_id, request.at)
    groups = [(CATEGORY[name], rows) for name, rows in found.groups]
    return page(
        request,
        "compliance/vendor/reply.html",
        status=status,
        reply=found,
        groups=groups,
        form=form or forms.MessageForm(),
        may_return=found.state == "submitted" and not found.why_not_review,
        may_accept=found.state == "submitted" and not found.case_id and not found.why_not_review,
        timeline=audit.timeline(request.actor, reply_id, limit=20),
    )


def return_reply(request: Request, reply_id: UUID) -> HttpResponse:
    form = forms.MessageForm(request.POST)

    def act(values: Mapping[str, Any]) -> Any:
        return services.return_reply(actor=request.actor, reply_id=reply_id, message=values["message"], version=version_of(request), at=request.at)

    _result, status = attempt(form, act)
    if status:
        return _reply(request, reply_id, form=form, status=status)
    return done(request, reverse("compliance:reply", args=[reply_id]), _("Sent back to the partner"))


def accept_esg(request: Request, reply_id: UUID) -> HttpResponse:
    services.accept_esg(actor=request.actor, reply_id=reply_id, version=version_of(request), at=request.at)
    return done(request, reverse("compliance:reply", args=[reply_id]), _("ESG answers accepted"))


def request_esg(request: Request, partner_id: UUID) -> HttpResponse:
    services.request_esg(actor=request.actor, partner_id=partner_id, at=request.at)
    return done(request, reverse("partners:partner", args=[partner_id]), _("ESG answers asked for"), _("The partner was told."))


def certificate(request: Request, certificate_id: UUID) -> HttpResponse:
    return _certificate(request, certificate_id)


def _certificate(request: Request, certificate_id: UUID, *, form: Any = None, status: int = 200) -> HttpResponse:
    return page(
        request, "compliance/vendor/certificate.html", status=status, certificate=queries.certificate(request.actor, certificate_id, request.at),
        form=form or forms.CheckForm(), promise=promises.clock(certificate_id, "compliance.certificate", request.at),
        timeline=audit.timeline(request.actor, certificate_id, limit=20),
    )  # fmt: skip


def check_certificate(request: Request, certificate_id: UUID) -> HttpResponse:
    form = forms.CheckForm(request.POST)

    def act(values: Mapping[str, Any]) -> Any:
        return services.check_certificate(
            actor=request.actor,
            certificate_id=certificate_id,
            verified=values["verified"] == "yes",
            note=values["note"],
            version=version_of(request),
            at=request.at,
        )

    _result, status = attempt(form, act)
    if status:
        return _certificate(request, certificate_id, form=form, status=status)
    return done(request, reverse("compliance:certificate", args=[certificate_id]), _("Certificate checked"))


def verification(request: Request, verification_id: UUID) -> HttpResponse:
    return _verification(request, verification_id)


def _verification(request: Request, verification_id: UUID, *, form: Any = None, reopen: Any = None, status: int = 200) -> HttpResponse:
    found = queries.verification(request.actor, verification_id)
    return page(
        request, "compliance/vendor/verification.html", status=status, verification=found, country=country_name(found.country),
        form=form or forms.DecideForm(auto_id="id_decide_%s"), reopen=reopen or forms.MessageForm(auto_id="id_reopen_%s"),
        may_reopen=found.state in ("approved", "declined") and request.actor.can("compliance.review"),
        promise=promises.clock(verification_id, "compliance.verification", request.at), timeline=audit.timeline(request.actor, verification_id, limit=20),
    )  # fmt: skip


def decide_verification(request: Request, verification_id: UUID) -> HttpResponse:
    form = forms.DecideForm(request.POST, auto_id="id_decide_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.decide_verification(
            actor=request.actor,
            verification_id=verification_id,
            outcome=values["outcome"],
            message=values["message"],
            version=version_of(request),
            at=request.at,
        )

    _result, status = attempt(form, act)
    if status:
        return _verification(request, verification_id, form=form, status=status)
    return done(request, reverse("compliance:verification", args=[verification_id]), _("Verification decided"))


def reopen_verification(request: Request, verification_id: UUID) -> HttpResponse:
    form = forms.MessageForm(request.POST, auto_id="id_reopen_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.reopen_verification(actor=request.actor, verification_id=verification_id, message=values["message"], at=request.at)

    _result, status = attempt(form, act)
    if status:
        return _verification(request, verification_id, reopen=form, status=status)
    return done(request, reverse("compliance:verification", args=[verification_id]), _("The verification is open again"))
