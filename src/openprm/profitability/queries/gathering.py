"""Everything the books are made of: own entries, won deals, incentives, market funds, time spent learning."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ledger import services as ledger
from openprm.ledger.services import NoRate
from openprm.profitability import policies, ports
from openprm.profitability.models import Book, Entry
from openprm.profitability.queries.entries import cost_of, rates_of
from openprm.profitability.queries.sources import earned_by_month, funds_by_month
from openprm.profitability.rules.facts import Fact, effort_cost, part_of, rate_in_force
from openprm.profitability.rules.kinds import Basis, Kind
from openprm.profitability.rules.statement import next_month

Rates = Mapping[UUID, list[tuple[date, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """`facts` of all kinds but incentives, which come `by_basis`; `won` the deals; `notes` what could not be counted, in sentences."""

    facts: tuple[Fact, ...]
    by_basis: Mapping[Basis, tuple[Fact, ...]]
    won: tuple[deals.WonDeal, ...]
    priced: frozenset[UUID]
    notes: tuple[str, ...]


@dataclass
class _Desk:
    """What one gathering knows while it reads: the currency it counts in, rates it asked for, and what it had to leave out."""

    actor: Actor
    book: Book
    since: date
    until: date
    today: date
    rates: Rates
    left_out: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    known: dict[tuple[str, date], bool] = field(default_factory=dict)

    def in_book(self, minor: int, currency: str, on: date) -> int | None:
        """The amount in the book's currency at the rate of the day; None, and a note, when there is no rate."""
        if not minor or currency == self.book.currency:
            return minor
        if (currency, on) in self.known:
            return None
        try:
            return ledger.convert(Money(minor, currency), to=self.book.currency, on=on).money.minor
        except NoRate:
            self.known[currency, on] = False
            self.left_out.add(currency)
            return None


def gather(actor: Actor, book: Book, *, since: date, until: date, today: date) -> Gathered:
    """What happened in [since, until), both first days of months. A known number of queries, but for rates of other currencies."""
    desk = _Desk(actor=actor, book=book, since=since, until=until, today=today, rates=rates_of(actor))
    won = deals.won_deals(actor, since=since, until=until)
    entered = tuple(_entered(desk))
    own = frozenset(fact.deal_id for fact in entered if fact.kind is Kind.MARGIN and fact.deal_id)
    margins = tuple(_margins(desk, won, own))
    by_basis = _incentives(desk)
    facts = (*entered, *margins, *_funds(desk), *_training(desk))
    if desk.left_out:
        desk.notes.append(_("There is no exchange rate for %(codes)s: amounts in it are not counted.") % {"codes": ", ".join(sorted(desk.left_out))})
    return Gathered(facts=facts, by_basis=by_basis, won=won, priced=own | {fact.deal_id for fact in margins if fact.deal_id}, notes=tuple(desk.notes))


def _entered(desk: _Desk) -> Iterator[Fact]:
    for row in policies.reach(desk.actor, Entry).filter(month__gte=desk.since, month__lt=desk.until).order_by("month", "id"):
        yield Fact(
            kind=Kind(row.kind),
            month=row.month,
            minor=cost_of(row, desk.rates),
            program_id=row.program_id,
            product_line_id=row.product_line_id,
            deal_id=row.deal_id,
            minutes=row.minutes or 0,
            group_id=row.group_id,
        )


def _margins(desk: _Desk, won: tuple[deals.WonDeal, ...], own: frozenset[UUID | None]) -> Iterator[Fact]:
    """The usual margin of the deals for which no margin was entered."""
    if not desk.book.margin_bp:
        return
    for deal in won:
        amount = None if deal.id in own else _worth(desk, deal)
        if amount:
            minor = part_of(amount, desk.book.margin_bp)
            yield Fact(kind=Kind.MARGIN, month=deal.closed_on.replace(day=1), minor=minor, program_id=deal.program_id, deal_id=deal.id)


def _worth(desk: _Desk, deal: deals.WonDeal) -> int | None:
    """The deal's value: as it was agreed, or as it was booked in the reporting currency, or at the rate of the day it closed."""
    same = next((money.minor for money in (deal.amount, deal.base) if money.currency == desk.book.currency), None)
    return same if same is not None else desk.in_book(deal.amount.minor, deal.amount.currency, deal.closed_on)


def _incentives(desk: _Desk) -> Mapping[Basis, tuple[Fact, ...]]:
    rows = earned_by_month(desk.actor, desk.since, desk.until)
    picks: Mapping[Basis, Callable] = {Basis.EARNED: lambda row: row.earned_minor, Basis.PAID: lambda row: row.paid_minor}
    return {basis: tuple(_facts(desk, Kind.EARNED, rows, pick)) for basis, pick in picks.items()}


def _funds(desk: _Desk) -> Iterator[Fact]:
    rows = funds_by_month(desk.actor, desk.since, desk.until)
    yield from _facts(desk, Kind.FUNDS, rows, lambda row: row.reimbursed_minor)
    yield from _facts(desk, Kind.OWN_SHARE, rows, lambda row: row.own_minor)


def _facts(desk: _Desk, kind: Kind, rows: tuple, pick: Callable) -> Iterator[Fact]:
    for row in rows:
        last = min(next_month(row.month) - timedelta(days=1), desk.today)
        if minor := desk.in_book(pick(row), row.currency, last):
            yield Fact(kind=kind, month=row.month, minor=minor, program_id=row.program_id, deal_id=row.deal_id)


def _training(desk: _Desk) -> Iterator[Fact]:
    """Hours that courses recorded, at the rate of the group that the settings name."""
    if not ports.knows_training():
        desk.notes.append(_("Hours in courses are not counted by themselves yet. Enter them as training."))
        return
    unpriced = 0
    for one in ports.trained(desk.actor, desk.since, desk.until):
        hourly = rate_in_force(desk.rates.get(desk.book.training_group_id, []), one.month)
        if hourly is None:
            unpriced += one.minutes
            continue
        cost = effort_cost(one.minutes, hourly)
        yield Fact(kind=Kind.TRAINING, month=one.month, minor=cost, program_id=one.program_id, minutes=one.minutes, group_id=desk.book.training_group_id)
    if unpriced:
        desk.notes.append(
            _("%(hours)d hours in courses have no cost rate. Name the group of people that learns in the settings.") % {"hours": -(-unpriced // 60)}
        )
