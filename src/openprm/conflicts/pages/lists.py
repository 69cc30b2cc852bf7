"""The lists of both sides: cases in tabs, and the library of precedents with its figures."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.conflicts import queries
from openprm.conflicts.pages.common import uuid_of
from openprm.conflicts.wording import ENDING, FINDING, ORIGIN, STATE, TYPE_SHORT, choices_of, label_of
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company
from openprm.ui.home import Kpi
from openprm.ui.listspec import Column, Filter, ListSpec

NOBODY = UUID(int=0)


def _state(row: Any) -> Badge:
    return Badge(row.state_label, row.state_tone)


def _finding(row: Any) -> Badge | None:
    if row.finding:
        return Badge(row.finding_label, row.finding_tone)
    return Badge(row.ending_label) if row.ending else None


def _partner_words(actor: Actor, value: str) -> str:
    """The name behind an id that a link from a partner's page carries."""
    partner_id = uuid_of(value)
    try:
        return identity.organization(actor, partner_id).name if partner_id else value
    except NotFound:
        return value


_NUMBER = Column("number", gettext_lazy("Number"), "mono", sortable=True, always=True)
_TYPE = Column("type", gettext_lazy("About"), sortable=True, value=lambda row: row.type_label)
_ABOUT = Column("about", gettext_lazy("Deal"), "mono")
_STATE = Column("state", gettext_lazy("State"), "badge", sortable=True, value=_state)
_FINDING = Column("finding", gettext_lazy("Finding"), "badge", value=_finding)
_DUE = Column("due", gettext_lazy("Decide by"), "due", value=lambda row: row.due_at)
_OPENED = Column("opened", gettext_lazy("Opened"), "date", sortable=True, value=lambda row: row.opened_at)
_DECIDED = Column("decided", gettext_lazy("Decided"), "date", sortable=True, default=False, value=lambda row: row.decided_at)
_SHARED_FILTERS = (
    Filter("state", gettext_lazy("State"), choices=tuple(choices_of(STATE))),
    Filter("type", gettext_lazy("About"), choices=tuple(choices_of(TYPE_SHORT))),
    Filter("finding", gettext_lazy("Finding"), choices=tuple(choices_of(FINDING))),
    Filter("ending", gettext_lazy("Ended as"), choices=tuple(choices_of(ENDING))),
    Filter("opened", gettext_lazy("Opened"), "date"),
    Filter("tab", gettext_lazy("Shown"), choices=(("open", gettext_lazy("Open")), ("decided", gettext_lazy("Decided")),
        ("appealed", gettext_lazy("Appealed")), ("closed", gettext_lazy("Closed"))), single=True),
)  # fmt: skip
CASES = ListSpec(
    key="conflicts.cases",
    search=gettext_lazy("Search by number, deal, partner or customer"),
    default_sort="-opened",
    columns=(
        _NUMBER,
        _TYPE,
        Column("partner", gettext_lazy("Claims"), "company", sortable=True, value=lambda row: Company(row.partner)),
        Column("against", gettext_lazy("Answers"), value=lambda row: row.other_partner or row.rep),
        _ABOUT,
        _STATE,
        _FINDING,
        _DUE,
        Column("reviewer", gettext_lazy("Reviewer"), "person", default=False),
        Column("account", gettext_lazy("Customer"), default=False),
        Column("origin", gettext_lazy("Opened by"), default=False, value=lambda row: row.origin_label),
        _OPENED,
        _DECIDED,
    ),
    filters=(
        *_SHARED_FILTERS,
        Filter("origin", gettext_lazy("Opened by"), choices=tuple(choices_of(ORIGIN))),
        Filter("mine", gettext_lazy("Only mine"), "bool"),
        Filter("partner", gettext_lazy("Partner"), "text", words=_partner_words),
    ),
)
PORTAL_CASES = ListSpec(
    key="conflicts.portal_cases",
    search=gettext_lazy("Search by number or deal"),
    default_sort="-opened",
    columns=(
        _NUMBER,
        _TYPE,
        _ABOUT,
        Column("side", gettext_lazy("Your side"), value=lambda row: row.my_side),
        _STATE,
        _FINDING,
        _DUE,
        _OPENED,
        _DECIDED,
        Column("appeal_until", gettext_lazy("Appeal until"), "date", default=False),
    ),
    filters=_SHARED_FILTERS,
)
PRECEDENTS = ListSpec(
    key="conflicts.precedents",
    search=gettext_lazy("Search in what happened and why"),
    default_sort="-published",
    columns=(
        Column("number", gettext_lazy("Number"), "mono", sortable=True, always=True, value=lambda row: row.number or _("Draft")),
        Column("title", gettext_lazy("What it was"), "title"),
        Column("type", gettext_lazy("About"), sortable=True, value=lambda row: row.type_label),
        Column("finding", gettext_lazy("Finding"), "badge", sortable=True, value=lambda row: Badge(row.finding_label, row.finding_tone)),
        Column("clause", gettext_lazy("Clause"), "mono", sortable=True),
        Column("remedies", gettext_lazy("Remedies"), default=False, value=lambda row: ", ".join(row.remedies)),
        Column("region", gettext_lazy("Region"), default=False),
        Column("amount_band", gettext_lazy("Size"), default=False),
        Column("days", gettext_lazy("Days"), "number", sortable=True),
        Column("appeal", gettext_lazy("Appeal"), default=False, value=lambda row: row.appeal_result_label),
        Column("published", gettext_lazy("Published"), "date", sortable=True, value=lambda row: row.published_at),
    ),
    filters=(
        Filter("type", gettext_lazy("About"), choices=tuple(choices_of(TYPE_SHORT))),
        Filter("finding", gettext_lazy("Finding"), choices=tuple(choices_of(FINDING))),
        Filter("clause", gettext_lazy("Clause"), choices=queries.clauses),
    ),
)


