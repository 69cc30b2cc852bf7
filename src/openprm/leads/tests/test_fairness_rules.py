"""The Gini coefficient, the Lorenz curve and what neutral routing would give, with figures to check by hand."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.leads.rules import fairness as rules
from openprm.leads.rules.fairness import Offered, Point

AMOUNTS = st.lists(st.integers(0, 10**9), min_size=2, max_size=40).filter(any)


def row(number: int, worth: int, capacity: int = 10, **more) -> Offered:
    values = {"size": "10-49", "region": "Nordics", "tier": "Gold", **more}
    return Offered(partner_id=UUID(int=number), name=f"P{number}", worth=worth, offered_minor=worth, capacity=capacity, **values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], 0),
        ([5], 0),
        ([0, 0, 0], 0),
        ([1, 1, 1, 1], 0),
        ([0, 0, 0, 1], 0.75),
        ([1, 2, 3, 4], 0.25),
        ([10, 20, 30, 140], 0.5),
    ],
)
def test_the_gini_coefficient_of_small_sets(values, expected):
    assert rules.gini(values) == pytest.approx(expected)


def test_the_worked_example_of_the_docs():
    assert rules.gini([20, 40, 60, 80, 300]) == pytest.approx((2 * (20 + 80 + 180 + 320 + 1500) - 6 * 500) / (5 * 500)) == pytest.approx(0.48)


@given(AMOUNTS)
def test_the_gini_coefficient_is_half_the_mean_difference_by_the_mean(values):
    count, mean = len(values), sum(values) / len(values)
    differences = sum(abs(left - right) for left in values for right in values) / count**2

    assert rules.gini(values) == pytest.approx(differences / (2 * mean))


@given(AMOUNTS, st.integers(2, 9))
def test_the_gini_coefficient_does_not_know_the_currency(values, factor):
    assert rules.gini([value * factor for value in values]) == pytest.approx(rules.gini(values))


@given(AMOUNTS)
def test_the_gini_coefficient_lies_between_0_and_1(values):
    assert -1e-9 <= rules.gini(values) < 1


def test_a_negative_amount_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        rules.gini([1, -1])


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=15).filter(any))
def test_leaving_each_out_in_one_pass_is_leaving_each_out_one_by_one(values):
    ordered = sorted(values)
    slow = [rules.gini(ordered[:place] + ordered[place + 1 :]) for place in range(len(ordered))]

    assert rules._each_left_out(ordered) == pytest.approx(slow, abs=1e-9)


def test_the_interval_holds_the_coefficient_and_narrows_with_more_partners():
    few, many = rules.gini_with_interval([1, 2, 3, 4]), rules.gini_with_interval([1, 2, 3, 4] * 25)

    assert few.value == pytest.approx(many.value)
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low


def test_the_lorenz_curve_climbs_from_nothing_to_everything():
    assert rules.lorenz([1, 1, 2]) == (Point(0, 0), Point(1 / 3, 0.25), Point(2 / 3, 0.5), Point(1, 1))


def test_the_curve_is_read_on_straight_lines():
    assert rules.value_at(rules.lorenz([0, 0, 0, 4]), 0.875) == pytest.approx(0.5)


def test_neutral_routing_follows_capacity():
    assert rules.expected([row(1, 300, capacity=10), row(2, 100, capacity=30)]) == (100, 300)


def test_neutral_routing_without_any_capacity_gives_equal_parts():
    assert rules.expected([row(1, 300, capacity=0), row(2, 100, capacity=0)]) == (200, 200)


def test_groups_compare_their_share_with_their_capacity():
    large, small = rules.groups([row(1, 300, size="250+"), row(2, 50, size="1-9"), row(3, 50, size="1-9", capacity=20)], lambda one: one.size)

    assert (large.name, large.partners, large.offered_share, large.capacity_share, large.ratio) == ("250+", 1, 0.75, 0.25, 3)
    assert (small.name, small.partners, small.offered_share, small.capacity_share, round(small.ratio, 3)) == ("1-9", 2, 0.25, 0.75, 0.333)


def test_a_partner_reads_its_place_and_what_its_capacity_would_give():
    own = rules.standing([row(1, 300), row(2, 100), row(3, 0)], UUID(int=2))

    assert (own.rank, own.partners, own.share, own.worth, own.expected, own.median) == (2, 3, 0.25, 100, 133, 100)
    assert own.ratio == pytest.approx(0.75)
    assert rules.standing([row(1, 300)], UUID(int=9)) is None


@pytest.mark.parametrize(
    ("partners", "offers", "words"), [(2, 100, "none"), (20, 0, "none"), (9, 900, "little"), (20, 99, "little"), (20, 100, "some"), (30, 150, "good")]
)
def test_few_partners_or_offers_are_said_to_be_few(partners, offers, words):
    assert rules.confidence(partners=partners, offers=offers) == words


@pytest.mark.parametrize(("employees", "size"), [(None, ""), (0, "1-9"), (9, "1-9"), (10, "10-49"), (50, "50-249"), (249, "50-249"), (250, "250+")])
def test_sizes_are_classes_of_employees(employees, size):
    assert rules.size_of(employees) == size
