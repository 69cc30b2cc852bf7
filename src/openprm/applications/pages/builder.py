"""What an administrator sets up: the questions of each program, its public page, and the funnel that comes of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.applications import queries, services
from openprm.applications.pages.forms import FieldForm, ProgramPageForm, field_values
from openprm.applications.pages.questions import Questions
from openprm.applications.words import CORE, KIND
from openprm.kernel.errors import Conflict, Invalid, NotFound
from openprm.kernel.http import Request, done, page
from openprm.partners import queries as partners
from openprm.ui.fields import add_problems

SPANS = (("30", 30), ("90", 90), ("365", 365))


def forms(request: Request) -> HttpResponse:
    """Every program with its form and its public page."""
    may = request.actor.can("applications.configure")
    return page(request, "applications/vendor/forms.html", lines=queries.forms(request.actor), may_configure=may)


def form(request: Request, program_id: UUID) -> HttpResponse:
    """The questions of one program, with what is published beside the draft."""
    if request.method == "POST":
        return _act(request, program_id)
    found = queries.form(request.actor, program_id, request.at)
    may = request.actor.can("applications.configure")
    return page(
        request,
        "applications/vendor/form.html",
        form=found,
        core=[(field, KIND[field.kind]) for field in CORE],
        core_title=CORE[0].page,
        pages=[(title, [(field, KIND[field.kind]) for field in fields]) for title, fields in found.pages],
        may_configure=may,
    )


def _act(request: Request, program_id: UUID) -> HttpResponse:
    shared: dict[str, Any] = {"actor": request.actor, "program_id": program_id, "at": request.at}
    back, code = reverse("applications:form", args=[program_id]), request.POST.get("code", "")
    action = request.POST.get("action", "")
    if action == "publish":
        number = services.publish_form(**shared)
        return done(request, back, _("Version %(number)d is published") % {"number": number}, _("New applications get it; running ones keep theirs."))
    if action == "discard":
        services.discard_draft(**shared)
        return done(request, back, _("Draft thrown away"))
    if action == "intro":
        services.set_intro(**shared, intro=request.POST.get("intro", ""))
        return done(request, back, _("Saved in the draft"))
    if action in ("up", "down"):
        services.move_field(**shared, code=code, by=-1 if action == "up" else 1)
        return done(request, back + f"#q-{code[:40]}", _("Moved"))
    if action == "remove":
        services.remove_field(**shared, code=code)
        return done(request, back, _("Question removed from the draft"))
    raise NotFound()


def field(request: Request, program_id: UUID, code: str = "") -> HttpResponse:
    """Add a question, or change one."""
    view = queries.form(request.actor, program_id, request.at)
    initial = field_values(queries.field_of_form(view, code)) if code else {"page": view.pages[-1][0] if view.pages else "", "kind": "text"}
    form = FieldForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_field(actor=request.actor, program_id=program_id, values=form.cleaned_data, code=code, at=request.at)
            return done(request, reverse("applications:form", args=[program_id]), _("Question saved in the draft"), form.cleaned_data["label"])
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
    title = _("Change the question") if code else _("Add a question")
    return page(request, "applications/vendor/field.html", form=form, view=view, title=title, status=422 if form.is_bound else 200)


def new_field(request: Request, program_id: UUID) -> HttpResponse:
    return field(request, program_id)


def preview(request: Request, program_id: UUID) -> HttpResponse:
    """The form as an applicant sees it, page by page, without anything to send."""
    view = queries.form(request.actor, program_id, request.at)
    pages = [(title, Questions(fields)) for title, fields in ((str(CORE[0].page), CORE), *view.pages)]
    return page(request, "applications/vendor/preview.html", view=view, pages=pages)


def program_page(request: Request, program_id: UUID) -> HttpResponse:
    """The public page of a program."""
    settings = queries.page_settings(program_id)
    form = ProgramPageForm(request.POST or None, initial=_as_typed(settings))
    if request.method == "POST" and form.is_valid():
        try:
            services.update_program_page(actor=request.actor, program_id=program_id, changes=form.cleaned_data, at=request.at)
            return done(request, reverse("applications:forms"), _("Page saved"), settings.program_name)
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
    return page(request, "applications/vendor/page.html", form=form, settings=settings, status=422 if form.is_bound else 200)


def _as_typed(settings: queries.PageSettings) -> dict[str, Any]:
    shared = {name: getattr(settings, name) for name in ProgramPageForm.base_fields}
    questions = "\n".join(f"{question}\n{answer}\n" for question, answer in settings.faq)
    return shared | {"requirements": "\n".join(settings.requirements), "faq": questions.strip()}


def funnel(request: Request) -> HttpResponse:
    """How many visited, began, sent and were let in, per program and source."""
    asked = request.GET.get("days", "90")
    days = dict(SPANS).get(asked, 90)
    program_id = _uuid(request.GET.get("program", ""))
    until = request.at.date()
    lines = queries.funnel_lines(request.actor, since=until - timedelta(days=days - 1), until=until, program_id=program_id)
    return page(
        request,
        "applications/vendor/funnel.html",
        lines=lines,
        total=queries.totals(lines),
        days=days,
        spans=SPANS,
        programs=partners.program_choices(request.actor),
        program=str(program_id or ""),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
