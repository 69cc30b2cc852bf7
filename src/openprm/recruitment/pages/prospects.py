"""The pipeline: board, list, adding, moving, converting."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.errors import Conflict
from openprm.kernel.http import Request, done, page, redirect
from openprm.partners import queries as partners
from openprm.recruitment import queries, services
from openprm.recruitment.pages.common import Linked, fit_cell, frame, known_of, score_cell
from openprm.recruitment.pages.companies import show
from openprm.recruitment.pages.forms import ConvertForm, ProspectForm, WorkForm, attempt, owner_choices, program_choices
from openprm.recruitment.wording import FIT, STAGE, source_words
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Filter, ListSpec

SPEC = ListSpec(
    key="recruitment.prospects",
    search=gettext_lazy("Search by name, domain or next step"),
    default_sort="-score",
    columns=(
        Column("name", gettext_lazy("Company"), "company", sortable=True, always=True, value=lambda row: Company(row.name, row.domain)),
        Column("stage", gettext_lazy("Stage"), "badge", sortable=True, value=lambda row: Badge(*STAGE[row.stage])),
        Column("score", gettext_lazy("Fit"), "share", sortable=True, value=score_cell),
        Column("fit", gettext_lazy("Verdict"), "badge", default=False, value=fit_cell),
        Column("program", gettext_lazy("Program")),
        Column("owner", gettext_lazy("Who recruits"), "person", sortable=True),
        Column("next_step", gettext_lazy("Next step")),
        Column("next", gettext_lazy("When"), "date", sortable=True, value=lambda row: row.next_step_date),
        Column("source", gettext_lazy("Source"), default=False, value=lambda row: source_words(row.source) if row.source else None),
        Column("country", gettext_lazy("Country"), default=False),
        Column(
            "missing", gettext_lazy("Not known"), "text", default=False, value=lambda row: None if row.missing_percent is None else f"{row.missing_percent}%"
        ),
        Column("since", gettext_lazy("In this stage since"), "date", sortable=True, default=False, value=lambda row: row.stage_since),
        Column("created_at", gettext_lazy("Added"), "date", sortable=True, default=False),
    ),
    filters=(
        Filter("stage", gettext_lazy("Stage"), choices=tuple((code, label) for code, (label, _tone) in STAGE.items())),
        Filter("fit", gettext_lazy("Fit"), choices=tuple((code, label) for code, (label, _tone) in FIT.items())),
        Filter("owner", gettext_lazy("Who recruits"), choices=lambda actor: owner_choices()[1:]),
        Filter("program", gettext_lazy("Program"), choices=lambda actor: program_choices(actor)[1:]),
        Filter("source", gettext_lazy("Source"), choices=queries.sources),
    ),
)


def board(request: Request) -> HttpResponse:
    """Prospects by stage, all or one's own."""
    mine = request.GET.get("whose") == "mine"
    found = queries.board(request.actor, at=request.at, owner_id=request.actor.user_id if mine else None)
    return page(request, "recruitment/vendor/board.html", board=found, mine=mine, **frame(request, "board"))


def list_prospects(request: Request) -> HttpResponse:
    state, today = lists.parse(request, SPEC), request.at.date()
    if state.export:
        rows = queries.export_prospects(request.actor, search=state.search, filters=state.filters, today=today)
        return exports.respond(request, state, rows, name="prospects")
    found = queries.list_prospects(request.actor, search=state.search, filters=state.filters, page=state.page, today=today)
    empty = lists.Empty(
        title=_("No prospects yet"),
        text=_("Add the first company you would like to have as a partner."),
        action=_("Add a prospect"),
        url=reverse("recruitment:new_prospect") if queries.may_manage(request.actor) else "",
    )
    listed = found.map(lambda row: Linked(row, reverse("recruitment:company", args=[row.company_id])))
    return lists.render(request, "recruitment/vendor/prospects.html", state, listed, empty=empty, title=_("Recruiting"), **frame(request, "board"))


