"""Any sequence of earn, hold, release, approve, decline, correct, claw back, pay, fail, bounce and close, through the services of earnings, payouts
and the books, keeps every invariant: legs sum to zero, balances are the sums of legs, payable is what the lines say, closed months never change."""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from openprm.earnings import services as earnings
from openprm.earnings.models import Earning
from openprm.earnings.testing import CLEAN, make_event
from openprm.incentives.testing import make_plan
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.money import Money
from openprm.kernel.scope import scope
from openprm.ledger import queries as books
from openprm.ledger import services as ledger
from openprm.ledger.models import Leg, Period
from openprm.ledger.rules.periods import last_day
from openprm.payouts import queries, services
from openprm.payouts.models import Item, PaymentFile, Payout
from openprm.payouts.testing import make_paying, make_ready

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(300)]
PICK = st.integers(0, 10**6)
OWED, NOT_YET = ("approved", "in_payout"), ("new", "held")
COUNTED = (*NOT_YET, *OWED, "paid")


class MoneyMachine(RuleBasedStateMachine):
    """One partner's money, moved by people through the services alone."""

    cast = None
    start = None

    def __init__(self):
        super().__init__()
        self.at, self.seals = self.start, {}
        self._savepoint = transaction.savepoint()

    def teardown(self):
        transaction.savepoint_rollback(self._savepoint)

    def one(self, pick, *states, **more):
        """One of the lines in these states; None when there is none."""
        found = list(Earning.objects.filter(state__in=states, **more).order_by("number"))
        return found[pick % len(found)] if found else None

    def as_finance(self, service, **values):
        with scope(self.cast.finance_manager):
            return service(actor=self.cast.finance_manager, at=self.at, **values)

    @rule(minor=st.integers(3_00, 900_000_00), days=st.integers(0, 60))
    def earn(self, minor, days):
        happened = make_event(self.cast.partner_id, minor=minor, on=max(self.at.date() - timedelta(days=days), self.start.date()))
        earnings.accrue(actor=SYSTEM, happening=earnings.Happening(event=happened, about="DR-000001", doubts=CLEAN), at=self.at)

    @rule(pick=PICK)
    def hold(self, pick):
        if row := self.one(pick, *NOT_YET):
            self.as_finance(earnings.hold, earning_id=row.pk, reason="The customer has not paid.")

    @rule(pick=PICK)
    def release(self, pick):
        if row := self.one(pick, "held"):
            self.as_finance(earnings.release, earning_id=row.pk)

    @rule(pick=PICK)
    def approve(self, pick):
        if row := self.one(pick, *NOT_YET):
            self.as_finance(earnings.approve, earning_id=row.pk)

    @rule(pick=PICK)
    def decline(self, pick):
        if row := self.one(pick, *NOT_YET):
            self.as_finance(earnings.decline, earning_id=row.pk, reason="Not ours.")

    @rule(pick=PICK, minor=st.integers(1_00, 900_000_00))
    def correct(self, pick, minor):
        if row := self.one(pick, *COUNTED, kind="accrual"):
            amount = Money(minor, "EUR")
            earnings.correct(
                actor=SYSTEM, partner_id=row.partner_id, source_key=row.source_key, changes={"net": amount, "list": amount}, why="Amended", at=self.at
            )

    @rule(pick=PICK, part=st.integers(1, 100))
    def claw_back(self, pick, part):
        row = self.one(pick, *COUNTED, kind="accrual", amount_minor__gt=0)
        if row is None:
            return
        before = payable(self.cast.partner_id)
        try:
            self.as_finance(earnings.claw_back, earning_id=row.pk, reason="Canceled.", amount_minor=max(row.amount_minor * part // 100, 1))
        except Invalid:
            assert payable(self.cast.partner_id) == before

    @rule()
    def prepare_approve_and_send(self):
        """A payday by two people; when nothing can be paid, nothing changes."""
        legs = Leg.objects.count()
        try:
            run_id = self.as_finance(services.prepare)
        except services.NothingToPay:
            assert Leg.objects.count() == legs
            return
        with scope(self.cast.vendor_admin):
            services.approve(actor=self.cast.vendor_admin, run_id=run_id, at=self.at)
        self.as_finance(services.send, run_id=run_id)
        for file_id in PaymentFile.objects.filter(run=run_id).values_list("pk", flat=True):
            self.as_finance(services.hand_over, file_id=file_id)

    @rule()
    def prepare_and_cancel(self):
        try:
            run_id = self.as_finance(services.prepare)
        except services.NothingToPay:
            return
        self.as_finance(services.cancel, run_id=run_id, reason="Another day.")

    @rule(pick=PICK, what=st.sampled_from(["arrives", "fails", "bounces"]))
    def hear_of_a_payment(self, pick, what):
        rows = list(Payout.objects.filter(state="completed" if what == "bounces" else "sent").order_by("number"))
        if not rows:
            return
        payout = rows[pick % len(rows)]
        if what == "arrives":
            self.as_finance(services.settle, payout_id=payout.pk)
        else:
            self.as_finance(services.send_back, payout_id=payout.pk, reason="Account closed")

    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        self.at += timedelta(days=days)

    @rule()
    def close(self):
        row = Period.objects.filter(state="open").order_by("month").first()
        if row is None:
            return
        found = books.closing(self.cast.finance_manager, row.month, self.at)
        try:
            self.as_finance(ledger.close_period, month=row.month, seen=found.seen, note="What is open is looked at." if found.count else "")
        except Conflict:
            return
        self.seals[row.month] = (books.seal_of(row.month), books.trial_balance(last_day(row.month)))

    @precondition(lambda self: self.seals)
    @rule()
    def book_into_a_closed_month(self):
        before = Leg.objects.count()
        legs = (ledger.Leg(account="cash.bank", amount_minor=1, currency="EUR"), ledger.Leg(account="rounding", amount_minor=-1, currency="EUR"))
        with pytest.raises(ledger.PeriodClosed):
            self.as_finance(ledger.post_by_hand, key=f"late {before}", legs=legs, value_date=max(self.seals), memo="Too late")
        assert Leg.objects.count() == before

    @invariant()
    def legs_sum_to_zero_and_balances_are_the_sums_of_legs(self):
        sums = Leg.objects.values("entry_id", "currency").annotate(total=Sum("amount_minor")).exclude(total=0)
        assert list(sums) == []
        assert books.prove().holds
        assert books.recount().holds

    @invariant()
    def payable_is_what_the_lines_say(self):
        """Owed and not sent = payable; sent and not confirmed = in flight; not approved = accrued; arrived = gone from the bank."""
        moving = set(Item.objects.filter(live=True, payout__state__in=["processing", "processed", "sent"]).values_list("line_id", flat=True))
        wanted = defaultdict(int)
        for pk, state, minor in Earning.objects.values_list("pk", "state", "amount_minor"):
            wanted["accrued" if state in NOT_YET else "flight" if pk in moving else "payable" if state in OWED else state] += minor
        partner_id = self.cast.partner_id
        assert payable(partner_id) == wanted["payable"]
        assert -books.balance("payouts.in_flight", owner_id=partner_id, currency="EUR") == wanted["flight"]
        assert -books.balance("earnings.accrued", owner_id=partner_id, currency="EUR") == wanted["accrued"]
        assert -books.balance("cash.bank", currency="EUR") == wanted["paid"]
        assert queries.desk(self.cast.finance_manager, self.at).differences == ()

    @invariant()
    def no_line_is_paid_twice(self):
        live = Item.objects.filter(live=True).values_list("line_id", flat=True)
        assert len(set(live)) == len(live)
        assert set(Earning.objects.filter(state="paid").values_list("pk", flat=True)) == {
            row.line_id for row in Item.objects.filter(live=True, payout__state="completed")
        }

    @invariant()
    def closed_months_never_change(self):
        for month, (seal, trial) in self.seals.items():
            assert books.seal_of(month) == seal
            assert books.trial_balance(last_day(month)) == trial


def payable(partner_id):
    return -books.balance("partner.payable", owner_id=partner_id, currency="EUR")


def test_any_sequence_of_what_people_do_with_money_keeps_every_invariant(cast, at):
    before = at - timedelta(days=30)
    make_plan()
    make_paying(cast.vendor_admin, before)
    make_ready(cast.partner_admin, cast.finance_manager, cast.partner_id, before)

    class Run(MoneyMachine):
        start = at

        def __init__(self):
            self._scope = scope(SYSTEM)
            self._scope.__enter__()
            super().__init__()

        def teardown(self):
            super().teardown()
            self._scope.__exit__(None, None, None)

    Run.cast = cast
    run_state_machine_as_test(
        Run, settings=settings(max_examples=6, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False)
    )
