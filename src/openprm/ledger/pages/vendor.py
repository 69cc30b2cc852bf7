"""The books in the vendor's workspace: overview, accounts and entries."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from openprm.kernel.http import Request, done, page
from openprm.ledger import queries, services
from openprm.ledger.pages import lists as shown
from openprm.ledger.pages.forms import ByHandForm, ReasonForm, SpanForm, attempt
from openprm.ledger.services import Leg
from openprm.ui import exports, lists
from openprm.ui.listspec import Column

LINES = (
    Column("number", _("Entry")), Column("day", _("Date")), Column("label", _("What")), Column("memo", _("Memo")), Column("amount", _("Amount"), "money"),
    Column("balance", _("Balance"), "money"),
)  # fmt: skip
TRIAL = (
    Column("code", _("Code")), Column("title", _("Account")), Column("debit", _("Debit"), "money"), Column("credit", _("Credit"), "money"),
    Column("balance", _("Balance"), "money"),
)  # fmt: skip


def overview(request: Request) -> HttpResponse:
    """The trial balance of a day, and whether the books agree with themselves."""
    on = _day(request, "on")
    found = queries.trial_balance(on)
    if request.GET.get("export") == "csv":
        return exports.csv_response(f"trial-balance-{on:%Y%m%d}", TRIAL, found.lines)
    return page(
        request, "ledger/vendor/overview.html", trial=found, proof=queries.prove(), on=on, tab="overview", closed=queries.last_closed(),
        may_correct=queries.may(request.actor, "correct"),
    )  # fmt: skip


def accounts(request: Request) -> HttpResponse:
    """Every account with its balance."""
    state = lists.parse(request, shown.ACCOUNTS)
    if state.export:
        rows = queries.export_accounts(request.actor, search=state.search, filters=state.filters)
        return exports.respond(request, state, map(shown.account, rows), name="accounts")
    found = queries.accounts(request.actor, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(title=_("Nothing is booked yet"), text=_("An account begins with the first entry on it."))
    summary = _("One account for each kind, partner and currency. Balances are kept by the database, never summed up.")
    return lists.render(request, "ledger/vendor/list.html", state, found.map(shown.account), empty=empty, title=_("Accounts"), summary=summary, tab="accounts")


def account(request: Request, account_id: UUID) -> HttpResponse:
    """The statement of one account."""
    form = SpanForm(request.GET or None)
    since, until = form.span(request.at.date())
    found = queries.statement_of(request.actor, account_id, since, until)
    if request.GET.get("export") == "csv":
        return exports.csv_response(f"statement-{found.account}-{since:%Y%m%d}-{until:%Y%m%d}", LINES, found.lines)
    return page(request, "ledger/vendor/account.html", statement=found, row=queries.account(request.actor, account_id), tab="accounts")


def entries(request: Request) -> HttpResponse:
    """Every entry, newest first."""
    state = lists.parse(request, shown.ENTRIES)
    if state.export:
        rows = queries.export_entries(request.actor, search=state.search, filters=state.filters)
        return exports.respond(request, state, map(shown.entry, rows), name="entries")
    found = queries.entries(request.actor, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(title=_("Nothing is booked yet"), text=_("Entries appear here when something is earned, approved or paid."))
    summary = _("What was booked, in order. An entry is never changed; what was wrong is booked back.")
    return lists.render(
        request, "ledger/vendor/list.html", state, found.map(shown.entry), empty=empty, title=_("Entries"), summary=summary, tab="entries",
        may_correct=queries.may(request.actor, "correct"),
    )  # fmt: skip


def entry(request: Request, entry_id: UUID) -> HttpResponse:
    """One entry with its legs and what it is about."""
    return _entry(request, entry_id, ReasonForm())


def reverse_entry(request: Request, entry_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    act = lambda: services.reverse_by_hand(actor=request.actor, entry_id=entry_id, reason=form.cleaned_data["reason"], at=request.at)  # noqa: E731
    is_done, posted = attempt(form, act)
    if is_done:
        return done(request, reverse("ledger:entry", args=[posted.entry_id]), _("Booked back"), posted.number)
    return _entry(request, entry_id, form)


def book_by_hand(request: Request) -> HttpResponse:
    """Book an entry by hand, on accounts that no room keeps lines behind."""
    form = ByHandForm(request.POST or None, today=request.at.date(), locale=request.actor.locale)
    if request.method == "POST":
        is_done, posted = attempt(form, lambda: _book(request, form.cleaned_data))
        if is_done:
            return done(request, reverse("ledger:entry", args=[posted.entry_id]), _("Booked"), posted.number)
    about = _("For bank charges, exchange differences and what another system rounded otherwise. What partners earn is corrected where it is kept.")
    return page(
        request, "ledger/vendor/form.html", form=form, title=_("Book by hand"), about=about, tab="entries", back=reverse("ledger:entries"),
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _book(request: Request, values: dict[str, Any]) -> Any:
    money = values["money"]
    legs = (
        Leg(account=values["debit"], amount_minor=money.minor, currency=money.currency),
        Leg(account=values["credit"], amount_minor=-money.minor, currency=money.currency),
    )
    return services.post_by_hand(actor=request.actor, key=values["key"], legs=legs, value_date=values["value_date"], memo=values["memo"], at=request.at)


def _entry(request: Request, entry_id: UUID, form: ReasonForm) -> HttpResponse:
    found = queries.entry(request.actor, entry_id)
    may_reverse = found.kind == "books.by_hand" and not found.reversed_by and not found.reverses and queries.may(request.actor, "correct")
    return page(
        request, "ledger/vendor/entry.html", entry=found, form=form, may_reverse=may_reverse, tab="entries",
        opened="reverse" if form.is_bound or request.GET.get("do") == "reverse" else "", status=422 if form.is_bound else 200,
    )  # fmt: skip


def _day(request: Request, name: str) -> date:
    try:
        return parse_date(request.GET.get(name, "")) or request.at.date()
    except ValueError:
        return request.at.date()
