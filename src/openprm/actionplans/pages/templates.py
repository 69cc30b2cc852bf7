"""Templates of action plans: for which program, the steps of the draft, publishing."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.actionplans import queries, services, wording
from openprm.actionplans.pages.common import MENDABLE, attempt, version_of
from openprm.actionplans.pages.forms import NewTemplateForm, PublishForm, TemplateForm, TemplateStepForm
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page


def _to(template_id: UUID) -> str:
    return reverse("actionplans:template", args=[template_id])


def _may_configure(request: Request) -> bool:
    return request.actor.can("actionplans.configure")


def templates(request: Request) -> HttpResponse:
    return page(request, "actionplans/settings/templates.html", templates=queries.templates(request.actor), may_configure=_may_configure(request))


def new(request: Request) -> HttpResponse:
    form = NewTemplateForm(request.POST or None, actor=request.actor)
    if request.method == "POST":
        template_id, status = attempt(form, lambda values: services.create_template(actor=request.actor, at=request.at, **values))
        if not status:
            return done(request, _to(template_id), _("Template added"), _("Add its steps, then publish it."))
        return _form(request, form, _("Add a template"), reverse("actionplans:template_new"), reverse("actionplans:templates"), status)
    return _form(request, form, _("Add a template"), reverse("actionplans:template_new"), reverse("actionplans:templates"))


def _form(request: Request, form: Any, title: str, action: str, cancel: str, status: int = 200, **more: Any) -> HttpResponse:
    return page(request, "actionplans/settings/form.html", status=status, form=form, title=title, action_url=action, cancel_url=cancel, **more)


def template(request: Request, template_id: UUID) -> HttpResponse:
    return _page(request, template_id)


def _page(request: Request, template_id: UUID, *, problem: str = "", opened: str = "", status: int = 200, form: Any = None) -> HttpResponse:
    found = queries.template(request.actor, template_id)
    shown = found.draft or found.in_use
    titles = {step.key: step.title for step in shown.content.steps} if shown else {}
    steps = [
        {"step": step, "side": wording.SIDE[step.side], "waits_for": [titles[key] for key in step.waits_for if key in titles]}
        for step in (shown.content.steps if shown else ())
    ]
    return page(
        request,
        "actionplans/settings/template.html",
        status=status,
        template=found,
        shown=shown,
        steps=steps,
        problem=problem,
        opened=opened or request.GET.get("do", ""),
        publish_form=form or PublishForm(),
        may_configure=_may_configure(request),
    )


def settings(request: Request, template_id: UUID) -> HttpResponse:
    found = queries.template(request.actor, template_id)
    initial = {name: getattr(found, name) for name in ("name", "about", "program_id", "is_active")}
    form = TemplateForm(request.POST or None, initial=initial)
    action = reverse("actionplans:template_settings", args=[template_id])
    if request.method != "POST":
        return _form(request, form, found.name, action, _to(template_id), version=found.version)

    def act(values: Any) -> None:
        services.update_template(actor=request.actor, template_id=template_id, values=values, version=version_of(request), at=request.at)

    _nothing, status = attempt(form, act)
    if status:
        return _form(request, form, found.name, action, _to(template_id), status, version=found.version)
    return done(request, _to(template_id), _("Template saved"))


def begin(request: Request, template_id: UUID) -> HttpResponse:
    services.begin_draft(actor=request.actor, template_id=template_id, at=request.at)
    return done(request, _to(template_id), _("A draft is open"), _("What is in use stays until you publish."))


def discard(request: Request, template_id: UUID) -> HttpResponse:
    try:
        services.discard_draft(actor=request.actor, template_id=template_id, at=request.at)
    except MENDABLE as refusal:
        return _page(request, template_id, problem=str(refusal.message), status=refusal.status)
    return done(request, _to(template_id), _("The draft is gone"))


def step(request: Request, template_id: UUID, key: str = "") -> HttpResponse:
    """Add a step to the draft, or change one."""
    found = queries.template(request.actor, template_id)
    if found.draft is None or (key and found.draft.content.step(key) is None):
        raise NotFound()
    held = found.draft.content.step(key) if key else None
    others = tuple((one.key, one.title) for one in found.draft.content.steps if one.key != key)
    initial = {name: getattr(held, name) for name in ("title", "side", "days_before", "about", "waits_for")} if held else {"side": "partner"}
    form = TemplateStepForm(request.POST or None, initial=initial, others=others)
    names = {"args": [template_id, key]} if key else {"args": [template_id]}
    action = reverse("actionplans:template_step" if key else "actionplans:template_step_new", **names)
    title = held.title if held else _("Add a step")
    if request.method != "POST":
        return _form(request, form, title, action, _to(template_id), lock=found.draft.lock)

    def act(values: Any) -> None:
        given = {**values, "waits_for": tuple(values.get("waits_for", ()))}
        services.save_step(actor=request.actor, template_id=template_id, key=key, lock=version_of(request, "lock"), at=request.at, **given)

    _nothing, status = attempt(form, act)
    if status:
        return _form(request, form, title, action, _to(template_id), status, lock=found.draft.lock)
    return done(request, _to(template_id), _("Saved in the draft"))


def remove_step(request: Request, template_id: UUID, key: str) -> HttpResponse:
    services.remove_template_step(actor=request.actor, template_id=template_id, key=key, lock=version_of(request, "lock"), at=request.at)
    return done(request, _to(template_id), _("Taken out of the draft"))


def publish(request: Request, template_id: UUID) -> HttpResponse:
    form = PublishForm(request.POST)

    def act(values: Any) -> int:
        return services.publish_draft(actor=request.actor, template_id=template_id, notice=values["notice"], lock=version_of(request, "lock"), at=request.at)

    number, status = attempt(form, act)
    if status:
        return _page(request, template_id, opened="publish", form=form, status=status)
    return done(request, _to(template_id), _("Version %(number)d is in use") % {"number": number}, _("Plans that begin from now on follow it."))
