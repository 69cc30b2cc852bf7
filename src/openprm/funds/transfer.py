"""How budgets and funds are read from files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.funds import policies, services
from openprm.funds.models import Budget
from openprm.funds.services import BudgetDraft, FundDraft
from openprm.funds.wording import KIND
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict
from openprm.kernel.transfer import Change, How, ImportField, Kind, Reference, RowProblem, Values, match_text

_ID = ImportField("external_id", gettext_lazy("Id in the source"), required=True, aliases=("id",), max_length=120)
_CURRENCY = ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, aliases=("currency code",))
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
        above = policies.reach_budgets(actor).filter(external_source=source[:60], external_id=parent).values_list("pk", flat=True).first() if parent else None
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
        ImportField("plan_by", gettext_lazy("Ask for money by"), Kind.DATE, aliases=("plan deadline", "request by")),
        ImportField("claim_by", gettext_lazy("Claim by"), Kind.DATE, aliases=("claim deadline",)),
        ImportField("ends_on", gettext_lazy("Ends on"), Kind.DATE, aliases=("end", "end date")),
    )  # fmt: skip
    _CHANGING = ("name", "amount_minor", "plan_by", "claim_by", "ends_on")

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
    if budget and row.get("currency") and row["currency"] != budget.currency:
        yield RowProblem("currency", _("The budget is in %(currency)s; a fund has the currency of its budget.") % {"currency": budget.currency})
    if (row.get("amount_minor") or 0) < 0:
        yield RowProblem("amount_minor", _("An amount is zero or more."))


def _fund(row: Values, source: str) -> FundDraft:
    plain = {name: row.get(name) for name in ("plan_by", "claim_by", "ends_on")}
    return FundDraft(
        budget_id=row["budget"], partner_id=row["partner"], amount_minor=row["amount_minor"], currency=row.get("currency") or "",
        name=row.get("name") or "", external_source=source[:60], external_id=row["external_id"], **plain,
    )  # fmt: skip


IMPORTERS = (BudgetImporter(), AllocationImporter())
