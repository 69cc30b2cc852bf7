"""The template editor: whom it is for, levels and tasks in a draft, publishing."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.http import Request, done, page
from openprm.onboarding import queries, services, words
from openprm.onboarding.pages.common import attempt, version_of
from openprm.onboarding.pages.forms import LevelForm, NewTemplateForm, PublishForm, TaskForm, TemplateForm, WaysForm, initial_of
from openprm.onboarding.rules.content import Content, find_level, find_task


def templates(request: Request) -> HttpResponse:
    return page(request, "onboarding/settings/templates.html", templates=queries.templates(request.actor), may_configure=queries.may_configure(request.actor))


def new(request: Request) -> HttpResponse:
    form = NewTemplateForm(request.POST or None, initial={"copy_of": request.GET.get("copy", "")}, actor=request.actor)
    if request.method == "POST":
        template_id, status = attempt(form, lambda values: services.create_template(actor=request.actor, at=request.at, **values))
        if not status:
            return done(request, reverse("onboarding:template", args=[template_id]), _("Template added"), _("Nobody gets it before it is published."))
    return page(
        request,
        "onboarding/vendor/form.html",
        status=422 if form.is_bound else 200,
        form=form,
        title=_("Add a template"),
        about=_("Begin with a copy of one that is close, or from nothing."),
        submit=_("Add the template"),
        cancel_url=reverse("onboarding:templates"),
    )


def template(request: Request, template_id: UUID) -> HttpResponse:
    return _editor(request, template_id)


def _editor(request: Request, template_id: UUID, *, status: int = 200, problems: tuple[str, ...] = (), **bound: Any) -> HttpResponse:
    found = queries.template(request.actor, template_id)
    shown = found.draft or found.in_use
    return page(
        request,
        "onboarding/settings/template.html",
        status=status,
        template=found,
        shown=shown,
        levels=_levels(shown.content) if shown else (),
        problems=problems,
        ways_form=bound.get("ways") or WaysForm(initial=_ways(shown.content) if shown else None, auto_id="id_ways_%s"),
        publish_form=bound.get("publish") or PublishForm(auto_id="id_publish_%s"),
        level_form=bound.get("level") or LevelForm(auto_id="id_level_%s"),
        opened=bound.get("opened", ""),
        may_configure=queries.may_configure(request.actor),
    )


def _ways(content: Content) -> dict[str, Any]:
    return {"sequential": content.sequential, "may_skip": content.may_skip, "stuck_days": content.stuck_days}


def _levels(content: Content) -> list[dict[str, Any]]:
    return [{"level": level, "number": number, "tasks": [_line(task) for task in level.tasks]} for number, level in enumerate(content.levels, start=1)]


def _line(task: Any) -> dict[str, Any]:
    return {
        "task": task,
        "icon": words.KIND_ICON[task.kind],
        "kind": words.KIND[task.kind],
        "role": words.ROLE.get(task.role, task.role),
        "when": words.days_after(task.offset_days),
        "milestone": words.milestone(task.milestone) if task.milestone else "",
    }


def settings(request: Request, template_id: UUID) -> HttpResponse:
    """Name, segment and switches."""
    found = queries.template(request.actor, template_id)
    initial = {name: getattr(found, name) for name in TemplateForm.base_fields} | {"countries": ", ".join(found.countries)}
    form = TemplateForm(request.POST or None, initial=initial)
    if request.method == "POST":
        _nothing, status = attempt(
            form,
            lambda values: services.update_template(
                actor=request.actor, template_id=template_id, values=form.values(), version=version_of(request), at=request.at
            ),
        )
        if not status:
            return done(request, reverse("onboarding:template", args=[template_id]), _("Template saved"))
    return page(
        request,
        "onboarding/vendor/form.html",
        status=422 if form.is_bound else 200,
        form=form,
        version=found.version,
        title=_("Who gets “%(name)s”") % {"name": found.name},
        about=_("The closest fit wins: program before country, country before type, type before the way of working."),
        submit=_("Save"),
        cancel_url=reverse("onboarding:template", args=[template_id]),
    )


def begin(request: Request, template_id: UUID) -> HttpResponse:
    services.begin_draft(actor=request.actor, template_id=template_id, at=request.at)
    return done(request, _at(template_id), _("Draft begun"), _("Running plans and new ones keep the version in use until you publish."))


def discard(request: Request, template_id: UUID) -> HttpResponse:
    services.discard_draft(actor=request.actor, template_id=template_id, at=request.at)
    return done(request, _at(template_id), _("Draft thrown away"))


def ways(request: Request, template_id: UUID) -> HttpResponse:
    form = WaysForm(request.POST, auto_id="id_ways_%s")
    _nothing, status = attempt(
        form, lambda values: services.set_ways(actor=request.actor, template_id=template_id, lock=version_of(request, "lock"), at=request.at, **values)
    )
    return _editor(request, template_id, ways=form, status=status) if status else done(request, _at(template_id), _("Saved in the draft"))


def publish(request: Request, template_id: UUID) -> HttpResponse:
    form = PublishForm(request.POST, auto_id="id_publish_%s")
    if not form.is_valid():
        return _editor(request, template_id, publish=form, opened="publish", status=422)
    try:
        services.publish_draft(
            actor=request.actor, template_id=template_id, notice=form.cleaned_data["notice"], lock=version_of(request, "lock"), at=request.at
        )
    except Invalid as refusal:
        return _editor(request, template_id, problems=tuple(str(problem.message) for problem in refusal.problems) or (str(refusal.message),), status=422)
    return done(request, _at(template_id), _("Published"), _("New plans follow it. Running ones can be moved to it, one by one."))


def level(request: Request, template_id: UUID, key: str = "") -> HttpResponse:
    """Add or change a level of the draft."""
    content = _draft(request, template_id).content
    known = find_level(content, key)
    if key and known is None:
        raise NotFound()
    initial = {name: getattr(known, name) for name in LevelForm.base_fields} if known else None
    form = LevelForm(request.POST or None, initial=initial)
    if request.method == "POST":
        made, status = attempt(
            form,
            lambda values: services.put_level(actor=request.actor, template_id=template_id, key=key, lock=version_of(request, "lock"), at=request.at, **values),
        )
        if not status:
            return done(request, _at(template_id, made), _("Level saved in the draft"))
    return _form(request, template_id, form, _("Change a level") if key else _("Add a level"))


def task(request: Request, template_id: UUID, level_key: str, key: str = "") -> HttpResponse:
    """Add or change a task of the draft."""
    content = _draft(request, template_id).content
    known = find_task(content, key) if key else None
    if find_level(content, level_key) is None or (key and known is None):
        raise NotFound()
    form = TaskForm(request.POST or None, initial=initial_of(known, level_key) if known else {"level_key": level_key}, content=content)
    if request.method == "POST":
        made, status = attempt(
            form,
            lambda values: services.put_task(
                actor=request.actor,
                template_id=template_id,
                level_key=values["level_key"],
                values=form.values(),
                key=key,
                lock=version_of(request, "lock"),
                at=request.at,
            ),
        )
        if not status:
            return done(request, _at(template_id, made), _("Task saved in the draft"))
    return _form(request, template_id, form, _("Change a task") if key else _("Add a task"))


def shift(request: Request, template_id: UUID, key: str) -> HttpResponse:
    step = -1 if request.POST.get("way") == "up" else 1
    services.shift(actor=request.actor, template_id=template_id, key=key, step=step, lock=version_of(request, "lock"), at=request.at)
    return done(request, _at(template_id, key), _("Moved"))


def remove(request: Request, template_id: UUID, key: str) -> HttpResponse:
    services.take_out(actor=request.actor, template_id=template_id, key=key, lock=version_of(request, "lock"), at=request.at)
    return done(request, _at(template_id), _("Removed from the draft"))


def _draft(request: Request, template_id: UUID) -> Any:
    draft = queries.template(request.actor, template_id).draft
    if draft is None:
        raise services.NoDraft(_("There is no draft. Begin one first."))
    return draft


def _form(request: Request, template_id: UUID, form: Any, title: str) -> HttpResponse:
    return page(
        request,
        "onboarding/vendor/form.html",
        status=422 if form.is_bound else 200,
        form=form,
        lock=_draft(request, template_id).lock,
        title=title,
        about=_("It goes into the draft. Nobody sees it before you publish."),
        submit=_("Save in the draft"),
        cancel_url=_at(template_id),
    )


def _at(template_id: UUID, anchor: str = "") -> str:
    return reverse("onboarding:template", args=[template_id]) + (f"#{anchor}" if anchor else "")
