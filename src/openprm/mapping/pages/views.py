"""Account mapping for both sides: the vendor names the partner in the address, a partner stands across from the vendor."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.kernel.api import paginate
from openprm.kernel.errors import Conflict, Invalid, NotFound
from openprm.kernel.http import Request, done, page
from openprm.mapping import queries, services, wording
from openprm.mapping.pages import exports, forms, shapes
from openprm.ui.fields import add_problems

ON_A_PAGE = 50


def to(request: Request, name: str, *args: Any) -> str:
    """The address of a page on the side of who asks."""
    return reverse(f"mapping:{'portal_' if request.actor.is_partner else ''}{name}", args=[str(one) for one in args])


def overview_url(request: Request, partner_id: UUID) -> str:
    return to(request, "overview") if request.actor.is_partner else to(request, "overview", partner_id)


def partner_of(request: Request, partner_id: UUID | None) -> UUID:
    """The partner that is compared with. Raises NotFound."""
    found = request.actor.partner_id if request.actor.is_partner else partner_id
    if found is None:
        raise NotFound()
    return found


def home(request: Request) -> HttpResponse:
    """Own lists, and with whom they are compared."""
    lists = [shapes.list_row(one, to(request, "list", one.id)) for one in queries.lists(request.actor)]
    others = [shapes.connection_row(one, overview_url(request, one.partner_id)) for one in queries.begun(request.actor)]
    return page(request, "mapping/home.html", lists=lists, others=others, new_url=to(request, "new_list"), may=_may(request))


def _may(request: Request) -> dict[str, bool]:
    return {"manage": request.actor.can("mapping.manage"), "share": request.actor.can("mapping.share")}


def new_list(request: Request) -> HttpResponse:
    sent = request.method == "POST"
    form = forms.ListForm(request.POST if sent else None, initial={"kind": request.GET.get("kind", "customers")})
    if sent and form.is_valid():
        try:
            made = services.create_list(actor=request.actor, draft=form.draft(), at=request.at)
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
        else:
            return done(request, to(request, "list", made), _("The list is made"), _("Nobody else sees it before you say so."))
    kind = form["kind"].value() or "customers"
    found = [shapes.suggestion(one) for one in queries.suggested(request.actor, kind)] if kind in wording.KIND else []
    return page(request, "mapping/new_list.html", form=form, suggestions=found, home_url=to(request, "home"), status=422 if sent else 200)


def show_list(request: Request, population_id: UUID) -> HttpResponse:
    """One own list: its rows, a new file, and what is shown of it to whom."""
    return _list_page(request, population_id)


def _list_page(request: Request, population_id: UUID, *, file_form: Any = None, terms_form: Any = None, status: int = 200) -> HttpResponse:
    found = queries.one_list(request.actor, population_id)
    rows = paginate(queries.newest_companies(request.actor, population_id), request.GET.get("after") or None, ON_A_PAGE)
    return page(
        request,
        "mapping/list.html",
        status=status,
        one=shapes.list_row(found, ""),
        special=[shapes.special(pk, terms, name) for pk, terms, name in _special(request, found)],
        rows=queries.companies(request.actor, rows.items, request.at),
        next_cursor=rows.next_cursor,
        file_form=file_form or forms.FileForm(),
        terms_form=terms_form or forms.TermsForm(initial=shapes.terms_initial(found.general), partners=_partners(request)),
        about=[(wording.LEVEL[level], text) for level, text in wording.LEVEL_ABOUT.items()],
        may=_may(request),
        urls={name: to(request, name, population_id) for name in ("upload_list", "list_terms", "archive_list")} | {"home": to(request, "home")},
    )


def _special(request: Request, found: queries.ListView) -> list[tuple[UUID, Any, str]]:
    names = {one.partner_id: one.partner for one in queries.begun(request.actor)}
    return [(viewer, terms, names.get(viewer, _("the vendor"))) for viewer, terms in found.special.items()]


def _partners(request: Request) -> list[tuple[str, str]]:
    return [] if request.actor.is_partner else [(str(one.partner_id), one.partner) for one in queries.begun(request.actor)]


def upload_list(request: Request, population_id: UUID) -> HttpResponse:
    form = forms.FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            content = form.cleaned_data["file"].read(services.LARGEST_BYTES + 1)
            found = services.upload(actor=request.actor, population_id=population_id, content=content, at=request.at)
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
        else:
            text = _("%(added)d new, %(changed)d changed, %(gone)d gone, %(same)d as before.") % shapes.plain(found)
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


def archive_list(request: Request, population_id: UUID) -> HttpResponse:
    services.archive_list(actor=request.actor, population_id=population_id, at=request.at)
    return done(request, to(request, "home"), _("The list is put away"), _("Its rows are deleted and nobody sees it any more."))


def overview(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    """The matrix between the own side and one other, with what it is worth and what is shown in both directions."""
    return _overview_page(request, partner_of(request, partner_id))


def _overview_page(request: Request, partner_id: UUID, *, ask_form: Any = None, status: int = 200) -> HttpResponse:
    found = queries.overview(request.actor, partner_id, request.at)
    for one in found.matrix.theirs:
        services.note_look(actor=request.actor, population_id=one.id, what="counts", rows=0, at=request.at)
    more = [] if request.actor.is_partner else [partner_id]
    asks = [shapes.ask_row(one, to(request, "answer_ask", one.id), to(request, "withdraw_ask", one.id)) for one in queries.asks(request.actor, partner_id)]
    return page(
        request,
        "mapping/overview.html",
        status=status,
        found=found,
        rows=[shapes.matrix_row(row, lambda cell: to(request, "cell", *more, cell.mine_id, cell.theirs_id)) for row in found.matrix.rows],
        theirs=[shapes.shown_row(one, to(request, "whitespace", *more, one.id)) for one in found.matrix.theirs],
        given=[shapes.grant_row(one) for one in found.given],
        looks=[shapes.look_row(one) for one in queries.looks(request.actor, partner_id, 20)],
        asks=asks,
        own_lists=queries.lists(request.actor),
        ask_form=ask_form or forms.AskForm(),
        score=shapes.score_words(found.score),
        may=_may(request),
        urls={name: to(request, name, *more) for name in ("agree", "end", "ask")} | {"home": to(request, "home")},
    )


def agree(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    both = services.agree(actor=request.actor, partner_id=partner_of(request, partner_id), at=request.at)
    text = _("Lists are compared now, as far as each side shows them.") if both else _("Nothing happens before the other side agrees too.")
    return done(request, overview_url(request, partner_of(request, partner_id)), _("You agreed"), text)


def end(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    services.end(actor=request.actor, partner_id=partner_of(request, partner_id), at=request.at)
    return done(request, overview_url(request, partner_of(request, partner_id)), _("Ended"), _("Nothing is shown any more, in either direction."))


def ask(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    form = forms.AskForm(request.POST)
    other = partner_of(request, partner_id)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            terms = services.read_terms(level=typed["level"], purpose=typed["purpose"])
            services.ask(actor=request.actor, partner_id=other, terms=terms, kind=typed["kind"], message=typed["message"], at=request.at)
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
        else:
            return done(request, overview_url(request, other), _("Asked"), _("The other side decides what it shows."))
    return _overview_page(request, other, ask_form=form, status=422)


def answer_ask(request: Request, ask_id: UUID) -> HttpResponse:
    """Grant with what was asked for, on a list of one's choice, or decline."""
    wanted = next((one for one in queries.asks(request.actor) if one.id == ask_id and not one.is_mine), None)
    if wanted is None:
        raise NotFound()
    terms = services.read_terms(level=wanted.level, fields=wanted.fields, purpose=wanted.purpose) if request.POST.get("say") == "yes" else None
    chosen = shapes.uuid_or_none(request.POST.get("list", ""))
    services.answer(actor=request.actor, ask_id=ask_id, terms=terms, population_id=chosen, text=request.POST.get("text", "")[:500], at=request.at)
    return done(request, overview_url(request, wanted.partner_id), _("Answered"))


