from itertools import product

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.logistic import OBSERVATIONAL, Learner
from openprm.attribution.engine.models import Settings
from openprm.attribution.engine.running import attribute
from openprm.attribution.tests import naive

ROWS = [(("a",), 30.0, 300.0, 70.0), (("b",), 10.0, 100.0, 90.0), (("a", "b"), 32.0, 640.0, 68.0), (("c",), 5.0, 10.0, 95.0), (("b", "c"), 9.0, 90.0, 91.0)]


def fitted(rows, **chosen):
    source = naive.given(rows)
    learner = Learner(len(source.partners), **chosen)
    learner.add(source.block)
    return source, learner.fit()


def test_the_fit_is_where_the_penalised_likelihood_is_highest():
    present = np.array([[1, "a" in path, "b" in path, "c" in path] for path, *_ in ROWS], dtype=float)
    won, lost = (np.array([row[place] for row in ROWS]) for place in (1, 3))

    def loss(beta):
        return np.sum((won + lost) * np.logaddexp(0, present @ beta) - won * (present @ beta)) + 0.5 * beta[1:] @ beta[1:]

    _, fit = fitted(ROWS)

    assert fit.coefficients == pytest.approx(minimize(loss, np.zeros(4), tol=1e-12).x, abs=1e-4)


def test_credit_is_the_part_of_the_chance_that_goes_with_the_partner():
    source, fit = fitted(ROWS)
    chance = {
        names: expit(fit.coefficients[0] + sum(max(0, 1) * fit.effects["abc".index(name)] for name in names)) for names in ("", "a", "b", "c", "ab", "bc")
    }
    dropped = dict.fromkeys("abc", 0.0)
    for path, won, *_ in ROWS:
        for name in path:
            rest = "".join(other for other in path if other != name)
            dropped[name] += won * max(0.0, 1 - chance[rest] / chance["".join(path)])

    result = attribute(source, ["logistic"], Settings()).credit["logistic"]

    assert result.conversions == pytest.approx([86 * dropped[name] / sum(dropped.values()) for name in "abc"])
    assert result.value.sum() == pytest.approx(1140)
    assert OBSERVATIONAL in result.note


def test_a_partner_that_lowers_the_chance_gets_nothing():
    result = attribute(naive.given(ROWS), ["logistic"], Settings()).credit["logistic"]

    assert result.conversions[0] > 40
    assert result.conversions[2] == 0


def test_intervals_hold_the_credit_and_shrink_with_more_deals():
    few = attribute(naive.given(ROWS), ["logistic"], Settings(intervals=True)).credit["logistic"]
    many = attribute(naive.given([(path, *(100 * number for number in rest)) for path, *rest in ROWS]), ["logistic"], Settings(intervals=True)).credit[
        "logistic"
    ]

    assert (few.low[0] <= few.conversions).all()
    assert (few.conversions <= few.high[0]).all()
    assert ((many.high[0] - many.low[0])[:2] / 100 < (few.high[0] - few.low[0])[:2] / 4).all()


@pytest.mark.parametrize("rows", [[(("a",), 3.0, 3.0, 0.0)], [(("a",), 0.0, 0.0, 3.0)]])
def test_one_kind_of_journey_teaches_nothing(rows):
    with pytest.raises(CannotCompute, match="only one kind"):
        fitted(rows)


def test_journeys_that_look_alike_are_one_row():
    alone, split = (fitted(rows)[1] for rows in (ROWS, [(path, won / 2, value, lost / 2) for path, won, value, lost in ROWS for _ in range(2)]))

    assert split.coefficients == pytest.approx(alone.coefficients, abs=1e-8)


def test_too_many_different_journeys_are_thinned_and_that_is_said():
    rows = [
        (tuple(name for name, inside in zip("abcdefgh", chosen, strict=True) if inside), 1.0, 1.0, 2.0) for chosen in product((0, 1), repeat=8) if any(chosen)
    ]
    source = naive.given(rows)
    learner = Learner(8, most=100)

    learner.add(source.block)

    assert learner.left_out
    assert learner.fit().journeys < 400


def test_shapley_values_of_the_model_add_up_to_the_chance_that_the_partners_add():
    source, fit = fitted(ROWS)
    both = fit.shapley(source.block, 2)

    assert both.values.sum() == pytest.approx(expit(fit.coefficients[0] + fit.effects[:2].sum()) - expit(fit.coefficients[0]))
    assert both.error.tolist() == [0, 0]


def test_deals_are_divided_whole():
    source, fit = fitted(ROWS)
    shares = fit.shares(source.block)

    assert np.bincount(shares.journey, weights=shares.share) == pytest.approx([1] * 5)
