"""Steps on both sides: adding and changing them, done, skipped, shown to the other side, proved with a file."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.actionplans import queries, services
from openprm.actionplans.pages.common import MENDABLE, attach, attempt, back, send, to, version_of
from openprm.actionplans.pages.forms import DoneForm, ReasonForm, StepForm
from openprm.kernel.http import Request, done, page


def new(request: Request, plan_id: UUID) -> HttpResponse:
    actor = request.actor
    plan = queries.plan(actor, plan_id, request.at)
    others = tuple((str(one.id), one.title) for one in plan.steps)
    form = StepForm(
        request.POST or None, initial={"side": plan.my_side, "due_date": plan.close_date}, people=queries.people_of(actor, plan.partner_id), others=others
    )
    if request.method == "POST":
        step_id, status = attempt(form, lambda values: services.add_step(actor=actor, plan_id=plan_id, at=request.at, **values))
        if not status:
            return done(request, to(actor, "plan", plan_id, anchor=f"s-{step_id}"), _("Step added"))
        return _form_page(request, plan, form, status=status)
    return _form_page(request, plan, form)


def _form_page(request: Request, plan: queries.PlanRow, form: StepForm, *, step: queries.StepView | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    return page(
        request,
        "actionplans/step_form.html",
        status=status,
        plan=plan,
        form=form,
        step=step,
        plan_url=to(actor, "plan", plan.id),
        action_url=to(actor, "step_edit", step.id) if step else to(actor, "step_new", plan.id),
    )


def edit(request: Request, step_id: UUID) -> HttpResponse:
    actor = request.actor
    found = queries.step_page(actor, step_id, request.at)
    step = found.step
    initial = {name: getattr(step, name) for name in ("title", "side", "due_date", "owner_id", "customer_contact", "about")}
    initial["waits_for"] = [str(one) for one in step.waits_for]
    form = StepForm(request.POST or None, initial=initial, people=found.people, others=found.others, is_new=False)
    if request.method != "POST":
        return _form_page(request, found.plan, form, step=step)

    def act(values: Any) -> None:
        services.change_step(actor=actor, step_id=step_id, values=values, version=version_of(request), at=request.at)

    _nothing, status = attempt(form, act)
    if status:
        return _form_page(request, found.plan, form, step=step, status=status)
    return done(request, to(actor, "plan", step.plan_id, anchor=f"s-{step_id}"), _("Step changed"))


def step(request: Request, step_id: UUID) -> HttpResponse:
    return _step_page(request, step_id)


def _step_page(request: Request, step_id: UUID, *, opened: str = "", status: int = 200, problem: str = "", **held: Any) -> HttpResponse:
    actor = request.actor
    found = queries.step_page(actor, step_id, request.at)
    names = ("step_edit", "step_done", "step_skip", "step_reopen", "step_share", "step_remove", "step_file")
    return page(
        request,
        "actionplans/step.html",
        status=status,
        step=found.step,
        plan=found.plan,
        opened=opened or request.GET.get("do", ""),
        problem=problem,
        done_form=held.get("done") or DoneForm(auto_id="id_done_%s"),
        skip_form=held.get("skip") or ReasonForm(auto_id="id_skip_%s"),
        plan_url=to(actor, "plan", found.plan.id),
        urls={name: to(actor, name, step_id) for name in names},
        file_url="actionplans:file" if actor.is_vendor else "actionplans:portal_file",
        file_remove_url="actionplans:file_remove" if actor.is_vendor else "actionplans:portal_file_remove",
    )


def finish(request: Request, step_id: UUID) -> HttpResponse:
    """Tick a step off; one that waits for others says so on its own page."""
    plan_id = queries.step_page(request.actor, step_id, request.at).plan.id
    form = DoneForm(request.POST, auto_id="id_done_%s")

    def act(values: Any) -> None:
        services.finish_step(actor=request.actor, step_id=step_id, note=values["note"], version=version_of(request), at=request.at)

    _nothing, status = attempt(form, act)
    if status:
        return _step_page(request, step_id, done=form, status=status)
    return done(request, back(request, to(request.actor, "plan", plan_id, anchor=f"s-{step_id}")), _("Done"))


def skip(request: Request, step_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="id_skip_%s")

    def act(values: Any) -> None:
        services.skip_step(actor=request.actor, step_id=step_id, reason=values["reason"], version=version_of(request), at=request.at)

    _nothing, status = attempt(form, act)
    if status:
        return _step_page(request, step_id, opened="skip", skip=form, status=status)
    return done(request, to(request.actor, "step", step_id), _("Step skipped"), _("It no longer counts."))


def reopen(request: Request, step_id: UUID) -> HttpResponse:
    services.reopen_step(actor=request.actor, step_id=step_id, version=version_of(request), at=request.at)
    return done(request, to(request.actor, "step", step_id), _("The step is open again"))


def share(request: Request, step_id: UUID) -> HttpResponse:
    return _or_problem(request, step_id, services.share_step, _("Both sides see the step now"))


def remove(request: Request, step_id: UUID) -> HttpResponse:
    plan_id = queries.step_page(request.actor, step_id, request.at).plan.id
    try:
        services.remove_step(actor=request.actor, step_id=step_id, at=request.at)
    except MENDABLE as refusal:
        return _step_page(request, step_id, problem=str(refusal.message), status=refusal.status)
    return done(request, to(request.actor, "plan", plan_id), _("Step removed"))


def _or_problem(request: Request, step_id: UUID, act: Any, said: str) -> HttpResponse:
    try:
        act(actor=request.actor, step_id=step_id, at=request.at)
    except MENDABLE as refusal:
        return _step_page(request, step_id, problem=str(refusal.message), status=refusal.status)
    return done(request, to(request.actor, "step", step_id), said)


def add_file(request: Request, step_id: UUID) -> HttpResponse:
    queries.step_page(request.actor, step_id, request.at)
    if problem := attach(request, step_id, request.FILES.get("file")):
        return _step_page(request, step_id, problem=problem, status=422)
    return done(request, to(request.actor, "step", step_id, anchor="files"), _("File added"))


def remove_file(request: Request, evidence_id: UUID) -> HttpResponse:
    services.remove_evidence(actor=request.actor, evidence_id=evidence_id, at=request.at)
    return done(request, back(request, to(request.actor, "plans")), _("File removed"))


def download(request: Request, evidence_id: UUID) -> HttpResponse:
    return send(queries.open_evidence(request.actor, evidence_id))
