"""Funds of partners: given out of a budget, raised and lowered, filled by co-op money, closed at their end."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.funds import policies
from openprm.funds.events import FundAllocated
from openprm.funds.models import Allocation, Budget
from openprm.funds.queries.wallet import currency_of
from openprm.funds.rules.lifecycle import Kind
from openprm.funds.services import books
from openprm.funds.services.budgets import create_budget, hold_path, root_of, too_small, wrong_currency
from openprm.funds.services.refusals import FundTooSmall
from openprm.funds.services.results import BudgetDraft, Changed, FundDraft
from openprm.funds.services.unit import amount, as_system, load, near, record, refusing, save, text
from openprm.identity import queries as identity
from openprm.kernel import db
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.money import Money, format_money
from openprm.ledger import services as ledger
from openprm.ledger.services import Posted
from openprm.partners import queries as partners

CHANGEABLE = ("name", "amount_minor", "vendor_percent", "plan_by", "claim_by", "ends_on")


@transaction.atomic
def allocate(*, actor: Actor, draft: FundDraft, at: datetime) -> Changed:
    """Give a partner a fund out of a budget. The budget's row is locked: many at once never hand on more than it has.

    Raises NotAllowed, NotFound (budget, partner), Invalid, WrongCurrency, BudgetTooSmall; then nothing changes.
    """
    refuse_if(policies.why_not_manage(actor))
    budget = hold_path(actor, draft.budget_id)
    organization = identity.organization(actor, draft.partner_id)
    refuse_if(partners.why_closed(organization.id, "funds", at))
    fund = capture_rate(_new(draft, budget, at.date()), at.date())
    with refusing(_refusals(fund, budget, fund.amount_minor)):
        fund.save()
    fund.refresh_from_db()
    books.allocated(actor, fund, fund.amount_minor, at)
    record(actor, "fund.allocated", fund, refs=(budget.pk,), at=at)
    _announce(actor, fund, fund.amount_minor, at)
    return changed(fund)


def _new(draft: FundDraft, budget: Budget, today: date) -> Allocation:
    if budget.is_closed:
        raise Conflict(_("%(budget)s is closed. Choose another budget.") % {"budget": budget})
    ends_on = draft.ends_on or budget.ends_on
    fund = Allocation(
        budget=budget, partner_id=draft.partner_id, kind=budget.kind, currency=(draft.currency or budget.currency).upper(),
        name=text("name", draft.name or budget.name, longest=120), amount_minor=amount("amount_minor", draft.amount_minor, least=0),
        vendor_percent=draft.vendor_percent, plan_by=draft.plan_by, claim_by=draft.claim_by, ends_on=ends_on,
        external_source=draft.external_source, external_id=draft.external_id,
    )  # fmt: skip
    _check(fund, today)
    return fund


def capture_rate(fund: Allocation, on: date) -> Allocation:
    """Keep what the fund's money was in the partner's own money that day; nothing where no rate is known or both are the same."""
    currency = currency_of(fund.partner_id)
    if currency and currency != fund.currency:
        with suppress(Invalid):
            rate = ledger.rate(currency=fund.currency, to=currency, on=on)
            fund.local_currency, fund.local_rate, fund.local_rate_date = currency, rate.rate, rate.rate_date
    return fund


def _check(fund: Allocation, today: date) -> None:
    if not isinstance(fund.vendor_percent, int) or not 1 <= fund.vendor_percent <= 100:
        raise Invalid(_("The vendor's share is between 1 and 100 per cent."), field="vendor_percent")
    if fund.ends_on is None:
        raise Invalid(_("Say when the fund ends."), field="ends_on")
    for name in ("plan_by", "claim_by", "ends_on"):
        if day := getattr(fund, name):
            near(name, day, today)
    if fund.ends_on < fund.budget.starts_on:
        raise Invalid(_("A fund cannot end before its budget begins, on %(day)s.") % {"day": fund.budget.starts_on.isoformat()}, field="ends_on")
    if fund.plan_by and fund.plan_by > fund.ends_on:
        raise Invalid(_("The last day to ask for money cannot be after the fund's end."), field="plan_by")
    if fund.claim_by and fund.claim_by < (fund.plan_by or fund.budget.starts_on):
        raise Invalid(_("The last day to claim cannot be before the last day to ask for money, or before the budget begins."), field="claim_by")


def _refusals(fund: Allocation, budget: Budget, delta: int) -> dict[str, Any]:
    return {
        "fund_children_within_budget": lambda: too_small(budget, Money(delta, fund.currency)),
        "fund_currency_of_parent": lambda: wrong_currency(fund.currency, budget.currency),
        "fund_kind_of_parent": lambda: Invalid(_("This budget is for one partner alone."), field="partner_id"),
        "fund_never_below_zero": lambda: below_zero(fund),
        "one_fund_per_external_id": lambda: Conflict(_("This fund was read in before."), field="external_id"),
    }


def below_zero(fund: Allocation) -> FundTooSmall:
    held = Money(fund.approved_minor - fund.released_minor, fund.currency)
    return FundTooSmall(
        _("%(held)s of %(fund)s is reserved or spent. The fund cannot be smaller than that.") % {"held": format_money(held), "fund": fund},
        field="amount_minor",
    )


@transaction.atomic
def update_allocation(*, actor: Actor, allocation_id: UUID, changes: Mapping[str, Any], version: int | None = None, at: datetime) -> Changed:
    """Raise or lower a fund, or move its days. Raises NotFound, NotAllowed, Stale, Invalid, BudgetTooSmall, FundTooSmall."""
    refuse_if(policies.why_not_manage(actor))
    budget = hold_path(actor, policies.reach_allocations(actor).one(allocation_id).budget_id)
    fund = load(policies.reach_allocations(actor), allocation_id, version)
    if fund.is_closed:
        raise Conflict(_("%(fund)s is closed.") % {"fund": fund})
    before, was = fund.snapshot(), fund.amount_minor
    for name, value in changes.items():
        if name in CHANGEABLE:
            setattr(fund, name, value)
    fund.name, fund.amount_minor = text("name", fund.name, longest=120), amount("amount_minor", fund.amount_minor, least=0)
    _check(fund, at.date())
    with refusing(_refusals(fund, budget, fund.amount_minor - was)):
        save(fund, *CHANGEABLE)
    books.allocated(actor, fund, fund.amount_minor - was, at)
    record(actor, "fund.changed", fund, before=before, refs=(budget.pk,), at=at)
    if fund.amount_minor != was:
        _announce(actor, fund, fund.amount_minor - was, at)
    return changed(fund)


@transaction.atomic
def close_allocation(*, actor: Actor, allocation_id: UUID, reason: str, version: int | None = None, at: datetime) -> Changed:
    """End a fund: what is left goes back to its budget; what is reserved can still be claimed. Raises NotFound, NotAllowed, Stale, Invalid."""
    refuse_if(policies.why_not_manage(actor))
    said = text("reason", reason, longest=500)
    fund = policies.reach_allocations(actor).one(allocation_id)
    return changed(fund) if fund.is_closed else return_left(actor=actor, allocation_id=allocation_id, why=said, version=version, at=at)


@transaction.atomic
def return_left(*, actor: Actor, allocation_id: UUID, why: str, version: int | None = None, at: datetime) -> Changed:
    """Hand what is free in a fund back to its budget, and close it. The caller has asked whether the actor may. Raises NotFound, Stale."""
    hold_path(actor, policies.reach_allocations(actor).one(allocation_id).budget_id)
    fund = load(policies.reach_allocations(actor), allocation_id, version)
    before, left = fund.snapshot(), fund.left_minor
    fund.amount_minor, fund.is_closed = fund.amount_minor - left, True
    save(fund, "amount_minor", "is_closed")
    books.allocated(actor, fund, -left, at)
    record(actor, "fund.closed", fund, before=before, note=why, data={"returned_minor": left, "currency": fund.currency}, refs=(fund.budget_id,), at=at)
    return changed(fund)


def coop_pot(*, actor: Actor, partner_id: UUID, program_id: UUID | None, currency: str, at: datetime) -> Allocation:
    """The partner's co-op fund of a program and currency; begun when there is none. In the system's scope."""
    db.rows("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"funds.coop:{partner_id}:{program_id}:{currency}"])
    found = Allocation.objects.filter(
        partner_id=partner_id, kind=Kind.COOP, currency=currency, is_closed=False, budget__program_id=program_id, ends_on__gte=at.date()
    ).first()  # fmt: skip
    if found:
        return found
    budget = _coop_budget(program_id, currency, at)
    fund = Allocation(budget=budget, partner_id=partner_id, kind=Kind.COOP, currency=currency, name=_("Co-op fund"), ends_on=budget.ends_on)
    capture_rate(fund, at.date()).save()
    fund.refresh_from_db()
    record(SYSTEM, "fund.allocated", fund, refs=(budget.pk,), at=at)
    return fund


def _coop_budget(program_id: UUID | None, currency: str, at: datetime) -> Budget:
    db.rows("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"funds.coop_budget:{program_id}:{currency}"])
    found = Budget.objects.filter(kind=Kind.COOP, program_id=program_id, currency=currency, is_closed=False, ends_on__gte=at.date(), parent=None).first()
    if found:
        return found
    name = _("Co-op %(program)s") % {"program": partners.program(SYSTEM, program_id).name} if program_id else _("Co-op")
    years = date(at.year + 9, 12, 31)
    draft = BudgetDraft(name=name, currency=currency, kind=Kind.COOP, program_id=program_id, starts_on=date(at.year, 1, 1), ends_on=years)
    return Budget.objects.get(pk=create_budget(actor=SYSTEM, draft=draft, at=at).id)


@transaction.atomic
def top_up(*, actor: Actor, allocation_id: UUID, amount_minor: int, key: str, memo: str, at: datetime) -> Posted | None:
    """Co-op money that the partner earned: fund, budgets above it and books grow together. The caller holds that it is booked once."""
    with as_system(actor):
        fund = Allocation.objects.get(pk=allocation_id)
        root_id = _grow(fund, amount_minor)
        return books.accrued(actor, fund, root_id, amount_minor, key, memo, at)


@transaction.atomic
def shrink(*, actor: Actor, allocation_id: UUID, amount_minor: int, key: str, memo: str, at: datetime) -> tuple[int, Posted | None]:
    """Take co-op money back, never what is reserved or spent; gives how much was taken, and its entry."""
    with as_system(actor):
        hold_path(SYSTEM, Allocation.objects.get(pk=allocation_id).budget_id)
        fund = Allocation.objects.filter(pk=allocation_id).locked().get()
        taken = min(amount_minor, fund.left_minor)
        if taken <= 0:
            return 0, None
        root_id = _grow(fund, -taken)
        return taken, books.accrued(actor, fund, root_id, -taken, key, memo, at)


def _grow(fund: Allocation, delta: int) -> UUID:
    """Change a fund and every budget above it by as much; gives the root. Up from the root, down from the fund, so that no check fails between."""
    hold_path(SYSTEM, fund.budget_id)
    ids = [fund.budget_id]
    while parent := Budget.objects.values_list("parent_id", flat=True).get(pk=ids[-1]):
        ids.append(parent)
    held = Allocation.objects.filter(pk=fund.pk).locked().get()
    steps = [*((Budget, one) for one in reversed(ids)), (Allocation, fund.pk)]
    for model, pk in steps if delta > 0 else reversed(steps):
        row = held if model is Allocation else model.objects.get(pk=pk)
        row.amount_minor += delta
        save(row, "amount_minor")
    fund.refresh_from_db()
    return root_of(fund.budget_id)


def changed(fund: Allocation) -> Changed:
    return Changed(id=fund.pk, number=fund.number, version=fund.version)


def _announce(actor: Actor, fund: Allocation, delta: int, at: datetime) -> None:
    publish(
        FundAllocated(
            partner_id=fund.partner_id, actor_id=actor.user_id, at=at, allocation_id=fund.pk, number=fund.number, delta_minor=delta, currency=fund.currency
        )
    )
