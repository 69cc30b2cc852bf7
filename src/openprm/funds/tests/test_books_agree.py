"""X19: whatever is done in whatever order, every figure of every budget and fund is the balance of its account, to the cent."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openprm.funds import services
from openprm.funds.models import Activity, Allocation, Claim, FundRequest, Settlement
from openprm.funds.queries.proof import proof
from openprm.funds.services import BudgetDraft
from openprm.funds.testing import SOME_DAY, make_budget, make_claim, make_fund, make_kind, make_request
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Refusal
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
ACTIONS = (
    "request",
    "approve",
    "reject",
    "claim",
    "pay",
    "refuse_claim",
    "split",
    "pay_one",
    "bounce",
    "release",
    "increase",
    "lower",
    "close",
    "expire",
    "divide",
)
steps = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(1, 4_000_00)), min_size=6, max_size=16)


class World:
    """One budget, one fund, and people who do what they are told as far as they may."""

    def __init__(self, cast):
        self.cast, self.at, self.budget = cast, SOME_DAY, make_budget(amount_minor=20_000_00)
        self.kind, self.fund = make_kind(code=f"kind-{self.budget}", name=f"Event {self.budget}"), make_fund(cast.partner_id, budget_id=self.budget)

    def do(self, action, minor):
        with system_scope(), transaction.atomic():
            getattr(self, action)(minor)

    def _first(self, model, **wanted):
        return model.objects.filter(partner_id=self.cast.partner_id, **wanted).order_by("created_at").values_list("pk", flat=True).first()

    def request(self, minor):
        make_request(self.cast.partner_admin, self.fund, self.kind, planned_minor=2 * minor, asked_minor=minor, at=self.at)

    def approve(self, _minor):
        if request_id := self._first(FundRequest, status="pending"):
            services.approve_request(actor=SYSTEM, request_id=request_id, at=self.at)

    def reject(self, _minor):
        if request_id := self._first(FundRequest, status="pending"):
            services.reject_request(actor=SYSTEM, request_id=request_id, reason="Not now.", at=self.at)

    def claim(self, minor):
        if request_id := self._first(FundRequest, status__in=("approved", "claimed", "partial")):
            make_claim(self.cast.partner_admin, request_id, spent=Money(minor, "EUR"), is_final=bool(minor % 2), at=self.at)

    def pay(self, minor):
        if claim_id := self._first(Claim, status="submitted"):
            most = Claim.objects.get(pk=claim_id).fund_minor
            services.approve_claim(actor=SYSTEM, claim_id=claim_id, amount_minor=min(most, minor), at=self.at)

    def refuse_claim(self, minor):
        if claim_id := self._first(Claim, status="submitted"):
            refuse = services.reject_claim if minor % 2 else services.decline_claim
            refuse(actor=SYSTEM, claim_id=claim_id, reason="Not so.", at=self.at)

    def split(self, _minor):
        if settlement_id := self._first(Settlement, state="due", fund_minor__gt=1):
            row = Settlement.objects.get(pk=settlement_id)
            due = sum(Settlement.objects.filter(claim=row.claim_id, state="due").values_list("fund_minor", flat=True))
            parts = [services.Part(amount_minor=one, payable_from=self.at.date()) for one in (due // 2, due - due // 2)]
            services.schedule_instalments(actor=SYSTEM, claim_id=row.claim_id, parts=parts, at=self.at)

    def pay_one(self, _minor):
        if settlement_id := self._first(Settlement, state="due"):
            services.take([settlement_id], self.budget, self.at)
            services.mark_paid([settlement_id], self.at)

    def bounce(self, _minor):
        if settlement_id := self._first(Settlement, state="paid"):
            services.put_back([settlement_id], "Account closed", self.at)

    def release(self, _minor):
        if activity_id := self._first(Activity, status="approved"):
            services.release(actor=SYSTEM, activity_id=activity_id, reason="Less is needed.", at=self.at)

    def increase(self, delta):
        amount = Allocation.objects.get(pk=self.fund).amount_minor
        services.update_allocation(actor=SYSTEM, allocation_id=self.fund, changes={"amount_minor": amount + delta}, at=self.at)

    def lower(self, minor):
        self.increase(-minor)

    def close(self, minor):
        if minor % 3 == 0:
            services.close_allocation(actor=SYSTEM, allocation_id=self.fund, reason="It is over.", at=self.at)

    def expire(self, minor):
        if minor % 3 == 0:
            self.at += timedelta(days=100)
            services.expire_due(at=self.at)

    def divide(self, minor):
        services.create_budget(actor=SYSTEM, draft=BudgetDraft(name="Below", parent_id=self.budget, amount_minor=minor), at=self.at)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_every_figure_is_the_balance_of_its_account_after_any_sequence(cast, sequence):
    world = World(cast)
    for action, minor in sequence:
        with suppress(Refusal):
            world.do(action, minor)
        with scope(cast.finance_manager):
            found = proof(cast.finance_manager)
        assert found.differences == (), (action, minor)
    assert found.figures >= 4
