"""The values that an independent implementation found on a public set of 10,000 paths."""

import json
from pathlib import Path

import pytest

from openprm.attribution.engine.models import Settings
from openprm.attribution.engine.reading.source import journeys_in
from openprm.attribution.engine.running import attribute

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "data" / "attribution"
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the public path set is not beside this project")
SAME = {
    "first": "first",
    "last": "last",
    "linear": "linear",
    "u-shaped": "u_shape_40_20_40",
    "position-decay": "position_decay_halflife_1_step",
    "shapley": "shapley_zhao_simplified",
    "shapley-ordered": "shapley_zhao_simplified",
}


@pytest.fixture(scope="module")
def expected():
    return json.loads((FOLDER / "reference.json").read_text())["exact"]


def found(names, order=1):
    with journeys_in(FOLDER / "pathdata.csv") as source:
        result = attribute(source, names, Settings(order=order))
    return {
        name: {partner: {"conversions": credit.conversions[code], "value": credit.value[code]} for code, partner in enumerate(result.partners)}
        for name, credit in result.credit.items()
    }


def test_models_without_a_chain(expected):
    credit = found(list(SAME))

    for name, theirs in SAME.items():
        assert set(credit[name]) == set(expected[theirs])
        for partner, numbers in expected[theirs].items():
            assert credit[name][partner] == pytest.approx(numbers, rel=1e-9)


@pytest.mark.parametrize("order", [1, 2])
def test_markov(expected, order):
    credit = found(["markov"], order)["markov"]

    for partner, numbers in expected[f"markov_order{order}"]["per_channel"].items():
        assert credit[partner] == pytest.approx({kind: numbers[kind] for kind in ("conversions", "value")}, rel=1e-9)
