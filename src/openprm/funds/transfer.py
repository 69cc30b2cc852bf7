"""How budgets and funds are read from files, and how they, requests and claims are written to them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.funds import policies, queries, services
from openprm.funds.models import Budget
from openprm.funds.queries import RequestFilters
from openprm.funds.services import BudgetDraft, FundDraft
from openprm.funds.wording import KIND
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict
from openprm.kernel.money import Money, minor_units
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values, match_text

_ID = ImportField("external_id", gettext_lazy("Id in the source"), required=True, aliases=("id",), max_length=120)
_CURRENCY = ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, required=True, aliases=("currency code",))
CHOICES = tuple((str(code), label) for code, label in KIND.items())


def _found(actor_rows: Any, rows: Sequence[Values], source: str) -> list[UUID | None]:
    ids = [row.get("external_id") or "" for row in rows]
    known = dict(actor_rows.filter(external_source=source[:60], external_id__in=[one for one in ids if one]).values_list("external_id", "pk"))
    return [known.get(one) for one in ids]


class BudgetImporter:
    """Rows are read in their order: a parent stands before its children."""

    entity = "fund_budgets"
    label = gettext_lazy("Fund budgets")
    permission = "funds.import"
    after: tuple[str, ...] = ()
    fields = (
        _ID,
        ImportField("name", gettext_lazy("Name"), required=True, aliases=("budget", "title"), max_length=120),
        ImportField("parent", gettext_lazy("Id of the budget above"), aliases=("parent", "parent id"), max_length=120),
        ImportField("kind", gettext_lazy("Kind"), Kind.CHOICE, choices=CHOICES, aliases=("type",)),
        ImportField("amount_minor", gettext_lazy("Amount"), Kind.MONEY, required=True, aliases=("amount", "budget amount")),
        _CURRENCY,
        ImportField("starts_on", gettext_lazy("From"), Kind.DATE, required=True, aliases=("start", "start date", "from")),
        ImportField("ends_on", gettext_lazy("To"), Kind.DATE, required=True, aliases=("end", "end date", "to")),
    )  # fmt: skip

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        names = {row.number: row.pk for row in policies.reach_budgets(actor)} | {row.name: row.pk for row in policies.reach_budgets(actor)}
        known = dict(policies.reach_budgets(actor).filter(external_source=source[:60]).values_list("external_id", "pk"))
        return {text: _reference(text, known | names) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        return _found(policies.reach_budgets(actor), rows, source)

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        return {row.pk: _values(row, ("name", "amount_minor", "starts_on", "ends_on")) for row in policies.reach_budgets(actor).filter(pk__in=ids)}

    def normal(self, values: Values) -> Values:
        return {name: value for name, value in values.items() if name in ("name", "amount_minor", "starts_on", "ends_on")}

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [tuple(_days(row)) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return [services.create_budget(actor=actor, draft=self._draft(actor, row, source), at=at).id for row in rows]

    def _draft(self, actor: Actor, row: Values, source: str) -> BudgetDraft:
        parent = row.get("parent")
        named = Q(external_source=source[:60], external_id=parent) | Q(number=parent)
        above = policies.reach_budgets(actor).filter(named).values_list("pk", flat=True).first() if parent else None
        if parent and above is None:
            raise Conflict(_("There is no budget “%(id)s” from this source. Put it into an earlier row.") % {"id": parent}, field="parent")
        return BudgetDraft(
            name=row["name"], currency=row.get("currency") or "", amount_minor=row["amount_minor"], starts_on=row["starts_on"], ends_on=row["ends_on"],
            kind=row.get("kind") or "mdf", parent_id=above, external_source=source[:60], external_id=row["external_id"],
        )  # fmt: skip

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        for change in changes:
            services.update_budget(actor=actor, budget_id=change.id, changes=change.after, at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        """Money that was set is in the books and stays there: it is closed instead."""
        raise Conflict(_("A budget that was set up is in the books. Set its amount to zero and close it instead."))


class AllocationImporter:
    """Funds of partners; the budget and the partner are named."""

    entity = "fund_allocations"
    label = gettext_lazy("Funds of partners")
    permission = "funds.import"
    after = ("fund_budgets", "partners")
    fields = (
        _ID,
        ImportField("budget", gettext_lazy("Budget"), Kind.REFERENCE, required=True, references="fund_budgets", aliases=("budget", "budget id")),
        ImportField("partner", gettext_lazy("Partner"), Kind.REFERENCE, required=True, references="partners", aliases=("partner", "account")),
        ImportField("name", gettext_lazy("Name"), aliases=("fund", "title"), max_length=120),
        ImportField("amount_minor", gettext_lazy("Amount"), Kind.MONEY, required=True, aliases=("amount", "allocated")),
        _CURRENCY,
        ImportField("vendor_percent", gettext_lazy("Our share of a cost, per cent"), Kind.NUMBER, aliases=("vendor share", "vendor percent")),
        ImportField("plan_by", gettext_lazy("Ask for money by"), Kind.DATE, aliases=("plan deadline", "request by")),
        ImportField("claim_by", gettext_lazy("Claim by"), Kind.DATE, aliases=("claim deadline",)),
        ImportField("ends_on", gettext_lazy("Ends on"), Kind.DATE, aliases=("end", "end date")),
    )  # fmt: skip
    _CHANGING = ("name", "amount_minor", "vendor_percent", "plan_by", "claim_by", "ends_on")

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        names = dict(policies.reach_allocations(actor).values_list("number", "pk"))
        return {text: _reference(text, names) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        return _found(policies.reach_allocations(actor), rows, source)

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        return {row.pk: _values(row, self._CHANGING) for row in policies.reach_allocations(actor).filter(pk__in=ids)}

    def normal(self, values: Values) -> Values:
        return {name: value for name, value in values.items() if name in self._CHANGING}

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        budgets = {row.pk: row for row in policies.reach_budgets(actor).filter(pk__in=[row["budget"] for row in rows if row.get("budget")])}
        return [tuple(_currency(row, budgets.get(row.get("budget")))) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return [services.allocate(actor=actor, draft=_fund(row, source), at=at).id for row in rows]

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        for change in changes:
            services.update_allocation(actor=actor, allocation_id=change.id, changes=change.after, at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        """A fund that was given is closed: what is left of it goes back to its budget."""
        for allocation_id in ids:
            services.close_allocation(actor=actor, allocation_id=allocation_id, reason=_("The import was taken back."), at=at)


def _reference(text: str, names: Mapping[str, UUID]) -> Reference:
    if text in names:
        return Reference(names[text], text, How.EXACT, 100)
    near = match_text(text, names)
    return Reference(names.get(near.name) if near.name else None, near.name or "", near.how, near.percent)


def _values(row: Any, names: Sequence[str]) -> Values:
    return {name: getattr(row, name) for name in names}


def _days(row: Values) -> Iterator[RowProblem]:
    if row.get("starts_on") and row.get("ends_on") and row["ends_on"] < row["starts_on"]:
        yield RowProblem("ends_on", _("It ends before it begins."))
    if (row.get("amount_minor") or 0) < 0:
        yield RowProblem("amount_minor", _("An amount is zero or more."))


def _currency(row: Values, budget: Budget | None) -> Iterator[RowProblem]:
    if row.get("vendor_percent") is not None and not 1 <= row["vendor_percent"] <= 100:
        yield RowProblem("vendor_percent", _("The vendor's share is between 1 and 100 per cent."))
    if budget and row.get("currency") and row["currency"] != budget.currency:
        yield RowProblem("currency", _("The budget is in %(currency)s; a fund has the currency of its budget.") % {"currency": budget.currency})
    if (row.get("amount_minor") or 0) < 0:
        yield RowProblem("amount_minor", _("An amount is zero or more."))


def _fund(row: Values, source: str) -> FundDraft:
    plain = {name: row.get(name) for name in ("plan_by", "claim_by", "ends_on")}
    return FundDraft(
        vendor_percent=row.get("vendor_percent") or 100,
        budget_id=row["budget"], partner_id=row["partner"], amount_minor=row["amount_minor"], currency=row.get("currency") or "",
        name=row.get("name") or "", external_source=source[:60], external_id=row["external_id"], **plain,
    )  # fmt: skip


def _columns(names: str) -> tuple[ExportColumn, ...]:
    return tuple(ExportColumn(name, name) for name in names.split())


def _plain(*amounts: Money) -> tuple[str, ...]:
    return tuple(f"{one.major:.{minor_units(one.currency)}f}" for one in amounts)


def _rolled(sums: Any) -> tuple[str, ...]:
    return (*_plain(sums.amount, sums.requested, sums.claimed, sums.paid, sums.left), sums.amount.currency)


def _numbers(actor: Actor) -> dict[UUID, str]:
    """The numbers of the budgets that the actor may see: none for a partner."""
    return dict(policies.reach_budgets(actor).values_list("pk", "number"))


def _requested(filters: Mapping[str, str]) -> RequestFilters:
    return RequestFilters(text=str(filters.get("q", "")))


class BudgetExporter:
    entity = "fund_budgets"
    label = gettext_lazy("Fund budgets")
    permission = "funds.manage"
    columns = _columns("openprm_id number name parent kind amount requested claimed paid left currency program partner starts_on ends_on is_closed")

    def rows(self, *, actor: Actor, filters: Mapping[str, str], at: datetime) -> Iterator[Sequence[Any]]:
        numbers = _numbers(actor)
        for row in queries.budget_tree(actor, text=str(filters.get("q", ""))):
            yield (
                row.id, row.number, row.name, numbers.get(row.parent_id, ""), row.kind, *_rolled(row.sums), row.program, row.partner, row.starts_on,
                row.ends_on, row.is_closed,
            )  # fmt: skip


class AllocationExporter:
    entity = "fund_allocations"
    label = gettext_lazy("Funds of partners")
    permission = "funds.view"
    columns = _columns(
        "openprm_id number name budget partner kind amount requested claimed paid left currency vendor_percent plan_by claim_by ends_on is_closed"
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, str], at: datetime) -> Iterator[Sequence[Any]]:
        numbers = _numbers(actor)
        for row in queries.export_funds(actor, text=str(filters.get("q", ""))):
            yield (
                row.id, row.number, row.name, numbers.get(row.budget_id, ""), row.partner, row.kind, *_rolled(row.sums), row.vendor_percent, row.plan_by,
                row.claim_by, row.ends_on, row.is_closed,
            )  # fmt: skip


class RequestExporter:
    entity = "fund_requests"
    label = gettext_lazy("Requests for funds")
    permission = "funds.view"
    columns = _columns("openprm_id number title partner fund status asked approved claimed paid currency submitted_at decided_at")

    def rows(self, *, actor: Actor, filters: Mapping[str, str], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_requests(actor, _requested(filters), at):
            amounts = _plain(row.asked, row.approved, row.claimed, row.paid)
            yield row.id, row.number, row.title, row.partner, row.fund, row.status, *amounts, row.asked.currency, row.submitted_at, row.decided_at


class ClaimExporter:
    entity = "fund_claims"
    label = gettext_lazy("Claims for funds")
    permission = "funds.view"
    columns = _columns("openprm_id number request title partner status spent asked spent_currency worth approved paid currency submitted_at decided_at")

    def rows(self, *, actor: Actor, filters: Mapping[str, str], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_claims(actor, _requested(filters), at):
            yield (
                row.id, row.number, row.request, row.title, row.partner, row.status, *_plain(row.spent, row.asked), row.spent.currency,
                *_plain(row.worth, row.approved, row.paid), row.worth.currency, row.submitted_at, row.decided_at,
            )  # fmt: skip


IMPORTERS = (BudgetImporter(), AllocationImporter())
EXPORTERS = (BudgetExporter(), AllocationExporter(), RequestExporter(), ClaimExporter())
