"""The lists of this room: their columns and filters, and the way from an address to a query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.actor import Actor
from openprm.kernel.http import Request
from openprm.kernel.money import Money
from openprm.mapping import queries, wording
from openprm.mapping.pages import shapes
from openprm.mapping.pages.common import room, to
from openprm.mapping.queries import CellFilters
from openprm.ui.listspec import BulkAction, Column, Empty, Filter, ListSpec, ListState
from openprm.ui.paging import Slice, slice_of

AMOUNTS = "mapping/cells/amounts.html"
COMPANY_ORDER = {"name": "name", "country": "country", "city": "city", "added": "created_at"}
SURE = (("900", gettext_lazy("90 % and more")), ("700", gettext_lazy("70 % and more")))
UNSURE = (("900", gettext_lazy("below 90 %")), ("700", gettext_lazy("below 70 %")))
NO_LOOK = Empty(gettext_lazy("Nobody has looked"), gettext_lazy("When somebody of the other side reads one of your lists, it is written here."))


@dataclass(frozen=True, slots=True)
class Pair:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: queries.Overlap


def _mine(one: Pair) -> str:
    return one.row.mine.name or one.row.mine.key


def _place(company: queries.CompanyView) -> str:
    return ", ".join(filter(None, (company.city, company.country)))


def _deals(of: str) -> Callable[[Any], tuple[Money, ...]]:
    """The open deals of a row, by currency."""
    return lambda one: shapes.sums(getattr(one.row, of) if of else one)


def _cell_columns() -> tuple[Column, ...]:
    return (
        Column("mine", gettext_lazy("Ours"), "title", sortable=True, always=True, value=_mine),
        Column("theirs", gettext_lazy("Theirs"), sortable=True, value=lambda one: one.row.theirs.name),
        Column("domain", gettext_lazy("Domain"), value=lambda one: one.row.theirs.domain or one.row.mine.domain, default=False),
        Column("country", gettext_lazy("Place"), sortable=True, value=lambda one: _place(one.row.theirs) or _place(one.row.mine)),
        Column("sure", gettext_lazy("Sure"), "percent", sortable=True, value=lambda one: one.row.percent),
        Column("why", gettext_lazy("Because of"), value=lambda one: ", ".join(shapes.reasons(one.row))),
        Column("deals", gettext_lazy("Our open deals"), value=_deals("mine"), template=AMOUNTS),
        Column("their_deals", gettext_lazy("Their open deals"), value=_deals("theirs"), template=AMOUNTS, default=False),
        Column("owner", gettext_lazy("Their owner"), value=lambda one: one.row.theirs.people.get("owner", ""), default=False),
        Column("state", gettext_lazy("State"), "badge", value=lambda one: shapes.state_badge(one.row.state)),
        Column("found", gettext_lazy("Found"), "datetime", sortable=True, value=lambda one: one.row.created_at, default=False),
    )


def _cell_filters() -> tuple[Filter, ...]:
    return (
        Filter("state", gettext_lazy("State"), "choice", choices=[one for one in wording.STATE.items() if one[0] != "merged"]),
        Filter("why", gettext_lazy("Because of"), "choice", choices=tuple(wording.MATCHED_ON.items())),
        Filter("sure", gettext_lazy("At least"), "choice", choices=SURE, single=True),
        Filter("unsure", gettext_lazy("Less"), "choice", choices=UNSURE, single=True),
        Filter("country", gettext_lazy("Country code"), "text"),
        Filter("deals", gettext_lazy("With open deals of ours"), "bool"),
    )


def cell_spec(actor: Actor) -> ListSpec:
    return ListSpec(
        key=f"mapping.cell.{actor.side}", columns=_cell_columns(), filters=_cell_filters(), default_sort="-found", search=gettext_lazy("Search name or domain")
    )


def review_spec(actor: Actor) -> ListSpec:
    """The least sure pairs first; no file."""
    return replace(cell_spec(actor), key=f"mapping.review.{actor.side}", default_sort="sure", exports=False)


def cell_filters(state: ListState) -> CellFilters:
    held = state.filters
    return CellFilters(
        text=state.search,
        country=held.get("country", ""),
        states=tuple(held.get("state", ())),
        reasons=tuple(held.get("why", ())),
        sure=int(next(iter(held.get("sure", ())), 0)),
        unsure=int(next(iter(held.get("unsure", ())), 0)),
        with_deals=bool(held.get("deals")),
    )


def _company_columns(*more: Column) -> tuple[Column, ...]:
    return (
        Column("name", gettext_lazy("Company"), "title", sortable=True, always=True, value=lambda one: one.name or one.domain or one.key),
        *more,
        Column("domain", gettext_lazy("Domain"), value=lambda one: one.domain),
        Column("city", gettext_lazy("City"), sortable=True, value=lambda one: one.city),
        Column("country", gettext_lazy("Country"), sortable=True, value=lambda one: one.country),
        Column("deals", gettext_lazy("Open deals"), value=_deals(""), template=AMOUNTS),
        Column("stages", gettext_lazy("Stages"), value=lambda one: ", ".join(one.stages), default=False),
        Column("owner", gettext_lazy("Owner"), value=lambda one: one.people.get("owner", ""), default=False),
        Column("added", gettext_lazy("Added"), "datetime", sortable=True, value=lambda one: one.created_at, default=False),
    )


_BY_COUNTRY = (Filter("country", gettext_lazy("Country code"), "text"),)


def own_spec(_url: str) -> ListSpec:
    columns = _company_columns(Column("key", gettext_lazy("ID"), "mono", value=lambda one: one.key, default=False))
    return ListSpec(key="mapping.own", columns=columns, filters=_BY_COUNTRY, default_sort="name", search=gettext_lazy("Search name or domain"))


def whitespace_spec() -> ListSpec:
    return ListSpec(
        key="mapping.whitespace", columns=_company_columns(), filters=_BY_COUNTRY, default_sort="name", search=gettext_lazy("Search name or domain")
    )


def target_spec(actor: Actor) -> ListSpec:
    shows_other = actor.is_vendor
    return ListSpec(
        key=f"mapping.targets.{actor.side}",
        columns=(
            Column("name", gettext_lazy("Company"), "title", sortable=True, always=True),
            Column("other", gettext_lazy("With"), "company", value=lambda one: shapes.company(one.other), default=shows_other),
            Column("kind", gettext_lazy("Who has it"), value=lambda one: wording.TARGET[one.kind]),
            Column("country", gettext_lazy("Country"), sortable=True),
            Column("city", gettext_lazy("City"), default=False),
            Column("note", gettext_lazy("Note")),
            Column("person", gettext_lazy("Chosen by"), "person"),
            Column("chosen", gettext_lazy("Chosen"), "datetime", sortable=True, value=lambda one: one.chosen_at),
            Column("ended", gettext_lazy("Ended"), "datetime", value=lambda one: one.ended_at, default=False),
        ),
        filters=(Filter("state", gettext_lazy("Also"), "choice", choices=(("ended", gettext_lazy("those that ended")),), single=True), *_BY_COUNTRY),
        default_sort="-chosen",
        search=gettext_lazy("Search name or domain"),
    )


LOOKS = ListSpec(
    key="mapping.looks",
    columns=(
        Column("at", gettext_lazy("When"), "datetime", sortable=True, always=True),
        Column("person", gettext_lazy("Who"), "person"),
        Column("viewer", gettext_lazy("Company"), "company", value=lambda one: shapes.company(one.viewer)),
        Column("population", gettext_lazy("List")),
        Column("what", gettext_lazy("What"), value=lambda one: wording.LOOK[one.what]),
        Column("rows", gettext_lazy("Rows"), "number", sortable=True),
        Column("purpose", gettext_lazy("What for"), value=lambda one: wording.PURPOSE[one.purpose]),
    ),
    default_sort="-at",
)


def page_of(rows: QuerySet, state: ListState, order: Mapping[str, str], views: Callable[[list], Sequence[Any]]) -> Slice:
    """One page of rows as views, in the order of the list. The views are made at once, so that a page costs the same however many rows it has."""
    found = slice_of(rows, state.page, order_by=order)
    return replace(found, rows=tuple(views(list(found.rows))))


def ordered(rows: QuerySet, state: ListState, order: Mapping[str, str]) -> QuerySet:
    """The rows in the order of the list: for a file of all of them."""
    sign = "-" if state.page.descending else ""
    return rows.order_by(f"{sign}{order[state.page.sort]}", f"{sign}pk")


def said_in_bulk(request: Request) -> tuple[BulkAction, ...]:
    """What can be said of ticked pairs."""
    if not request.actor.can("mapping.manage"):
        return ()
    url = to(request, "say")
    return (
        BulkAction("confirm", _("Confirm"), "check", url=url),
        BulkAction("split", _("Not the same"), "split", url=url),
        BulkAction("target", _("Make targets"), "target", url=url),
    )


def around(request: Request, tab: str = "home") -> dict[str, Any]:
    """What a list page of this room shows beside its list."""
    return room(request) | {"tab": tab}
