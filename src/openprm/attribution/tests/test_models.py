import numpy as np
import pytest
from hypothesis import given as for_any
from hypothesis import settings as within
from hypothesis import strategies as st

from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.markov.counting import Counter
from openprm.attribution.engine.markov.removal import _chain, _dense, _sparse, removal_effects
from openprm.attribution.engine.models import MODELS, Settings
from openprm.attribution.engine.running import attribute
from openprm.attribution.tests import naive

DAY = 86_400_000_000
PLACES = ("first", "last", "linear", "position-decay", "u-shaped", "w-shaped", "z-shaped")
SETS = ("markov", "markov-per-deal", "shapley", "shapley-ordered")
PER_DEAL = (*PLACES, "time-decay", "markov-per-deal", "shapley", "shapley-ordered")


def credit(name, rows, *, at=None, partners=(), **chosen):
    result = attribute(naive.given(rows, at, partners), [name], Settings(**chosen))
    return {partner: float(result.credit[name].conversions[code]) for code, partner in enumerate(result.partners)}


def value(name, rows, **chosen):
    result = attribute(naive.given(rows), [name], Settings(**chosen))
    return {partner: float(result.credit[name].value[code]) for code, partner in enumerate(result.partners)}


def one(path):
    return [(tuple(path), 1.0, 900.0, 0.0)]


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("first", "abc", {"a": 1, "b": 0, "c": 0}),
        ("last", "abc", {"a": 0, "b": 0, "c": 1}),
        ("linear", "abca", {"a": 0.5, "b": 0.25, "c": 0.25}),
        ("position-decay", "abc", {"a": 1 / 7, "b": 2 / 7, "c": 4 / 7}),
        ("u-shaped", "a", {"a": 1}),
        ("u-shaped", "ab", {"a": 0.5, "b": 0.5}),
        ("u-shaped", "abcd", {"a": 0.4, "b": 0.1, "c": 0.1, "d": 0.4}),
        ("w-shaped", "ab", {"a": 0.5, "b": 0.5}),
        ("w-shaped", "abc", {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}),
        ("w-shaped", "abcde", {"a": 0.3, "b": 0.05, "c": 0.3, "d": 0.05, "e": 0.3}),
        ("z-shaped", "ab", {"a": 0.5, "b": 0.5}),
        ("z-shaped", "abc", {"a": 0.25, "b": 0.5, "c": 0.25}),
        ("z-shaped", "abcd", {"a": 0.25, "b": 0.25, "c": 0.25, "d": 0.25}),
        ("z-shaped", "abcdefg", {"a": 0.225, "b": 0.1 / 3, "c": 0.225, "d": 0.1 / 3, "e": 0.225, "f": 0.1 / 3, "g": 0.225}),
        ("shapley", "aab", {"a": 0.5, "b": 0.5}),
        ("shapley-ordered", "aab", {"a": 0.5, "b": 0.5}),
    ],
)
def test_a_won_deal_is_divided_as_the_model_says(name, path, expected):
    assert credit(name, one(path)) == pytest.approx(expected, abs=1e-12)


def test_a_touch_one_half_life_earlier_weighs_half():
    assert credit("time-decay", one("ab"), at=[[0, 7 * DAY]]) == pytest.approx({"a": 1 / 3, "b": 2 / 3})


def test_the_half_life_is_in_days():
    assert credit("time-decay", one("ab"), at=[[0, 2 * DAY]], half_life=1.0) == pytest.approx({"a": 0.2, "b": 0.8})


def test_a_touch_of_long_ago_weighs_nothing_and_breaks_nothing():
    assert credit("time-decay", one("ab"), at=[[0, 40_000 * DAY]]) == {"a": 0.0, "b": 1.0}


def test_weights_of_ones_own_take_the_place_of_the_usual_ones():
    assert credit("u-shaped", one("abc"), weights={"u-shaped": (50.0, 0.0, 50.0)}) == {"a": 0.5, "b": 0.0, "c": 0.5}
    assert credit("custom", one("abcd"), weights={"custom": (10.0, 60.0, 20.0, 10.0)}) == pytest.approx({"a": 0.1, "b": 0.6, "c": 0.1, "d": 0.2})


@pytest.mark.parametrize("weights", [(1.0, 2.0), (0.0, 0.0, 0.0), (-1.0, 1.0, 1.0), (float("nan"), 1.0, 1.0)])
def test_weights_that_mean_nothing_are_refused(weights):
    with pytest.raises(CannotCompute):
        credit("custom", one("abc"), weights={"custom": weights})


def test_the_value_of_a_deal_is_divided_like_the_deal():
    assert value("u-shaped", one("abcd")) == pytest.approx({"a": 360, "b": 90, "c": 90, "d": 360})


def test_markov_by_pencil():
    """a always leads to b, b is won in one of two. Without either of them nothing is won: both effects are 1."""
    rows = [(("a", "b"), 1.0, 10.0, 1.0)]

    assert credit("markov", rows) == pytest.approx({"a": 0.5, "b": 0.5})
    assert value("markov", rows) == pytest.approx({"a": 5, "b": 5})


