"""Between the own side and one other: the matrix with what it is worth, agreeing, ending, asking and answering."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Conflict, Invalid, NotFound
from openprm.kernel.http import Request, done
from openprm.mapping import queries, services
from openprm.mapping.pages import forms, shapes
from openprm.mapping.pages.common import across, draw, overview_url, partner_of, to, uuid_or_none
from openprm.ui.fields import add_problems

LOOKS_SHOWN = 8


def overview(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    """The matrix between the own side and one other, with what it is worth and what is shown in both directions."""
    return _overview_page(request, partner_of(request, partner_id))


def _overview_page(request: Request, partner_id: UUID, *, ask_form: Any = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    found = queries.overview(actor, partner_id, request.at)
    services.note_looks(actor=actor, seen={one.id: 0 for one in found.matrix.theirs}, what="counts", at=request.at)
    own_lists = [row.list for row in found.matrix.rows]
    asks = queries.asks(actor, partner_id)
    return draw(
        request,
        "mapping/overview.html",
        status=status,
        found=found,
        rows=[shapes.matrix_row(row, lambda cell: across(request, "cell", partner_id, cell.mine_id, cell.theirs_id)) for row in found.matrix.rows],
        theirs=[shapes.shown_row(one, across(request, "whitespace", partner_id, one.id)) for one in found.matrix.theirs],
        most=max((cell.count or 0 for row in found.matrix.rows for cell in row.cells), default=0),
        given=[shapes.grant_row(one, to(request, "grant", one.id)) for one in found.given],
        looks=[shapes.look_row(one) for one in queries.looks(actor, partner_id, LOOKS_SHOWN)],
        asks=[shapes.ask_row(one, to(request, "answer_ask", one.id), to(request, "withdraw_ask", one.id)) for one in asks],
        targets=[shapes.target_row(one, to(request, "end_target", one.id)) for one in queries.targets(actor, request.at, partner_id, limit=5)],
        own_lists=own_lists,
        ask_form=ask_form or forms.AskForm(lists=_askable(found)),
        score=shapes.score_words(found.score),
        balance=shapes.balance_words(found.reciprocity),
        urls={name: across(request, name, partner_id) for name in ("agree", "end", "ask", "review", "join")},
        tab="home",
    )


def _askable(found: queries.Overview) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in found.matrix.theirs]


def agree(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    both = services.agree(actor=request.actor, partner_id=partner_of(request, partner_id), at=request.at)
    text = _("Lists are compared now, as far as each side shows them.") if both else _("Nothing happens before the other side agrees too.")
    return done(request, overview_url(request, partner_of(request, partner_id)), _("You agreed"), text)


def end(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    services.end(actor=request.actor, partner_id=partner_of(request, partner_id), at=request.at)
    return done(request, overview_url(request, partner_of(request, partner_id)), _("Ended"), _("Nothing is shown any more, in either direction."))


def ask(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    other = partner_of(request, partner_id)
    form = forms.AskForm(request.POST, lists=[(str(one.id), one.name) for one in queries.shown(request.actor, other, request.at)])
    if form.is_valid():
        typed = form.cleaned_data
        try:
            asked = {"kind": typed["kind"], "population_id": form.population_id, "message": typed["message"]}
            services.ask(actor=request.actor, partner_id=other, terms=form.terms(), at=request.at, **asked)
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
        else:
            return done(request, overview_url(request, other), _("Asked"), _("The other side decides what it shows."))
    return _overview_page(request, other, ask_form=form, status=422)


def answer_ask(request: Request, ask_id: UUID) -> HttpResponse:
    """Grant with what was asked for or less, on a list of one's choice, or decline."""
    wanted = next((one for one in queries.asks(request.actor) if one.id == ask_id and not one.is_mine), None)
    if wanted is None:
        raise NotFound()
    level = request.POST.get("level") or wanted.level
    shows = request.POST.get("say") == "yes"
    terms = services.read_terms(level=level, fields=wanted.fields, purpose=wanted.purpose) if shows else None
    chosen = uuid_or_none(request.POST.get("list", ""))
    services.answer(actor=request.actor, ask_id=ask_id, terms=terms, population_id=chosen, text=request.POST.get("text", "")[:500], at=request.at)
    return done(request, overview_url(request, wanted.partner_id), _("Answered"))


def withdraw_ask(request: Request, ask_id: UUID) -> HttpResponse:
    wanted = next((one for one in queries.asks(request.actor) if one.id == ask_id and one.is_mine), None)
    if wanted is None:
        raise NotFound()
    services.withdraw(actor=request.actor, ask_id=ask_id, at=request.at)
    return done(request, overview_url(request, wanted.partner_id), _("Taken back"))
