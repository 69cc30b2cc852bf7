"""The vendor's pages: the rulebook, its words, the editor, the review before publication."""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.errors import Conflict, Invalid, Problem, Refusal
from openprm.kernel.http import Request, done, page, redirect
from openprm.ui.fields import add_problems

from .. import queries, services
from ..rules.checks import TableProblem
from . import bench, editor
from .asked import program_of

ADDRESSES = {"rules_url": "rulebook:rules", "rule_url": "rulebook:rule", "version_url": "rulebook:version"}


def rules(request: Request) -> HttpResponse:
    """The list of rules: what is in force, what is announced, which drafts are open."""
    lines = queries.list_rules(actor=request.actor, at=request.at)
    return page(request, "rulebook/vendor/rules.html", lines=lines, can_edit=request.actor.can("rulebook.edit"))


def rule(request: Request, kind: str) -> HttpResponse:
    """One kind in words."""
    program_id = program_of(request.GET.get("program", ""))
    words = queries.rules_in_words(actor=request.actor, kind=kind, program_id=program_id, at=request.at)
    lines = [line for line in queries.list_rules(actor=request.actor, at=request.at) if line.kind == kind]
    can_edit = request.actor.can("rulebook.edit")
    return page(
        request, "rulebook/words.html", words=words, lines=[line for line in lines if line.in_force], can_edit=can_edit,
        draft_id=next((line.draft_id for line in lines if line.program_id == program_id), None),
        programs=queries.programs_without_rules(actor=request.actor, kind=kind) if can_edit and program_id is None else [], **ADDRESSES,
    )  # fmt: skip


def begin_draft(request: Request, kind: str) -> HttpResponse:
    draft_id = services.create_draft(actor=request.actor, kind=kind, program_id=program_of(request.POST.get("program", "")), at=request.at)
    return redirect(request, reverse("rulebook:draft", args=[draft_id]))


def draft(request: Request, draft_id: UUID) -> HttpResponse:
    """The editor. Structural buttons answer with the changed form and keep nothing; save, test and review check the table."""
    found = queries.draft(actor=request.actor, draft_id=draft_id, at=request.at)
    kind = queries.get_kind(found.kind)
    if request.method != "POST":
        tried = services.what_if(actor=request.actor, draft_id=draft_id, at=request.at) if "what-if" in request.GET else None
        return _editor(request, found, editor.draw(found.table, kind), bench.Bench(bench.draw(found.table, kind)), what_if=tried)
    posted = editor.read(request.POST, kind)
    action = request.POST.get("do", "save")[:80]
    if action in ("save", "review"):
        return _save(request, found, kind, posted, action)
    if action == "test":
        return _test(request, found, kind, posted)
    changed = editor.rearranged(posted.table, action, kind, request.POST.get("new-column", "")[:60])
    return _editor(request, found, editor.draw(changed, kind), bench.Bench(bench.draw(changed, kind, request.POST)), unsaved=True)


def _save(request: Request, found, kind, posted: editor.Posted, action: str) -> HttpResponse:
    if posted.problems:
        return _with_problems(request, found, kind, posted, posted.problems)
    revision = request.POST.get("revision", "")
    try:
        services.save_draft(actor=request.actor, draft_id=found.id, table=posted.table, revision=int(revision) if revision.isdecimal() else None, at=request.at)
    except services.TableHasProblems as refusal:
        return _with_problems(request, found, kind, posted, refusal.table_problems)
    if action == "review":
        return redirect(request, reverse("rulebook:publish", args=[found.id]))
    return done(request, reverse("rulebook:draft", args=[found.id]), _("Draft saved"), _("Nothing changes for partners until you publish it."))


def _test(request: Request, found, kind, posted: editor.Posted) -> HttpResponse:
    if posted.problems:
        return _with_problems(request, found, kind, posted, posted.problems)
    try:
        tried = bench.run(request.actor, posted.table, kind, request.POST)
    except services.TableHasProblems as refusal:
        return _with_problems(request, found, kind, posted, refusal.table_problems)
    return _editor(request, found, editor.draw(posted.table, kind, posted=posted), tried, unsaved=posted.table != found.table)


