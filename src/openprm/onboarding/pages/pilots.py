"""Pilots for the vendor: prepare, invite, start, measure, roll out or end."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.kernel.http import Request, done, page
from openprm.onboarding import queries, services
from openprm.onboarding.pages.common import attempt, uuid_of, version_of
from openprm.onboarding.pages.forms import MOST_OFFERED, GoalForm, MeasureForm, PilotForm, ResultForm
from openprm.partners import queries as partners


def pilots(request: Request) -> HttpResponse:
    return page(request, "onboarding/vendor/pilots.html", pilots=queries.pilots(request.actor, request.at), may_manage=queries.may_manage(request.actor))


def new(request: Request) -> HttpResponse:
    form = PilotForm(request.POST or None, actor=request.actor)
    if request.method == "POST":
        pilot_id, status = attempt(form, lambda values: services.create_pilot(actor=request.actor, at=request.at, **values))
        if not status:
            return done(request, _at(pilot_id), _("Pilot prepared"), _("Choose partners and goals, then start it."))
    return _form(request, form, _("Prepare a pilot"), _("Nobody hears of it before you start it."), reverse("onboarding:pilots"))


def edit(request: Request, pilot_id: UUID) -> HttpResponse:
    found = queries.pilot(request.actor, pilot_id)
    form = PilotForm(request.POST or None, initial={name: getattr(found, name) for name in PilotForm.base_fields}, actor=request.actor)
    if request.method == "POST":
        _nothing, status = attempt(
            form, lambda values: services.update_pilot(actor=request.actor, pilot_id=pilot_id, values=values, version=version_of(request), at=request.at)
        )
        if not status:
            return done(request, _at(pilot_id), _("Pilot saved"))
    return _form(request, form, found.name, _("While it runs, only the words and the end can change."), _at(pilot_id), version=found.version)


def _form(request: Request, form: PilotForm, title: str, about: str, cancel_url: str, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context |= {"form": form, "title": title, "about": about, "submit": _("Save"), "cancel_url": cancel_url}
    return page(request, "onboarding/vendor/form.html", status=status, **context)


def pilot(request: Request, pilot_id: UUID) -> HttpResponse:
    return _page(request, pilot_id)


def _page(request: Request, pilot_id: UUID, *, status: int = 200, opened: str = "", **bound: Any) -> HttpResponse:
    found = queries.pilot(request.actor, pilot_id)
    may = queries.may_manage(request.actor) and found.state in ("draft", "running")
    return page(
        request,
        "onboarding/vendor/pilot.html",
        status=status,
        pilot=found,
        may_manage=may,
        opened=opened or request.GET.get("do", ""),
        goals=[(goal, MeasureForm(initial={"measured": goal.measured, "note": goal.note}, auto_id=f"id_{goal.id}_%s")) for goal in found.goals],
        goal_form=bound.get("goal") or GoalForm(auto_id="id_goal_%s"),
        result_form=bound.get("result") or ResultForm(auto_id="id_result_%s"),
        candidates=_candidates(request, found) if may else (),
        search=request.GET.get("q", "")[:100],
        entries=audit.timeline(request.actor, pilot_id, limit=15),
    )


def _candidates(request: Request, found: queries.PilotView) -> list[Any]:
    """Active partners that were not chosen yet, at most a page of them."""
    chosen = {member.partner_id for member in found.members}
    filters = {"status": "active"} | ({"program": (found.program_id,)} if found.program_id else {})
    rows = partners.newest_partners(request.actor, search=request.GET.get("q", "")[:100], filters=filters).exclude(pk__in=chosen)
    return [partners.partner_row(row) for row in rows.order_by("organization__name")[:MOST_OFFERED]]


def invite(request: Request, pilot_id: UUID) -> HttpResponse:
    chosen = [found for text in request.POST.getlist("partner_id")[:200] if (found := uuid_of(text))]
    count = services.invite_partners(actor=request.actor, pilot_id=pilot_id, partner_ids=chosen, at=request.at)
    return done(request, _at(pilot_id, "partners"), _("%(count)d partners chosen") % {"count": count})


def start(request: Request, pilot_id: UUID) -> HttpResponse:
    services.start_pilot(actor=request.actor, pilot_id=pilot_id, version=version_of(request), at=request.at)
    return done(request, _at(pilot_id), _("The pilot runs"), _("The chosen partners are invited."))


def add_goal(request: Request, pilot_id: UUID) -> HttpResponse:
    form = GoalForm(request.POST, auto_id="id_goal_%s")
    _nothing, status = attempt(form, lambda values: services.add_goal(actor=request.actor, pilot_id=pilot_id, at=request.at, **values))
    if status:
        return _page(request, pilot_id, goal=form, status=status)
    return done(request, _at(pilot_id, "goals"), _("Goal added"))


def measure(request: Request, pilot_id: UUID, goal_id: UUID) -> HttpResponse:
    form = MeasureForm(request.POST)
    _nothing, status = attempt(form, lambda values: services.measure_goal(actor=request.actor, pilot_id=pilot_id, goal_id=goal_id, at=request.at, **values))
    if status:
        return _page(request, pilot_id, status=status)
    return done(request, _at(pilot_id, "goals"), _("Measured"))


def close(request: Request, pilot_id: UUID) -> HttpResponse:
    form = ResultForm(request.POST, auto_id="id_result_%s")
    roll_out = request.POST.get("outcome") == "roll_out"

    def act(values: Any) -> None:
        services.close_pilot(actor=request.actor, pilot_id=pilot_id, result=values["result"], roll_out=roll_out, version=version_of(request), at=request.at)

    _nothing, status = attempt(form, act)
    if status:
        return _page(request, pilot_id, opened="close", result=form, status=status)
    return done(request, _at(pilot_id), _("Rolled out to everybody") if roll_out else _("The pilot is over"))


def _at(pilot_id: UUID, anchor: str = "") -> str:
    return reverse("onboarding:pilot", args=[pilot_id]) + (f"#{anchor}" if anchor else "")
