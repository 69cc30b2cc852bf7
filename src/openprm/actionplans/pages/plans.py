"""Plans on both sides: the list, one plan, beginning, agreeing, moving and ending it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.actionplans import queries, services
from openprm.actionplans.pages.common import attempt, subject_url, to, uuid_of, version_of
from openprm.actionplans.pages.forms import ReasonForm, ShiftForm, StartForm
from openprm.audit import queries as audit
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotFound
from openprm.kernel.http import Request, addresses, done, page
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Share
from openprm.ui.listspec import Column, Empty, Filter, ListSpec

ENTRIES = 40


def _health(row: queries.PlanRow) -> Badge:
    if row.state != "running":
        return Badge(_("Ended"))
    return Badge(row.health_label, row.health_tone, title=row.health_reason)


COLUMNS = (
    Column("title", gettext_lazy("Plan"), "title", sortable=True, always=True),
    Column("customer", gettext_lazy("Customer"), sortable=True),
    Column("partner", gettext_lazy("Partner"), "company", sortable=True, value=lambda row: Company(row.partner)),
    Column("health", gettext_lazy("Standing"), "badge", value=_health),
    Column("percent", gettext_lazy("Done"), "share", value=lambda row: Share(row.percent, f"{row.done}/{row.total}")),
    Column("next_title", gettext_lazy("Next")),
    Column("next_due", gettext_lazy("Next due"), "date"),
    Column("close_date", gettext_lazy("Close date"), "date", sortable=True),
    Column("agreement", gettext_lazy("Agreement"), "badge", value=lambda row: Badge(row.agreement_label, row.agreement_tone)),
    Column("number", gettext_lazy("Deal"), "mono", default=False),
    Column("late", gettext_lazy("Late steps"), "number", default=False),
    Column("started_at", gettext_lazy("Begun"), "date", sortable=True, default=False),
)
STATES = (("running", gettext_lazy("Running")), ("ended", gettext_lazy("Ended")))
FILTERS = (
    Filter("state", gettext_lazy("State"), choices=STATES),
    Filter("program", gettext_lazy("Program"), choices=lambda actor: partners.program_choices()),
    Filter("mine", gettext_lazy("With a step of mine"), "bool"),
)
SEARCH = gettext_lazy("Search plan, customer or deal")
VENDOR = ListSpec(key="actionplans.plans", search=SEARCH, default_sort="-started_at", columns=COLUMNS, filters=FILTERS)
PORTAL = ListSpec(
    key="actionplans.portal_plans", search=SEARCH, default_sort="-started_at", columns=tuple(one for one in COLUMNS if one.name != "partner"), filters=FILTERS
)


class Listed:
    """A row with the address it opens."""

    def __init__(self, row: queries.PlanRow, url: str):
        self.row, self.url = row, url

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def list_plans(request: Request) -> HttpResponse:
    actor = request.actor
    state = lists.parse(request, VENDOR if actor.is_vendor else PORTAL)
    address = addresses("actionplans:plan" if actor.is_vendor else "actionplans:portal_plan")
    if state.export:
        rows = queries.export_plans(actor, request.at, search=state.search, filters=state.filters)
        return exports.respond(request, state, (Listed(row, address(row.id)) for row in rows), name="action-plans")
    found = queries.list_plans(actor, request.at, search=state.search, filters=state.filters, page=state.page)
    empty = Empty(title=_("No action plans yet"), text=_("Open a deal and start its mutual action plan: who does what until the signature."))
    return lists.render(
        request,
        "actionplans/plans.html",
        state,
        found.map(lambda row: Listed(row, address(row.id))),
        title=_("Action plans"),
        empty=empty,
        side=actor.side,
        templates_url=reverse("actionplans:templates") if actor.is_vendor else "",
    )


def plan(request: Request, plan_id: UUID) -> HttpResponse:
    return draw(request, plan_id)


def draw(request: Request, plan_id: UUID, *, opened: str = "", status: int = 200, **held: Any) -> HttpResponse:
    """The plan's page; `opened` shows a dialog, `held` puts a form with its problem back into it."""
    actor = request.actor
    found = queries.plan(actor, plan_id, request.at)
    grouped = request.GET.get("view", "weeks")
    return page(
        request,
        "actionplans/plan.html",
        status=status,
        plan=found,
        view=grouped if grouped in ("weeks", "list") else "weeks",
        opened=opened or request.GET.get("do", ""),
        end_form=held.get("end") or ReasonForm(auto_id="id_end_%s"),
        urls={
            name: to(actor, name, plan_id) for name in ("plan", "plan_sign", "plan_shift", "plan_end", "step_new")
        },
        subject_url=subject_url(actor, found),
        list_url=to(actor, "plans"),
        names=_sides(actor, found.partner),
        timeline=audit.timeline(actor, plan_id, limit=ENTRIES),
    )  # fmt: skip


def _sides(actor: Actor, partner: str) -> dict[str, str]:
    """What the three sides are called on this page."""
    return {"vendor": identity.vendor_organization().name, "partner": partner, "customer": _("Customer")}


