import numpy as np
import pytest

from openprm.attribution.engine.reading.sorting import TOUCH, order_of


def touches(journeys, moments):
    made = np.zeros(len(journeys), TOUCH)
    made["journey"], made["at"], made["partner"] = journeys, moments, np.arange(len(journeys))
    return made


@pytest.mark.parametrize(
    ("journeys", "moments"),
    [
        ([5 << 60, 1 << 60, 5 << 60, 1 << 60], [4, 3, 2, 1]),
        ([5 << 60, 1 << 60, 5 << 60, 1 << 60], [1, 2, 3, 4]),
        ([7 << 60, 7 << 60, 7 << 60], [9, 9, 9]),
        ([3 << 61, 1 << 61, 3 << 61], [-(2**62), 2**62, 0]),
        ([(1 << 62) + 1, 1 << 62, (1 << 62) + 1, 1 << 62], [2, 1, 1, 2]),
        ([1 << 63], [0]),
    ],
)
def test_journeys_lie_together_in_the_order_of_time_and_then_of_the_file(journeys, moments):
    made = touches(journeys, moments)

    order, starts = order_of(made, 0)

    assert order.tolist() == sorted(range(len(journeys)), key=lambda place: (journeys[place], moments[place], place))
    assert starts.tolist() == [
        *(place for place in range(len(journeys)) if place == 0 or made["journey"][order][place] != made["journey"][order][place - 1]),
        len(journeys),
    ]
