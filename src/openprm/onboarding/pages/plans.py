"""Plans for the vendor: the overview, the list, one plan, starting one; and partners before their first deal."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.audit import queries as audit
from openprm.identity import queries as identity
from openprm.kernel.countries import country_name
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.onboarding import queries, services, words
from openprm.onboarding.pages.common import attempt, uuid_of, version_of
from openprm.onboarding.pages.forms import AnswerForm, ReasonForm, StartForm
from openprm.partners import queries as partners
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Due, Share
from openprm.ui.listspec import Column, Filter, ListSpec

STANDING = (("on_track", gettext_lazy("On track")), ("late", gettext_lazy("Late")), ("stuck", gettext_lazy("Stuck")))


def _managers(actor: Any) -> list[tuple[str, str]]:
    return [(str(person.id), person.name) for person in identity.holders_of("partners.manage")]


def _standing(row: queries.PlanRow) -> Badge:
    if row.state != "running":
        label, tone = words.PLAN_STATE[row.state]
        return Badge(label, tone)
    if row.stuck_since:
        return Badge(_("Stuck"), "bad", title=row.stuck_why)
    return Badge(_("Late"), "warn") if row.overdue else Badge(_("On track"), "ok")


PLANS = ListSpec(
    key="onboarding.plans",
    search=gettext_lazy("Search by partner or plan"),
    default_sort="-started_at",
    columns=(
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda row: Company(row.partner, row.template)),
        Column("standing", gettext_lazy("Standing"), "badge", value=_standing),
        Column("percent", gettext_lazy("Done"), "share", sortable=True, value=lambda row: Share(row.percent, f"{row.percent} %")),
        Column("level", gettext_lazy("Level")),
        Column("next_title", gettext_lazy("Next")),
        Column("next_due_at", gettext_lazy("Due"), "due", sortable=True, value=lambda row: Due(row.next_due_at, "") if row.next_due_at else None),
        Column("overdue", gettext_lazy("Overdue"), "number", sortable=True),
        Column("manager", gettext_lazy("Partner manager"), "person"),
        Column("started_at", gettext_lazy("First day"), "date", sortable=True),
        Column("day", gettext_lazy("Day"), "number", default=False),
        Column("program", gettext_lazy("Program"), default=False),
        Column("stuck_why", gettext_lazy("Why it stands still"), default=False),
    ),
    filters=(
        Filter("standing", gettext_lazy("Standing"), choices=STANDING),
        Filter("state", gettext_lazy("State"), choices=tuple((code, label) for code, (label, _tone) in words.PLAN_STATE.items())),
        Filter("program", gettext_lazy("Program"), choices=lambda actor: partners.program_choices()),
        Filter("template", gettext_lazy("Template"), choices=lambda actor: [(str(one.id), one.name) for one in queries.templates(actor)]),
        Filter("manager", gettext_lazy("Partner manager"), choices=_managers),
    ),
)
FIRST_DEALS = ListSpec(
    key="onboarding.first_deals",
    search=gettext_lazy("Search by partner"),
    default_sort="since",
    columns=(
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda row: Company(row.partner, country_name(row.country))),
        Column("step", gettext_lazy("Where it stands"), "badge", value=lambda row: _first_deal_step(row)),
        Column("days", gettext_lazy("Days since the start"), "number"),
        Column("since", gettext_lazy("Start"), "date", sortable=True),
        Column("registered_at", gettext_lazy("First registration"), "date"),
        Column("approved_at", gettext_lazy("First approval"), "date"),
        Column("manager", gettext_lazy("Partner manager"), "person"),
        Column("open_questions", gettext_lazy("Open questions"), "number"),
    ),
    filters=(
        Filter(
            "step",
            gettext_lazy("Where it stands"),
            choices=(("none", gettext_lazy("Nothing registered")), ("registered", gettext_lazy("Registered"))),
            single=True,
        ),
        Filter("manager", gettext_lazy("Partner manager"), choices=_managers),
    ),
)


def _first_deal_step(row: queries.BeforeFirstDeal) -> Badge:
    if row.approved_at:
        return Badge(_("Approved"), "ok")
    return Badge(_("Registered"), "info") if row.registered_at else Badge(_("Nothing registered"), "warn")


def overview(request: Request) -> HttpResponse:
    """How newcomers do: figures, cohorts, who stands still and why, questions that wait."""
    program_id = uuid_of(request.GET.get("program"))
    found = queries.overview(request.actor, request.at, program_id=program_id)
    return page(
        request,
        "onboarding/vendor/overview.html",
        found=found,
        questions=queries.questions(request.actor, request.at, only_open=True, limit=10),
        programs=partners.program_choices(),
        program=str(program_id or ""),
        may_manage=queries.may_manage(request.actor),
    )


def list_plans(request: Request) -> HttpResponse:
    state = lists.parse(request, PLANS)
    if state.export:
        rows = queries.export_plans(request.actor, search=state.search, filters=state.filters, at=request.at)
        return exports.respond(request, state, rows, name="onboarding")
    found = queries.list_plans(request.actor, search=state.search, filters=state.filters, page=state.page, at=request.at)
    may = queries.may_manage(request.actor)
    empty = lists.Empty(
        title=_("No plan yet"),
        text=_("Plans start by themselves when a partner joins a program. You can also start one for a partner of yours."),
        action=_("Start a plan"),
        url=reverse("onboarding:start") if may else "",
    )
    return lists.render(
        request,
        "onboarding/vendor/plans.html",
        state,
        found.map(lambda row: replace(row, url=reverse("onboarding:plan", args=[row.id]))),
        empty=empty,
        title=_("Onboarding plans"),
        summary=_("Every partner's way through its first weeks, and where it stands."),
        may_manage=may,
    )


def first_deals(request: Request) -> HttpResponse:
    state = lists.parse(request, FIRST_DEALS)
    if state.export:
        rows = queries.export_before_first_deal(request.actor, search=state.search, filters=state.filters, at=request.at)
        return exports.respond(request, state, rows, name="before-first-deal")
    found = queries.before_first_deal(request.actor, search=state.search, filters=state.filters, page=state.page, at=request.at)
    return lists.render(
        request,
        "onboarding/vendor/list.html",
        state,
        found.map(lambda row: replace(row, url=reverse("partners:partner", args=[row.id]))),
        empty=lists.Empty(title=_("Everybody has won"), text=_("New partners stand here from their first day until their first deal is won.")),
        title=_("Before the first deal"),
        summary=_("Partners that have not won yet. Promises to them are raised to priority, and every one has a partner manager."),
    )


def plan(request: Request, plan_id: UUID, *, opened: str = "", form: Any = None, status: int = 200) -> HttpResponse:
    found = queries.plan_for_vendor(request.actor, plan_id, request.at)
    return page(
        request,
        "onboarding/vendor/plan.html",
        status=status,
        plan=found,
        opened=opened or request.GET.get("do", ""),
        end_form=form if opened == "end" else ReasonForm(auto_id="id_end_%s"),
        entries=audit.timeline(request.actor, plan_id, limit=20),
    )


def start(request: Request) -> HttpResponse:
    initial = {"partner_id": request.GET.get("partner", ""), "program_id": request.GET.get("program", "")}
    form = StartForm(request.POST or None, initial=initial, actor=request.actor)

    def act(values: Any) -> UUID:
        return services.start_plan(
            actor=request.actor,
            partner_id=values["partner_id"],
            template_id=values["template_id"],
            program_id=values["program_id"],
            started_at=_morning(values["started_date"], request) if values["started_date"] else None,
            at=request.at,
        )

    if request.method == "POST":
        plan_id, status = attempt(form, act)
        if not status:
            return done(request, reverse("onboarding:plan", args=[plan_id]), _("Plan started"), _("Both sides were told."))
    return page(
        request,
        "onboarding/vendor/form.html",
        status=422 if form.is_bound else 200,
        form=form,
        title=_("Start a plan"),
        about=_("The tasks get their owners and dates at once, on both sides."),
        submit=_("Start the plan"),
        cancel_url=reverse("onboarding:plans"),
    )


def _morning(day: Any, request: Request) -> datetime:
    return datetime.combine(day, time(9), tzinfo=ZoneInfo(request.actor.time_zone))


def move(request: Request, plan_id: UUID) -> HttpResponse:
    moved = services.move_plan(actor=request.actor, plan_id=plan_id, version=version_of(request), at=request.at)
    said = _("%(added)d tasks added, %(left_out)d left out. What was done stays done.") % {"added": moved.added, "left_out": moved.left_out}
    return done(request, reverse("onboarding:plan", args=[plan_id]), _("The plan follows the newest version"), said)


def end(request: Request, plan_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="id_end_%s")
    _nothing, status = attempt(
        form, lambda values: services.end_plan(actor=request.actor, plan_id=plan_id, reason=values["reason"], version=version_of(request), at=request.at)
    )
    if status:
        return plan(request, plan_id, opened="end", form=form, status=status)
    return done(request, reverse("onboarding:plan", args=[plan_id]), _("Plan ended"))


def skip(request: Request, plan_id: UUID, level_id: UUID) -> HttpResponse:
    if level_id not in {level.id for level in queries.plan_for_vendor(request.actor, plan_id, request.at).levels}:
        raise NotFound()
    services.skip_level(actor=request.actor, level_id=level_id, reason=request.POST.get("reason", ""), at=request.at)
    return done(request, reverse("onboarding:plan", args=[plan_id]), _("Level passed over"))


def help_page(request: Request, help_id: UUID) -> HttpResponse:
    """A question before the first deal, and the place to answer it."""
    found = queries.question(request.actor, help_id, request.at)
    form = AnswerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        _nothing, status = attempt(form, lambda values: services.answer_help(actor=request.actor, help_id=help_id, answer=values["answer"], at=request.at))
        if not status:
            return done(request, reverse("onboarding:help", args=[help_id]), _("Answer sent"), found.partner)
    may = queries.may_manage(request.actor) and found.answered_at is None
    return page(request, "onboarding/vendor/help.html", status=status or 200, question=found, form=form if may else None)
