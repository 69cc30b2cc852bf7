"""Points and metrics on columns are those of the rules."""

from decimal import Decimal

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from openprm.tiering.engine.history import with_metrics, with_points
from openprm.tiering.rules import formula
from openprm.tiering.rules.points import PointsLine, earn

DUCK = ibis.duckdb.connect()
LINES = (PointsLine("P1", "won", Decimal(300), Decimal(40), is_floored=True), PointsLine("P2", "people", Decimal(7), Decimal(30)))
amounts = st.none() | st.integers(-10, 4000).map(lambda cents: Decimal(cents) / 10)


def columns(**values):
    """Exact numbers as a columnar table, with the place of each row."""
    places = pa.array(range(len(next(iter(values.values())))))
    return ibis.memtable(pa.table({"place": places, **{name: pa.array(list(given), type=pa.decimal128(38, 9)) for name, given in values.items()}}))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=20))
def test_points_on_columns_are_those_of_the_rules(cases):
    rows = columns(won=[won for won, _people in cases], people=[people for _won, people in cases])
    rows = rows.mutate(track=ibis.literal("small"), partner_type=ibis.literal("si"))

    found = DUCK.to_pyarrow(with_points(rows, {("small", "si"): LINES}).order_by("place")).to_pylist()

    expected = [earn(LINES, {"won": won, "people": people}) for won, people in cases]
    assert [(row["points"], row["floors_met"]) for row in found] == [(one.points, one.floors_met) for one in expected]


def test_metrics_on_columns_are_those_of_the_rules():
    rows = columns(won=[Decimal(3), Decimal(5), None], asked=[Decimal(4), Decimal(0), Decimal(1)])
    formulas = {"rate": formula.read("won / asked * 100"), "more": formula.read("max(rate, 80) - 1")}

    found = DUCK.to_pyarrow(with_metrics(rows, formulas).order_by("place")).to_pylist()

    assert [(row["rate"], row["more"]) for row in found] == [(Decimal(75), Decimal(79)), (None, None), (None, None)]
