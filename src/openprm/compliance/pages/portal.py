"""The partner's side: what is open and by when, questionnaires, certificates, verifications, owners."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.compliance import queries, services
from openprm.compliance.pages import forms
from openprm.compliance.pages.common import MENDABLE, attempt, file_of, send, version_of
from openprm.compliance.wording import CATEGORY
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page

HOME = "compliance:portal_compliance"
SOON = timedelta(days=60)


def compliance(request: Request) -> HttpResponse:
    return _home(request)


def _home(request: Request, *, owner_form: Any = None, status: int = 200) -> HttpResponse:
    found = queries.portal(request.actor, request.at)
    policy = [one for one in queries.gate_policies(request.actor) if one.is_active]
    return page(
        request,
        "compliance/partner/compliance.html",
        status=status,
        portal=found,
        gates=_by_reason(found.gates, request.at),
        policy=policy,
        owner_form=owner_form or forms.OwnerForm(auto_id="id_owner_%s"),
    )


def _by_reason(gates: Any, at: datetime) -> list[dict[str, Any]]:
    """One line for each reason, with all that it closes; what closes in more than 60 days is no news yet."""
    lines: dict[str, dict[str, Any]] = {}
    for gate in gates:
        if gate.since - at <= SOON:
            lines.setdefault(gate.key, {"gate": gate, "actions": []})["actions"].append(gate.label)
    return list(lines.values())


def reply(request: Request, reply_id: UUID) -> HttpResponse:
    """A questionnaire: saved as often as one likes, submitted once."""
    found = queries.reply(request.actor, reply_id, request.at)
    if request.method != "POST":
        return _reply(request, found, forms.ReplyForm(answers=found.answers))
    form = forms.ReplyForm(request.POST, request.FILES, answers=found.answers)
    wants_submit = request.POST.get("do") == "submit"
    if not form.is_valid() or not _saved(request, found, form, submits=wants_submit):
        return _reply(request, queries.reply(request.actor, reply_id, request.at), form, status=422)
    if wants_submit:
        return done(request, reverse(HOME), _("Answers submitted"), _("We decide by the promised time."))
    return done(request, reverse("compliance:portal_reply", args=[reply_id]), _("Answers saved"), _("Go on whenever you like."))


def _saved(request: Request, found: Any, form: Any, *, submits: bool) -> bool:
    """Keep answers and files, then submit when asked; what was answered stays also when something is missing."""
    try:
        services.save_answers(actor=request.actor, reply_id=found.id, answers=form.cleaned_data, version=version_of(request), at=request.at)
        for one in found.answers:
            if one.question.type == "file" and (file := file_of(request, one.question.id)):
                services.attach_to_reply(actor=request.actor, reply_id=found.id, question=one.question.id, name=file[0], content=file[1], at=request.at)
        if submits:
            services.submit(actor=request.actor, reply_id=found.id, at=request.at)
    except MENDABLE as refusal:
        form.add(refusal)
        return False
    return True


def _reply(request: Request, found: Any, form: Any, status: int = 200) -> HttpResponse:
    groups = [(CATEGORY[name], [(one, form[one.question.id]) for one in rows]) for name, rows in found.groups]
    return page(request, "compliance/partner/reply.html", status=status, reply=found, groups=groups, form=form)


def new_certificate(request: Request) -> HttpResponse:
    form = forms.CertificateForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST":
        _result, status = attempt(form, lambda values: _add_certificate(request, values))
        if not status:
            return done(request, reverse(HOME), _("Certificate added"), _("It counts once we have checked it."))
    about = _("We check it by the promised time. Before it ends we remind you three times, so that nothing closes by surprise.")
    return page(request, "compliance/partner/form.html", status=422 if form.is_bound else 200, form=form, title=_("Add a certificate"), about=about)


def _add_certificate(request: Request, values: Mapping[str, Any]) -> UUID:
    given = {name: values[name] for name in ("kind", "issuer", "number", "level", "issued_on", "expires_on")}
    return services.add_certificate(actor=request.actor, partner_id=_own(request), file=file_of(request), at=request.at, **given)


def withdraw_certificate(request: Request, certificate_id: UUID) -> HttpResponse:
    services.withdraw_certificate(actor=request.actor, certificate_id=certificate_id, at=request.at)
    return done(request, reverse(HOME), _("Certificate taken back"))


def start_verification(request: Request, kind: str) -> HttpResponse:
    verification_id = services.start_verification(actor=request.actor, partner_id=_own(request), kind=kind, at=request.at)
    return done(request, reverse("compliance:portal_verification", args=[verification_id]), _("Verification begun"))


def verification(request: Request, verification_id: UUID) -> HttpResponse:
    """The papers of a business or a person: saved, and submitted once they are complete."""
    found = queries.verification(request.actor, verification_id)
    if request.method != "POST":
        initial = {name: getattr(found, name) for name in ("legal_name", "business_type", "registration_number", "country", "position")}
        return _verification(request, found, forms.VerificationForm(initial=initial, kind=found.kind))
    form, submits = forms.VerificationForm(request.POST, request.FILES, kind=found.kind), request.POST.get("do") == "submit"
    _result, status = attempt(form, lambda values: _save_verification(request, found, values, submits=submits))
    if status:
        return _verification(request, queries.verification(request.actor, verification_id), form, status)
    if submits:
        return done(request, reverse(HOME), _("Papers submitted"), _("We decide by the promised time."))
    return done(request, reverse("compliance:portal_verification", args=[verification_id]), _("Papers saved"))


def _save_verification(request: Request, found: Any, values: Mapping[str, Any], *, submits: bool) -> None:
    given = {name: value for name, value in values.items() if name != "file"}
    services.save_verification(actor=request.actor, verification_id=found.id, values=given, version=version_of(request), at=request.at)
    if file := file_of(request):
        services.attach_to_verification(actor=request.actor, verification_id=found.id, name=file[0], content=file[1], at=request.at)
    if submits:
        services.submit_verification(actor=request.actor, verification_id=found.id, at=request.at)


def _verification(request: Request, found: Any, form: Any, status: int = 200) -> HttpResponse:
    return page(request, "compliance/partner/verification.html", status=status, verification=found, form=form)


def add_owner(request: Request) -> HttpResponse:
    form = forms.OwnerForm(request.POST, auto_id="id_owner_%s")
    _result, status = attempt(form, lambda values: services.add_owner(actor=request.actor, partner_id=_own(request), values=values, at=request.at))
    if status:
        return _home(request, owner_form=form, status=status)
    return done(request, reverse(HOME) + "#owners", _("Name added"))


def remove_owner(request: Request, owner_id: UUID) -> HttpResponse:
    services.remove_owner(actor=request.actor, owner_id=owner_id, at=request.at)
    return done(request, reverse(HOME) + "#owners", _("Name taken off"))


def document(request: Request, document_id: UUID) -> HttpResponse:
    return send(queries.open_document(request.actor, document_id))


def remove_document(request: Request, document_id: UUID) -> HttpResponse:
    about, subject_id = queries.owner_of_document(request.actor, document_id)
    services.remove_document(actor=request.actor, document_id=document_id, at=request.at)
    back = reverse(f"compliance:portal_{about}", args=[subject_id]) if about in ("reply", "verification") else reverse(HOME)
    return done(request, back, _("File removed"))


def _own(request: Request) -> UUID:
    if request.actor.partner_id is None:
        raise NotFound()
    return request.actor.partner_id
