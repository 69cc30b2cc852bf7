"""The list of entries: columns, filters, and the way from an address to a query."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from openprm.profitability import queries
from openprm.profitability.wording import CHOICES
from openprm.ui.cells import Badge
from openprm.ui.listspec import Column, Filter, ListSpec, ListState, Range


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: queries.EntryView


def _of(name: str) -> Callable[[Listed], Any]:
    return lambda listed: getattr(listed.row, name)


ENTRIES = ListSpec(
    key="profitability.entries",
    columns=(
        Column("month", _("Month"), "title", sortable=True, always=True, value=lambda listed: date_format(listed.row.month, "F Y")),
        Column("kind", _("Kind"), "badge", sortable=True, value=lambda listed: Badge(listed.row.kind_label, "ok" if listed.row.is_income else "")),
        Column("group", _("Who worked"), value=_of("group")),
        Column("hours", _("Hours"), "number", value=_of("hours")),
        Column("amount", _("Amount"), "money", value=_of("amount")),
        Column("deal", _("Deal"), value=_of("deal")),
        Column("note", _("Note"), value=_of("note")),
        Column("program", _("Program"), default=False, value=_of("program")),
        Column("product_line", _("Product line"), default=False, value=_of("product_line")),
        Column("author", _("Entered by"), "person", default=False, value=_of("author")),
        Column("recorded", _("Entered"), "datetime", sortable=True, default=False, value=_of("created_at")),
        Column("external_id", _("Your id"), default=False, value=_of("external_id")),
    ),
    filters=(Filter("kind", _("Kind"), "choice", choices=CHOICES), Filter("month", _("Month"), "date")),
    default_sort="-month",
)


def filters_of(state: ListState) -> queries.Filters:
    month = state.filters.get("month", Range())
    since = month.low.replace(day=1) if month.low else None
    return queries.Filters(kinds=tuple(state.filters.get("kind", ())), since=since, until=month.high)
