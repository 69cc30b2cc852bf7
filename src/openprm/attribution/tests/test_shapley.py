import numpy as np
import pytest

from openprm.attribution.engine import shapley
from openprm.attribution.engine.shapley import of_value
from openprm.attribution.tests import naive


def test_of_an_additive_game_is_what_each_player_brings():
    brought = np.array([1.0, 2.0, 4.0])

    found = of_value(3, lambda inside: inside @ brought)

    assert found.values == pytest.approx(brought)
    assert found.error.tolist() == [0, 0, 0]


def test_of_the_glove_game_by_pencil():
    """One left glove, two right ones: a pair is worth 1. The left one gets 2/3."""
    assert of_value(3, lambda inside: (inside[:, 0] & (inside[:, 1] | inside[:, 2])).astype(float)).values == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_twelve_players_are_exact_and_thirteen_are_sampled():
    def product(inside):
        return np.where(inside, 1.2, 1.0).prod(axis=1)

    twelve, thirteen = of_value(12, product), of_value(13, product, pairs=200)

    assert twelve.values == pytest.approx([(1.2**12 - 1) / 12] * 12)
    assert not twelve.error.any()
    assert (thirteen.error > 0).all()
    assert (np.abs(thirteen.values - (1.2**13 - 1) / 13) < 5 * thirteen.error).all()
    assert thirteen.values.sum() == pytest.approx(1.2**13 - 1)


def test_the_same_seed_gives_the_same_sample():
    def worth(inside):
        return np.sqrt(inside.sum(axis=1) * (1 + inside[:, 0]))

    assert of_value(14, worth, pairs=20).values.tolist() == of_value(14, worth, pairs=20).values.tolist()


def test_nobody_gets_nothing():
    assert of_value(0, lambda inside: np.zeros(len(inside))).values.tolist() == []


def test_the_ordered_form_says_at_which_places_the_part_was_earned():
    shares = shapley.of_places(naive.given([(("a", "b", "a"), 1.0, 0.0, 0.0)]).block)

    assert shares.share.tolist() == [0.25, 0.5, 0.25]