def start(request: Request) -> HttpResponse:
    """Choose a template and a close date; the steps it would make are shown before anything is made."""
    actor = request.actor
    asked = request.POST if request.method == "POST" else request.GET
    kind, subject_id = asked.get("kind", "registration")[:20], uuid_of(asked.get("subject"))
    if subject_id is None:
        raise NotFound()
    subject = queries.subject(actor, kind, subject_id)
    choices = queries.choices(actor, subject.program_id)
    initial = {"title": subject.title[:160], "close_date": subject.close_date, "template_id": choices[0].id if choices else ""}
    partner_choices = _partner_choices(subject.partner_ids) if actor.is_vendor and len(subject.partner_ids) > 1 else ()
    bound = asked if request.method == "POST" or "template_id" in asked else None
    form = StartForm(bound, initial=initial, choices=choices, partner_choices=partner_choices)
    if request.method == "POST" and "preview" not in asked:
        plan_id, status = attempt(form, lambda values: services.start_plan(actor=actor, subject_id=subject_id, subject_kind=kind, at=request.at, **values))
        if not status:
            return done(request, to(actor, "plan", plan_id), _("The plan stands"), _("Look at the dates and names, then agree to it."))
        return _start_page(request, form, subject, kind, status)
    return _start_page(request, form, subject, kind, 200)


def _partner_choices(partner_ids: tuple[UUID, ...]) -> tuple[tuple[str, str], ...]:
    with system_scope():
        return tuple((str(partner_id), name) for partner_id, name in identity.organization_names(partner_ids).items())


def _start_page(request: Request, form: StartForm, subject: Any, kind: str, status: int) -> HttpResponse:
    return page(
        request,
        "actionplans/start.html",
        status=status,
        form=form,
        subject=subject,
        kind=kind,
        proposed=_proposed(request, form, subject),
        start_url=to(request.actor, "start"),
        list_url=to(request.actor, "plans"),
    )


def _proposed(request: Request, form: StartForm, subject: Any) -> tuple[queries.Proposed, ...]:
    """The steps of the chosen template with their days, for the close date in the form."""
    values = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    close, template_id = values.get("close_date"), values.get("template_id")
    if not close or not template_id:
        return ()
    content = queries.content_for(request.actor, template_id, subject.program_id)
    return queries.proposed(content, close, request.at) if content else ()


def sign(request: Request, plan_id: UUID) -> HttpResponse:
    """Agree to the revision that the page showed."""
    try:
        both = services.sign_plan(actor=request.actor, plan_id=plan_id, revision=version_of(request, "revision"), at=request.at)
    except Conflict as refusal:
        return done(request, to(request.actor, "plan", plan_id), _("Not agreed yet"), str(refusal.message))
    text = _("Both sides agree now.") if both else _("The other side is asked to agree too.")
    return done(request, to(request.actor, "plan", plan_id), _("You agreed to the plan"), text)


def shift(request: Request, plan_id: UUID) -> HttpResponse:
    """Preview how the open steps follow another close date; then move them, or keep them where they are."""
    actor = request.actor
    found = queries.plan(actor, plan_id, request.at)
    if request.method == "POST":
        return _shifted(request, plan_id, found)
    form = ShiftForm(request.GET if "close_date" in request.GET else None, initial={"close_date": found.subject_close_date or found.close_date})
    return _shift_page(request, found, form, 200)


def _shift_page(request: Request, found: queries.PlanView, form: ShiftForm, status: int) -> HttpResponse:
    close = form.cleaned_data["close_date"] if form.is_bound and form.is_valid() else form.initial.get("close_date")
    preview = queries.shift_preview(request.actor, found.id, close, request.at) if close else None
    return page(
        request, "actionplans/shift.html", status=status, plan=found, form=form, preview=preview, plan_url=to(request.actor, "plan", found.id),
        shift_url=to(request.actor, "plan_shift", found.id),
    )  # fmt: skip


def _shifted(request: Request, plan_id: UUID, found: queries.PlanView) -> HttpResponse:
    form, moves = ShiftForm(request.POST), request.POST.get("keep") != "yes"

    def act(values: Any) -> int:
        return services.shift_plan(
            actor=request.actor, plan_id=plan_id, close_date=values["close_date"], move_steps=moves, version=version_of(request), at=request.at
        )

    moved, status = attempt(form, act)
    if status:
        return _shift_page(request, found, form, status)
    said = ngettext("%(count)d step moved", "%(count)d steps moved", moved) % {"count": moved}
    return done(request, to(request.actor, "plan", plan_id), _("The plan has another close date"), said)


def end(request: Request, plan_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="id_end_%s")

    def act(values: Any) -> None:
        services.end_plan(actor=request.actor, plan_id=plan_id, reason=values["reason"], version=version_of(request), at=request.at)

    _nothing, status = attempt(form, act)
    if status:
        return draw(request, plan_id, opened="end", end=form, status=status)
    return done(request, to(request.actor, "plan", plan_id), _("The plan has ended"), _("What was done stays readable."))