def test_markov_per_deal_divides_each_deal_by_the_effects_of_its_own_partners():
    rows = [(("a",), 2.0, 0.0, 0.0), (("a", "b"), 1.0, 30.0, 0.0), (("b",), 1.0, 0.0, 1.0)]
    effects = naive.markov(rows, 1)

    part = effects["a"] / (effects["a"] + effects["b"])

    assert credit("markov-per-deal", rows) == pytest.approx({"a": 2 + part, "b": 2 - part})
    assert value("markov-per-deal", rows) == pytest.approx({"a": 30 * part, "b": 30 * (1 - part)})


journeys = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=6).map(tuple), st.integers(0, 3).map(float), st.just(1.0), st.integers(0, 3).map(float)),
    min_size=1,
    max_size=12,
).map(lambda rows: [(path, won, 7 * won, lost) for path, won, _, lost in rows])
quickly = within(max_examples=25, deadline=None)


@quickly
@for_any(journeys, st.sampled_from(PLACES + SETS))
def test_what_is_won_is_given_away_exactly(rows, name):
    assert sum(credit(name, rows).values()) == pytest.approx(sum(row[1] for row in rows), abs=1e-9)


@quickly
@for_any(journeys, st.sampled_from(PLACES + SETS))
def test_a_partner_without_a_touch_gets_nothing(rows, name):
    assert credit(name, rows, partners=("unseen",))["unseen"] == 0.0


@quickly
@for_any(journeys, st.randoms(use_true_random=False))
def test_shapley_and_linear_do_not_look_at_the_order_of_touches(rows, chance):
    turned = [(tuple(chance.sample(path, len(path))), *rest) for path, *rest in rows]

    for name in ("linear", "shapley", "shapley-ordered"):
        assert credit(name, turned) == pytest.approx(credit(name, rows))


@quickly
@for_any(journeys, st.randoms(use_true_random=False), st.sampled_from(PLACES + SETS))
def test_no_model_looks_at_the_order_of_journeys(rows, chance, name):
    assert credit(name, chance.sample(rows, len(rows))) == pytest.approx(credit(name, rows), abs=1e-9)


@quickly
@for_any(journeys, st.lists(st.sampled_from("abcd"), min_size=1, max_size=5).map(tuple), st.sampled_from((*PLACES, "shapley", "shapley-ordered")))
def test_a_path_that_was_not_won_changes_nothing_for_models_that_look_at_won_deals(rows, path, name):
    everybody = tuple("abcd")

    assert credit(name, [*rows, (path, 0.0, 0.0, 3.0)], partners=everybody) == credit(name, rows, partners=everybody)


@quickly
@for_any(journeys)
def test_a_path_of_a_stranger_that_was_not_won_leaves_markov_as_it_is(rows):
    known = credit("markov", rows)

    assert credit("markov", [*rows, (("stranger",), 0.0, 0.0, 5.0)]) == pytest.approx({**known, "stranger": 0.0}, abs=1e-12)


@quickly
@for_any(journeys, st.integers(1, 4))
def test_markov_is_what_the_chain_without_a_partner_loses(rows, order):
    if not sum(row[1] for row in rows):
        return
    source, expected = naive.given(rows), naive.markov(rows, order)
    counter = Counter(len(source.partners), order)

    counter.add(source.block)

    effects = removal_effects(counter.counts(), len(source.partners)).conversions
    assert dict(zip(source.partners, effects, strict=True)) == pytest.approx({**dict.fromkeys(source.partners, 0.0), **expected}, abs=1e-9)


@quickly
@for_any(journeys, st.integers(1, 3))
def test_both_ways_to_solve_the_chain_agree(rows, order):
    source = naive.given(rows)
    counter = Counter(len(source.partners), order)
    counter.add(source.block)
    counts = counter.counts()
    held = [np.flatnonzero(counts.holds(partner)) for partner in range(len(source.partners))]
    weighted = counts.start.sum() > 0

    if weighted:
        for inverse, solved in zip(_dense(_chain(counts), held), _sparse(_chain(counts), held), strict=True):
            assert inverse == pytest.approx(solved, rel=1e-9, abs=1e-12)


@quickly
@for_any(journeys)
def test_shapley_is_the_sum_over_all_coalitions(rows):
    assert credit("shapley", rows) == pytest.approx(naive.shapley(rows), abs=1e-9)


def test_nothing_won_gives_nothing():
    for name in PLACES + SETS:
        assert credit(name, [(("a", "b"), 0.0, 0.0, 2.0)]) == {"a": 0.0, "b": 0.0}


def test_an_order_whose_states_cannot_be_numbered_is_refused():
    with pytest.raises(CannotCompute, match="order 60 over 2 partners"):
        credit("markov", one("ab"), order=60)


def test_time_decay_needs_times():
    with pytest.raises(CannotCompute, match="position-decay"):
        credit("time-decay", one("ab"))


def test_all_leaves_out_what_the_journeys_cannot_carry_and_says_why():
    result = attribute(naive.given(one("ab")), list(MODELS), Settings(), all_or_nothing=False)

    assert set(result.left_out) == {"time-decay", "logistic", "custom"}
    assert set(result.credit) == set(MODELS) - {"time-decay", "logistic", "custom"}