def _with_problems(request: Request, found, kind, posted: editor.Posted, problems) -> HttpResponse:
    form = editor.draw(posted.table, kind, posted=posted, problems=problems)
    summary = [(editor.place_words(problem, kind), problem.message, _anchor(problem)) for problem in problems]
    return _editor(request, found, form, bench.Bench(bench.draw(posted.table, kind, request.POST)), summary=summary, unsaved=True, status=422)


def _anchor(problem: TableProblem) -> str:
    return "table" if problem.row is None else f"r{problem.row}-{problem.column}" if problem.column else f"r{problem.row}"


def _editor(
    request: Request, found, form: editor.Editor, tried: bench.Bench, *, summary=(), what_if=None, unsaved: bool = False, status: int = 200
) -> HttpResponse:
    return page(
        request, "rulebook/vendor/draft.html", status=status, draft=found, form=form, bench=tried, summary=summary, what_if=what_if,
        unsaved=unsaved, can_publish=request.actor.can("rulebook.publish"), **_history(request, found),
    )  # fmt: skip


def _history(request: Request, found) -> dict:
    """The last what-if run of a draft, where somebody keeps a history of its kind."""
    source = queries.find_source(found.kind)
    if source is None:
        return {"has_history": False}
    run = queries.newest_replay(actor=request.actor, draft_id=found.id, at=request.at)
    return {"has_history": True, "is_required": source.is_required, "run": run}


def discard_draft(request: Request, draft_id: UUID) -> HttpResponse:
    services.discard_draft(actor=request.actor, draft_id=draft_id, at=request.at)
    return done(request, reverse("rulebook:rules"), _("Draft discarded"))


class PublishForm(forms.Form):
    effective_date = forms.DateField(
        label=gettext_lazy("Takes effect on"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("At midnight in your time zone. Empty: as soon as the notice period ends."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Why, in a sentence"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Partners read this beside the change."),
    )  # fmt: skip


def publish(request: Request, draft_id: UUID) -> HttpResponse:
    """The review: what changes, whom it would have touched, and from when."""
    found = queries.draft(actor=request.actor, draft_id=draft_id, at=request.at)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _publish(request, found, form)
        except (Invalid, Conflict) as refusal:
            add_problems(form, _beside_the_date(refusal))
    tried = services.what_if(actor=request.actor, draft_id=draft_id, at=request.at)
    return page(request, "rulebook/vendor/publish.html", status=422 if form.errors else 200, draft=found, form=form, what_if=tried, **_history(request, found))


def _beside_the_date(refusal: Refusal) -> Refusal:
    return Invalid(problems=[Problem("effective_date", problem.message) for problem in refusal.problems]) if refusal.field == "effective_at" else refusal


def _publish(request: Request, found, form: PublishForm) -> HttpResponse:
    day = form.cleaned_data["effective_date"]
    effective_at = datetime.combine(day, time(), ZoneInfo(request.actor.time_zone)) if day else None
    version_id = services.publish(actor=request.actor, draft_id=found.id, effective_at=effective_at, note=form.cleaned_data["note"], at=request.at)
    return done(request, reverse("rulebook:version", args=[version_id]), _("Rules published"), _("Partners see the change and its date now."))


def version(request: Request, version_id: UUID) -> HttpResponse:
    found = queries.version(actor=request.actor, version_id=version_id, at=request.at)
    return page(request, "rulebook/version.html", found=found, can_export=True, can_publish=request.actor.can("rulebook.publish"), **ADDRESSES)


def withdraw(request: Request, version_id: UUID) -> HttpResponse:
    services.withdraw(actor=request.actor, version_id=version_id, at=request.at)
    return done(request, reverse("rulebook:version", args=[version_id]), _("Version withdrawn"), _("The rules before it stay in force."))


def graph(request: Request, version_id: UUID) -> HttpResponse:
    """The decision graph of a version as a file, in the engine's open format."""
    found = queries.version(actor=request.actor, version_id=version_id, at=request.at)
    name = f"{found.kind}-v{found.version.number}.json"
    return JsonResponse(found.content, json_dumps_params={"indent": 2}, headers={"Content-Disposition": f'attachment; filename="{name}"'})
