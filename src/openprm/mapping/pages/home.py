"""The room's first page, and own lists: made, changed, filled from a file, shown and put away."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Conflict, Invalid, Stale
from openprm.kernel.http import Request, done
from openprm.mapping import queries, services, wording
from openprm.mapping.pages import exports, forms, lists, shapes
from openprm.mapping.pages.common import draw, overview_url, to
from openprm.mapping.rules.filters import read_filter
from openprm.ui import lists as listing
from openprm.ui.fields import add_problems


def home(request: Request) -> HttpResponse:
    """Own lists, with whom they are compared, and for the vendor every partner against every list."""
    actor = request.actor
    own = [shapes.list_row(one, to(request, "list", one.id)) for one in queries.lists(actor)]
    others = [shapes.connection_row(one, overview_url(request, one.partner_id)) for one in queries.begun(actor)]
    heat = queries.heat(actor, request.at) if actor.is_vendor else None
    rows = [shapes.heat_row(one, overview_url(request, one.partner_id)) for one in heat.rows] if heat else []
    told = {"lists": own, "others": others, "heat": heat, "heat_rows": rows, "new_url": to(request, "new_list"), "tab": "home"}
    return draw(request, "mapping/home.html", **told)


def new_list(request: Request) -> HttpResponse:
    sent = request.method == "POST"
    kind = (request.POST if sent else request.GET).get("kind") or "customers"
    offered = queries.proposals(request.actor, kind) if kind in wording.KIND else queries.Proposals(choices={}, suggested=())
    form = forms.ListForm(request.POST if sent else None, choices=offered.choices, locale=request.actor.locale, initial=_asked(request))
    counted = None
    if sent and form.is_valid():
        if "preview" in request.POST:
            counted = queries.kept_by(request.actor, kind, form.filter())
        elif made := _made(request, form):
            return done(request, to(request, "list", made), _("The list is made"), _("Nobody else sees it before you say so."))
    told = {
        "form": form,
        "counted": counted,
        "suggestions": [shapes.suggestion(one, kind, to(request, "new_list")) for one in offered.suggested],
        "tab": "home",
    }
    return draw(request, "mapping/new_list.html", status=422 if sent and counted is None else 200, **told)


def _asked(request: Request) -> dict[str, Any]:
    """What a suggestion's link fills in."""
    asked = {name: request.GET.getlist(name)[:50] for name in ("industries", "owners", "programs", "stages")}
    texts = {name: request.GET[name][:200] for name in ("name", "kind", "source", "countries") if name in request.GET}
    return {"kind": "customers", **asked, **texts}


def _made(request: Request, form: forms.ListForm) -> UUID | None:
    try:
        return services.create_list(actor=request.actor, draft=form.draft(), at=request.at)
    except (Invalid, Conflict) as refusal:
        add_problems(form, refusal)
        return None


def change_list(request: Request, population_id: UUID) -> HttpResponse:
    """Rename a list, or take other records into it."""
    found = queries.one_list(request.actor, population_id)
    sent = request.method == "POST"
    choices = queries.proposals(request.actor, found.kind).choices if found.source == "records" else {}
    initial = shapes.filter_initial(found)
    form = forms.ListForm(request.POST if sent else None, choices=choices, locale=request.actor.locale, initial=initial, is_made=True, source=found.source)
    counted = None
    if sent and form.is_valid():
        if "preview" in request.POST:
            counted = queries.kept_by(request.actor, found.kind, form.filter())
        elif _changed(request, population_id, form, found):
            return done(request, to(request, "list", population_id), _("Saved"))
    told = {"form": form, "one": found, "counted": counted, "list_url": to(request, "list", population_id), "tab": "home"}
    return draw(request, "mapping/change_list.html", status=422 if sent and counted is None else 200, **told)


def _changed(request: Request, population_id: UUID, form: forms.ListForm, found: queries.ListView) -> bool:
    wanted = form.filter() if found.source == "records" else None
    version = form.cleaned_data.get("version")
    try:
        services.change_list(actor=request.actor, population_id=population_id, name=form.cleaned_data["name"], filter=wanted, version=version, at=request.at)
    except (Invalid, Conflict, Stale) as refusal:
        add_problems(form, refusal)
        return False
    return True