def withdraw_ask(request: Request, ask_id: UUID) -> HttpResponse:
    wanted = next((one for one in queries.asks(request.actor) if one.id == ask_id and one.is_mine), None)
    if wanted is None:
        raise NotFound()
    services.withdraw(actor=request.actor, ask_id=ask_id, at=request.at)
    return done(request, overview_url(request, wanted.partner_id), _("Taken back"))


def cell(request: Request, mine_id: UUID, theirs_id: UUID, partner_id: UUID | None = None) -> HttpResponse:
    """The companies that both have."""
    other = partner_of(request, partner_id)
    mine, theirs = queries.one_list(request.actor, mine_id), _shown(request, other, theirs_id)
    rows = queries.newest_matches(request.actor, mine_id, theirs_id, request.at, with_split=request.GET.get("split") == "yes")
    if request.GET.get("export") == "csv":
        response, count = exports.overlaps(request, rows, "overlaps")
        services.note_look(actor=request.actor, population_id=theirs_id, what="export", rows=count, at=request.at)
        return response
    found = paginate(rows, request.GET.get("after") or None, ON_A_PAGE)
    shown = [
        shapes.overlap_row(one, to(request, "decide", one.id), _undo_url(request, one)) for one in queries.overlaps(request.actor, found.items, request.at)
    ]
    services.note_look(actor=request.actor, population_id=theirs_id, what="overlaps", rows=len(shown), at=request.at)
    more = {"mine": mine, "theirs": theirs, "rows": shown, "next_cursor": found.next_cursor, "count": rows.count(), "may": _may(request)}
    return page(request, "mapping/cell.html", back_url=overview_url(request, other), here=request.path, **more)


