"""The editor of questionnaires: what is asked today, and the draft of what will be asked next."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.compliance import queries, services
from openprm.compliance.pages import forms
from openprm.compliance.pages.common import attempt, version_of
from openprm.compliance.rules.questions import write_options
from openprm.compliance.wording import CATEGORY, QUESTION_TYPE
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page


def questionnaires(request: Request) -> HttpResponse:
    form, status = (forms.QuestionnaireForm(request.POST or None) if request.actor.can("compliance.configure") else None), 200
    if request.method == "POST" and form is not None:
        draft_id, status = attempt(form, lambda values: services.create_questionnaire(actor=request.actor, at=request.at, **values))
        if not status:
            return done(request, _url(draft_id), _("Questionnaire added"), _("Write its questions, then publish it."))
    rows = queries.questionnaires(request.actor)
    return page(request, "compliance/settings/questionnaires.html", status=status or 200, rows=rows, form=form, tab="questionnaires")


def start_draft(request: Request, questionnaire_id: UUID) -> HttpResponse:
    draft_id = services.start_draft(actor=request.actor, questionnaire_id=questionnaire_id, at=request.at)
    return done(request, _url(draft_id), _("Draft opened"), _("What is asked today stays until you publish."))


def version(request: Request, version_id: UUID) -> HttpResponse:
    return _version(request, version_id, chosen=request.GET.get("question", ""))


def _version(request: Request, version_id: UUID, *, chosen: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """One version; a draft can be edited, and one question of it may be open to be changed."""
    found, held = queries.version(request.actor, version_id), held or {}
    question = next((one for one in found.questions if one.id == chosen), None)
    may_edit = found.state == "draft" and request.actor.can("compliance.configure")
    return page(
        request, "compliance/settings/version.html", status=status, version=found, chosen=question, may_edit=may_edit, tab="questionnaires",
        rows=[(one, QUESTION_TYPE[one.type], CATEGORY[one.category]) for one in found.questions],
        question_form=held.get("question") or forms.QuestionForm(initial=_initial(question), auto_id="id_question_%s"),
        intro_form=held.get("intro") or forms.IntroForm(initial={"intro": found.intro}, auto_id="id_intro_%s"),
    )  # fmt: skip


def _initial(question: Any) -> dict[str, Any] | None:
    if question is None:
        return None
    names = ("text", "type", "help", "category", "weight", "tells", "required")
    return {**{name: getattr(question, name) for name in names}, "options": write_options(question.options)}


def put_question(request: Request, version_id: UUID) -> HttpResponse:
    form, question_id = forms.QuestionForm(request.POST, auto_id="id_question_%s"), request.POST.get("question_id", "")[:40]

    def act(values: Mapping[str, Any]) -> str:
        return services.put_question(
            actor=request.actor, draft_id=version_id, values=values, question_id=question_id, version=version_of(request), at=request.at
        )

    _result, status = attempt(form, act)
    if status:
        return _version(request, version_id, chosen=question_id, held={"question": form}, status=status)
    return done(request, _url(version_id), _("Question saved"))


def set_intro(request: Request, version_id: UUID) -> HttpResponse:
    form = forms.IntroForm(request.POST, auto_id="id_intro_%s")

    def act(values: Mapping[str, Any]) -> None:
        services.set_intro(actor=request.actor, draft_id=version_id, intro=values["intro"], version=version_of(request), at=request.at)

    _result, status = attempt(form, act)
    if status:
        return _version(request, version_id, held={"intro": form}, status=status)
    return done(request, _url(version_id), _("Introduction saved"))


def arrange(request: Request, version_id: UUID) -> HttpResponse:
    """Move a question up or down, or take it out."""
    question_id, what = request.POST.get("question_id", "")[:40], request.POST.get("do", "")
    if what == "remove":
        services.remove_question(actor=request.actor, draft_id=version_id, question_id=question_id, at=request.at)
    elif what in ("up", "down"):
        services.move_question(actor=request.actor, draft_id=version_id, question_id=question_id, up=what == "up", at=request.at)
    else:
        raise NotFound()
    return done(request, _url(version_id), _("Question removed") if what == "remove" else _("Question moved"))


def publish(request: Request, version_id: UUID) -> HttpResponse:
    number = services.publish_draft(actor=request.actor, draft_id=version_id, version=version_of(request), at=request.at)
    return done(request, _url(version_id), _("Version %(number)d is published") % {"number": number}, _("Partners who are answering keep their version."))


def discard(request: Request, version_id: UUID) -> HttpResponse:
    services.discard_draft(actor=request.actor, draft_id=version_id, at=request.at)
    return done(request, reverse("compliance:questionnaires"), _("Draft discarded"))


def _url(version_id: UUID) -> str:
    return reverse("compliance:questionnaire_version", args=[version_id])
