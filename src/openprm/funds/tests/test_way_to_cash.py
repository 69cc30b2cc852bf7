"""From a budget to the money: what each step changes, in the funds and in the books."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from openprm.deals.models import ExchangeRate
from openprm.funds import queries, services
from openprm.funds.models import Allocation, Budget, Claim, FundRequest, Settlement
from openprm.funds.pages.panels import cash_on_promises
from openprm.funds.payout_source import FundClaims
from openprm.funds.services import Part
from openprm.funds.testing import (
    activity_of,
    approve,
    approve_claim,
    figures,
    make_budget,
    make_claim,
    make_draft,
    make_fund,
    make_kind,
    make_request,
    stored,
)
from openprm.funds.wording import REQUEST
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books

pytestmark = pytest.mark.django_db


def balances(partner_id, fund_id):
    with system_scope():
        return {
            "available": books.balance("funds.available", partner_id, fund_id, "EUR"),
            "reserved": books.balance("funds.reserved", partner_id, fund_id, "EUR"),
            "expense": books.balance("funds.expense", partner_id, fund_id, "EUR"),
            "payable": books.balance("partner.payable", partner_id, None, "EUR"),
        }


def test_a_request_goes_all_the_way_to_the_money(cast, at):
    fund_id = make_fund(cast.partner.pk, at=at)
    request_id = make_request(cast.partner_admin, fund_id, make_kind(), at=at)
    assert stored(FundRequest, request_id).status == "pending"

    approve(request_id, at=at)
    assert figures(fund_id) == {"amount": 10_000, "approved": 4_000, "released": 0, "waiting": 0, "claimed": 0, "paid": 0}
    assert balances(cast.partner.pk, fund_id) == {"available": 600_000, "reserved": 400_000, "expense": 0, "payable": 0}

    claim_id = make_claim(cast.partner_admin, request_id, at=at)
    assert stored(FundRequest, request_id).status == "claimed"
    assert stored(Claim, claim_id).fund_minor == 400_000

    approve_claim(claim_id, at=at)
    assert balances(cast.partner.pk, fund_id) == {"available": 600_000, "reserved": 0, "expense": 400_000, "payable": -400_000}
    with system_scope():
        due = services_due(at)
        assert [(one.money, one.payable_from) for one in due] == [(Money(400_000, "EUR"), at.date())]
        services.mark_paid([due[0].id], at)
        services.mark_paid([due[0].id], at)
    assert stored(Claim, claim_id).status == "paid"
    request = stored(FundRequest, request_id)
    assert (request.status, request.paid_minor, request.first_paid_at) == ("reimbursed", 400_000, at)
    assert figures(fund_id)["paid"] == 4_000


def services_due(at):
    return FundClaims().due(at=at)


def test_instalments_pay_a_claim_in_parts_and_keep_their_rates(cast, at):
    fund_id = make_fund(cast.partner.pk, at=at)
    request_id = make_request(cast.partner_admin, fund_id, make_kind(), at=at)
    approve(request_id, at=at)
    claim_id = make_claim(cast.partner_admin, request_id, at=at)
    approve_claim(claim_id, at=at)
    parts = [Part(amount_minor=100_000, payable_from=at.date()), Part(amount_minor=300_000, payable_from=at.date() + timedelta(days=30))]

    with system_scope():
        services.schedule_instalments(actor=SYSTEM, claim_id=claim_id, parts=parts, at=at)
        first = Settlement.objects.get(claim_id=claim_id, fund_minor=100_000)
        services.record_payment(actor=SYSTEM, settlement_id=first.pk, paid_on=at.date(), reference="SEPA 1", at=at)

    assert stored(Claim, claim_id).status == "partial"
    assert stored(FundRequest, request_id).status == "partial"
    paid = stored(Settlement, first.pk)
    assert (paid.amount_minor, paid.fx_to_claim, paid.fx_to_budget, paid.reference) == (100_000, 1, 1, "SEPA 1")
    assert balances(cast.partner.pk, fund_id)["payable"] == -300_000


def test_every_state_of_a_partial_reimbursement_follows_the_last(cast, at):
    """H9: New, Pending, Approved, Reimbursement requested, Partial, Total."""
    request_id = make_draft(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at).id
    seen = [(stored(FundRequest, request_id).status, str(REQUEST[stored(FundRequest, request_id).status][0]))]

    def saw():
        status = stored(FundRequest, request_id).status
        seen.append((status, str(REQUEST[status][0])))

    with scope(cast.partner_admin):
        services.submit_request(actor=cast.partner_admin, request_id=request_id, at=at)
    saw()
    approve(request_id, at=at)
    saw()
    claims = [make_claim(cast.partner_admin, request_id, spent=Money(4_000_00, "EUR"), is_final=final, at=at) for final in (False, True)]
    saw()
    for claim_id in claims:
        approve_claim(claim_id, at=at)
        with system_scope():
            services.mark_paid([one.id for one in services_due(at)], at)
        saw()
    assert seen == [
        ("draft", "New"), ("pending", "Pending"), ("approved", "Approved"), ("claimed", "Reimbursement requested"), ("partial", "Reimbursed in part"),
        ("reimbursed", "Reimbursed in total"),
    ]  # fmt: skip
    assert stored(FundRequest, request_id).paid_minor == 4_000_00


def test_a_claim_in_another_currency_keeps_its_rate_and_its_instalment_keeps_two(cast, at):
    """Bills of SEK 100,000 at 0.08 are €8,000; half is paid. The instalment is paid in dollars when a krona is 0.09 and a dollar 0.80 of a euro."""
    for code, rate, day in (("SEK", "0.08", "2026-01-01"), ("SEK", "0.09", "2026-11-23"), ("USD", "0.80", "2026-01-01")):
        with system_scope():
            ExchangeRate.objects.create(currency=code, base="EUR", rate=Decimal(rate), rate_date=date.fromisoformat(day))
    fund_id = make_fund(cast.partner.pk, at=at)
    request_id = make_request(cast.partner_admin, fund_id, make_kind(), at=at)
    approve(request_id, at=at)
    before = at - timedelta(days=1)
    claim_id = make_claim(cast.partner_admin, request_id, spent=Money(100_000_00, "SEK"), spent_on=before.date(), at=before)
    claim = stored(Claim, claim_id)
    assert (claim.fund_minor, claim.amount_minor, claim.fx_rate, claim.fx_date) == (4_000_00, 50_000_00, Decimal("0.08"), date(2026, 1, 1))
    approve_claim(claim_id, at=at)
    with system_scope():
        due = Settlement.objects.get(claim_id=claim_id)
        services.record_payment(actor=SYSTEM, settlement_id=due.pk, paid_on=at.date(), reference="WIRE 7", currency="USD", at=at)
    paid = stored(Settlement, due.pk)
    assert (paid.currency, paid.amount_minor, paid.fund_minor, paid.fx_to_budget) == ("USD", 5_000_00, 4_000_00, Decimal("0.80"))
    assert paid.fx_to_claim.quantize(Decimal("0.000001")) == Decimal("8.888889")
    assert balances(cast.partner.pk, fund_id)["payable"] == 0
    with system_scope():
        assert (books.balance("fx.difference", None, None, "EUR"), books.balance("fx.difference", None, None, "USD")) == (-4_000_00, 5_000_00)
        assert books.balance("cash.bank", None, None, "USD") == -5_000_00


def test_a_payment_in_a_currency_without_a_rate_on_the_day_changes_nothing(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    approve(request_id, at=at)
    claim_id = make_claim(cast.partner_admin, request_id, at=at)
    approve_claim(claim_id, at=at)
    with system_scope():
        due = Settlement.objects.get(claim_id=claim_id)
        with pytest.raises(Invalid, match="There is no exchange rate for JPY on 2026-11-23"):
            services.record_payment(actor=SYSTEM, settlement_id=due.pk, paid_on=at.date(), reference="WIRE 8", currency="JPY", at=at)
    assert (stored(Settlement, due.pk).state, stored(Claim, claim_id).status) == ("due", "approved")


def test_a_payment_that_bounces_after_it_arrived_is_due_again_and_paid_once_more(cast, at):
    fund_id, run_id = make_fund(cast.partner.pk, at=at), uuid4()
    request_id = make_request(cast.partner_admin, fund_id, make_kind(), at=at)
    approve(request_id, at=at)
    claim_id = make_claim(cast.partner_admin, request_id, at=at)
    approve_claim(claim_id, at=at)
    with system_scope():
        [due] = FundClaims().due(at=at)
        FundClaims().taken([due.id], run_id, at)
        FundClaims().taken([due.id], run_id, at)
        with pytest.raises(Conflict, match="These instalments are not due any more"):
            FundClaims().taken([due.id], uuid4(), at)
        FundClaims().paid([due.id], at)
    assert (stored(Claim, claim_id).status, stored(FundRequest, request_id).status) == ("paid", "reimbursed")
    with system_scope():
        FundClaims().released([due.id], "Account closed", at)
        FundClaims().released([due.id], "Account closed", at)
    claim, request = stored(Claim, claim_id), stored(FundRequest, request_id)
    assert (claim.status, claim.paid_minor, claim.paid_at, request.status, request.paid_minor) == ("approved", 0, None, "claimed", 0)
    assert figures(fund_id)["paid"] == 0
    with system_scope():
        [again] = FundClaims().due(at=at)
        assert (again.id, again.money) == (due.id, Money(4_000_00, "EUR"))
        FundClaims().taken([due.id], run_id, at)
        FundClaims().paid([due.id], at)
    assert (stored(Claim, claim_id).status, stored(FundRequest, request_id).status, figures(fund_id)["paid"]) == ("paid", "reimbursed", 4_000)


def test_what_was_paid_by_hand_goes_into_no_run_and_stays_paid(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    approve(request_id, at=at)
    claim_id = make_claim(cast.partner_admin, request_id, at=at)
    approve_claim(claim_id, at=at)
    with system_scope():
        due = Settlement.objects.get(claim_id=claim_id)
        services.record_payment(actor=SYSTEM, settlement_id=due.pk, paid_on=at.date(), reference="SEPA 3", at=at)
        with pytest.raises(Conflict, match="not due any more"):
            services.take([due.pk], uuid4(), at)
        services.put_back([due.pk], "Nothing to put back", at)
    assert (stored(Settlement, due.pk).state, stored(Claim, claim_id).status) == ("paid", "paid")


def test_what_comes_back_after_a_funds_end_goes_on_to_its_budget(cast, at):
    budget_id = make_budget(at=at)
    fund_id = make_fund(cast.partner.pk, budget_id=budget_id, at=at, ends_on=date(2026, 11, 30))
    request_id = make_request(cast.partner_admin, fund_id, make_kind(claim_within_days=30), at=at)
    approve(request_id, at=at)
    with system_scope():
        assert services.expire_due(at=at + timedelta(days=8)) == 1
    assert (stored(Allocation, fund_id).amount_minor, stored(Budget, budget_id).allotted_minor) == (4_000_00, 4_000_00)
    with system_scope():
        assert services.expire_due(at=at + timedelta(days=40)) == 2
        assert services.expire_due(at=at + timedelta(days=41)) == 0
    assert (stored(Allocation, fund_id).amount_minor, stored(Budget, budget_id).allotted_minor) == (0, 0)
    assert balances(cast.partner.pk, fund_id) == {"available": 0, "reserved": 0, "expense": 0, "payable": 0}


def test_the_days_to_cash_are_published_to_both_sides_naming_nobody(cast, at):
    """X19: two partners, paid after 4 and 40 days."""
    kind_id, budget_id = make_kind(), make_budget(at=at)
    for partner_id, person, days in ((cast.partner.pk, cast.partner_admin, 4), (cast.other_partner_id, cast.other_partner_admin, 40)):
        request_id = make_request(person, make_fund(partner_id, budget_id=budget_id, at=at), kind_id, at=at)
        approve(request_id, at=at + timedelta(days=1))
        claim_id = make_claim(person, request_id, at=at + timedelta(days=2))
        approve_claim(claim_id, at=at + timedelta(days=3))
        with system_scope():
            services.mark_paid(Settlement.objects.filter(claim_id=claim_id).values_list("pk", flat=True), at + timedelta(days=days))
    with scope(cast.vendor_admin):
        found = queries.days_to_cash(cast.vendor_admin, at + timedelta(days=41))
    said = {leg.label: (leg.count, leg.median, leg.p90, leg.bins) for leg in found.legs}
    assert said["Request to answer"] == (2, 1.0, 1.0, (2, 0, 0, 0, 0, 0))
    assert said["Approved claim to money"] == (2, 19.0, 33.4, (1, 0, 0, 1, 0, 0))
    assert said["Request to money"] == (2, 22.0, 36.4, (1, 0, 0, 1, 0, 0))
    for role, address in (("vendor_admin", "promises:record"), ("partner_admin", "promises:portal_record")):
        page = cast.client(role).get(reverse(address)).content.decode()
        assert "Days to cash" in page
        assert "2 payments in the last year" in page or role == "partner_admin"
    with scope(cast.partner_admin):
        own = cash_on_promises(cast.partner_admin, None, at + timedelta(days=41))
    assert (own["count"], [one["leg"].count for one in own["own"]], own["own"][-1]["leg"].median) == (2, [1] * 5, 4.0)


def test_what_a_last_claim_leaves_goes_back_into_the_fund(cast, at):
    fund_id = make_fund(cast.partner.pk, at=at)
    request_id = make_request(cast.partner_admin, fund_id, make_kind(), at=at)
    approve(request_id, at=at)

    claim_id = make_claim(cast.partner_admin, request_id, spent=Money(5_000_00, "EUR"), at=at)
    approve_claim(claim_id, at=at)

    assert figures(fund_id) == {"amount": 10_000, "approved": 4_000, "released": 1_500, "waiting": 0, "claimed": 2_500, "paid": 0}
    assert stored(Allocation, fund_id).left_minor == 7_500_00
    assert balances(cast.partner.pk, fund_id) == {"available": 750_000, "reserved": 0, "expense": 250_000, "payable": -250_000}


def test_sums_roll_up_through_every_level_of_the_tree(cast, at):
    root = make_budget(at=at)
    with system_scope():
        child = services.create_budget(actor=SYSTEM, draft=services.BudgetDraft(name="Nordics", parent_id=root, amount_minor=40_000_00), at=at).id
    fund_id = make_fund(cast.partner.pk, budget_id=child, at=at)
    request_id = make_request(cast.partner_admin, fund_id, make_kind(), at=at)
    approve(request_id, at=at)
    approve_claim(make_claim(cast.partner_admin, request_id, spent=Money(2_000_00, "EUR"), is_final=False, at=at), at=at)

    with scope(cast.vendor_admin):
        rows = {row.name: row for row in queries.budget_tree(cast.vendor_admin)}
    for name, left in (("Marketing 2026", 60_000_00), ("Nordics", 30_000_00)):
        sums = rows[name].sums
        assert (sums.requested.minor, sums.claimed.minor, sums.paid.minor, sums.left.minor) == (4_000_00, 1_000_00, 0, left)


def test_an_unclaimed_activity_expires_and_says_so(cast, at):
    fund_id = make_fund(cast.partner.pk, at=at, ends_on=date(2026, 12, 31))
    request_id = make_request(cast.partner_admin, fund_id, make_kind(claim_within_days=10), at=at)
    approve(request_id, at=at)
    with system_scope():
        assert activity_of(request_id).claim_by == date(2026, 12, 2)
        assert services.warn_due(at=at) >= 1
        assert services.warn_due(at=at) == 0
        assert services.expire_due(at=at + timedelta(days=9)) == 0
        assert services.expire_due(at=at + timedelta(days=10)) == 1

    assert stored(FundRequest, request_id).status == "expired"
    assert stored(Allocation, fund_id).left_minor == 10_000_00
    assert balances(cast.partner.pk, fund_id) == {"available": 1_000_000, "reserved": 0, "expense": 0, "payable": 0}
