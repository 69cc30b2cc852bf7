"""The lists of funds: their columns and filters, and the way from an address to a query."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.funds import queries
from openprm.funds.queries import RequestFilters
from openprm.funds.wording import CLAIM, KIND, KIND_FOR_PARTNERS, REQUEST
from openprm.kernel.actor import Actor
from openprm.kernel.http import addresses
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.listspec import Column, Filter, ListSpec, ListState, Range
from openprm.ui.paging import Slice


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def _of(name: str) -> Any:
    return lambda one: getattr(one.row, name)


def _sum(name: str) -> Any:
    return lambda one: getattr(one.row.sums, name)


def _badge(one: Listed) -> Badge:
    return Badge(one.row.label, one.row.tone)


def _due(one: Listed) -> Due | None:
    return Due(one.row.due_at) if one.row.due_at else None


def _indented(one: Listed) -> str:
    return INDENT * (one.row.level - 1) + one.row.name


def _state(one: Listed) -> Badge:
    if one.row.is_closed:
        return Badge(_("Closed"))
    return Badge(_("Unchecked"), "bad") if getattr(one.row, "ignores_limits", False) else Badge(_("Open"), "ok")


def _partner(one: Listed) -> Company | None:
    return Company(one.row.partner) if one.row.partner else None


INDENT = "\u2003"
KINDS = tuple((str(code), label) for code, label in KIND.items())
_KIND = Filter("kind", _("Kind"), "choice", choices=KINDS)
_KIND_FOR_PARTNERS = Filter("kind", _("Fund"), "choice", choices=tuple((str(code), label) for code, label in KIND_FOR_PARTNERS.items()))
_CLOSED = Filter("closed", _("Closed"), "bool")
_MINE = Filter("mine", _("Waits for me"), "bool")
_PARTNER = Filter("partner", _("Partner"), "text")
_SENT = Filter("submitted", _("Sent"), "date")
_ROLL_UP = (
    Column("amount", _("Amount"), "money", value=_sum("amount")),
    Column("requested", _("Requested and approved"), "money", value=_sum("requested")),
    Column("claimed", _("Claims approved"), "money", value=_sum("claimed")),
    Column("paid", _("Reimbursed"), "money", value=_sum("paid")),
    Column("left", _("Left"), "money", value=_sum("left")),
)
BUDGETS = ListSpec(
    key="funds.budgets",
    columns=(
        Column("name", _("Budget"), "title", always=True, value=_indented),
        Column("number", _("Number"), "mono", value=_of("number"), default=False),
        Column("state", _("State"), "badge", value=_state),
        Column("kind", _("Kind"), value=_of("kind_label")),
        *_ROLL_UP,
        Column("program", _("Program"), value=_of("program"), default=False),
        Column("partner", _("Partner"), "company", value=_partner, default=False),
        Column("starts", _("From"), "date", value=_of("starts_on"), default=False),
        Column("ends", _("To"), "date", value=_of("ends_on")),
    ),
    filters=(_KIND, _CLOSED),
    default_sort="-created",
    search=_("Search name or number"),
)
FUNDS = ListSpec(
    key="funds.allocations",
    columns=(
        Column("name", _("Fund"), "title", always=True, sortable=True, value=_of("name")),
        Column("partner", _("Partner"), "company", value=_partner),
        Column("number", _("Number"), "mono", sortable=True, value=_of("number"), default=False),
        Column("state", _("State"), "badge", value=_state),
        Column("kind", _("Kind"), value=_of("kind_label")),
        *_ROLL_UP,
        Column("plan_by", _("Ask by"), "date", value=_of("plan_by"), default=False),
        Column("claim_by", _("Claim by"), "date", value=_of("claim_by"), default=False),
        Column("ends", _("Ends"), "date", sortable=True, value=_of("ends_on")),
        Column("created", _("Given"), "datetime", sortable=True, value=_of("created_at"), default=False),
    ),
    filters=(_KIND, _CLOSED, _PARTNER),
    default_sort="-created",
    search=_("Search fund, number or partner"),
)


def _requests(key: str, *, vendor: bool) -> ListSpec:
    side = (Column("partner", _("Partner"), "company", value=_partner), Column("next", _("Waits for"), value=_of("next_role_label"))) if vendor else ()
    return ListSpec(
        key=key,
        columns=(
            Column("title", _("Request"), "title", always=True, sortable=True, value=_of("title")),
            Column("number", _("Number"), "mono", sortable=True, value=_of("number")),
            *side,
            Column("status", _("Status"), "badge", sortable=True, value=_badge),
            Column("due", _("Answer due"), "due", value=_due),
            Column("fund", _("Fund"), value=_of("fund"), default=False),
            Column("asked", _("Asked for"), "money", sortable=True, value=_of("asked")),
            Column("approved", _("Approved"), "money", value=_of("approved")),
            Column("claimed", _("Claims approved"), "money", value=_of("claimed"), default=False),
            Column("paid", _("Reimbursed"), "money", value=_of("paid")),
            Column("submitted", _("Sent"), "datetime", sortable=True, value=_of("submitted_at")),
            Column("created", _("Begun"), "datetime", sortable=True, value=_of("created_at"), default=False),
        ),
        filters=(
            *((_MINE, _PARTNER) if vendor else ()),
            Filter("status", _("Status"), "choice", choices=tuple((str(code), words[0]) for code, words in REQUEST.items())),
            _KIND if vendor else _KIND_FOR_PARTNERS, _SENT,
        ),
        default_sort="-created",
        search=_("Search name, number or partner") if vendor else _("Search name or number"),
    )  # fmt: skip


def _claims(key: str, *, vendor: bool) -> ListSpec:
    side = (Column("partner", _("Partner"), "company", value=_partner), Column("next", _("Waits for"), value=_of("next_role_label"))) if vendor else ()
    return ListSpec(
        key=key,
        columns=(
            Column("title", _("Claim"), "title", always=True, value=_of("title")),
            Column("number", _("Number"), "mono", sortable=True, value=_of("number")),
            *side,
            Column("status", _("Status"), "badge", sortable=True, value=_badge),
            Column("due", _("Answer due"), "due", value=_due),
            Column("request", _("Request"), "mono", value=_of("request"), default=False),
            Column("asked", _("Claimed"), "money", sortable=True, value=_of("asked")),
            Column("approved", _("Approved"), "money", value=_of("approved")),
            Column("paid", _("Paid"), "money", value=_of("paid")),
            Column("submitted", _("Sent"), "datetime", sortable=True, value=_of("submitted_at")),
            Column("created", _("Begun"), "datetime", sortable=True, value=_of("created_at"), default=False),
        ),
        filters=(
            *((_MINE, _PARTNER) if vendor else ()),
            Filter("status", _("Status"), "choice", choices=tuple((str(code), words[0]) for code, words in CLAIM.items())),
            _KIND if vendor else _KIND_FOR_PARTNERS, _SENT,
        ),
        default_sort="-created",
        search=_("Search activity, number or partner") if vendor else _("Search activity or number"),
    )  # fmt: skip


VENDOR_REQUESTS, PORTAL_REQUESTS = _requests("funds.requests", vendor=True), _requests("funds.portal_requests", vendor=False)
VENDOR_CLAIMS, PORTAL_CLAIMS = _claims("funds.claims", vendor=True), _claims("funds.portal_claims", vendor=False)


def budgets(actor: Actor, state: ListState) -> list[Listed]:
    address = addresses("funds:budget")
    rows = queries.budget_tree(actor, text=state.search, kind=tuple(state.filters.get("kind", ())), closed=state.filters.get("closed"))
    return [Listed(row.id, address(row.id), row) for row in rows]


def tree(rows: list[Listed]) -> Slice[Listed]:
    """The whole tree on one page: a budget apart from its parent says nothing."""
    return Slice(rows=tuple(rows), total=len(rows))


def funds_of(state: ListState) -> dict[str, Any]:
    partner = uuid_of(state.filters.get("partner"))
    words = "" if partner else state.filters.get("partner", "")
    return {
        "text": state.search or words, "kind": tuple(state.filters.get("kind", ())), "partner_id": partner, "closed": state.filters.get("closed"),
    }  # fmt: skip


def filters_of(state: ListState) -> RequestFilters:
    sent: Range = state.filters.get("submitted", Range())
    partner = uuid_of(state.filters.get("partner"))
    words = "" if partner else state.filters.get("partner", "")
    return RequestFilters(
        text=state.search or words, status=tuple(state.filters.get("status", ())), kind=tuple(state.filters.get("kind", ())), partner_id=partner,
        submitted_from=sent.low, submitted_to=sent.high, mine=bool(state.filters.get("mine")),
    )  # fmt: skip


def uuid_of(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def requests(actor: Actor, state: ListState, at: datetime, page_name: str) -> Slice[Listed]:
    address = addresses(page_name)
    return queries.list_requests(actor, filters_of(state), state.page, at).map(lambda row: Listed(row.id, address(row.id), row))


def claims(actor: Actor, state: ListState, at: datetime, page_name: str) -> Slice[Listed]:
    address = addresses(page_name)
    return queries.list_claims(actor, filters_of(state), state.page, at).map(lambda row: Listed(row.id, address(row.id), row))


def every(rows: Iterator[Any], page_name: str) -> Iterator[Listed]:
    """Every matching row, for an export."""
    address = addresses(page_name)
    for row in rows:
        yield Listed(row.id, address(row.id), row)
