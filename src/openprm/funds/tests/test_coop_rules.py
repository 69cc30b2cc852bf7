"""What co-op money earns, what of it is left, and what runs out after warnings."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.funds.rules.coop import Lot, accrued, correction, left_of, to_expire, warning_due
from openprm.kernel.money import Money

TODAY = date(2026, 11, 23)
OLD = Lot("old", 100_00, TODAY - timedelta(days=1), TODAY - timedelta(days=60))
NEXT = Lot("next", 50_00, TODAY + timedelta(days=20), None)


@pytest.mark.parametrize(("minor", "percent", "earned"), [(1_000_00, "2", 20_00), (99_99, "2.5", 2_50), (25, "2", 0), (75, "2", 2), (0, "5", 0)])
def test_a_share_of_revenue_is_rounded_once_halves_to_even(minor, percent, earned):
    assert accrued(Money(minor, "EUR"), Decimal(percent)) == Money(earned, "EUR")


def test_a_correction_carries_the_difference_both_ways():
    assert [correction(20_00, Money(minor, "EUR"), Decimal(2)) for minor in (1_500_00, 1_000_00, 400_00, 0)] == [10_00, 0, -12_00, -20_00]


def test_what_ends_first_is_used_first():
    assert [(one.lot.id, one.left) for one in left_of([NEXT, OLD], 120_00)] == [("old", 0), ("next", 30_00)]


def test_only_what_is_over_its_day_and_was_warned_runs_out():
    assert [(one.lot.id, one.left) for one in to_expire([OLD, NEXT], used=30_00, available=120_00, today=TODAY)] == [("old", 70_00)]


@pytest.mark.parametrize("warned", [None, TODAY - timedelta(days=6)])
def test_nothing_runs_out_without_a_warning_a_week_before(warned):
    assert to_expire([Lot("old", 100_00, OLD.expires_on, warned)], used=0, available=100_00, today=TODAY) == ()


def test_the_last_day_itself_is_still_good():
    assert to_expire([Lot("old", 100_00, TODAY, OLD.warned_on)], used=0, available=100_00, today=TODAY) == ()


def test_reserved_money_does_not_run_out():
    assert [one.left for one in to_expire([OLD], used=0, available=15_00, today=TODAY)] == [15_00]


@pytest.mark.parametrize(
    ("left", "given_before", "due"),
    [(61, [], None), (60, [], 60), (45, [60], None), (30, [60], 30), (7, [60, 30], 7), (3, [60, 30, 7], None), (5, [], 7), (-2, [60], 7), (-2, [7], None)],
)
def test_each_warning_is_given_once_and_a_late_run_gives_one(left, given_before, due):
    assert warning_due(TODAY + timedelta(days=left), TODAY, given_before) == due


lots = st.lists(
    st.builds(
        Lot, id=st.uuids(), minor=st.integers(-10_000, 10**9), expires_on=st.dates(date(2026, 1, 1), date(2027, 12, 31)), warned_on=st.just(date(2025, 1, 1))
    ),
    max_size=8,
)


@given(lots, st.integers(0, 10**9), st.integers(0, 10**9))
def test_no_more_runs_out_than_is_free_and_no_lot_gives_more_than_it_holds(rows, used, available):
    ended = to_expire(rows, used=used, available=available, today=TODAY)
    assert sum(one.left for one in ended) <= available
    assert all(0 < one.left <= one.lot.minor and one.lot.expires_on < TODAY for one in ended)


@given(lots, st.integers(0, 10**9))
def test_what_is_left_and_what_was_used_is_what_came_in(rows, used):
    total = sum(max(lot.minor, 0) for lot in rows)
    assert sum(one.left for one in left_of(rows, used)) == max(0, total - used)
