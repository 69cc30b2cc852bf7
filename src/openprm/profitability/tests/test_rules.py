"""The arithmetic of the books, without a database."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.profitability.rules import sheet
from openprm.profitability.rules import statement as sums
from openprm.profitability.rules.breakeven import break_even, paid_back_in, trend
from openprm.profitability.rules.facts import Fact, effort_cost, laid_on_lines, part_of, rate_in_force, repriced
from openprm.profitability.rules.kinds import Kind

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def _fact(kind: Kind, minor: int, month: date = MARCH, **values) -> Fact:
    return Fact(kind=kind, month=month, minor=minor, **values)


@pytest.mark.parametrize(("minutes", "hourly", "cost"), [(90, 80_00, 120_00), (1, 80_00, 1_33), (3, 10, 0), (9, 10, 2), (20, 1_00, 33)])
def test_hours_cost_their_part_of_the_rate(minutes, hourly, cost):
    assert effort_cost(minutes, hourly) == cost


def test_a_margin_is_rounded_to_the_even_cent():
    assert (part_of(100_00, 1850), part_of(25, 5000), part_of(35, 5000)) == (18_50, 12, 18)


def test_the_rate_of_a_month_is_the_last_that_began():
    rates = [(APRIL, 90_00), (MARCH, 80_00)]

    assert [rate_in_force(rates, month) for month in (date(2026, 2, 1), MARCH, APRIL, MAY)] == [None, 80_00, 90_00, 90_00]


def test_the_bridge_goes_up_by_income_and_down_by_cost():
    of = sums.totals([_fact(Kind.MARGIN, 600_00), _fact(Kind.EARNED, 400_00), _fact(Kind.PRESALES, 250_00, minutes=60), _fact(Kind.MEMBERSHIP, 50_00)])

    assert [(step.kind, step.minor, step.start, step.end, step.share) for step in sums.bridge(of)] == [
        (Kind.MARGIN, 600_00, 0, 600_00, Decimal("60.0")),
        (Kind.EARNED, 400_00, 600_00, 1000_00, Decimal("40.0")),
        (Kind.MEMBERSHIP, -50_00, 1000_00, 950_00, Decimal("-5.0")),
        (Kind.PRESALES, -250_00, 950_00, 700_00, Decimal("-25.0")),
    ]
    assert (of.income, of.cost, of.result, of.left_of_hundred, of.minutes) == (1000_00, 300_00, 700_00, Decimal("70.0"), 60)


def test_without_income_there_is_no_share():
    assert sums.totals([_fact(Kind.OTHER, 5)]).left_of_hundred is None


@given(st.lists(st.tuples(st.sampled_from(list(Kind)), st.integers(-(10**9), 10**9)), max_size=40))
def test_the_bridge_always_ends_at_the_result(pieces):
    of = sums.totals([_fact(kind, minor) for kind, minor in pieces])
    steps = sums.bridge(of)

    assert (steps[-1].end if steps else 0) == of.result
    assert sum(step.minor for step in steps) == of.result


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
def test_laying_a_deal_on_its_lines_loses_no_cent(minor, values):
    deal = uuid4()
    lines = [(uuid4(), value) for value in values]

    laid = list(laid_on_lines([_fact(Kind.MARGIN, minor, deal_id=deal, minutes=90)], {deal: lines}))

    assert sum(fact.minor for fact in laid) == minor
    assert sum(fact.minutes for fact in laid) == 90
    assert [fact.product_line_id for fact in laid] == [line for line, _value in lines]


def test_break_even_counts_the_deals_that_carry_the_standing_cost():
    facts = [_fact(Kind.MARGIN, 900_00), _fact(Kind.PRESALES, 300_00), _fact(Kind.MEMBERSHIP, 500_00), _fact(Kind.TRAINING, 1_00)]

    found = break_even(facts, deals=3)

    assert (found.standing, found.per_deal, found.deals_needed, found.reached) == (501_00, 200_00, 3, True)


def test_no_number_of_deals_that_leave_nothing_breaks_even():
    assert break_even([_fact(Kind.MEMBERSHIP, 5), _fact(Kind.MARGIN, 1), _fact(Kind.DELIVERY, 2)], deals=4).deals_needed is None


def test_it_is_paid_back_when_the_sum_stays_above_zero():
    facts = [_fact(Kind.MEMBERSHIP, 5, MARCH), _fact(Kind.MARGIN, 6, APRIL), _fact(Kind.MARGIN, 1, MAY)]

    assert paid_back_in(facts) == APRIL
    assert paid_back_in([*facts, _fact(Kind.OTHER, 9, MAY)]) is None
    assert paid_back_in([]) is None


def test_a_trend_needs_something_before():
    assert (trend(150, 100), trend(-50, -100), trend(5, 0)) == (50, 50, None)


def test_a_what_if_prices_only_the_named_groups_anew():
    mine, other = uuid4(), uuid4()
    facts = [_fact(Kind.PRESALES, 80_00, minutes=60, group_id=mine), _fact(Kind.PRESALES, 70_00, minutes=60, group_id=other)]

    assert [fact.minor for fact in repriced(facts, {mine: 100_00})] == [100_00, 70_00]


@pytest.mark.parametrize(
    ("text", "found"),
    [("7,5", "7.5"), ("7.5", "7.5"), ("1250", "1250"), ("1 250,00", "1250.00"), ("1,250.00", "1250.00"), ("1.250,00", "1250.00"), ("1,250", None), ("seven", None), ("", None), ("1e9", None), ("NaN", None)],
)  # fmt: skip
def test_a_number_that_could_be_two_is_refused(text, found):
    assert sheet.number(text) == (None if found is None else Decimal(found))


@pytest.mark.parametrize(
    ("text", "found"),
    [("2026-03", MARCH), ("2026-03-31", MARCH), ("03/2026", MARCH), ("3.2026", MARCH), ("2026-13", None), ("2026-02-30", None), ("March", None)],
)
def test_a_month_is_read_as_it_is_written(text, found):
    assert sheet.month(text) == found


def test_months_are_counted_over_the_year():
    assert sums.months_before(date(2026, 2, 1), 3) == date(2025, 11, 1)
    assert sums.months_between(date(2025, 11, 1), date(2026, 2, 1)) == (date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1))
    assert sums.quarter(MAY) == APRIL