def show_list(request: Request, population_id: UUID) -> HttpResponse:
    """One own list: its rows, a new file, and what is shown of it to whom."""
    return _list_page(request, population_id)


def _list_page(request: Request, population_id: UUID, *, file_form: Any = None, terms_form: Any = None, would: Any = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    found = queries.one_list(actor, population_id)
    state = listing.parse(request, lists.own_spec(to(request, "list", population_id)))
    rows = queries.narrowed(queries.newest_companies(actor, population_id), text=state.search, country=state.filters.get("country", ""))
    if state.export:
        return exports.companies(request, lists.ordered(rows, state, lists.COMPANY_ORDER), state.export, found.name, own=True)[0]
    found_rows = lists.page_of(rows, state, lists.COMPANY_ORDER, lambda part: queries.companies(actor, part, request.at))
    return listing.render(
        request,
        "mapping/list.html",
        state,
        found_rows,
        status=status,
        empty=listing.Empty(_("No company yet"), _("A list from records is filled by itself. For the others read a file, or send rows over the API.")),
        one=shapes.list_row(found, ""),
        filter_words=shapes.filter_words(read_filter(found.filter)) if found.source == "records" else [],
        special=[shapes.special(pk, terms, name, to(request, "forget_terms", population_id, pk)) for pk, terms, name in _special(request, found)],
        file_form=file_form or forms.FileForm(),
        terms_form=terms_form or forms.TermsForm(initial=shapes.terms_initial(found.general), partners=_partners(request)),
        would=would,
        about=[(wording.LEVEL[level], text) for level, text in wording.LEVEL_ABOUT.items()],
        urls={name: to(request, name, population_id) for name in ("upload_list", "list_terms", "archive_list", "change_list")},
        **lists.around(request),
    )


def _special(request: Request, found: queries.ListView) -> list[tuple[UUID, Any, str]]:
    names = {one.partner_id: one.partner for one in queries.begun(request.actor)}
    return [(viewer, terms, names.get(viewer, _("the vendor"))) for viewer, terms in found.special.items()]


def _partners(request: Request) -> list[tuple[str, str]]:
    return [] if request.actor.is_partner else [(str(one.partner_id), one.partner) for one in queries.begun(request.actor)]


def upload_list(request: Request, population_id: UUID) -> HttpResponse:
    """Read a file, or with `check` say what reading it would do."""
    form = forms.FileForm(request.POST, request.FILES)
    is_dry = "check" in request.POST
    if form.is_valid():
        try:
            content = form.cleaned_data["file"].read(services.LARGEST_BYTES + 1)
            found = services.upload(actor=request.actor, population_id=population_id, content=content, is_dry=is_dry, at=request.at)
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
        else:
            text = _("%(added)d new, %(changed)d changed, %(gone)d gone, %(same)d as before.") % shapes.plain(found)
            if is_dry:
                return _list_page(request, population_id, file_form=form, would={"text": text, "by_name": found.by_name_alone, "total": found.total})
            return done(request, to(request, "list", population_id), _("The file is read"), text)
    return _list_page(request, population_id, file_form=form, status=422)


def list_terms(request: Request, population_id: UUID) -> HttpResponse:
    form = forms.TermsForm(request.POST, partners=_partners(request))
    if form.is_valid():
        try:
            services.set_terms(actor=request.actor, population_id=population_id, terms=form.terms(), partner_id=form.partner_id, at=request.at)
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
        else:
            return done(request, to(request, "list", population_id), _("Saved"), _("It holds from now on."))
    return _list_page(request, population_id, terms_form=form, status=422)


def forget_terms(request: Request, population_id: UUID, viewer_id: UUID) -> HttpResponse:
    """Let the list's general terms hold for one partner again."""
    partner_id = request.actor.partner_id if request.actor.is_partner else viewer_id
    services.forget_terms(actor=request.actor, population_id=population_id, partner_id=partner_id, at=request.at)
    return done(request, to(request, "list", population_id), _("Saved"), _("What everybody sees holds here too."))


def archive_list(request: Request, population_id: UUID) -> HttpResponse:
    services.archive_list(actor=request.actor, population_id=population_id, at=request.at)
    return done(request, to(request, "home"), _("The list is put away"), _("Its rows are deleted and nobody sees it any more."))
