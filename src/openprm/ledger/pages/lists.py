"""The lists of the books: accounts and entries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.ledger import queries
from openprm.partners import queries as partners
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Filter, ListSpec

GROUP = {
    "asset": (_("Asset"), "info"), "liability": (_("Liability"), "warn"), "equity": (_("Equity"), ""), "income": (_("Income"), "ok"),
    "expense": (_("Expense"), ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def account(row: queries.AccountRow) -> Listed:
    return Listed(row.id, reverse("ledger:account", args=[row.id]), row)


def entry(row: queries.EntryRow) -> Listed:
    return Listed(row.id, reverse("ledger:entry", args=[row.id]), row)


def group_badge(group: str) -> Badge | None:
    return Badge(*GROUP[group]) if group in GROUP else None


def _kinds(actor: Any) -> list[tuple[str, str]]:
    return [(code, str(kind.title)) for code, kind in queries.kinds().items()]


def _partner_words(actor: Any, value: str) -> str:
    return partners.partner(actor, UUID(value)).name


ACCOUNTS = ListSpec(
    key="ledger.accounts",
    search=_("Search by partner"),
    default_sort="-updated_at",
    columns=(
        Column("kind", _("Account"), "title", sortable=True, always=True, value=lambda one: one.row.title),
        Column("code", _("Code"), "mono", value=lambda one: one.row.code),
        Column("partner", _("Partner"), "company", sortable=True, value=lambda one: Company(one.row.partner) if one.row.partner else None),
        Column("balance", _("Balance"), "money", sortable=True, value=lambda one: one.row.balance),
        Column("legs", _("Legs"), "number", sortable=True, value=lambda one: one.row.leg_count),
        Column("updated_at", _("Last moved"), "datetime", sortable=True, value=lambda one: one.row.updated_at),
        Column("group", _("Group"), "badge", value=lambda one: group_badge(one.row.group), default=False),
    ),
    filters=(
        Filter("kind", _("Account"), choices=_kinds),
        Filter("currency", _("Currency"), choices=queries.currencies_in_use),
        Filter("used", _("Has a balance"), "bool"),
        Filter("partner", _("Partner"), "text", words=_partner_words),
    ),
)
ENTRIES = ListSpec(
    key="ledger.entries",
    search=_("Search by number, partner or memo"),
    default_sort="-number",
    columns=(
        Column("number", _("Entry"), "title", sortable=True, always=True, value=lambda one: one.row.number),
        Column("value_date", _("Date"), "date", sortable=True, value=lambda one: one.row.value_date),
        Column("kind", _("What"), value=lambda one: one.row.label),
        Column("partner", _("Partner"), "company", value=lambda one: Company(one.row.partner) if one.row.partner else None),
        Column("memo", _("Memo"), "prose", value=lambda one: one.row.memo),
        Column("amount", _("Amount"), "money", value=lambda one: one.row.amounts[0] if one.row.amounts else None),
        Column("second", _("In a second currency"), "money", value=lambda one: one.row.amounts[1] if len(one.row.amounts) > 1 else None, default=False),
        Column("by", _("Posted by"), value=lambda one: one.row.by, default=False),
        Column("posted_at", _("Posted"), "datetime", value=lambda one: one.row.posted_at, default=False),
    ),
    filters=(
        Filter("kind", _("What"), choices=queries.kind_choices),
        Filter("account", _("Account"), choices=_kinds),
        Filter("value_date", _("Date"), "date"),
        Filter("partner", _("Partner"), "text", words=_partner_words),
    ),
)