def new_prospect(request: Request) -> HttpResponse:
    form = ProspectForm(request.POST or None, actor=request.actor, initial={"owner_id": request.actor.user_id})
    if request.method == "POST":
        is_done, prospect_id = attempt(form, lambda: services.add_prospect(actor=request.actor, at=request.at, **form.cleaned_data))
        if is_done:
            company_id = queries.company_of_prospect(request.actor, prospect_id)
            return done(request, reverse("recruitment:company", args=[company_id]), _("Prospect added"), form.cleaned_data["name"])
    return page(
        request, "recruitment/vendor/new_prospect.html", form=form, known=known_of(form), status=422 if form.is_bound else 200, **frame(request, "board")
    )  # fmt: skip


def show_prospect(request: Request, prospect_id: UUID) -> HttpResponse:
    """A prospect is shown on the page of its company."""
    return redirect(request, reverse("recruitment:company", args=[queries.company_of_prospect(request.actor, prospect_id)]))


def move_stage(request: Request, prospect_id: UUID) -> HttpResponse:
    stage, version = request.POST.get("stage", ""), request.POST.get("version", "")
    services.move_stage(
        actor=request.actor, prospect_id=prospect_id, stage=stage, reason=request.POST.get("reason", ""), at=request.at,
        version=int(version) if version.isdigit() else None,
    )  # fmt: skip
    return done(request, _next(request, prospect_id), _("Moved to “%(stage)s”") % {"stage": STAGE[stage][0]})


def _next(request: Request, prospect_id: UUID) -> str:
    asked = request.POST.get("next", "")
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/"):
        return asked
    return reverse("recruitment:company", args=[queries.company_of_prospect(request.actor, prospect_id)])


def edit_prospect(request: Request, prospect_id: UUID) -> HttpResponse:
    company_id = queries.company_of_prospect(request.actor, prospect_id)
    form = WorkForm(request.POST, actor=request.actor)
    is_done, _nothing = attempt(form, lambda: services.update_prospect(actor=request.actor, prospect_id=prospect_id, changes=form.cleaned_data, at=request.at))
    if is_done:
        return done(request, reverse("recruitment:company", args=[company_id]), _("Saved"))
    return show(request, company_id, work_form=form, status=422)


def convert(request: Request, prospect_id: UUID) -> HttpResponse:
    """Make a prospect a partner."""
    company = queries.company(request.actor, queries.company_of_prospect(request.actor, prospect_id), request.at)
    form = ConvertForm(request.POST or None, initial=_suggested(request, company))
    if request.method == "POST":
        is_done, partner_id = attempt(form, lambda: _convert(request, prospect_id, form.cleaned_data))
        if is_done:
            return done(request, reverse("partners:partner", args=[partner_id]), _("%(name)s is a partner") % {"name": company.name})
    elif company.partner_id:
        raise Conflict(_("%(name)s is a partner already.") % {"name": company.name})
    contact = next((one for one in company.contacts if one.is_main and one.email), None)
    return page(
        request, "recruitment/vendor/convert.html", form=form, company=company, contact=contact, known=known_of(form), prospect_id=prospect_id,
        status=422 if form.is_bound else 200, **frame(request, "board"),
    )  # fmt: skip


def _suggested(request: Request, company: queries.CompanyView) -> dict[str, object]:
    facts = queries.known_of(company.id)
    program_id = company.prospect.program_id if company.prospect else None
    motions = [one for one in facts.get("motions", ()) if one in ("influence", "transact", "solution", "retain")]
    tier = next((row.tiers[-1].id for row in partners.programs(request.actor) if row.id == program_id and row.tiers), "")
    return {"type": facts.get("type", "reseller"), "motion": motions[0] if motions else "transact", "tier_id": tier, "invite": True}


def _convert(request: Request, prospect_id: UUID, values: dict) -> UUID:
    tier_id = values.pop("tier_id", None)
    program_id = partners.tier(request.actor, tier_id).program_id if tier_id else None
    return services.convert(actor=request.actor, prospect_id=prospect_id, at=request.at, program_id=program_id, tier_id=tier_id, **values)
