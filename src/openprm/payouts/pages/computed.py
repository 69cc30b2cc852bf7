"""The lists that are computed: what is due to whom, and who is a payee."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_name
from openprm.kernel.http import Request
from openprm.payouts import queries
from openprm.payouts.pages import forms
from openprm.payouts.pages.forms import CURRENCIES
from openprm.payouts.wording import DUE_STATE, PAYEE_STATE
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Filter, ListSpec


def _sources(actor: Actor) -> list[tuple[str, str]]:
    return [(source.code, str(source.label)) for source in queries.sources()]


def _countries(actor: Actor) -> list[tuple[str, str]]:
    codes = {row.country for row in queries.payees(actor) if row.country}
    return sorted(((code, str(country_name(code))) for code in codes), key=lambda pair: pair[1])


def _why(row: Any) -> str:
    return f"{row.reason} {row.cure}".strip()


DUE = ListSpec(
    key="payouts.due",
    search=gettext_lazy("Search by partner"),
    default_sort="since",
    columns=(
        Column("partner", gettext_lazy("Payee"), "title", sortable=True, always=True),
        Column("amount", gettext_lazy("Amount"), "money", sortable=True, value=lambda row: row.money),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=lambda row: Badge(*DUE_STATE[row.state])),
        Column("why", gettext_lazy("What stands in the way"), "prose", value=_why),
        Column("since", gettext_lazy("Waits since"), "date", sortable=True, value=lambda row: row.since.date()),
        Column("sources", gettext_lazy("From"), value=lambda row: ", ".join(row.sources), default=False),
        Column("lines", gettext_lazy("Lines"), "number", sortable=True, default=False),
        Column("forfeits_on", gettext_lazy("First forfeiture"), "date", default=False),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), choices=tuple((code, label) for code, (label, _tone) in DUE_STATE.items())),
        Filter("source", gettext_lazy("From"), choices=_sources),
        Filter("currency", gettext_lazy("Currency"), choices=CURRENCIES),
    ),
)  # fmt: skip
PAYEES = ListSpec(
    key="payouts.payees",
    search=gettext_lazy("Search by partner"),
    default_sort="state",
    columns=(
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda row: Company(row.partner)),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=lambda row: Badge(*PAYEE_STATE[row.state])),
        Column("waiting", gettext_lazy("To verify"), "number"),
        Column("accounts", gettext_lazy("Accounts"), "mono"),
        Column("country", gettext_lazy("Country"), sortable=True, value=lambda row: country_name(row.country) if row.country else ""),
        Column("since", gettext_lazy("Last change"), "date", sortable=True, value=lambda row: row.since.date()),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), choices=tuple((code, label) for code, (label, _tone) in PAYEE_STATE.items())),
        Filter("country", gettext_lazy("Country"), choices=_countries),
    ),
)  # fmt: skip


class OfPayee:
    """A row that opens its payee."""

    __slots__ = ("_row", "id", "url")

    def __init__(self, row: Any):
        self._row, self.id, self.url = row, row.partner_id, reverse("payouts:payee", args=[row.partner_id])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def desk(request: Request) -> HttpResponse:
    return draw_desk(request, forms.PrepareForm(initial={"pay_on": request.at.date()}))


def draw_desk(request: Request, form: Any, status: int = 200) -> HttpResponse:
    """The desk: its figures, the list of what is due, and the form of the next run."""
    request.path = reverse("payouts:desk")  # the links of the list lead to it, also beside a refused run
    state = lists.parse(request, DUE)
    found = queries.desk(request.actor, request.at)
    rows = queries.narrowed_due(found.rows, state.search, state.filters)
    if state.export:
        return exports.respond(request, state, queries.ordered(rows, state.page, queries.DUE_SORTS), name="due")
    empty = lists.Empty(title=_("Nothing is due"), text=_("Approved earnings, fund claims and rebates appear here by themselves."))
    shown = queries.sliced(rows, state.page, queries.DUE_SORTS).map(OfPayee)
    return lists.render(request, "payouts/vendor/desk.html", state, shown, empty=empty, status=status, desk=found, form=form, tab="desk")


def payees(request: Request) -> HttpResponse:
    state = lists.parse(request, PAYEES)
    rows = queries.narrowed_payees(queries.payees(request.actor), state.search, state.filters)
    if state.export:
        return exports.respond(request, state, queries.ordered(rows, state.page, queries.PAYEE_SORTS), name="payees")
    empty = lists.Empty(title=_("No payee yet"), text=_("Partners fill in their payee profile on their page “Payouts”."))
    shown = queries.sliced(rows, state.page, queries.PAYEE_SORTS).map(OfPayee)
    return lists.render(
        request, "payouts/vendor/list.html", state, shown, empty=empty, title=_("Payees"), tab="payees",
        summary=_("Nobody is paid before its account and its papers are checked."),
    )  # fmt: skip
