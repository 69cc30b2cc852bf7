"""Budgets: a tree that hands money on, watched by the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.funds import policies
from openprm.funds.models import Budget
from openprm.funds.models.budget import MOST_LEVELS
from openprm.funds.rules.lifecycle import Kind
from openprm.funds.services import books
from openprm.funds.services.refusals import BudgetTooSmall, TooManyLevels, WrongCurrency
from openprm.funds.services.results import BudgetDraft, Changed
from openprm.funds.services.unit import amount, choice, load, near, record, refusing, save, text
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.money import Money, format_money, minor_units
from openprm.partners import queries as partners

CHANGEABLE = ("name", "about", "amount_minor", "starts_on", "ends_on", "is_closed")


@transaction.atomic
def create_budget(*, actor: Actor, draft: BudgetDraft, at: datetime) -> Changed:
    """A budget of its own, or under another one, from which its amount is taken.

    Raises NotAllowed, NotFound (parent, program, partner), Invalid, WrongCurrency, TooManyLevels, BudgetTooSmall; then nothing changes.
    """
    refuse_if(policies.why_not_manage(actor))
    parent = hold_path(actor, draft.parent_id) if draft.parent_id else None
    budget = _new(actor, draft, parent, at)
    with refusing(_refusals(budget, parent)):
        budget.save()
    budget.refresh_from_db()
    books.budget_set(actor, budget, budget.amount_minor, at)
    record(actor, "fund.budget_created", budget, shared=False, refs=(budget.parent_id,), at=at)
    return _changed(budget)


def _new(actor: Actor, draft: BudgetDraft, parent: Budget | None, at: datetime) -> Budget:
    currency = (draft.currency or (parent.currency if parent else "")).upper()
    minor_units(currency)
    starts_on, ends_on = draft.starts_on or (parent and parent.starts_on), draft.ends_on or (parent and parent.ends_on)
    if not starts_on or not ends_on or ends_on < starts_on:
        raise Invalid(_("Say when the budget begins and ends; it cannot end before it begins."), field="ends_on")
    near("starts_on", starts_on, at.date()), near("ends_on", ends_on, at.date())
    if parent and parent.is_closed:
        raise Conflict(_("%(budget)s is closed. Choose another budget.") % {"budget": parent})
    if draft.program_id:
        partners.program(actor, draft.program_id)
    if draft.partner_id:
        identity.organization(actor, draft.partner_id)
    return Budget(
        name=text("name", draft.name, longest=120), about=text("about", draft.about, longest=1000, required=False, lines=True), parent=parent,
        kind=choice("kind", draft.kind or (parent.kind if parent else Kind.MDF), Kind), currency=currency,
        program_id=draft.program_id or (parent.program_id if parent else None), partner_id=draft.partner_id or (parent.partner_id if parent else None),
        owner_id=actor.user_id, amount_minor=amount("amount_minor", draft.amount_minor, least=0), starts_on=starts_on, ends_on=ends_on,
        external_source=draft.external_source, external_id=draft.external_id,
    )  # fmt: skip


def _refusals(budget: Budget, parent: Budget | None) -> dict[str, Any]:
    money = Money(budget.amount_minor, budget.currency)
    return {
        "fund_children_within_budget": lambda: too_small(parent or budget, money),
        "fund_budget_five_levels": lambda: TooManyLevels(
            _("A budget tree has %(most)d levels at most. Put this budget higher up.") % {"most": MOST_LEVELS}, field="parent_id"
        ),
        "fund_currency_of_parent": lambda: wrong_currency(budget.currency, parent.currency if parent else ""),
        "fund_kind_of_parent": lambda: Invalid(_("A budget has the kind and the partner of the one above it."), field="kind"),
        "one_fund_budget_per_external_id": lambda: Conflict(_("This budget was read in before."), field="external_id"),
    }


def too_small(budget: Budget, wanted: Money) -> BudgetTooSmall:
    left = Money(max(0, budget.amount_minor - budget.allotted_minor), budget.currency)
    return BudgetTooSmall(
        _("%(budget)s has %(left)s left to hand on; %(wanted)s is more. Lower the amount, or raise the budget first.")
        % {"budget": budget, "left": format_money(left), "wanted": format_money(wanted)},
        field="amount_minor",
    )


def wrong_currency(found: str, expected: str) -> WrongCurrency:
    return WrongCurrency(_("This is in %(found)s, but the money it comes from is in %(expected)s. Use %(expected)s.") % {
        "found": found, "expected": expected,
    }, field="currency")  # fmt: skip


def hold_path(actor: Actor, budget_id: UUID) -> Budget:
    """The budget, with all above it locked from the root down: the one order in which budgets are locked. Raises NotFound."""
    budget = policies.reach_budgets(actor).one(budget_id)
    path = [budget]
    while path[-1].parent_id:
        path.append(Budget.objects.get(pk=path[-1].parent_id))
    for one in reversed(path):
        held = Budget.objects.filter(pk=one.pk).locked().get()
    return held


def root_of(budget_id: UUID) -> UUID:
    """The id of the budget at the top of its tree."""
    found = Budget.objects.values_list("pk", "parent_id").get(pk=budget_id)
    while found[1]:
        found = Budget.objects.values_list("pk", "parent_id").get(pk=found[1])
    return found[0]


@transaction.atomic
def update_budget(*, actor: Actor, budget_id: UUID, changes: Mapping[str, Any], version: int | None = None, at: datetime) -> Changed:
    """Change name, days or amount; a lower amount never below what was handed on. Raises NotFound, NotAllowed, Stale, Invalid, BudgetTooSmall."""
    refuse_if(policies.why_not_manage(actor))
    hold_path(actor, budget_id)
    budget = load(policies.reach_budgets(actor), budget_id, version)
    before, was = budget.snapshot(), budget.amount_minor
    for name, value in _clean(changes).items():
        setattr(budget, name, value)
    if budget.ends_on < budget.starts_on:
        raise Invalid(_("A budget cannot end before it begins."), field="ends_on")
    near("starts_on", budget.starts_on, at.date()), near("ends_on", budget.ends_on, at.date())
    with refusing(_refusals_of_change(budget, was)):
        save(budget, *CHANGEABLE)
    books.budget_set(actor, budget, budget.amount_minor - was, at)
    record(actor, "fund.budget_changed", budget, before=before, shared=False, refs=(budget.parent_id,), at=at)
    return _changed(budget)


def _refusals_of_change(budget: Budget, was: int) -> dict[str, Any]:
    """Too low for what was handed on, or too high for the budget above: each says which."""
    if budget.amount_minor < was or budget.parent is None:
        said = {"budget": budget, "given": format_money(Money(budget.allotted_minor, budget.currency))}
        sentence = _("%(budget)s has handed on %(given)s already. It cannot be smaller than that.") % said
        return {"fund_children_within_budget": lambda: BudgetTooSmall(sentence, field="amount_minor")}
    return {"fund_children_within_budget": lambda: too_small(budget.parent, Money(budget.amount_minor - was, budget.currency))}


def _clean(changes: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: value for name, value in changes.items() if name in CHANGEABLE and value is not None}
    if "name" in clean:
        clean["name"] = text("name", clean["name"], longest=120)
    if "about" in clean:
        clean["about"] = text("about", clean["about"], longest=1000, required=False, lines=True)
    if "amount_minor" in clean:
        clean["amount_minor"] = amount("amount_minor", clean["amount_minor"], least=0)
    return clean


@transaction.atomic
def ignore_limits(*, actor: Actor, budget_id: UUID, reason: str, version: int | None = None, at: datetime) -> Changed:
    """Let a budget hand on more than it has. One way: it is never taken back, and the log keeps who and why. Raises NotFound, NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_manage(actor))
    said = text("reason", reason, longest=500)
    budget = load(policies.reach_budgets(actor), budget_id, version)
    if not budget.ignores_limits:
        before = budget.snapshot()
        budget.ignores_limits = True
        save(budget, "ignores_limits")
        record(actor, "fund.limits_ignored", budget, before=before, shared=False, note=said, at=at)
    return _changed(budget)


def _changed(budget: Budget) -> Changed:
    return Changed(id=budget.pk, number=budget.number, version=budget.version)
