"""The vendor's pages of budgets and funds: the tree, one budget, one fund, and who may approve how much."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from babel.numbers import format_decimal
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.audit import queries as audit
from openprm.deals import queries as deals
from openprm.funds import queries, services
from openprm.funds.pages import forms, lists
from openprm.funds.pages.proof_common import attempt, version_of
from openprm.funds.queries import RequestFilters
from openprm.funds.queries.proof import proof
from openprm.funds.services import BudgetDraft, FundDraft
from openprm.kernel.errors import refuse_if
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import Money, parse_amount
from openprm.partners import queries as partners
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.listspec import Column, Empty
from openprm.ui.paging import PageRequest

ENTRIES = 50
APPROVERS = (
    Column("name", gettext_lazy("Name")),
    Column("email", gettext_lazy("E-mail")),
    Column("role", gettext_lazy("Role")),
    Column("limit", gettext_lazy("Up to"), "money", value=lambda one: one.limit),
)


def list_budgets(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, lists.BUDGETS)
    rows = lists.budgets(request.actor, state)
    if state.export:
        return exports.respond(request, state, rows, name="budgets")
    may = request.actor.can("funds.manage")
    new = {"action": _("New budget"), "url": reverse("funds:new_budget")} if may else {}
    empty = Empty(title=_("No budget yet"), text=_("Set one up, hand it on to regions or programs, and give partners their funds."), **new)
    return ui_lists.render(
        request, "funds/vendor/budgets.html", state, lists.tree(rows), empty=empty, title=_("Funds"), may_manage=may, proof=proof(request.actor)
    )


def list_funds(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, lists.FUNDS)
    filters = lists.funds_of(state)
    if state.export:
        rows = lists.every(queries.export_funds(request.actor, **filters), "funds:allocation")
        return exports.respond(request, state, rows, name="funds")
    address = lists.addresses("funds:allocation")
    found = queries.list_funds(request.actor, state.page, **filters).map(lambda row: lists.Listed(row.id, address(row.id), row))
    empty = Empty(title=_("No partner has a fund yet"), text=_("Open a budget and give a partner its part."))
    return ui_lists.render(request, "funds/vendor/list.html", state, found, empty=empty, title=_("Funds of partners"), tab="funds")


def _budget_form(request: Request, data: Any = None, **options: Any) -> forms.BudgetForm:
    return forms.BudgetForm(
        data, parents=queries.budget_choices(request.actor, for_children=True), programs=partners.program_choices(request.actor),
        partners=partners.partner_choices(request.actor), **options,
    )  # fmt: skip


def new_budget(request: Request) -> HttpResponse:
    refuse_if(None if request.actor.can("funds.manage") else _("Your role cannot set up budgets."))
    if request.method != "POST":
        under = lists.uuid_of(request.GET.get("under"))
        initial = {"parent_id": under, "currency": "" if under else deals.base_currency()}
        return page(request, "funds/vendor/new_budget.html", form=_budget_form(request, initial=initial))
    form = _budget_form(request, request.POST)
    made, status = attempt(form, lambda said: services.create_budget(actor=request.actor, draft=_budget_draft(request, said), at=request.at))
    if status:
        return page(request, "funds/vendor/new_budget.html", status=status, form=form)
    return done(request, reverse("funds:budget", args=[made.id]), _("Budget set up"))


def _budget_draft(request: Request, said: Mapping[str, Any]) -> BudgetDraft:
    currency = said["currency"].upper()
    if not currency and said["parent_id"]:
        currency = queries.budget(request.actor, said["parent_id"]).sums.amount.currency
    plain = {name: said[name] for name in ("name", "about", "kind", "parent_id", "program_id", "partner_id", "starts_on", "ends_on")}
    return BudgetDraft(**plain, currency=currency, amount_minor=_typed(request, said["amount"], currency))


def _typed(request: Request, text: str, currency: str, field: str = "amount") -> int:
    return parse_amount(text, currency, request.actor.locale, field=field).minor


def budget(request: Request, budget_id: UUID) -> HttpResponse:
    return _budget(request, budget_id, opened=request.GET.get("do", ""))


def _budget(request: Request, budget_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = queries.budget(request.actor, budget_id)
    fresh: dict[str, Any] = {}
    if found.may_manage:
        initial = {
            "name": found.name,
            "amount": _plain(request, found.sums.amount),
            "starts_on": found.starts_on,
            "ends_on": found.ends_on,
            "about": found.about,
        }
        fresh = {
            "change": forms.BudgetChange(initial=initial, auto_id="id_change_%s"), "ignore": forms.ReasonForm(auto_id="id_ignore_%s"),
            "allocate": forms.AllocateForm(partners=partners.partner_choices(request.actor), auto_id="id_allocate_%s"),
        }  # fmt: skip
    return page(
        request, "funds/vendor/budget.html", status=status, budget=found, dialogs=fresh | dict(held or {}), opened=opened,
        timeline=audit.timeline(request.actor, budget_id, limit=ENTRIES),
    )  # fmt: skip


def _plain(request: Request, money: Money) -> str:
    return format_decimal(money.major, locale=request.actor.locale.replace("-", "_"), group_separator=False)


def change_budget(request: Request, budget_id: UUID) -> HttpResponse:
    form = forms.BudgetChange(request.POST, auto_id="id_change_%s")
    currency = queries.budget(request.actor, budget_id).sums.amount.currency

    def act(said: Mapping[str, Any]) -> Any:
        changes = {name: said[name] for name in ("name", "about", "starts_on", "ends_on")} | {"amount_minor": _typed(request, said["amount"], currency)}
        return services.update_budget(actor=request.actor, budget_id=budget_id, changes=changes, version=version_of(request), at=request.at)

    return _acted(request, budget_id, "change", form, act, _("Budget changed"))


def _acted(request: Request, budget_id: UUID, dialog: str, form: Any, act: Any, title: str, text: str = "") -> HttpResponse:
    _made, status = attempt(form, act)
    if status:
        return _budget(request, budget_id, opened=dialog, held={dialog: form}, status=status)
    return done(request, reverse("funds:budget", args=[budget_id]), title, text)


def ignore_limits(request: Request, budget_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST, auto_id="id_ignore_%s")

    def act(said: Mapping[str, Any]) -> Any:
        return services.ignore_limits(actor=request.actor, budget_id=budget_id, reason=said["reason"], version=version_of(request), at=request.at)

    return _acted(request, budget_id, "ignore", form, act, _("Validation switched off"), _("The log keeps who did it and why."))


def allocate(request: Request, budget_id: UUID) -> HttpResponse:
    form = forms.AllocateForm(request.POST, partners=partners.partner_choices(request.actor), auto_id="id_allocate_%s")
    currency = queries.budget(request.actor, budget_id).sums.amount.currency

    def act(said: Mapping[str, Any]) -> Any:
        plain = {name: said[name] for name in ("partner_id", "name", "vendor_percent", "plan_by", "claim_by", "ends_on")}
        draft = FundDraft(budget_id=budget_id, amount_minor=_typed(request, said["amount"], currency), **plain)
        return services.allocate(actor=request.actor, draft=draft, at=request.at)

    return _acted(request, budget_id, "allocate", form, act, _("Fund given"), _("The partner was told."))


def allocation(request: Request, allocation_id: UUID) -> HttpResponse:
    return _allocation(request, allocation_id, opened=request.GET.get("do", ""))


def _allocation(request: Request, fund_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = queries.fund(request.actor, fund_id)
    newest = PageRequest(key="funds.of_fund", sort="created", limit=25)
    values = {"amount": _plain(request, found.sums.amount)} | {name: getattr(found, name) for name in ("vendor_percent", "plan_by", "claim_by", "ends_on")}
    fresh = {"change": forms.FundChange(initial=values, auto_id="id_change_%s"), "close": forms.ReasonForm(auto_id="id_close_%s")}
    return page(
        request, "funds/vendor/allocation.html", status=status, fund=found, budget=queries.budget(request.actor, found.budget_id),
        requests=queries.list_requests(request.actor, RequestFilters(fund_id=fund_id), newest, request.at).rows, dialogs=fresh | dict(held or {}),
        opened=opened, may_manage=request.actor.can("funds.manage") and not found.is_closed,
        timeline=audit.timeline(request.actor, fund_id, limit=ENTRIES),
    )  # fmt: skip


def change_allocation(request: Request, allocation_id: UUID) -> HttpResponse:
    form = forms.FundChange(request.POST, auto_id="id_change_%s")
    currency = queries.fund(request.actor, allocation_id).sums.amount.currency

    def act(said: Mapping[str, Any]) -> Any:
        changes = {name: said[name] for name in ("vendor_percent", "plan_by", "claim_by", "ends_on")}
        changes["amount_minor"] = _typed(request, said["amount"], currency)
        return services.update_allocation(actor=request.actor, allocation_id=allocation_id, changes=changes, version=version_of(request), at=request.at)

    return _acted_fund(request, allocation_id, "change", form, act, _("Fund changed"))


def close_allocation(request: Request, allocation_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST, auto_id="id_close_%s")

    def act(said: Mapping[str, Any]) -> Any:
        return services.close_allocation(actor=request.actor, allocation_id=allocation_id, reason=said["reason"], version=version_of(request), at=request.at)

    return _acted_fund(request, allocation_id, "close", form, act, _("Fund closed"))


def _acted_fund(request: Request, fund_id: UUID, dialog: str, form: Any, act: Any, title: str) -> HttpResponse:
    _made, status = attempt(form, act)
    if status:
        return _allocation(request, fund_id, opened=dialog, held={dialog: form}, status=status)
    return done(request, reverse("funds:allocation", args=[fund_id]), title)


def approvers(request: Request) -> HttpResponse:
    """Who decides about funds, and up to which amount."""
    if request.method != "POST":
        return _approvers(request)
    form = forms.LimitForm(request.POST)

    def act(said: Mapping[str, Any]) -> Any:
        limit = _typed(request, said["limit"], deals.base_currency(), "limit") if said["limit"] else None
        services.set_limit(actor=request.actor, user_id=said["user_id"], limit_minor=limit, at=request.at)

    _made, status = attempt(form, act)
    return _approvers(request, form, status) if status else done(request, reverse("funds:approvers"), _("Limit set"))


def _approvers(request: Request, form: Any = None, status: int = 200) -> HttpResponse:
    rows = queries.approvers(request.actor)
    if request.GET.get("export") == "csv":
        return exports.csv_response("fund-approvers", APPROVERS, rows)
    people = [(one, _plain(request, one.limit) if one.limit else "") for one in rows]
    return page(request, "funds/vendor/approvers.html", status=status, people=people, form=form, currency=deals.base_currency())
