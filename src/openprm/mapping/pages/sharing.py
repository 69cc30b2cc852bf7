"""What is shown in both directions, its receipts, and who looked."""

from uuid import UUID

from django.http import HttpResponse

from openprm.kernel.http import Request
from openprm.mapping import queries
from openprm.mapping.pages import exports, lists, shapes
from openprm.mapping.pages.common import draw, to
from openprm.ui import lists as listing

LOOK_ORDER = {"at": "at", "rows": "rows"}


def sharing(request: Request) -> HttpResponse:
    """Every grant of the own side and to it, live ones first; what ended is its receipt."""
    given, received = queries.given(request.actor, request.at), queries.received(request.actor, request.at)

    def rows(found: tuple[queries.GrantView, ...], is_live: bool) -> list[dict]:
        return [shapes.grant_row(one, to(request, "grant", one.id)) for one in found if one.is_live == is_live]

    told = {"given": rows(given, True), "received": rows(received, True), "ended": [*rows(given, False), *rows(received, False)][:100]}
    return draw(request, "mapping/sharing.html", tab="sharing", **told)


def grant(request: Request, grant_id: UUID) -> HttpResponse:
    """One grant; after its end, the receipt of that."""
    one = queries.one_grant(request.actor, grant_id, request.at)
    is_ours = one.owner_id == request.actor.organization_id
    return draw(request, "mapping/grant.html", one=one, row=shapes.grant_row(one, ""), is_ours=is_ours, tab="sharing")


def looks(request: Request) -> HttpResponse:
    """Who of the other side looked at the own lists."""
    state = listing.parse(request, lists.LOOKS)
    rows = queries.newest_looks(request.actor)
    if state.export:
        return exports.looks(request, lists.ordered(rows, state, LOOK_ORDER), state.export)
    found = lists.page_of(rows, state, LOOK_ORDER, lambda part: queries.look_views(part))
    return listing.render(request, "mapping/looks.html", state, found, empty=lists.NO_LOOK, **lists.around(request, "looks"))
