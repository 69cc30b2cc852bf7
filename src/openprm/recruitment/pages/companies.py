"""Discovered companies, and the one page of a company with all that is known of it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.audit import queries as audit
from openprm.kernel.countries import country_name
from openprm.kernel.http import Request, done, page
from openprm.recruitment import queries, services
from openprm.recruitment.pages.common import Linked, fit_cell, frame, known_of, score_cell
from openprm.recruitment.pages.forms import CompanyForm, ContactForm, FactsForm, LetterForm, WorkForm, attempt
from openprm.recruitment.rules.facts import FACT, Kind
from openprm.recruitment.rules.stages import OPEN
from openprm.recruitment.wording import FIT, STAGE, source_words
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Share
from openprm.ui.listspec import BulkAction, Column, Filter, ListSpec

MARK = {"starred": (gettext_lazy("Starred"), "warn"), "ignored": (gettext_lazy("Ignored"), ""), "none": (gettext_lazy("New"), "info")}
SAID = {
    "starred": gettext_lazy("Starred"),
    "ignored": gettext_lazy("Put on the ignored list"),
    "none": gettext_lazy("Mark taken away"),
}


def _alike(row: Any) -> Share | None:
    return Share(row.alike.total, _("%(percent)d%%, %(partner)s") % {"percent": row.alike.total, "partner": row.alike.partner}) if row.alike else None


SPEC = ListSpec(
    key="recruitment.discovered",
    search=gettext_lazy("Search by name or domain"),
    default_sort="-score",
    columns=(
        Column("name", gettext_lazy("Company"), "company", sortable=True, always=True, value=lambda row: Company(row.name, row.domain)),
        Column("mark", gettext_lazy("Mark"), "badge", value=lambda row: Badge(*MARK[row.mark], "star" if row.mark == "starred" else "")),
        Column("score", gettext_lazy("Fit"), "share", sortable=True, value=score_cell),
        Column("fit", gettext_lazy("Verdict"), "badge", default=False, value=fit_cell),
        Column("alike", gettext_lazy("Most like"), "share", sortable=True, value=_alike),
        Column("signals", gettext_lazy("New signals"), "number", value=lambda row: row.new_signals or None),
        Column("invited", gettext_lazy("Invited"), "date", value=lambda row: row.invited_at),
        Column("messaged", gettext_lazy("Written to"), "date", value=lambda row: row.messaged_at),
        Column("country", gettext_lazy("Country"), sortable=True, default=False, value=lambda row: country_name(row.country) if row.country else None),
        Column("source", gettext_lazy("Source"), default=False, value=lambda row: source_words(row.source)),
        Column("created_at", gettext_lazy("Found"), "date", sortable=True, default=False),
    ),
    filters=(
        Filter("mark", gettext_lazy("Mark"), choices=tuple((code, label) for code, (label, _tone) in MARK.items())),
        Filter("fit", gettext_lazy("Fit"), choices=tuple((code, label) for code, (label, _tone) in FIT.items())),
        Filter("country", gettext_lazy("Country"), choices=queries.countries),
        Filter("invited", gettext_lazy("Invited"), kind="bool"),
    ),
)


def discovered(request: Request) -> HttpResponse:
    """Companies that could become partners and are not in the pipeline. The ignored ones only when asked for."""
    state = lists.parse(request, SPEC)
    if state.export:
        return exports.respond(request, state, queries.export_companies(request.actor, search=state.search, filters=state.filters), name="companies")
    found = queries.list_companies(request.actor, search=state.search, filters=state.filters, page=state.page)
    may, act = queries.may_manage(request.actor), reverse("recruitment:mark_many")
    empty = lists.Empty(
        title=_("Nobody discovered yet"),
        text=_("Companies come here from signals, from imports, or when you add one."),
        action=_("Add a company"),
        url=reverse("recruitment:new_company") if may else "",
    )
    bulk = (
        BulkAction("starred", _("Star"), "star", url=act),
        BulkAction("ignored", _("Ignore"), "eye-off", url=act),
        BulkAction("none", _("Clear the mark"), "undo-2", url=act),
    )
    listed = found.map(lambda row: Linked(row, reverse("recruitment:company", args=[row.id])))
    return lists.render(
        request, "recruitment/vendor/discovered.html", state, listed, bulk=bulk if may else (), empty=empty, title=_("Recruiting"),
        **frame(request, "discovered"),
    )  # fmt: skip


def mark_many(request: Request) -> HttpResponse:
    mark = request.POST.get("action", "")
    ids = [UUID(one) for one in request.POST.getlist("ids") if _is_id(one)]
    count = services.mark(actor=request.actor, company_ids=ids, mark=mark, at=request.at)
    said = ngettext("%(count)d company changed", "%(count)d companies changed", count) % {"count": count}
    return done(request, reverse("recruitment:discovered"), said)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def new_company(request: Request) -> HttpResponse:
    form = CompanyForm(request.POST or None)
    if request.method == "POST":
        is_done, company_id = attempt(form, lambda: services.add_company(actor=request.actor, at=request.at, **form.cleaned_data))
        if is_done:
            return _back(request, company_id, _("Company added"))
    return page(
        request, "recruitment/vendor/new_company.html", form=form, known=known_of(form), status=422 if form.is_bound else 200, **frame(request, "discovered")
    )  # fmt: skip


def company(request: Request, company_id: UUID) -> HttpResponse:
    return show(request, company_id)


def show(request: Request, company_id: UUID, *, work_form: Any = None, contact_form: Any = None, status: int = 200) -> HttpResponse:
    """The page of a company, also with a form that was refused."""
    found = queries.company(request.actor, company_id, request.at)
    prospect, framed = found.prospect, frame(request, "board" if found.prospect else "discovered")
    if prospect and prospect.is_open and framed["may_manage"]:
        initial = {name: getattr(prospect, name) for name in WorkForm.base_fields}
        work_form = work_form or WorkForm(initial=initial, actor=request.actor)
    return page(
        request,
        "recruitment/vendor/company.html",
        status=status,
        company=found,
        country=country_name(found.country) if found.country else "",
        source=source_words(found.source),
        stage=Badge(*STAGE[prospect.stage]) if prospect else None,
        steps=_steps(prospect.stage) if prospect else (),
        moves=[(str(stage), STAGE[stage][0]) for stage in OPEN if prospect and prospect.is_open and str(stage) != prospect.stage],
        mark=Badge(*MARK[found.mark], "star" if found.mark == "starred" else "") if not prospect and not found.partner_id else None,
        work_form=work_form,
        contact_form=contact_form or ContactForm(),
        entries=audit.timeline(request.actor, company_id, limit=30),
        **framed,
    )


def _steps(stage: str) -> list[dict[str, Any]]:
    order = [str(one) for one in OPEN] + ["converted"]
    place = order.index(stage) if stage in order else -1
    return [{"label": STAGE[one][0], "done": number < place, "current": number == place} for number, one in enumerate(order)]


def edit_facts(request: Request, company_id: UUID) -> HttpResponse:
    """What is known of a company, to be mended by hand."""
    found = queries.company(request.actor, company_id, request.at)
    known = queries.known_of(company_id)
    initial = {"name": found.name, "domain": found.domain, **{f"fact_{name}": _as_typed(name, value) for name, value in known.items()}}
    form = FactsForm(request.POST or None, initial=initial)
    if request.method == "POST":
        is_done, _nothing = attempt(form, lambda: _save_facts(request, company_id, form, initial))
        if is_done:
            return _back(request, company_id, _("Saved"))
    return page(
        request, "recruitment/vendor/facts.html", form=form, company=found, known=known_of(form), status=422 if form.is_bound else 200,
        **frame(request, "discovered"),
    )  # fmt: skip


def _as_typed(name: str, value: Any) -> Any:
    return ", ".join(value) if FACT[name].kind is Kind.WORDS else value


def _save_facts(request: Request, company_id: UUID, form: FactsForm, initial: dict[str, Any]) -> None:
    values = form.cleaned_data
    own = {name: values[name] for name in ("name", "domain") if values[name] != initial[name]}
    if own:
        services.update_company(actor=request.actor, company_id=company_id, changes=own, at=request.at)
    changed = {name: value for name, value in form.facts().items() if (value or "") != (initial.get(f"fact_{name}") or "")}
    if changed:
        services.set_facts(actor=request.actor, company_id=company_id, facts=changed, source=values["source"] or "manual", at=request.at)


def mark(request: Request, company_id: UUID) -> HttpResponse:
    asked = request.POST.get("mark", "")
    queries.company(request.actor, company_id, request.at)
    services.mark(actor=request.actor, company_ids=[company_id], mark=asked, at=request.at)
    return _back(request, company_id, str(SAID.get(asked, "")))


def take_up(request: Request, company_id: UUID) -> HttpResponse:
    services.take_up(actor=request.actor, company_id=company_id, at=request.at)
    return _back(request, company_id, _("In the pipeline now"))


def add_contact(request: Request, company_id: UUID) -> HttpResponse:
    form = ContactForm(request.POST)
    is_done, _nothing = attempt(form, lambda: services.add_contact(actor=request.actor, company_id=company_id, at=request.at, **form.cleaned_data))
    return _back(request, company_id, _("Contact added")) if is_done else show(request, company_id, contact_form=form, status=422)


def remove_contact(request: Request, company_id: UUID, contact_id: UUID) -> HttpResponse:
    services.remove_contact(actor=request.actor, company_id=company_id, contact_id=contact_id, at=request.at)
    return _back(request, company_id, _("Contact removed"))


def add_note(request: Request, company_id: UUID) -> HttpResponse:
    services.add_note(actor=request.actor, company_id=company_id, body=request.POST.get("body", ""), at=request.at)
    return _back(request, company_id, _("Note added"))


def write(request: Request, company_id: UUID) -> HttpResponse:
    """An invitation to the program, or a message, to the company's contact."""
    found = queries.company(request.actor, company_id, request.at)
    form = LetterForm(request.POST or None, actor=request.actor, initial=_draft(request, found))
    if request.method == "POST":
        is_done, _nothing = attempt(form, lambda: services.write_to(actor=request.actor, company_id=company_id, at=request.at, **form.cleaned_data))
        if is_done:
            return _back(request, company_id, _("Sent"))
    return page(
        request, "recruitment/vendor/write.html", form=form, company=found, status=422 if form.is_bound else 200, **frame(request, "discovered")
    )  # fmt: skip


def _draft(request: Request, found: queries.CompanyView) -> dict[str, Any]:
    contact = next((one for one in found.contacts if one.email), None)
    said = {"company": found.name, "name": contact.name if contact else "", "me": request.actor.name}
    greeting = _("Hello %(name)s,") % said if contact else _("Hello,")
    text = _(
        "we follow what %(company)s does and think that our customers would gain from it. Our partner program says in plain words what partners get "
        "and what we promise.\n\nWould you like to have a look, and tell me what you think?"
    )
    program = found.prospect.program_id if found.prospect else None
    return {
        "kind": "message" if request.GET.get("kind") == "message" else "invitation",
        "subject": _("%(company)s as our partner?") % said,
        "body": f"{greeting}\n\n{text % said}",
        "email": contact.email if contact else "",
        "program_id": program,
    }


def _back(request: Request, company_id: UUID, title: str) -> HttpResponse:
    return done(request, reverse("recruitment:company", args=[company_id]), title)
