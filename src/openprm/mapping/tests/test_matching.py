import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openprm.mapping.engine.calibration import calibrate
from openprm.mapping.engine.choosing import leads, one_to_one
from openprm.mapping.engine.matching import compare, refresh
from openprm.mapping.tests.lists import companies, pairs

WORDS = ("acme", "bolt", "cedar", "delta", "ember", "fjord", "grove", "bank", "steel", "group", "gmbh", "inc")
ROWS = st.fixed_dictionaries(
    {
        "name": st.lists(st.sampled_from(WORDS), min_size=0, max_size=4).map(" ".join),
        "domain": st.sampled_from(("", "", "acme.com", "bolt.de", "cedar.io")),
        "country": st.sampled_from(("", "DE", "US")),
        "city": st.sampled_from(("", "Berlin", "Boston")),
    }
)
LISTS = st.lists(ROWS, min_size=1, max_size=8)


def test_the_same_domain_is_one_company_and_says_so():
    left, right = companies({"name": "Acme GmbH", "domain": "https://www.acme.com/"}), companies({"name": "ACME", "domain": "acme.com"})
    assert pairs(left, right) == [("0", "0", 0.995, "domain+name+web label")]


def test_the_same_identifier_is_one_company_whatever_it_is_called():
    left, right = companies({"name": "Alpha", "vat": "DE136695976"}), companies({"name": "Omega", "vat": "136695976", "country": "Germany"})
    assert [pair[3] for pair in pairs(left, right)] == ["vat"]


def test_two_legal_entities_under_one_domain_are_not_sure():
    left = companies({"name": "Acme", "domain": "acme.com", "lei": "54930084UKLVMY22DS16"})
    right = companies({"name": "Acme", "domain": "acme.com", "lei": "5493001KJTIIGC8Y1R12"})
    assert pairs(left, right) == []
    assert pairs(left, right, threshold=0.3)[0][2] == 0.4


def test_a_domain_that_many_share_proves_nothing():
    left = companies(*({"name": f"{word} {word}x", "domain": "shops.com"} for word in ("quartz", "violet", "walrus", "yonder", "zephyr", "umbra")))
    right = companies(*({"name": f"{word} {word}y", "domain": "shops.com"} for word in ("meadow", "nectar", "oyster", "pepper", "raven")))
    assert pairs(left, right) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"name": "Müller & Söhne Maschinenbau GmbH", "country": "DE", "city": "München"},
            {"name": "Mueller und Soehne Maschinenbau", "country": "Germany", "city": "Munich"},
        ),
        ({"name": "Toyota Motor", "country": "JP"}, {"name": "株式会社トヨタ Motor", "country": "JP"}),
        ({"name": "Mircosoft Corporation", "country": "US"}, {"name": "Microsoft", "country": "US"}),
        ({"name": "Warimpex Finanz- und Beteiligungs AG", "country": "AT"}, {"name": "WARIMPEX FIN.U.BETEIL. AG", "country": "AT"}),
        ({"name": "International Business Machines Corp", "country": "US"}, {"name": "IBM", "country": "US"}),
    ],
)
def test_one_company_written_in_two_ways_is_found(one, other):
    assert len(pairs(companies(one), companies(other))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "First Bank"}, {"name": "Second Bank"}),
        ({"name": "Fund 3 LP"}, {"name": "Fund 4 LP"}),
        ({"name": "Apple Inc", "domain": "apple.com"}, {"name": "Apple Inc", "domain": "аpple.com"}),
        ({"name": "Nordwind GmbH", "country": "DE", "domain": "nordwind.de"}, {"name": "Nordwind Inc", "country": "US", "domain": "nwind.com"}),
        ({"name": ""}, {"name": ""}),
        ({"name": "GmbH"}, {"name": "Inc"}),
    ],
)
def test_two_companies_are_kept_apart(one, other):
    assert pairs(companies(one), companies(other)) == []


def test_one_to_one_gives_each_row_once_and_the_rest_gives_every_best():
    left, right = companies("Kestrel Optics", "Kestrel Optics Ltd"), companies("Kestrel Optics")
    assert len(pairs(left, right, threshold=0.1)) == 2
    assert len(pairs(left, right, threshold=0.1, one_only=True)) == 1


@given(LISTS, LISTS)
@settings(max_examples=25, deadline=None)
def test_swapping_the_lists_swaps_the_pairs(left, right):
    one = {(a, b) for a, b, _score, _why in pairs(companies(*left), companies(*right), threshold=0.0)}
    other = {(b, a) for a, b, _score, _why in pairs(companies(*right), companies(*left), threshold=0.0)}
    assert one == other


@given(LISTS, LISTS, LISTS, LISTS, st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_refresh_finds_what_a_full_run_by_the_same_standards_finds(left, right, new_left, new_right, only_open):
    before = compare(companies(*left), companies(*right), only_open=only_open)
    now = companies(*new_left, *left[len(new_left) :]), companies(*new_right, *right[len(new_right) :])
    again, full = refresh(before, *now), compare(*now, only_open=only_open, standards=before.standards)
    for name in ("left", "right", "logit", "reasons"):
        assert getattr(again.scored, name).tolist() == pytest.approx(getattr(full.scored, name).tolist())
    assert again.matches(threshold=0.0).matched_on == full.matches(threshold=0.0).matched_on


def test_a_refresh_compares_only_what_changed():
    names = [f"{one}{two} works" for one in ("amber", "birch", "coral", "dune") for two in ("field", "ridge", "stone", "water")]
    before = compare(companies(*names), companies(*names))
    said: list[str] = []
    again = refresh(before, companies(*names[:-1], "walrus mill"), companies(*names), tell=said.append)
    assert said == ["0 pairs by domain or identifier", "0 pairs compared by name"]
    assert len(again.matches().left) == len(before.matches().left) - 1


def test_a_lead_is_over_the_next_best_of_the_row():
    assert leads(np.array([0, 0, 1]), np.array([3.0, 1.0, 2.0])).tolist() == [2.0, -2.0, 6.0]


def test_the_best_pair_is_taken_first():
    assert one_to_one(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.9, 0.8, 0.95])).tolist() == [2, 1]


def test_a_threshold_is_learned_where_it_loses_least():
    judged = [(0.9, True)] * 15 + [(0.6, False)] * 5 + [(0.5, True)] * 3
    found = calibrate(judged, current=0.5)
    assert (found.threshold, found.precision, round(found.recall, 3), found.enough) == (0.75, 1.0, 0.833, True)


@pytest.mark.parametrize("judged", [[(0.9, True)] * 19, [(0.9, True)] * 30, [(0.2, False)] * 30, []])
def test_too_little_to_learn_from_leaves_the_threshold(judged):
    found = calibrate(judged, current=0.5)
    assert (found.threshold, found.enough) == (0.5, False)
