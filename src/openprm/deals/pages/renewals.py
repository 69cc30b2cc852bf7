"""Renewals of both sides: the list, giving one up, and the draft of the next deal with the same customer."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals import queries, services
from openprm.deals.pages.amend import url_for
from openprm.deals.pages.common import attempt
from openprm.deals.pages.forms import ReasonForm
from openprm.deals.pages.lists import Listed
from openprm.deals.rules.lifecycle import FOLLOWING
from openprm.deals.wording import RENEWAL_STATE
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.listspec import Column, Empty, Filter, ListSpec, ListState


def _of(name: str) -> Any:
    return lambda listed: getattr(listed.row, name)


def _state(listed: Listed) -> Badge:
    return Badge(listed.row.state_label, "" if listed.row.state_tone == "neutral" else listed.row.state_tone)


def _next(listed: Listed) -> str:
    return listed.row.registered_number or "–"


_FILTERS = (Filter("state", gettext_lazy("State"), "choice", choices=tuple((state.value, label) for state, (label, _tone) in RENEWAL_STATE.items())),)
_HEAD = (
    Column("customer", gettext_lazy("Customer"), "title", sortable=True, always=True, value=_of("customer")),
    Column("number", gettext_lazy("Deal"), "mono", value=_of("number")),
)
_TAIL = (
    Column("product_lines", gettext_lazy("Product lines"), value=_of("product_lines")),
    Column("ends", gettext_lazy("Term ends"), "date", sortable=True, value=_of("term_ends_on")),
    Column("right", gettext_lazy("First right until"), "due", value=lambda listed: Due(listed.row.first_right_until) if listed.row.first_right_until else None),
    Column("state", gettext_lazy("State"), "badge", value=_state),
    Column("next", gettext_lazy("Next deal"), "mono", value=_next),
    Column("amount", gettext_lazy("Value"), "money", sortable=True, value=_of("amount")),
)
VENDOR = ListSpec(
    key="deals.renewals",
    columns=(*_HEAD, Column("partner", gettext_lazy("Partner"), "company", value=lambda listed: Company(listed.row.partner)), *_TAIL),
    filters=_FILTERS,
    default_sort="ends",
    search=gettext_lazy("Search customer, number or deal"),
)
PARTNER = ListSpec(
    key="deals.portal_renewals", columns=(*_HEAD, *_TAIL), filters=_FILTERS, default_sort="ends", search=gettext_lazy("Search customer, number or deal")
)


def list_renewals(request: Request) -> HttpResponse:
    actor = request.actor
    state = ui_lists.parse(request, VENDOR if actor.is_vendor else PARTNER)
    wanted = {"text": state.search, "state": state.filters.get("state", ())}
    if state.export:
        rows = (_listed(actor, row) for row in queries.export_renewals(actor, at=request.at, **wanted))
        return exports.respond(request, state, rows, name="renewals")
    found = queries.renewals(actor, state.page, at=request.at, **wanted).map(lambda row: _listed(actor, row))
    text = _("A renewal comes here before the term of a won deal ends. Give the lines of a deal a term in months when you register it.")
    return _render(request, state, found, Empty(title=_("No term ends soon"), text=text))


def _listed(actor: Any, row: queries.RenewalView) -> Listed:
    return Listed(row.id, url_for(actor, "renewal", row.id), row)


def _render(request: Request, state: ListState, found: Any, empty: Empty) -> HttpResponse:
    since = request.at.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    sourced = queries.sourced(request.actor, since=since, until=request.at)
    return ui_lists.render(request, "deals/renewals/list.html", state, found, empty=empty, title=_("Renewals"), sourced=sourced, tabs_template=tabs(request))


def tabs(request: Request) -> str:
    """The tabs of the deals room on the person's side."""
    return "deals/vendor/tabs.html" if request.actor.is_vendor else "deals/partner/tabs.html"


def renewal(request: Request, renewal_id: UUID) -> HttpResponse:
    return _show(request, renewal_id)


def _show(request: Request, renewal_id: UUID, *, form: Any = None, status: int = 200) -> HttpResponse:
    found = queries.renewal(request.actor, renewal_id, request.at)
    return page(
        request,
        "deals/renewals/renewal.html",
        status=status,
        one=found,
        form=form or ReasonForm(),
        deal_url=url_for(request.actor, "registration", found.registration_id),
        next_url=url_for(request.actor, "registration", found.registered_id) if found.registered_id else "",
        decline_url=url_for(request.actor, "renewal_decline", found.id),
        list_url=url_for(request.actor, "renewals"),
        chain=queries.chain(request.actor, found.registration_id),
        detail_url="deals:registration" if request.actor.is_vendor else "deals:portal_registration",
    )


def decline(request: Request, renewal_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(values: Any) -> None:
        services.decline_renewal(actor=request.actor, renewal_id=renewal_id, reason=values["reason"], at=request.at)

    _result, status = attempt(form, act)
    if status:
        return _show(request, renewal_id, form=form, status=status)
    return done(request, url_for(request.actor, "renewals"), _("The renewal is given up"), _("The customer is open to everybody again."))


def follow_up(request: Request, registration_id: UUID, kind: str) -> HttpResponse:
    """Begin the next deal with the same customer: a draft with what is known, opened for the rest."""
    if kind not in FOLLOWING:
        raise NotFound()
    draft = queries.follow_up_draft(request.actor, registration_id, kind, request.at)
    saved = services.save_draft(actor=request.actor, draft=draft, at=request.at)
    return done(
        request, reverse("deals:portal_edit", args=[saved.registration_id]), _("%(number)s begun") % {"number": saved.number}, _("Look it over and send it.")
    )
