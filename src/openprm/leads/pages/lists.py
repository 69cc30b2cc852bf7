"""The lists of leads: their columns and filters, and the way from an address to a query."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_name
from openprm.kernel.errors import NotFound
from openprm.kernel.http import addresses
from openprm.leads import queries
from openprm.leads.queries import LeadFilters
from openprm.leads.rules.lifecycle import LIVE, READABLE
from openprm.leads.wording import OFFER, SOURCE, STATUS
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.listspec import Column, Filter, ListSpec, ListState, Range
from openprm.ui.paging import Slice


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def _of(name: str) -> Callable[[Listed], Any]:
    return lambda listed: getattr(listed.row, name)


def uuid_of(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _partner_words(actor: Actor, value: str) -> str:
    """The name behind an id that a link from a partner's page carries."""
    partner_id = uuid_of(value)
    try:
        return identity.organization(actor, partner_id).name if partner_id else value
    except NotFound:
        return value


def _partner(listed: Listed) -> Company | None:
    return Company(listed.row.partner) if listed.row.partner else None


def _due(listed: Listed) -> Due | None:
    return Due(listed.row.due_at) if listed.row.due_at else None


def _who(listed: Listed) -> str:
    """The company once it is known, else where the lead is from."""
    row = listed.row
    return row.company_name or (_("A company in %(place)s") % {"place": row.city or country_name(row.country)} if row.city or row.country else _("A company"))


GRADES = tuple((grade, grade) for grade in "ABCD")
VENDOR = ListSpec(
    key="leads.leads",
    columns=(
        Column("company", gettext_lazy("Company"), "title", sortable=True, always=True, value=lambda one: one.row.company_name or _("Erased")),
        Column("number", gettext_lazy("Number"), "mono", sortable=True, value=_of("number")),
        Column("status", gettext_lazy("Status"), "badge", sortable=True, value=lambda one: Badge(one.row.status_label, one.row.status_tone)),
        Column("partner", gettext_lazy("Held by"), "company", value=_partner),
        Column("due", gettext_lazy("Answer due"), "due", value=_due),
        Column("country", gettext_lazy("Country"), value=lambda one: country_name(one.row.country) if one.row.country else ""),
        Column("source", gettext_lazy("Source"), value=_of("source_label")),
        Column("method", gettext_lazy("Method"), value=_of("method_label"), default=False),
        Column("grade", gettext_lazy("Grade"), value=_of("grade")),
        Column("amount", gettext_lazy("Value"), "money", sortable=True, value=_of("amount")),
        Column("product_line", gettext_lazy("Product line"), value=_of("product_line"), default=False),
        Column("campaign", gettext_lazy("Campaign"), value=_of("campaign"), default=False),
        Column("contact", gettext_lazy("Contact"), value=_of("contact_name"), default=False),
        Column("email", gettext_lazy("Contact's e-mail"), value=_of("contact_email"), default=False),
        Column("closed", gettext_lazy("Closed because"), value=_of("closed_label"), default=False),
        Column("received", gettext_lazy("Received"), "datetime", sortable=True, value=_of("received_at")),
    ),
    filters=(
        Filter("status", gettext_lazy("Status"), "choice", choices=tuple((code.value, label) for code, (label, _tone) in STATUS.items())),
        Filter("source", gettext_lazy("Source"), "choice", choices=tuple(SOURCE.items())),
        Filter("grade", gettext_lazy("Grade"), "choice", choices=GRADES),
        Filter("partner", gettext_lazy("Partner"), "text", words=_partner_words),
        Filter("country", gettext_lazy("Country code"), "text"),
        Filter("received", gettext_lazy("Received"), "date"),
    ),
    default_sort="-received",
    search=gettext_lazy("Search company, contact or number"),
)
_STATES = tuple((state.value, OFFER[state][0]) for state in OFFER if state in LIVE | READABLE)
PARTNER_SIDE = ListSpec(
    key="leads.portal_leads",
    columns=(
        Column("who", gettext_lazy("Lead"), "title", always=True, value=_who),
        Column("number", gettext_lazy("Number"), "mono", value=_of("number")),
        Column("state", gettext_lazy("State"), "badge", value=lambda one: Badge(one.row.offer_label, one.row.offer_tone)),
        Column("due", gettext_lazy("Answer by"), "due", value=_due),
        Column("industry", gettext_lazy("Industry"), value=_of("industry"), default=False),
        Column("country", gettext_lazy("Country"), value=lambda one: country_name(one.row.country) if one.row.country else ""),
        Column("product_line", gettext_lazy("Product line"), value=_of("product_line")),
        Column("amount", gettext_lazy("Value"), "money", value=_of("amount")),
        Column("offered", gettext_lazy("Offered"), "datetime", sortable=True, value=_of("offered_at")),
    ),
    filters=(Filter("state", gettext_lazy("State"), "choice", choices=_STATES),),
    default_sort="-offered",
)


def leads(actor: Actor, state: ListState, at: datetime) -> Slice[Listed]:
    address = addresses("leads:lead")
    return queries.list_leads(actor, filters_of(state), state.page, at).map(lambda row: Listed(row.id, address(row.id), row))


def all_leads(actor: Actor, state: ListState, at: datetime) -> Iterator[Listed]:
    """Every matching row, for an export."""
    address = addresses("leads:lead")
    for row in queries.export_leads(actor, filters_of(state), at):
        yield Listed(row.id, address(row.id), row)


def offers(actor: Actor, state: ListState, at: datetime) -> Slice[Listed]:
    address = addresses("leads:portal_lead")
    return queries.list_offers(actor, state.page, at, states=tuple(state.filters.get("state", ()))).map(lambda row: Listed(row.id, address(row.id), row))


def all_offers(actor: Actor, state: ListState, at: datetime) -> Iterator[Listed]:
    address = addresses("leads:portal_lead")
    for row in queries.export_offers(actor, at, states=tuple(state.filters.get("state", ()))):
        yield Listed(row.id, address(row.id), row)


def filters_of(state: ListState) -> LeadFilters:
    """What the list was narrowed to, in the words of the query."""
    held = state.filters
    received, partner_id = held.get("received", Range()), uuid_of(held.get("partner"))
    return LeadFilters(
        text=state.search,
        status=held.get("status", ()),
        source=held.get("source", ()),
        grade=held.get("grade", ()),
        country=held.get("country", ""),
        partner_id=partner_id,
        partner="" if partner_id else held.get("partner", ""),
        received_from=received.low,
        received_to=received.high,
    )
