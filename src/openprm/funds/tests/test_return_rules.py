"""Return on funds by both definitions, and no euro of a deal given away twice."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from openprm.funds.rules.returns import Credit, Deal, Link, credits, returned

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
DEAL = UUID(int=9)
SEVENTY = {ONE: Decimal(70), TWO: Decimal(70)}


def test_a_deal_is_shared_by_the_weights_and_the_rest_stays_with_nobody():
    found = credits([Link(ONE, DEAL, Decimal(60)), Link(TWO, DEAL, Decimal(25))], [Deal(DEAL, 1_000_00, True)])
    assert [(one.request_id, one.minor, one.share) for one in found] == [(ONE, 600_00, Decimal(60)), (TWO, 250_00, Decimal(25))]


def test_more_than_the_whole_is_cut_in_proportion():
    found = credits([Link(ONE, DEAL, Decimal(100)), Link(TWO, DEAL, Decimal(100)), Link(THREE, DEAL, Decimal(100))], [Deal(DEAL, 100, True)])
    assert [one.minor for one in found] == [34, 33, 33]
    assert sum(one.share for one in found) <= 100


def test_a_lead_and_its_deal_count_together_for_one_request():
    [found] = credits([Link(ONE, DEAL, Decimal(30)), Link(ONE, DEAL, Decimal(20))], [Deal(DEAL, 200, True)])
    assert (found.minor, found.share) == (100, Decimal(50))


def test_both_definitions_are_what_kpis_says():
    rows = [Credit(ONE, DEAL, Decimal(100), 500_000_00, True), Credit(ONE, TWO, Decimal(50), 80_000_00, False)]
    found = returned(rows, cost=20_000_00, margin_percent=SEVENTY)
    assert (found.multiple, found.roi, found.pipeline_per_unit) == (Decimal("25.0000"), Decimal("16.5000"), Decimal("4.0000"))
    assert (found.deals, found.revenue, found.margin, found.pipeline) == (1, 500_000_00, 350_000_00, 80_000_00)


def test_each_request_has_the_margin_of_its_program():
    rows = [Credit(ONE, DEAL, Decimal(100), 100_001, True), Credit(TWO, DEAL, Decimal(100), 50_000, True)]
    found = returned(rows, cost=50_000, margin_percent={ONE: Decimal(70), TWO: Decimal(20)})
    assert (found.revenue, found.margin, found.roi) == (150_001, 80_001, Decimal("0.6000"))


def test_nothing_reimbursed_is_no_ratio_neither_zero_nor_infinity():
    found = returned([Credit(ONE, DEAL, Decimal(100), 100, True)], cost=0, margin_percent=SEVENTY)
    assert (found.multiple, found.roi, found.pipeline_per_unit) == (None, None, None)


def test_money_spent_for_nothing_is_a_loss_of_all_of_it():
    assert returned([], cost=100, margin_percent=SEVENTY).roi == Decimal("-1.0000")


weights = st.lists(st.tuples(st.integers(1, 6), st.decimals("0.01", 100, places=2)), min_size=1, max_size=12)


@given(weights, st.integers(0, 10**12))
def test_the_parts_of_a_deal_are_never_more_than_the_deal(given_weights, minor):
    found = credits([Link(UUID(int=request), DEAL, weight) for request, weight in given_weights], [Deal(DEAL, minor, True)])
    assert sum(one.minor for one in found) <= minor
    assert all(one.minor >= 0 for one in found)
    total = sum(weight for _request, weight in given_weights)
    assert total < 100 or sum(one.minor for one in found) == minor
