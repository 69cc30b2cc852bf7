"""From a budget to the money: what each step changes, in the funds and in the books."""

from datetime import date, timedelta

import pytest

from openprm.funds import services
from openprm.funds.models import Allocation, Claim, FundRequest, Settlement
from openprm.funds.services import Part
from openprm.funds.testing import activity_of, approve, approve_claim, figures, make_budget, make_claim, make_fund, make_kind, make_request, stored
from openprm.kernel.actor import SYSTEM
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
    from openprm.funds.payout_source import FundClaims

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
        from openprm.funds import queries

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
