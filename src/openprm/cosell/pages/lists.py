"""The lists of engagements and invitations, on both sides."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.cosell import queries
from openprm.cosell.pages.common import address, named
from openprm.cosell.queries import Filters
from openprm.cosell.wording import DEAL_TYPE, INVITED, STATE
from openprm.kernel.http import Request, addresses
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.listspec import Column, Empty, Filter, ListSpec, ListState, Range


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def _of(name: str) -> Any:
    return lambda listed: getattr(listed.row, name)


def _badge(listed: Listed) -> Badge:
    return Badge(listed.row.state_label, listed.row.state_tone)


def _members(listed: Listed) -> str:
    return ", ".join(listed.row.members)


def _due(listed: Listed) -> Due | None:
    row = listed.row
    return Due(row.expires_at, "bad" if row.overdue else "") if row.state == "pending" else None


COLUMNS = (
    Column("customer", gettext_lazy("Customer"), "title", sortable=True, always=True, value=_of("customer_name")),
    Column("number", gettext_lazy("Number"), "mono", sortable=True, value=_of("number")),
    Column("title", gettext_lazy("Deal"), value=_of("title")),
    Column("state", gettext_lazy("State"), "badge", sortable=True, value=_badge),
    Column("members", gettext_lazy("Companies"), value=_members),
    Column("amount", gettext_lazy("Value"), "money", value=_of("amount")),
    Column("close", gettext_lazy("Expected close"), "date", sortable=True, value=_of("expected_close_date")),
    Column("next_step", gettext_lazy("Next step"), default=False, value=_of("next_step")),
    Column("type", gettext_lazy("Type"), default=False, value=_of("deal_type_label")),
    Column("stage", gettext_lazy("Stage"), default=False, value=_of("stage_label")),
    Column("host", gettext_lazy("Opened by"), "company", default=False, value=lambda listed: Company(listed.row.host)),
    Column("role", gettext_lazy("Our role"), default=False, value=_of("role_label")),
    Column("involvement", gettext_lazy("Involvement"), default=False, value=_of("involvement_label")),
    Column("opened", gettext_lazy("Opened"), "datetime", sortable=True, default=False, value=_of("opened_at")),
    Column("created", gettext_lazy("Created"), "datetime", sortable=True, default=False, value=_of("created_at")),
)
FILTERS = (
    Filter("state", gettext_lazy("State"), choices=tuple((str(code), label) for code, (label, _tone) in STATE.items())),
    Filter("type", gettext_lazy("Type"), choices=tuple((str(code), label) for code, label in DEAL_TYPE.items())),
    Filter("stage", gettext_lazy("Stage"), choices=lambda actor: queries.stages()),
    Filter("closes", gettext_lazy("Expected close"), "date"),
    Filter("mine", gettext_lazy("Mine only"), "bool"),
)


def _spec(key: str) -> ListSpec:
    return ListSpec(key=key, columns=COLUMNS, filters=FILTERS, default_sort="-opened", search=gettext_lazy("Search customer, number or deal"))


OPEN, CLOSED = _spec("cosell.engagements"), _spec("cosell.closed")
INVITATIONS = ListSpec(
    key="cosell.invitations",
    columns=(
        Column("title", gettext_lazy("Deal"), "title", sortable=True, always=True, value=_of("title")),
        Column("customer", gettext_lazy("Customer"), sortable=True, value=_of("customer_name")),
        Column("sender", gettext_lazy("From"), "company", value=lambda listed: Company(listed.row.sender)),
        Column("receiver", gettext_lazy("To"), "company", value=lambda listed: Company(listed.row.receiver)),
        Column("role", gettext_lazy("Role"), value=_of("role_label")),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=_badge),
        Column("expires", gettext_lazy("Answer by"), "due", sortable=True, value=_due),
        Column("number", gettext_lazy("Number"), "mono", default=False, value=_of("number")),
        Column("visibility", gettext_lazy("View"), default=False, value=_of("visibility_label")),
        Column("reason", gettext_lazy("Reason"), default=False, value=_of("reason")),
        Column("sent", gettext_lazy("Sent"), "datetime", sortable=True, value=_of("sent_at")),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), choices=tuple((str(code), label) for code, (label, _tone) in INVITED.items())),
        Filter("side", gettext_lazy("Direction"), single=True, choices=(("receiver", gettext_lazy("Received")), ("sender", gettext_lazy("Sent")))),
    ),
    default_sort="-sent",
    search=gettext_lazy("Search deal, customer or number"),
)
SUMMARY = gettext_lazy("Deals that several companies sell together. Each sees exactly what it should.")


def _filters(state: ListState, group: str) -> Filters:
    held, closes = state.filters, state.filters.get("closes", Range())
    states = tuple(held.get("state", ())) or (("pending", "received", "accepted") if group == "open" else ("won", "lost", "declined", "expired"))
    return Filters(
        text=state.search,
        states=states,
        deal_types=tuple(held.get("type", ())),
        stages=tuple(held.get("stage", ())),
        closes_from=closes.low,
        closes_to=closes.high,
        mine=held.get("mine") is True,
    )


def _list(request: Request, spec: ListSpec, group: str, empty: Empty) -> HttpResponse:
    actor, state = request.actor, lists.parse(request, spec)
    link, wanted = addresses(named(actor, "engagement")), _filters(state, group)
    if state.export:
        rows = (Listed(row.id, link(row.id), row) for row in queries.export_engagements(actor, wanted, request.at))
        return exports.respond(request, state, rows, name="engagements")
    found = queries.engagements(actor, wanted, state.page, request.at).map(lambda row: Listed(row.id, link(row.id), row))
    return lists.render(request, "cosell/list.html", state, found, empty=empty, title=_("Co-selling"), summary=SUMMARY, **tabs(request, group))


def tabs(request: Request, here: str) -> dict[str, Any]:
    """The tabs above the lists, and what the person may begin."""
    actor = request.actor
    waiting = queries.pending_count(actor)
    shown = [
        {"code": "open", "label": _("Active"), "url": address(actor, "engagements"), "count": None},
        {"code": "invitations", "label": _("Invitations"), "url": address(actor, "invitations"), "count": waiting},
        {"code": "closed", "label": _("Closed"), "url": address(actor, "closed"), "count": None},
    ]
    if actor.is_partner and actor.can("cosell.connect"):
        shown.append({"code": "connections", "label": _("Who may invite us"), "url": address(actor, "connections"), "count": None})
    return {"tabs": shown, "tab": here, "open_url": address(actor, "open") if actor.can("cosell.act") else ""}


def list_open(request: Request) -> HttpResponse:
    """Engagements that are new or active."""
    empty = Empty(
        title=_("No engagements yet"),
        text=_("Open one on a deal and invite the companies that should work on it: roles, tasks, notes and files stand in one room."),
        action=_("Open an engagement") if request.actor.can("cosell.act") else "",
        url=address(request.actor, "open"),
    )
    return _list(request, OPEN, "open", empty)


def list_closed(request: Request) -> HttpResponse:
    return _list(
        request, CLOSED, "closed", Empty(title=_("Nothing is closed yet"), text=_("Won, lost, declined and expired engagements stay here to be read."))
    )


def list_invitations(request: Request) -> HttpResponse:
    """Invitations sent and received."""
    actor, state = request.actor, lists.parse(request, INVITATIONS)
    link = addresses(named(actor, "invitation"))
    wanted = {"text": state.search, "states": tuple(state.filters.get("state", ())), "side": next(iter(state.filters.get("side", ())), "")}
    if state.export:
        found = queries.invitation_views(actor, queries.invited(actor, **wanted).order_by("-sent_at")[:5000], request.at)
        return exports.respond(request, state, (Listed(row.id, link(row.id), row) for row in found), name="invitations")
    page = queries.invitations(actor, state.page, request.at, **wanted).map(lambda row: Listed(row.id, link(row.id), row))
    empty = Empty(title=_("No invitations"), text=_("What you send and what others send you stands here with the time for the answer."))
    return lists.render(request, "cosell/list.html", state, page, empty=empty, title=_("Co-selling"), summary=SUMMARY, **tabs(request, "invitations"))
