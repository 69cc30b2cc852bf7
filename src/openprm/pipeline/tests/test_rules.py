"""The formulas of the forecast, by hand."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from openprm.pipeline.rules import forecast, slips
from openprm.pipeline.rules.forecast import Category, Coverage, Figures

TODAY = date(2026, 11, 23)
A, B, C = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(("chance", "kind"), [(0, "pipeline"), (49, "pipeline"), (50, "best_case"), (84, "best_case"), (85, "commit"), (100, "commit")])
def test_a_stage_counts_by_its_win_probability(chance, kind):
    assert forecast.category(chance) == Category(kind)


@pytest.mark.parametrize(("hundredths", "minor"), [(0, 0), (49, 0), (50, 0), (51, 1), (149, 1), (150, 2), (250, 2), (251, 3), (10**17, 10**15)])
def test_a_weighted_sum_is_rounded_once_with_halves_to_even(hundredths, minor):
    assert forecast.rounded(hundredths) == minor


def test_sums_are_weighted_before_they_are_rounded():
    three = [forecast.one(1, 50, overdue=False) for _number in range(3)]

    assert forecast.together(three).weighted == 2
    assert sum(one.weighted for one in three) == 0


def test_figures_of_deals_add_up_by_category():
    found = forecast.together([forecast.one(100_00, 90, overdue=True), forecast.one(40_00, 60, overdue=False), forecast.one(7_01, 10, overdue=False)])

    assert found == Figures(count=3, total=147_01, weighted_hundredths=1_147_010, commit=100_00, best_case=40_00, overdue=1, overdue_total=100_00)
    assert (found.weighted, found.pipeline) == (114_70, 7_01)
    assert forecast.together([]) == Figures()
    assert found - forecast.one(40_00, 60, overdue=False) == forecast.together([forecast.one(100_00, 90, overdue=True), forecast.one(7_01, 10, overdue=False)])


@pytest.mark.parametrize(
    ("close", "key"),
    [
        (None, "none"),
        (date(2026, 11, 22), "overdue"),
        (date(2025, 1, 1), "overdue"),
        (TODAY, "2026-11"),
        (date(2026, 11, 30), "2026-11"),
        (date(2027, 4, 30), "2027-04"),
        (date(2027, 5, 1), "later"),
    ],
)
def test_a_close_date_falls_in_one_column(close, key):
    assert forecast.column_of(close, TODAY, 6) == key


def test_the_columns_are_overdue_six_months_later_and_no_date():
    found = forecast.columns(TODAY, 6)

    assert [one.key for one in found] == ["overdue", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "later", "none"]
    assert found[-2].start == date(2027, 5, 1)


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [(TODAY, date(2026, 10, 1), date(2027, 1, 1)), (date(2026, 3, 31), date(2026, 1, 1), date(2026, 4, 1))],
)
def test_a_quarter_has_a_first_day_and_ends_with_the_next_one(day, start, end):
    assert forecast.quarter_of(day) == (start, end)


def test_coverage_is_what_is_open_over_what_is_missing():
    short = Coverage(target=100_000, won=40_000, open=150_000, weighted=50_000)
    reached = Coverage(target=100_000, won=120_000, open=10_000, weighted=5_000)

    assert (short.missing, short.times_hundredths, short.expected, short.percent) == (60_000, 250, 90_000, 40)
    assert (reached.missing, reached.times_hundredths, reached.percent) == (0, None, 120)
    assert Coverage(target=3, won=0, open=10, weighted=0).times_hundredths == 333


def _move(deal, before, after, day):
    return slips.Move(deal, before, after, datetime(2026, 11, day, tzinfo=UTC))


def test_a_deal_slips_from_its_first_date_to_its_last():
    found = slips.slips(
        [
            _move(A, date(2026, 12, 31), date(2027, 1, 31), 20),
            _move(A, date(2026, 12, 1), date(2026, 12, 31), 10),
            _move(B, date(2027, 2, 1), date(2027, 1, 1), 12),
            _move(C, date(2027, 2, 1), date(2027, 2, 11), 12),
        ]
    )

    assert [(one.deal_id, one.moves, one.pushes, one.days) for one in found] == [(A, 2, 2, 61), (C, 1, 1, 10), (B, 1, 0, -31)]
    assert slips.summary(found) == slips.Summary(deals=3, later=2, earlier=1, median_days=35)
    assert slips.summary([]) == slips.Summary(0, 0, 0, 0)
