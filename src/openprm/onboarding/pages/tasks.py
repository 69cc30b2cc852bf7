"""One task, on both sides: the page, and what can be done with it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.kernel.http import Request, done, page
from openprm.onboarding import queries, services
from openprm.onboarding.pages.common import attach, attempt, back, problem_of, send, to, uuid_of, version_of
from openprm.onboarding.pages.forms import AnswerForm, AssignForm, CommentForm, ExtendForm, ReasonForm


def task(request: Request, task_id: UUID, **context: Any) -> HttpResponse:
    return _page(request, task_id)


def _page(request: Request, task_id: UUID, *, opened: str = "", status: int = 200, errors: dict[str, str] | None = None, **bound: forms.Form) -> HttpResponse:
    found = queries.task(request.actor, task_id, request.at)
    side = "vendor" if request.actor.is_vendor else "partner"
    return page(
        request,
        "onboarding/task.html",
        status=status,
        found=found,
        task=found.task,
        errors=errors or {},
        opened=opened or request.GET.get("do", ""),
        plan_url=to(request.actor, "plan", found.plan_id),
        urls={name: to(request.actor, name, task_id) for name in ("task_done", "task_reopen", "task_comment", "task_file", "task_assign")},
        answer_form=bound.get("answer") or AnswerForm(initial={"answer": found.task.answer}, auto_id="id_answer_%s"),
        waive_form=bound.get("waive") or ReasonForm(auto_id="id_waive_%s"),
        extend_form=bound.get("extend") or ExtendForm(auto_id="id_extend_%s"),
        assign_form=bound.get("assign") or AssignForm(initial={"user_id": found.task.owner_id}, people=found.people, auto_id="id_assign_%s"),
        side=side,
    )


def finish(request: Request, task_id: UUID) -> HttpResponse:
    """Tick it off; a task that asks for words or a file comes back on its own page when something is missing."""
    form = AnswerForm(request.POST, auto_id="id_answer_%s")

    def act(values: Any) -> None:
        services.complete_task(actor=request.actor, task_id=task_id, answer=values["answer"], version=version_of(request), at=request.at)

    _nothing, status = attempt(form, act)
    if status:
        return _page(request, task_id, answer=form, errors={"answer": problem_of(form)}, status=status)
    found = queries.task(request.actor, task_id, request.at)
    return done(request, back(request, to(request.actor, "plan", found.plan_id)), _("Done: %(task)s") % {"task": found.task.title})


def reopen(request: Request, task_id: UUID) -> HttpResponse:
    services.reopen_task(actor=request.actor, task_id=task_id, at=request.at)
    return done(request, to(request.actor, "task", task_id), _("The task is open again"))


def comment(request: Request, task_id: UUID) -> HttpResponse:
    form = CommentForm(request.POST)
    _nothing, status = attempt(form, lambda values: services.add_comment(actor=request.actor, task_id=task_id, body=values["body"], at=request.at))
    if status:
        return _page(request, task_id, errors={"body": problem_of(form)}, status=status)
    return done(request, to(request.actor, "task", task_id, anchor="comments"), _("Comment sent"))


def add_file(request: Request, task_id: UUID) -> HttpResponse:
    problem = attach(request, task_id, request.FILES.get("file"))
    if problem:
        return _page(request, task_id, errors={"file": problem}, status=422)
    return done(request, to(request.actor, "task", task_id, anchor="files"), _("File added"))


def remove_file(request: Request, evidence_id: UUID) -> HttpResponse:
    services.remove_evidence(actor=request.actor, evidence_id=evidence_id, at=request.at)
    return done(request, back(request, to(request.actor, "home")), _("File removed"))


def download(request: Request, evidence_id: UUID) -> HttpResponse:
    return send(queries.open_evidence(request.actor, evidence_id))


def assign(request: Request, task_id: UUID) -> HttpResponse:
    user_id = uuid_of(request.POST.get("user_id"))
    services.assign_task(actor=request.actor, task_id=task_id, user_id=user_id, version=version_of(request), at=request.at)
    return done(request, to(request.actor, "task", task_id), _("Task handed over"))


def waive(request: Request, task_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="id_waive_%s")

    def act(values: Any) -> None:
        services.waive_task(actor=request.actor, task_id=task_id, reason=values["reason"], version=version_of(request), at=request.at)

    _nothing, status = attempt(form, act)
    if status:
        return _page(request, task_id, opened="waive", waive=form, status=status)
    return done(request, to(request.actor, "task", task_id), _("Task waived"), _("It no longer counts."))


def extend(request: Request, task_id: UUID) -> HttpResponse:
    form = ExtendForm(request.POST, auto_id="id_extend_%s")

    def act(values: Any) -> None:
        services.extend_task(actor=request.actor, task_id=task_id, until=values["until"], reason=values["reason"], version=version_of(request), at=request.at)

    _nothing, status = attempt(form, act)
    if status:
        return _page(request, task_id, opened="extend", extend=form, status=status)
    return done(request, to(request.actor, "task", task_id), _("More time given"))
