"""What the pages can be narrowed to, saved as views and exported."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.partners import queries as partners
from openprm.pipeline import queries
from openprm.ui.listspec import Column, Filter, ListSpec, ListState, Range

BY = {
    "partner": gettext_lazy("Partner"),
    "program": gettext_lazy("Program"),
    "product_line": gettext_lazy("Product line"),
    "owner": gettext_lazy("Owner"),
}


def uuid_of(text: Any) -> UUID | None:
    try:
        return UUID(str(text or ""))
    except ValueError:
        return None


def _partner_words(actor: Actor, value: str) -> str:
    partner_id = uuid_of(value)
    try:
        return identity.organization(actor, partner_id).name if partner_id else value
    except NotFound:
        return value


def _lines(actor: Actor) -> list[tuple[str, Any]]:
    return [(str(one.id), one.name) for one in deals.product_lines(actor)]


def _filters(actor: Actor) -> tuple[Filter, ...]:
    partner = (Filter("partner", _("Partner"), "text", words=_partner_words),) if actor.is_vendor else ()
    return (
        *partner,
        Filter("program", _("Program"), choices=lambda actor: partners.program_choices(), single=True),
        Filter("product_line", _("Product line"), choices=_lines, single=True),
        Filter("closes", _("Expected close"), "date"),
        Filter("mine", _("Mine only"), "bool"),
    )


def _money(name: str) -> Any:
    return lambda row: Money(getattr(row.figures, name), deals.base_currency())


BOARD_COLUMNS = (
    Column("number", gettext_lazy("Number"), "mono", always=True),
    Column("customer", gettext_lazy("Customer"), "title", sortable=True),
    Column("title", gettext_lazy("Deal")),
    Column("partner", gettext_lazy("Partner")),
    Column("stage", gettext_lazy("Stage")),
    Column("amount", gettext_lazy("Value"), "money"),
    Column("close", gettext_lazy("Expected close"), "date"),
)
FORECAST_COLUMNS = (
    Column("name", gettext_lazy("Group"), "title", sortable=True, always=True),
    Column("count", gettext_lazy("Deals"), "number", value=lambda row: row.figures.count),
    Column("total", gettext_lazy("Open"), "money", value=_money("total")),
    Column("weighted", gettext_lazy("Weighted"), "money", value=_money("weighted")),
    Column("commit", gettext_lazy("Commit"), "money", value=_money("commit")),
    Column("best_case", gettext_lazy("Best case"), "money", value=_money("best_case")),
    Column("pipeline", gettext_lazy("Pipeline"), "money", value=_money("pipeline")),
    Column("overdue", gettext_lazy("Overdue"), "number", value=lambda row: row.figures.overdue),
    Column("overdue_total", gettext_lazy("Overdue value"), "money", value=_money("overdue_total")),
)
SLIP_COLUMNS = (
    Column("number", gettext_lazy("Number"), "mono", always=True),
    Column("customer", gettext_lazy("Customer"), "title", sortable=True),
    Column("partner", gettext_lazy("Partner")),
    Column("stage", gettext_lazy("Stage")),
    Column("amount", gettext_lazy("Value"), "money"),
    Column("first", gettext_lazy("First date"), "date"),
    Column("close", gettext_lazy("Now"), "date"),
    Column("days", gettext_lazy("Days"), "number"),
    Column("moves", gettext_lazy("Moves"), "number"),
)
SEARCH = gettext_lazy("Search customer, number or deal")


def board(actor: Actor) -> ListSpec:
    return ListSpec(key="pipeline.board", columns=BOARD_COLUMNS, filters=_filters(actor), default_sort="customer", search=SEARCH)


def forecast(actor: Actor) -> ListSpec:
    by = Filter("by", _("Broken down by"), choices=tuple(BY.items()), single=True)
    return ListSpec(key="pipeline.forecast", columns=FORECAST_COLUMNS, filters=(by, *_filters(actor)), default_sort="name", search=SEARCH)


def slips(actor: Actor) -> ListSpec:
    return ListSpec(key="pipeline.slips", columns=SLIP_COLUMNS, filters=_filters(actor), default_sort="customer", search=SEARCH)


def narrowed(state: ListState) -> queries.Narrowed:
    """What the page was narrowed to, in the words of the query."""
    held = state.filters
    partner_id, closes = uuid_of(held.get("partner")), held.get("closes", Range())
    return queries.Narrowed(
        text=state.search,
        partner_id=partner_id,
        partner="" if partner_id else held.get("partner", ""),
        program_id=_one(held, "program"),
        product_line_id=_one(held, "product_line"),
        closes_from=closes.low,
        closes_to=closes.high,
        mine=held.get("mine") is True,
    )


def _one(held: Any, name: str) -> UUID | None:
    values = held.get(name)
    return uuid_of(values[0]) if values else None


def by_of(state: ListState, actor: Actor) -> str:
    values = state.filters.get("by")
    return values[0] if values else ("partner" if actor.is_vendor else "product_line")
