"""The proof that every figure of a fund is the balance of an account: two ways of counting that must agree to the cent (X19)."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from openprm.funds import accounts, policies
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ledger import queries as books

Place = tuple[UUID | None, UUID | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure that the books say otherwise: it cannot be, and must be looked into."""

    number: str
    account: str
    shown: Money
    booked: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`figures` were compared: what every budget has to hand on, and what every fund has left, reserved and spent."""

    figures: int
    differences: tuple[Difference, ...]


def proof(actor: Actor) -> Proof:
    """Compare every figure with its account. Six queries, however many funds there are; nothing for a partner."""
    figures = list(_figures(actor))
    booked = {name: books.balances(name) for name in (accounts.UNALLOCATED, accounts.AVAILABLE, accounts.RESERVED, accounts.EXPENSE)}
    found = (
        Difference(number=number, account=account, shown=shown, booked=Money(booked[account].get(place, 0), shown.currency))
        for number, account, place, shown in figures
        if booked[account].get(place, 0) != shown.minor
    )
    return Proof(figures=len(figures), differences=tuple(found))


def _figures(actor: Actor) -> Iterator[tuple[str, str, Place, Money]]:
    if not actor.sees_all_partners:
        return
    for budget in policies.reach_budgets(actor):
        to_hand_on = Money(budget.amount_minor - budget.allotted_minor, budget.currency)
        yield budget.number, accounts.UNALLOCATED, (None, budget.pk, budget.currency), to_hand_on
    for fund in policies.reach_allocations(actor):
        place = (fund.partner_id, fund.pk, fund.currency)
        held = fund.approved_minor - fund.released_minor - fund.claimed_minor
        for account, minor in ((accounts.AVAILABLE, fund.left_minor), (accounts.RESERVED, held), (accounts.EXPENSE, fund.claimed_minor)):
            yield fund.number, account, place, Money(minor, fund.currency)
