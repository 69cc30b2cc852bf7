"""Companies that both have, and those that only one has; what people say of pairs."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.kernel.errors import Conflict, Invalid, NotFound
from openprm.kernel.http import Request, done
from openprm.mapping import queries, services
from openprm.mapping.pages import exports, lists, shapes
from openprm.mapping.pages.common import across, back, draw, overview_url, partner_of, shown_list, to, uuid_or_none, uuids
from openprm.ui import lists as listing

CANDIDATES = 20


def cell(request: Request, mine_id: UUID, theirs_id: UUID, partner_id: UUID | None = None) -> HttpResponse:
    """The companies that two lists have in common: sorted, narrowed, paged, exported whole."""
    actor, other = request.actor, partner_of(request, partner_id)
    mine, theirs = queries.one_list(actor, mine_id), shown_list(request, other, theirs_id)
    state = listing.parse(request, lists.cell_spec(actor))
    rows = queries.found_with(actor, mine_id, theirs_id, request.at, lists.cell_filters(state))
    if state.export:
        response, count = exports.overlaps(request, lists.ordered(rows, state, queries.cell_order(actor)), state.export)
        services.note_look(actor=actor, population_id=theirs_id, what="export", rows=count, at=request.at)
        return response
    found = lists.page_of(rows, state, queries.cell_order(actor), lambda part: _overlaps(request, part))
    services.note_look(actor=actor, population_id=theirs_id, what="overlaps", rows=len(found.rows), at=request.at)
    title = _("In %(mine)s and in %(theirs)s") % {"mine": mine.name, "theirs": theirs.name}
    empty = listing.Empty(_("No company in common"), _("Nothing in the one list is in the other."))
    more = {"title": title, "back_url": overview_url(request, other), "other": queries.connection(actor, other).other, "theirs": theirs}
    return listing.render(request, "mapping/cell.html", state, found, bulk=lists.said_in_bulk(request), empty=empty, **more, **lists.around(request))


def _overlaps(request: Request, part: list) -> list[lists.Pair]:
    return [lists.Pair(one.id, to(request, "match", one.id), one) for one in queries.overlaps(request.actor, part, request.at)]


def review(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    """Every pair with this other side, the least sure first: what a reviewer should look at."""
    actor, other = request.actor, partner_of(request, partner_id)
    state = listing.parse(request, lists.review_spec(actor))
    rows = queries.to_review(actor, other, request.at, lists.cell_filters(state))
    found = lists.page_of(rows, state, queries.cell_order(actor), lambda part: _overlaps(request, part))
    seen: dict[UUID, int] = {}
    for one in found.rows:
        seen[one.row.theirs_list_id] = seen.get(one.row.theirs_list_id, 0) + 1
    services.note_looks(actor=actor, seen=seen, what="overlaps", at=request.at)
    name = queries.connection(actor, other).other
    more = {"title": _("Pairs to look at, %(other)s") % {"other": name}, "back_url": overview_url(request, other), "other": name}
    empty = listing.Empty(_("No pair waits"), _("Every pair is sure, or somebody has said what it is."))
    more |= {"join_url": across(request, "join", other)}
    return listing.render(request, "mapping/review.html", state, found, bulk=lists.said_in_bulk(request), empty=empty, **more, **lists.around(request))


def match(request: Request, match_id: UUID) -> HttpResponse:
    """One pair: both rows, why they matched, and what people said."""
    actor = request.actor
    one = queries.one_overlap(actor, match_id, request.at)
    services.note_look(actor=actor, population_id=one.theirs_list_id, what="overlaps", rows=1, at=request.at)
    return draw(
        request,
        "mapping/match.html",
        one=one,
        sides=shapes.side_by_side(one),
        reasons=shapes.reasons(one),
        state=shapes.state_badge(one.state),
        words=[shapes.word_row(word) for word in queries.words_on(actor, one)],
        back_url=overview_url(request, one.partner_id),
        decide_url=to(request, "decide", one.id),
        undo_url=to(request, "undo", one.verdict_id) if one.verdict_id else "",
        target_url=to(request, "choose_target", one.id),
        rule=queries.rule(actor),
        here=request.path,
        tab="home",
    )


def decide(request: Request, match_id: UUID) -> HttpResponse:
    """Confirm a match, or split it."""
    is_same = request.POST.get("say") != "split"
    services.decide(actor=request.actor, match_id=match_id, is_same=is_same, note=request.POST.get("note", ""), at=request.at)
    return done(request, back(request), _("Confirmed") if is_same else _("Split"), _("Your word stays when the lists are compared again."))


def say(request: Request) -> HttpResponse:
    """Confirm or split every ticked pair, or make its company a target; what was said already is passed over."""
    action, count = request.POST.get("action", ""), 0
    if action not in ("confirm", "split", "target"):
        raise Invalid(_("Choose what to say of these pairs."))
    for match_id in uuids(request.POST.getlist("ids")):
        try:
            if action == "target":
                services.choose_match(actor=request.actor, match_id=match_id, at=request.at)
            else:
                services.decide(actor=request.actor, match_id=match_id, is_same=action == "confirm", at=request.at)
        except (Conflict, NotFound):
            continue
        count += 1
    said = ngettext("%(count)d pair was changed.", "%(count)d pairs were changed.", count) % {"count": count}
    return done(request, back(request), _("Done"), said)


def undo(request: Request, verdict_id: UUID) -> HttpResponse:
    services.undo(actor=request.actor, verdict_id=verdict_id, at=request.at)
    return done(request, back(request), _("Taken back"), _("What the comparison finds holds again."))


def join(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    """Say that two companies are one that the comparison did not join: look both up, choose, join."""
    actor, other = request.actor, partner_of(request, partner_id)
    if request.method == "POST":
        own_id, other_id = uuid_or_none(request.POST.get("own", "")), uuid_or_none(request.POST.get("other", ""))
        if own_id is None or other_id is None:
            raise Invalid(_("Choose one company of yours and one of theirs."))
        services.merge(actor=actor, own_id=own_id, other_id=other_id, note=request.POST.get("note", ""), at=request.at)
        return done(request, across(request, "join", other), _("Joined"), _("Your word stays when the lists are compared again."))
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("own", "other")}
    found = queries.joinable(actor, other, request.at, own=asked["own"], other=asked["other"], most=CANDIDATES)
    services.note_looks(actor=actor, seen=found.seen, what="whitespace", at=request.at)
    name = queries.connection(actor, other).other
    return draw(request, "mapping/join.html", found=found, asked=asked, other=name, back_url=overview_url(request, other), here=request.path, tab="home")


def whitespace(request: Request, theirs_id: UUID, partner_id: UUID | None = None) -> HttpResponse:
    """The companies that only the other side has."""
    actor, other = request.actor, partner_of(request, partner_id)
    theirs = shown_list(request, other, theirs_id)
    state = listing.parse(request, lists.whitespace_spec())
    rows = queries.narrowed(queries.whitespace(actor, theirs_id, request.at), text=state.search, country=state.filters.get("country", ""))
    if state.export:
        response, count = exports.companies(request, lists.ordered(rows, state, lists.COMPANY_ORDER), state.export, "whitespace")
        services.note_look(actor=actor, population_id=theirs_id, what="export", rows=count, at=request.at)
        return response
    found = lists.page_of(rows, state, lists.COMPANY_ORDER, lambda part: queries.companies(actor, part, request.at))
    services.note_look(actor=actor, population_id=theirs_id, what="whitespace", rows=len(found.rows), at=request.at)
    more = {
        "title": _("Only in %(theirs)s") % {"theirs": theirs.name},
        "back_url": overview_url(request, other),
        "other": queries.connection(actor, other).other,
    }
    bulk = (listing.BulkAction("target", _("Make targets"), "target", url=across(request, "choose_companies", other)),) if actor.can("mapping.manage") else ()
    empty = listing.Empty(_("Every company of theirs is in a list of ours"))
    return listing.render(request, "mapping/whitespace.html", state, found, bulk=bulk, empty=empty, **more, **lists.around(request))
