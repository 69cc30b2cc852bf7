"""The lists: runs, payments, payees, and what is due."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request
from openprm.payouts import queries
from openprm.payouts.pages.common import uuid_of
from openprm.payouts.pages.forms import CURRENCIES
from openprm.payouts.wording import METHOD, PAY_STATE, RUN_STATE
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Filter, ListSpec


def _states(words: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((code, label) for code, (label, _tone) in words.items())


def _state(row: Any) -> Badge:
    return Badge(row.state_label, row.state_tone)


def _partner_words(actor: Actor, value: str) -> str:
    partner_id = uuid_of(value)
    try:
        return identity.organization(actor, partner_id).name if partner_id else value
    except NotFound:
        return value


RUNS = ListSpec(
    key="payouts.runs",
    search=gettext_lazy("Search by number"),
    default_sort="-prepared",
    columns=(
        Column("number", gettext_lazy("Run"), "title", sortable=True, always=True),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=_state),
        Column("pay_on", gettext_lazy("Payday"), "date", sortable=True),
        Column("payments", gettext_lazy("Payments"), "number"),
        Column("total", gettext_lazy("Total"), "money", value=lambda row: row.totals[0] if row.totals else None),
        Column("second", gettext_lazy("Other currency"), "money", value=lambda row: row.totals[1] if len(row.totals) > 1 else None),
        Column("prepared_by", gettext_lazy("Prepared by")),
        Column("approved_by", gettext_lazy("Approved by")),
        Column("prepared", gettext_lazy("Prepared"), "datetime", sortable=True, default=False, value=lambda row: row.prepared_at),
    ),
    filters=(Filter("state", gettext_lazy("State"), choices=_states(RUN_STATE)),),
)
_COMMON = (
    Column("number", gettext_lazy("Payment"), "title", sortable=True, always=True),
    Column("state", gettext_lazy("State"), "badge", sortable=True, value=_state),
    Column("amount", gettext_lazy("Amount"), "money", sortable=True, value=lambda row: row.money),
    Column("method_label", gettext_lazy("By")),
    Column("account", gettext_lazy("To"), "mono"),
    Column("sent", gettext_lazy("Sent"), "date", sortable=True, value=lambda row: row.sent_at),
    Column("completed_at", gettext_lazy("Arrived"), "date"),
    Column("reason", gettext_lazy("Reason"), default=False),
    Column("created", gettext_lazy("Prepared"), "date", sortable=True, default=False, value=lambda row: row.created_at),
)
_FILTERS = (
    Filter("state", gettext_lazy("State"), choices=_states(PAY_STATE)),
    Filter("currency", gettext_lazy("Currency"), choices=CURRENCIES),
    Filter("method", gettext_lazy("By"), choices=tuple(METHOD.items())),
)
PAYMENTS = ListSpec(
    key="payouts.payments",
    search=gettext_lazy("Search by number or payee"),
    default_sort="-created",
    columns=(
        _COMMON[0],
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, value=lambda row: Company(row.partner)),
        *_COMMON[1:],
        Column("run", gettext_lazy("Run"), "mono", default=False),
        Column("days", gettext_lazy("Days to cash"), "number", default=False),
    ),
    filters=(*_FILTERS, Filter("partner", gettext_lazy("Partner"), "text", words=_partner_words)),
)
OWN = ListSpec(key="payouts.own", search=gettext_lazy("Search by number"), default_sort="-created", columns=_COMMON, filters=_FILTERS[:2])


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
        found["partner"] = uuid_of(found["partner"]) or uuid_of("00000000-0000-0000-0000-000000000000")
    return found


def list_runs(request: Request) -> HttpResponse:
    state = lists.parse(request, RUNS)
    if state.export:
        return exports.respond(request, state, queries.export_runs(request.actor, search=state.search, filters=state.filters), name="payout-runs")
    found = queries.runs(request.actor, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(title=_("No run yet"), text=_("Prepare one on the desk. Somebody else approves it."))
    return lists.render(
        request, "payouts/vendor/list.html", state, found.map(lambda row: Linked(row, "payouts:run")), empty=empty, title=_("Payout runs"), tab="runs",
        summary=_("Each payday: prepared by one person, approved by another, sent and settled."),
    )  # fmt: skip


def list_payments(request: Request) -> HttpResponse:
    state = lists.parse(request, PAYMENTS)
    filters = _cleaned(state.filters)
    if state.export:
        return exports.respond(request, state, queries.export_payouts(request.actor, search=state.search, filters=filters), name="payments")
    found = queries.payouts(request.actor, search=state.search, filters=filters, page=state.page)
    empty = lists.Empty(title=_("No payments yet"), text=_("They appear with the first run."))
    return lists.render(
        request, "payouts/vendor/list.html", state, found.map(lambda row: Linked(row, "payouts:payout")), empty=empty, title=_("Payments"), tab="payments",
        summary=_("Every payment to every partner, and what became of it."),
    )  # fmt: skip


def portal_payouts(request: Request) -> HttpResponse:
    """The partner's money: what waits and why, what is on its way, what was paid."""
    state = lists.parse(request, OWN)
    if state.export:
        return exports.respond(request, state, queries.export_payouts(request.actor, search=state.search, filters=state.filters), name="payouts")
    found = queries.payouts(request.actor, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(title=_("Nothing was paid yet"), text=_("Approved money is paid with the next run."))
    return lists.render(
        request, "payouts/partner/payouts.html", state, found.map(lambda row: Linked(row, "payouts:portal_payout")), empty=empty, title=_("Payouts"),
        balance=queries.balance(request.actor, request.at),
    )  # fmt: skip
