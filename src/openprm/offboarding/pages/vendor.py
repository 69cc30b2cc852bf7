"""Offboarding in the vendor's workspace: the list, opening, the checklist, what is kept."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.audit import queries as audit
from openprm.identity import queries as identity
from openprm.kernel.errors import Conflict, Invalid, NotFound
from openprm.kernel.http import Request, done, page
from openprm.offboarding import queries, services
from openprm.offboarding.pages.common import attachment, case_words, steps_shown
from openprm.offboarding.pages.forms import OpenForm, RetentionForm, end_of_day
from openprm.offboarding.wording import FAREWELL, KEPT, KIND, STATUS, STEP_STATE
from openprm.partners import queries as partners
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Share
from openprm.ui.fields import add_problems
from openprm.ui.listspec import Column, Filter, ListSpec

SPEC = ListSpec(
    key="offboarding.offboardings",
    search=gettext_lazy("Search by partner"),
    default_sort="-created_at",
    columns=(
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda row: Company(row.partner, KIND[row.kind])),
        Column("status", gettext_lazy("State"), "badge", value=lambda row: Badge(*STATUS[row.status])),
        Column(
            "progress", gettext_lazy("Steps done"), "share", value=lambda row: Share(row.progress, f"{row.progress} %", "ok" if row.progress == 100 else "")
        ),
        Column("access_ends_at", gettext_lazy("Last day"), "date", sortable=True),
        Column("manager", gettext_lazy("Partner manager"), "person"),
        Column("finished_at", gettext_lazy("Left"), "date", sortable=True),
        Column("erase_at", gettext_lazy("People kept until"), "date", sortable=True, default=False),
        Column("survey_score", gettext_lazy("Farewell score"), "number", default=False),
        Column("reason", gettext_lazy("Reason"), default=False),
        Column("created_at", gettext_lazy("Begun"), "datetime", sortable=True, default=False),
    ),
    filters=(
        Filter("status", gettext_lazy("State"), choices=tuple((code, label) for code, (label, _tone) in STATUS.items())),
        Filter("kind", gettext_lazy("Who ends it"), choices=tuple(KIND.items())),
        Filter("manager", gettext_lazy("Partner manager"), choices=lambda actor: _managers()),
    ),
)


def list_offboardings(request: Request) -> HttpResponse:
    """Partners that leave, have left, or ask to."""
    state = lists.parse(request, SPEC)
    if state.export:
        return exports.respond(
            request, state, queries.export_offboardings(request.actor, search=state.search, filters=state.filters), name="offboarding"
        )  # fmt: skip
    found = queries.offboardings(request.actor, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(
        title=_("Nobody is leaving"),
        text=_("When a partnership ends, open an offboarding on the partner's page: deals, access and data are cared for step by step."),
        action=_("Partners"),
        url=reverse("partners:partners"),
    )
    summary = _("Partners that leave, have left, or ask to: what is done, and what waits.")
    return lists.render(request, "offboarding/vendor/list.html", state, found.map(_Linked), empty=empty, title=_("Offboarding"), summary=summary)


def open_offboarding(request: Request, partner_id: UUID) -> HttpResponse:
    """Reason, who ends it, the last day: then the checklist is laid out."""
    partner = partners.partner(request.actor, partner_id)
    asked = queries.running_of(request.actor, partner_id)
    initial = {"farewell": str(FAREWELL), "kind": "partner" if asked else "mutual", "reason": asked.reason if asked and asked.status == "requested" else ""}
    form = OpenForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        last_day = end_of_day(values.pop("last_day"), request.actor.time_zone)
        try:
            opened = services.open_offboarding(actor=request.actor, partner_id=partner_id, access_ends_at=last_day, at=request.at, **values)
            return done(request, reverse("offboarding:offboarding", args=[opened]), _("Offboarding opened"), partner.name)
        except (Invalid, Conflict) as refusal:
            add_problems(form, _beside(refusal))
    notice = queries.notice_days_of(partner_id, request.at)
    return page(request, "offboarding/vendor/open.html", status=422 if form.is_bound else 200, form=form, partner=partner, notice=notice)


def show(request: Request, offboarding_id: UUID) -> HttpResponse:
    """One leaving: every step with its state, what waits for a decision, the export, the history."""
    return _page(request, offboarding_id)


def decide(request: Request, offboarding_id: UUID, code: str) -> HttpResponse:
    """What happens with everything of one step, and what differs; saved first, run when all is right."""
    case = queries.offboarding_for_vendor(request.actor, offboarding_id, request.at)
    step = next((one for one in case.steps if one.code == code and one.choices), None)
    if step is None:
        raise NotFound()
    problem = ""
    if request.method == "POST":
        try:
            services.decide_step(actor=request.actor, offboarding_id=offboarding_id, code=code, at=request.at, **_decision(request))
            return _run(request, offboarding_id, code) if "run" in request.POST else _back(request, offboarding_id, _("Decision saved"))
        except Invalid as refusal:
            problem = refusal.message
    receivers = queries.receivers(request.actor, case.partner_id)
    shown = Badge(*STEP_STATE[step.state])
    return page(
        request, "offboarding/vendor/decide.html", status=422 if problem else 200, case=case, step=step, badge=shown, receivers=receivers, problem=problem
    )


def run(request: Request, offboarding_id: UUID, code: str) -> HttpResponse:
    try:
        return _run(request, offboarding_id, code)
    except Invalid:
        return done(request, reverse("offboarding:decide", args=[offboarding_id, code]), _("Decide first"))


def act(request: Request, offboarding_id: UUID) -> HttpResponse:
    """Moving the last day, calling off, taking back."""
    reason, verb = request.POST.get("reason", ""), request.POST.get("do", "")
    case = {"actor": request.actor, "offboarding_id": offboarding_id, "reason": reason, "at": request.at}
    acts = {
        "close": (services.close_offboarding, _("The partner stays")),
        "reinstate": (services.reinstate, _("The partner is back")),
        "move": (lambda **values: services.move_last_day(access_ends_at=_asked_day(request), **values), _("Last day moved")),
    }
    if verb not in acts:
        raise NotFound()
    service, said = acts[verb]
    try:
        service(**case)
    except Invalid as refusal:
        return _page(request, offboarding_id, problem=refusal.message, status=422)
    return _back(request, offboarding_id, said)


def download(request: Request, offboarding_id: UUID) -> FileResponse:
    return attachment(services.open_export(actor=request.actor, offboarding_id=offboarding_id, at=request.at))


def retention(request: Request) -> HttpResponse:
    """How long each kind of data is kept after a partner left."""
    kinds = queries.retention()
    forms = {one.kind: RetentionForm(initial={"kind": one.kind, "days": one.days}, auto_id=f"id_{one.kind}_%s") for one in kinds}
    if request.method == "POST":
        form = RetentionForm(request.POST, auto_id=f"id_{request.POST.get('kind', '')[:20]}_%s")
        if form.is_valid() and _kept(request, form):
            return done(request, reverse("offboarding:retention"), _("Retention saved"))
        forms[request.POST.get("kind", "")] = form
    shown = [{"kind": one, "form": forms[one.kind]} for one in kinds]
    status = 422 if request.method == "POST" else 200
    may = queries.why_not_configure(request.actor) is None
    return page(request, "offboarding/vendor/retention.html", status=status, kinds=shown, kept=KEPT, may_configure=may)


def _page(request: Request, offboarding_id: UUID, *, problem: str = "", status: int = 200) -> HttpResponse:
    actor, at = request.actor, request.at
    case = queries.offboarding_for_vendor(actor, offboarding_id, at)
    return page(
        request,
        "offboarding/vendor/offboarding.html",
        status=status,
        case=case,
        steps=steps_shown(case),
        entries=audit.timeline(actor, offboarding_id, limit=30),
        may_manage=not case.why_not_manage,
        problem=problem,
        opened=request.GET.get("do", ""),
        **case_words(case),
    )


def _decision(request: Request) -> dict[str, Any]:
    items = {
        key.removeprefix("item-"): {"choice": value, "partner_id": request.POST.get(f"to-{key.removeprefix('item-')}", "")}
        for key, value in request.POST.items()
        if key.startswith("item-") and value
    }
    return {"choice": request.POST.get("choice", ""), "partner_id": request.POST.get("partner_id") or None, "items": items}


def _run(request: Request, offboarding_id: UUID, code: str) -> HttpResponse:
    state = services.run_step(actor=request.actor, offboarding_id=offboarding_id, code=code, at=request.at)
    said = {"done": _("Step done"), "skipped": _("Nothing to do"), "running": _("Begun: it runs in the background"), "failed": _("It did not work")}
    return _back(request, offboarding_id, said.get(state, _("Step done")))


def _back(request: Request, offboarding_id: UUID, said: str) -> HttpResponse:
    return done(request, reverse("offboarding:offboarding", args=[offboarding_id]), said)


def _asked_day(request: Request) -> Any:
    day = parse_date(request.POST.get("last_day", ""))
    if day is None:
        raise Invalid(_("Choose a day."), field="access_ends_at")
    return end_of_day(day, request.actor.time_zone)


def _kept(request: Request, form: RetentionForm) -> bool:
    try:
        services.set_retention(actor=request.actor, at=request.at, **form.cleaned_data)
    except Invalid as refusal:
        add_problems(form, refusal)
        return False
    return True


def _beside(refusal: Any) -> Any:
    """The refusal with the field of the form that asked for it."""
    if refusal.field == "access_ends_at":
        return type(refusal)(refusal.message, field="last_day")
    return refusal


def _managers() -> list[tuple[str, str]]:
    return [(str(person.id), person.name) for person in identity.holders_of("partners.manage")]


class _Linked:
    """A row with the address it opens."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any):
        self._row, self.url = row, reverse("offboarding:offboarding", args=[row.id])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
