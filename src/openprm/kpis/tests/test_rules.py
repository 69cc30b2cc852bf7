"""What can be checked with a pencil, without rows."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.kpis.rules.concentration import hhi, top_share, without
from openprm.kpis.rules.configuration import Configuration
from openprm.kpis.rules.lifetime import lifetime_value, reciprocity
from openprm.kpis.rules.outcomes import Why, exact, plain, ratio
from openprm.kpis.rules.survival import Wait, curve, median_wait
from openprm.kpis.rules.uplift import Stratum, median_difference, rate_difference
from openprm.kpis.rules.windows import Window, compared, months_back, window

D = Decimal


@pytest.mark.parametrize(("above", "below"), [(0, 0), (5, 0), (5, -1)])
def test_nothing_is_divided_by_nothing(above, below):
    found = ratio(above, below, 3, times=100)

    assert (found.value, found.why, found.n) == (None, Why.ZERO, 3)


def test_zero_of_something_is_zero_and_a_sum_of_nothing_is_zero():
    assert ratio(0, 4, 4, times=100).value == 0
    assert (plain(0, 0).value, plain(0, 0).why) == (0, None)
    assert (plain(None, 0).value, plain(None, 0).why) == (None, Why.EMPTY)


def test_numbers_are_kept_to_six_places_and_read_plainly():
    assert ratio(1, 3, 3, times=100).value == D("33.333333")
    assert str(exact(1_000_000)) == "1000000"
    assert str(exact(2.5)) == "2.5"


# Six patients: events at 6, 10 and 13, two censored between and one after: the table of a textbook.
WAITS = [Wait(6, True), Wait(7, False), Wait(10, True), Wait(11, False), Wait(13, True), Wait(20, False)]


def test_the_curve_of_kaplan_and_meier_is_the_one_done_by_hand():
    steps = curve(WAITS)

    assert [(one.days, one.at_risk, one.happened) for one in steps] == [(6, 6, 1), (10, 4, 1), (13, 2, 1)]
    assert [one.waiting for one in steps] == [D("0.833333"), D("0.625"), D("0.3125")]
    # Greenwood after the second step: 1/(6*5) + 1/(4*3) = 0.116667; log-log band of 0.625 with z = 1.96.
    assert (steps[1].low, steps[1].high) == (D("0.141853"), D("0.893051"))


def test_the_median_wait_is_the_day_by_which_half_have_it():
    found = median_wait(WAITS)

    assert (found.value, found.n, found.low) == (13, 6, 6)
    assert found.high is None
    assert found.parts == {"happened": 3, "waiting": 3}


def test_without_half_of_them_there_is_no_median_and_nobody_is_dropped():
    found = median_wait([Wait(5, True), Wait(9, False), Wait(9, False)])

    assert (found.value, found.why, found.n) == (None, Why.NOT_REACHED, 3)
    assert median_wait([]).why == Why.EMPTY


def test_without_censoring_the_curve_is_the_share_that_still_waits():
    assert [one.waiting for one in curve([Wait(day, True) for day in (1, 2, 3, 4)])] == [D("0.75"), D("0.5"), D("0.25"), 0]


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=40))
def test_a_curve_never_rises_and_lies_in_its_band(rows):
    steps = curve(Wait(days, happened) for days, happened in rows)

    assert all(0 <= one.low <= one.waiting <= one.high <= 1 for one in steps)
    assert [one.waiting for one in steps] == sorted((one.waiting for one in steps), reverse=True)


def test_concentration_is_the_sum_of_squared_shares():
    amounts = {"a": 60, "b": 30, "c": 10}

    assert hhi(amounts).value == 4600
    assert [top_share(amounts, most).value for most in (1, 2, 5)] == [60, 90, 100]


def test_one_partner_alone_is_ten_thousand_and_refunds_have_no_share():
    assert hhi({"a": 5}).value == 10_000
    assert (hhi({"a": 50, "b": 50, "c": -20}).value, hhi({"a": 50, "b": 50, "c": -20}).parts["left_out"]) == (5000, 1)
    assert [hhi({}).why, hhi({"a": 0}).why, top_share({}, 1).why] == [Why.ZERO] * 3


@given(st.dictionaries(st.text("abc", max_size=3), st.integers(1, 10**12), min_size=1, max_size=20))
def test_the_index_lies_between_equal_shares_and_one_alone(amounts):
    assert D(10_000) / len(amounts) - D("0.00001") <= hhi(amounts).value <= 10_000


def test_losing_a_partner_takes_its_share_and_the_regions_it_is_alone_in():
    found = without("a", {"revenue": {"a": 60, "b": 40}, "pipeline": {"b": 10}}, [("a", "Nordics"), ("a", "Iberia"), ("b", "Nordics")], indexed="revenue")

    assert [(one.measure, one.before, one.after, one.share) for one in found.losses] == [("revenue", 100, 40, D(60)), ("pipeline", 10, 10, D(0))]
    assert (found.hhi_before, found.hhi_after, found.alone_in) == (5200, 10_000, ("Iberia",))


def test_losing_a_partner_when_there_is_nothing_has_no_share():
    assert without("a", {"revenue": {}}, [], indexed="revenue").losses[0].share is None


def test_win_rates_are_compared_within_one_size():
    strata = [Stratum(won_with=30, all_with=50, won_without=20, all_without=50), Stratum(won_with=5, all_with=10, won_without=10, all_without=40)]
    found = rate_difference(strata, at_least=30)

    # Weights 25 and 8, differences 0.2 and 0.25: (5 + 2) / 33.
    assert found.value == D("21.212121")
    assert found.low < found.value < found.high
    assert found.parts["ratio"] == D("1.75")


def test_too_few_deals_on_one_side_are_refused():
    few = [Stratum(won_with=9, all_with=9, won_without=50, all_without=100)]

    assert (rate_difference(few, at_least=30).value, rate_difference(few, at_least=30).why) == (None, Why.FEW)
    assert rate_difference([], at_least=1).why == Why.FEW
    assert median_difference([1.0], [1.0] * 50, at_least=2).why == Why.FEW


def test_a_size_that_one_side_lacks_says_nothing_about_the_difference():
    both = Stratum(won_with=20, all_with=40, won_without=10, all_without=40)

    assert rate_difference([both, Stratum(won_with=90, all_with=90, won_without=0, all_without=0)], at_least=30).value == 25


def test_medians_are_compared_and_outliers_do_not_matter():
    found = median_difference([10.0, 20.0, 30.0, 40.0, 9_000_000.0], [5.0, 10.0, 15.0, 20.0, 25.0], at_least=5)

    assert (found.value, found.parts["median_with"], found.parts["median_without"]) == (15, 30, 15)


def test_a_lifetime_is_discounted_and_may_be_negative():
    values = {"survival": D("0.5"), "discount": D(0), "years": 3, "acquisition": D(100)}

    assert lifetime_value(margin=D(120), servicing=D(20), **values) == 75  # 100 + 50 + 25 - 100
    assert lifetime_value(margin=D(0), servicing=D(20), **values) == -135
    assert lifetime_value(margin=D(110), servicing=D(0), survival=D(1), discount=D("0.1"), years=1, acquisition=D(0)) == 100


@pytest.mark.parametrize(
    ("given_", "received", "balance"), [(50, 100, (D("0.5"), 1)), (100, 50, (D("0.5"), -1)), (10, 10, (D(1), 0)), (0, 10, (D(0), 1)), (0, 0, (None, 0))]
)
def test_reciprocity_says_the_balance_and_who_owes(given_, received, balance):
    assert reciprocity(given_, received) == balance


def test_windows_end_with_the_as_of_day():
    today = date(2026, 5, 20)

    assert window("12m", today) == Window(date(2025, 5, 21), today)
    assert window("12m", date(2026, 12, 31)) == Window(date(2026, 1, 1), date(2026, 12, 31))
    assert [window(period, today).since for period in ("month", "quarter", "year")] == [date(2026, 5, 1), date(2026, 4, 1), date(2026, 1, 1)]
    assert window("month", today).days == 20


def test_a_window_is_compared_with_the_days_before_it_or_a_year_ago():
    today = date(2026, 3, 31)

    assert compared("month", today, "previous") == Window(date(2026, 2, 1), date(2026, 2, 28))
    assert compared("quarter", today, "last_year") == Window(date(2025, 1, 1), date(2025, 3, 31))
    assert compared("12m", date(2026, 12, 31), "previous") == Window(date(2025, 1, 1), date(2025, 12, 31))
    assert compared("all", today, "previous") is None
    assert months_back(date(2024, 2, 29), 12) == date(2023, 2, 28)


def test_the_hash_changes_with_what_a_number_depends_on_and_with_nothing_else():
    assert Configuration().hash == Configuration(currency="EUR").hash
    assert len({Configuration().hash, Configuration(margin_percent=D(60)).hash, Configuration(activation_days=60).hash}) == 3
