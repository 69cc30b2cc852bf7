import numpy as np
from hypothesis import given as for_any
from hypothesis import settings as within
from hypothesis import strategies as st

from openprm.attribution.engine import positional, shapley
from openprm.attribution.engine.shares import Shares, basis_points
from openprm.attribution.tests import naive


def points_of(shares):
    journey, partner, points = basis_points(shares)
    return list(zip(journey.tolist(), partner.tolist(), points.tolist(), strict=True))


def test_three_equal_parts_give_the_point_that_is_left_to_the_first():
    assert points_of(shapley.of_sets(naive.given([(("a", "b", "c"), 1.0, 0.0, 0.0)]).block)) == [(0, 0, 3334), (0, 1, 3333), (0, 2, 3333)]


def test_what_is_left_goes_to_the_largest_remainder():
    shares = Shares(np.zeros(3, np.int64), np.arange(3), np.array([0.33331, 0.33338, 0.33331]))

    assert points_of(shares) == [(0, 0, 3333), (0, 1, 3334), (0, 2, 3333)]


def test_touches_of_one_partner_are_added_before_they_are_rounded():
    assert points_of(positional.linear(naive.given([(("a", "b", "a", "a", "b", "a", "a"), 1.0, 0.0, 0.0)]).block)) == [(0, 0, 7143), (0, 1, 2857)]


def test_a_deal_of_one_partner_is_all_its_own():
    assert points_of(positional.first(naive.given([(("a", "a"), 1.0, 0.0, 0.0), (("b",), 1.0, 0.0, 0.0)]).block)) == [(0, 0, 10_000), (1, 1, 10_000)]


@within(max_examples=60, deadline=None)
@for_any(st.lists(st.lists(st.sampled_from("abcdefghijklm"), min_size=1, max_size=30).map(tuple), min_size=1, max_size=8))
def test_the_points_of_every_deal_add_up_to_ten_thousand(paths):
    block = naive.given([(path, 1.0, 0.0, 0.0) for path in paths]).block

    for spread in (positional.linear, positional.position_decay, positional.Shape(positional.Z_SHAPED), shapley.of_places):
        journey, _, points = basis_points(spread(block))
        assert np.bincount(journey, weights=points).tolist() == [10_000] * len(paths)
        assert points.min() >= 0
