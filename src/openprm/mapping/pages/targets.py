"""Target accounts of both sides."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.kernel.errors import Conflict, NotFound
from openprm.kernel.http import Request, done
from openprm.mapping import queries, services
from openprm.mapping.pages import exports, lists
from openprm.mapping.pages.common import back, overview_url, partner_of, to, uuids
from openprm.ui import lists as listing

ORDER = {"name": "name", "chosen": "chosen_at", "country": "country"}


def targets(request: Request) -> HttpResponse:
    """The companies that both sides want to work on together."""
    state = listing.parse(request, lists.target_spec(request.actor))
    rows = queries.newest_targets(request.actor, request.at, with_ended="ended" in state.filters.get("state", ()))
    rows = queries.narrowed(rows, text=state.search, country=state.filters.get("country", ""))
    if state.export:
        return exports.targets(request, lists.ordered(rows, state, ORDER), state.export)
    found = lists.page_of(rows, state, ORDER, lambda part: queries.target_views(request.actor, part))
    bulk = (listing.BulkAction("end", _("End"), "x", url=to(request, "end_targets")),) if request.actor.can("mapping.manage") else ()
    empty = listing.Empty(_("No target yet"), _("Open companies in common, or those that one side has alone, tick some and make them targets."))
    return listing.render(request, "mapping/targets.html", state, found, bulk=bulk, empty=empty, **lists.around(request, "targets"))


def choose_target(request: Request, match_id: UUID) -> HttpResponse:
    """Make a company that both have a target."""
    services.choose_match(actor=request.actor, match_id=match_id, note=request.POST.get("note", ""), at=request.at)
    return done(request, to(request, "targets"), _("It is a target now"), _("The other side reads its name and place."))


def choose_companies(request: Request, partner_id: UUID | None = None) -> HttpResponse:
    """Make ticked companies of one side targets; what is one already is passed over."""
    other, count = partner_of(request, partner_id), 0
    for entry_id in uuids(request.POST.getlist("ids")):
        try:
            services.choose_company(actor=request.actor, partner_id=other, entry_id=entry_id, at=request.at)
        except (Conflict, NotFound):
            continue
        count += 1
    said = ngettext("%(count)d company is a target now.", "%(count)d companies are targets now.", count) % {"count": count}
    return done(request, overview_url(request, other), _("Done"), said)


def end_target(request: Request, target_id: UUID) -> HttpResponse:
    services.end_target(actor=request.actor, target_id=target_id, at=request.at)
    return done(request, back(request), _("Ended"))


def end_targets(request: Request) -> HttpResponse:
    count = 0
    for target_id in uuids(request.POST.getlist("ids")):
        try:
            services.end_target(actor=request.actor, target_id=target_id, at=request.at)
        except (Conflict, NotFound):
            continue
        count += 1
    return done(request, to(request, "targets"), _("Ended"), ngettext("%(count)d target was ended.", "%(count)d targets were ended.", count) % {"count": count})
