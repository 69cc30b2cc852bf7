"""The vendor's list of opportunities: those of partners and its own."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals import queries
from openprm.deals.pages.lists import Listed
from openprm.deals.queries.results import OpportunityView
from openprm.kernel.http import Request
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Empty, Filter, ListSpec, ListState

STATUS = {"open": (gettext_lazy("Open"), "info"), "won": (gettext_lazy("Won"), "ok"), "lost": (gettext_lazy("Lost"), "")}
EXPORT_CHUNK = 500


def _of(name: str) -> Any:
    return lambda listed: getattr(listed.row, name)


def _status(listed: Listed) -> Badge:
    label, tone = STATUS.get(listed.row.status, (listed.row.status, ""))
    return Badge(label, tone)


def _partner(listed: Listed) -> Company | None:
    return Company(listed.row.partner) if listed.row.partner else None


SPEC = ListSpec(
    key="deals.opportunities",
    columns=(
        Column("name", gettext_lazy("Opportunity"), "title", sortable=True, always=True, value=_of("name")),
        Column("account", gettext_lazy("Account"), value=_of("account")),
        Column("partner", gettext_lazy("Partner"), "company", value=_partner),
        Column("product", gettext_lazy("Product"), value=_of("product")),
        Column("status", gettext_lazy("Status"), "badge", value=_status),
        Column("stage", gettext_lazy("Stage"), sortable=True, value=_of("stage_label")),
        Column("amount", gettext_lazy("Value"), "money", sortable=True, value=_of("amount")),
        Column("close", gettext_lazy("Close"), "date", sortable=True, value=_of("close_date")),
        Column("opened", gettext_lazy("Opened"), "date", default=False, value=_of("opened_date")),
        Column("owner", gettext_lazy("Owner"), default=False, value=_of("owner")),
        Column("external_id", gettext_lazy("CRM id"), "mono", default=False, value=_of("external_id")),
    ),
    filters=(Filter("status", gettext_lazy("Status"), "choice", choices=tuple((value, label) for value, (label, _tone) in STATUS.items())),),
    default_sort="-close",
    search=gettext_lazy("Search opportunities"),
)


def list_opportunities(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, SPEC)
    if state.export:
        return exports.respond(request, state, _all(request, state), name="opportunities")
    found = queries.opportunities(request.actor, state.page, **_narrowed(state)).map(_listed)
    empty = Empty(title=_("No opportunities yet"), text=_("They come from approved registrations and from your CRM."))
    return ui_lists.render(request, "ui/list_page.html", state, found, empty=empty, title=_("Opportunities"))


def _narrowed(state: ListState) -> dict[str, Any]:
    return {"text": state.search, "status": state.filters.get("status", ())}


def _listed(row: OpportunityView) -> Listed:
    """An opportunity opens its registration; the CRM's own ones open nothing here."""
    return Listed(row.id, reverse("deals:registration", args=[row.registration_id]) if row.registration_id else "", row)


def _all(request: Request, state: ListState) -> Any:
    rows = queries.listed_opportunities(request.actor, **_narrowed(state)).order_by("-created_at", "-id")
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=EXPORT_CHUNK):
        chunk.append(row)
        if len(chunk) == EXPORT_CHUNK:
            yield from map(_listed, queries.opportunity_views(request.actor, chunk))
            chunk = []
    yield from map(_listed, queries.opportunity_views(request.actor, chunk))
