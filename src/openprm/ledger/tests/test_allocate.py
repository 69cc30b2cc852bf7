"""No sum of rounding loses a cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.ledger.rules.allocate import allocate

WEIGHTS = st.lists(st.integers(0, 10**6) | st.decimals(0, 1000, places=4), min_size=1, max_size=30).filter(any)


@pytest.mark.parametrize(("minor", "weights", "parts"), [
    (100, (1, 1, 1), (34, 33, 33)),
    (-100, (1, 1, 1), (-34, -33, -33)),
    (5, (3, 7), (2, 3)),
    (10_00, (Decimal("0.7"), Decimal("0.3")), (700, 300)),
    (1, (0, 1, 0), (0, 1, 0)),
    (0, (1, 2), (0, 0)),
    (1, (1, 1, 1, 1), (1, 0, 0, 0)),
    (101, (Decimal("33.3333"), Decimal("33.3333"), Decimal("33.3334")), (34, 33, 34)),
])  # fmt: skip
def test_shares_are_the_exact_ones_by_largest_remainder(minor, weights, parts):
    assert allocate(minor, weights) == parts


@given(st.integers(-(10**15), 10**15), WEIGHTS)
def test_parts_sum_to_the_whole_and_are_within_one_of_their_share(minor, weights):
    parts = allocate(minor, weights)

    assert sum(parts) == minor
    total = sum(map(Decimal, map(str, weights)))
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Decimal(minor) * Decimal(str(weight)) / total) < Decimal("1.0001")
        assert weight or part == 0


@pytest.mark.parametrize("weights", [(), (0, 0), (1, -1)])
def test_weights_that_share_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        allocate(100, weights)
