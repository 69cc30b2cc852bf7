"""Any sequence of earn, hold, approve, pay, fail, claw back, close and correct keeps every invariant, on real PostgreSQL."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict
from openprm.kernel.scope import scope
from openprm.ledger import queries as books
from openprm.ledger import services as ledger
from openprm.ledger.models import Account, Entry, Leg, Period
from openprm.ledger.rules.allocate import allocate
from openprm.ledger.rules.periods import last_day, month_of
from openprm.ledger.services import Leg as Line

pytestmark = pytest.mark.django_db(transaction=False)
EXPENSE, ACCRUED, PAYABLE, FLIGHT, BANK = "rounding", "opening", "partner.payable", "payouts.in_flight", "cash.bank"
AMOUNTS = st.integers(min_value=1, max_value=10**9)
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY"])


class Undone(Exception):
    """Rolls a run back."""


class Money(RuleBasedStateMachine):
    """The postings of earnings and payouts, with what is held and approved remembered beside the books."""

    partners: tuple = ()

    def __init__(self):
        super().__init__()
        self.today, self.count = date(2026, 1, 15), 0
        self.held, self.owed, self.sent, self.paid = ([] for _place in range(4))
        self.model: dict = defaultdict(int)
        self.seals: dict = {}
        self.keys: dict = {}

    @property
    def at(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=UTC)

    def post(self, kind, legs, on=None):
        self.count += 1
        key = f"{kind}:{self.count}"
        posted = ledger.post(actor=SYSTEM, kind=kind, key=key, legs=legs, value_date=ledger.open_value_date(on or self.today), at=self.at)
        self.keys[key] = (kind, legs, posted)
        for leg in legs:
            self.model[leg.account, leg.owner_id, leg.currency] += leg.amount_minor

    def move(self, kind, line, debit, credit, on=None):
        owner, currency, minor = line
        sides = ((debit, minor), (credit, -minor))
        own = (PAYABLE,)
        self.post(
            kind, tuple(Line(account=name, owner_id=owner if name in own else None, amount_minor=amount, currency=currency) for name, amount in sides), on
        )

    @initialize()
    def begin(self):
        assert books.prove().holds

    @rule(partner=st.integers(0, 2), currency=CURRENCIES, amount=AMOUNTS, late=st.booleans())
    def earn(self, partner, currency, amount, late):
        line = (self.partners[partner], currency, amount)
        self.move("earned", line, EXPENSE, ACCRUED, self.today - timedelta(days=40) if late else None)
        self.held.append(line)

    @rule(currency=CURRENCIES, amount=AMOUNTS, weights=st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any))
    def share(self, currency, amount, weights):
        parts = allocate(amount, weights)
        assert sum(parts) == amount
        for owner, minor in zip(self.partners, parts, strict=True):
            if minor:
                self.move("earned", (owner, currency, minor), EXPENSE, ACCRUED)
                self.held.append((owner, currency, minor))

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def approve(self, data):
        line = self.held.pop(data.draw(st.integers(0, len(self.held) - 1)))
        self.move("approved", line, ACCRUED, PAYABLE)
        self.owed.append(line)

    @precondition(lambda self: self.owed)
    @rule(data=st.data())
    def pay(self, data):
        line = self.owed.pop(data.draw(st.integers(0, len(self.owed) - 1)))
        self.move("sent", line, PAYABLE, FLIGHT)
        self.sent.append(line)

    @precondition(lambda self: self.sent)
    @rule(fails=st.booleans())
    def hear(self, fails):
        line = self.sent.pop()
        self.move("failed" if fails else "settled", line, FLIGHT, PAYABLE if fails else BANK)
        (self.owed if fails else self.paid).append(line)

    @precondition(lambda self: self.paid)
    @rule()
    def claw_back(self):
        owner, currency, minor = self.paid.pop()
        self.move("clawed_back", (owner, currency, -minor), EXPENSE, PAYABLE)

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), amount=AMOUNTS)
    def book_again(self, data, amount):
        key = data.draw(st.sampled_from(sorted(self.keys)))
        kind, legs, first = self.keys[key]
        again = ledger.post(actor=SYSTEM, kind=kind, key=key, legs=legs, value_date=self.today, at=self.at)
        assert (again.entry_id, again.is_new) == (first.entry_id, False)
        other = (*legs, Line(account=BANK, amount_minor=amount, currency="EUR"), Line(account=EXPENSE, amount_minor=-amount, currency="EUR"))
        with pytest.raises(ledger.KeyUsed):
            ledger.post(actor=SYSTEM, kind=kind, key=key, legs=other, value_date=self.today, at=self.at)

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def correct(self, data):
        key = data.draw(st.sampled_from(sorted(self.keys)))
        _kind, legs, first = self.keys.pop(key)
        undo = ledger.reverse(actor=SYSTEM, entry_id=first.entry_id, reason="wrong", key=f"undo:{key}", at=self.at)
        assert not books.is_closed(Entry.objects.get(pk=undo.entry_id).value_date)
        for leg in legs:
            self.model[leg.account, leg.owner_id, leg.currency] -= leg.amount_minor
        with pytest.raises(ledger.AlreadyReversed):
            ledger.reverse(actor=SYSTEM, entry_id=first.entry_id, reason="wrong", key=f"undo-again:{key}", at=self.at)

    @rule(days=st.integers(1, 45))
    def time_passes(self, days):
        self.today += timedelta(days=days)

    @rule()
    def close(self):
        row = Period.objects.filter(state="open").order_by("month").first()
        if row is None:
            return
        seen = books.closing(SYSTEM, row.month, self.at).seen
        try:
            ledger.close_period(actor=SYSTEM, month=row.month, seen=seen, at=self.at)
        except Conflict:
            assert row.month >= month_of(self.today)
        else:
            self.seals[row.month] = (books.seal_of(row.month), books.trial_balance(last_day(row.month)))

    @precondition(lambda self: self.seals)
    @rule(amount=AMOUNTS)
    def book_into_a_closed_month(self, amount):
        before = Leg.objects.count()
        legs = (Line(account=BANK, amount_minor=amount, currency="EUR"), Line(account=EXPENSE, amount_minor=-amount, currency="EUR"))
        with pytest.raises(ledger.PeriodClosed):
            ledger.post(actor=SYSTEM, kind="late", key=f"late:{self.count}", legs=legs, value_date=max(self.seals), at=self.at)
        assert Leg.objects.count() == before

    @invariant()
    def the_books_prove_themselves(self):
        assert books.prove().holds
        assert books.recount().holds
        assert books.trial_balance(self.today + timedelta(days=400)).is_balanced

    @invariant()
    def balances_are_what_was_posted(self):
        kept = {(row.kind, row.partner_id, row.currency): row.balance_minor for row in Account.objects.all()}
        assert {place: minor for place, minor in kept.items() if minor} == {place: minor for place, minor in self.model.items() if minor}

    @invariant()
    def closed_months_never_change(self):
        for month, (seal, trial) in self.seals.items():
            assert books.seal_of(month) == seal
            assert books.trial_balance(last_day(month)) == trial
        assert books.broken_seals() == ()


def test_any_sequence_of_what_happens_to_money_keeps_the_books_whole(cast):
    third = cast.vendor_id if hasattr(cast, "vendor_id") else cast.partner.pk

    class Run(Money):
        partners = (cast.partner.pk, cast.other_partner.pk, third)

        def __init__(self):
            super().__init__()
            self._scope = scope(SYSTEM)
            self._scope.__enter__()
            self._savepoint = transaction.savepoint()

        def teardown(self):
            transaction.savepoint_rollback(self._savepoint)
            self._scope.__exit__(None, None, None)

    run_state_machine_as_test(
        Run, settings=settings(max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False)
    )