class Linked:
    """A row with the address it opens."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any, name: str):
        self._row, self.url = row, reverse(name, args=[row.id])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _cleaned(filters: Any) -> dict[str, Any]:
    """Filters as queries take them; an id that is none matches nothing."""
    found = dict(filters)
    if "partner" in found:
        found["partner"] = uuid_of(found["partner"]) or NOBODY
    if isinstance(found.get("tab"), tuple):
        found["tab"] = found["tab"][0]
    return found


def _tabs(actor: Actor, base: str, chosen: str) -> list[dict[str, Any]]:
    counts = queries.counts(actor)
    words = {"": _("All"), "open": _("Open"), "decided": _("Decided"), "appealed": _("Appealed"), "closed": _("Closed")}
    return [
        {"url": f"{base}?tab={name}" if name else base, "label": label, "count": counts.get(name), "is_current": chosen == name}
        for name, label in words.items()
    ]  # fmt: skip


def list_cases(request: Request) -> HttpResponse:
    """All cases, with the figures that say how the house is doing."""
    state = lists.parse(request, CASES)
    filters = _cleaned(state.filters)
    if state.export:
        rows = queries.export_cases(request.actor, search=state.search, filters=filters, at=request.at)
        return exports.respond(request, state, rows, name="conflict-cases")
    found = queries.cases(request.actor, search=state.search, filters=filters, page=state.page, at=request.at)
    empty = lists.Empty(
        title=_("No conflicts"), text=_("A case opens when a partner disagrees, or by itself when our own people contact a customer that a partner protects.")
    )
    return lists.render(
        request, "conflicts/vendor/cases.html", state, found.map(lambda row: Linked(row, "conflicts:case")), empty=empty, title=_("Conflicts"), tab="cases",
        tabs=_tabs(request.actor, reverse("conflicts:cases"), filters.get("tab", "")), kpis=_kpis(request),
        summary=_("Who was there first, who may sell, and who decides it: heard on both sides, decided by somebody without ties."),
    )  # fmt: skip


def _kpis(request: Request) -> list[Kpi]:
    found, base = queries.summary(request.actor, request.at), reverse("conflicts:cases")
    late = _("%(count)d late") % {"count": found.late} if found.late else ""
    return [
        Kpi(label=_("Open"), value=str(found.waiting), delta=late, tone="bad" if late else "", url=f"{base}?tab=open"),
        Kpi(label=_("On appeal"), value=str(found.appealed), url=f"{base}?tab=appealed"),
        Kpi(
            label=_("Alarms of the sentinel"),
            value=str(found.alarms),
            url=f"{base}?origin=sentinel&tab=open",
            about=_("Open cases that began with a direct contact at a protected customer."),
        ),
        Kpi(
            label=_("Days to a decision"),
            value=str(found.median_days) if found.median_days is not None else "–",
            detail=_("%(count)d decided in a year") % {"count": found.decided},
            about=_("The median of the last twelve months, from the opening to the decision."),
        ),
    ]


def portal_cases(request: Request) -> HttpResponse:
    """The cases in which this partner is a side."""
    state = lists.parse(request, PORTAL_CASES)
    filters = _cleaned(state.filters)
    if state.export:
        rows = queries.export_cases(request.actor, search=state.search, filters=filters, at=request.at)
        return exports.respond(request, state, rows, name="conflict-cases")
    found = queries.cases(request.actor, search=state.search, filters=filters, page=state.page, at=request.at)
    empty = lists.Empty(
        title=_("No conflicts"), text=_("If you disagree with us, open the deal and choose “Open a case”. Somebody without ties to it decides, with reasons."),
        action=_("Your deals"), url=reverse("deals:portal_registrations"),
    )  # fmt: skip
    return lists.render(
        request, "conflicts/partner/cases.html", state, found.map(lambda row: Linked(row, "conflicts:portal_case")), empty=empty, title=_("Conflicts"),
        tab="cases", tabs=_tabs(request.actor, reverse("conflicts:portal_cases"), filters.get("tab", "")),
        summary=_("Where you and we, or you and somebody else, disagree: both sides are heard, and every decision has its reasons."),
    )  # fmt: skip


def list_precedents(request: Request) -> HttpResponse:
    return _library(request, "conflicts:precedent", "conflicts/vendor/precedents.html")


def portal_precedents(request: Request) -> HttpResponse:
    return _library(request, "conflicts:portal_precedent", "conflicts/partner/precedents.html")


def _library(request: Request, page: str, template: str) -> HttpResponse:
    """What was decided before, without names, and how often which side was right."""
    state = lists.parse(request, PRECEDENTS)
    filters = dict(state.filters)
    if request.actor.sees_all_partners and (wanted := request.GET.get("drafts")) in ("draft", "withdrawn"):
        filters["state"] = wanted
    if state.export:
        return exports.respond(request, state, queries.export_precedents(request.actor, search=state.search, filters=filters), name="precedents")
    found = queries.precedents(request.actor, search=state.search, filters=filters, page=state.page)
    empty = lists.Empty(title=_("No precedents yet"), text=_("A decided case becomes a precedent when a person has checked that no name is left in it."))
    return lists.render(
        request, template, state, found.map(lambda row: Linked(row, page)), empty=empty, title=_("Precedents"), tab="precedents",
        figures=[(label_of(TYPE_SHORT, one.type) if one.type else _("All cases"), one) for one in queries.figures(request.actor, request.at)],
        drafts=filters.get("state", ""), summary=_("Decided cases without names. You can cite them; reviewers read them before they decide."),
    )  # fmt: skip