def _undo_url(request: Request, one: queries.Overlap) -> str:
    return to(request, "undo", one.verdict_id) if one.verdict_id else ""


def _shown(request: Request, partner_id: UUID, theirs_id: UUID) -> queries.Shown:
    found = next((one for one in queries.shown(request.actor, partner_id, request.at) if one.id == theirs_id), None)
    if found is None:
        raise NotFound()
    return found


def whitespace(request: Request, theirs_id: UUID, partner_id: UUID | None = None) -> HttpResponse:
    """The companies that only the other side has."""
    other = partner_of(request, partner_id)
    theirs = _shown(request, other, theirs_id)
    rows = queries.whitespace(request.actor, theirs_id, request.at)
    if request.GET.get("export") == "csv":
        response, count = exports.companies(request, rows, "whitespace")
        services.note_look(actor=request.actor, population_id=theirs_id, what="export", rows=count, at=request.at)
        return response
    found = paginate(rows, request.GET.get("after") or None, ON_A_PAGE)
    shown = queries.companies(request.actor, found.items, request.at)
    services.note_look(actor=request.actor, population_id=theirs_id, what="whitespace", rows=len(shown), at=request.at)
    total = rows.count()
    said = ngettext("%(count)d company", "%(count)d companies", total) % {"count": total}
    return page(request, "mapping/whitespace.html", theirs=theirs, rows=shown, next_cursor=found.next_cursor, said=said, back_url=overview_url(request, other))


def decide(request: Request, match_id: UUID) -> HttpResponse:
    """Confirm a match, or split it."""
    is_same = request.POST.get("say") != "split"
    services.decide(actor=request.actor, match_id=match_id, is_same=is_same, note=request.POST.get("note", ""), at=request.at)
    return done(request, _back(request), _("Confirmed") if is_same else _("Split"), _("Your word stays when the lists are compared again."))


def undo(request: Request, verdict_id: UUID) -> HttpResponse:
    services.undo(actor=request.actor, verdict_id=verdict_id, at=request.at)
    return done(request, _back(request), _("Taken back"), _("What the comparison finds holds again."))


def _back(request: Request) -> str:
    """The page that the form stood on, if it is one of this room."""
    asked, room = request.POST.get("back", ""), to(request, "home")
    return asked if asked.startswith(room) and "//" not in asked and "\\" not in asked else room
