"""The same rule said once more, over columns: it must answer as the engine does, case by case."""

from decimal import Decimal

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openprm.rulebook.engine.columnar import NotColumnar, answered, as_table
from openprm.rulebook.rules.evaluation import Compiled
from openprm.rulebook.rules.facts import settle_facts
from openprm.rulebook.testing import make_kind, make_row, make_table
from openprm.rulebook.tests.test_properties import KIND, facts, tables

DUCK = ibis.duckdb.connect()


def ask(table, cases, kind=KIND):
    """The clause and the outcomes of each case, over columns."""
    rows = ibis.memtable(as_table(cases, kind).append_column("place", [list(range(len(cases)))]))
    found = DUCK.to_pyarrow(answered(rows, Compiled(table, kind).read).order_by("place"))
    return found.to_pylist()


@settings(max_examples=250, deadline=None)
@given(tables(), st.lists(facts(), min_size=1, max_size=12))
def test_columns_and_the_engine_agree(table, given_facts):
    compiled = Compiled(table, KIND)
    settled = [settle_facts(KIND, one) for one in given_facts]

    found = ask(table, settled)

    assert [row["clause"] for row in found] == [compiled.clauses(one)[0] for one in settled]
    assert [row["decision"] for row in found] == [compiled.outcomes(one)[0]["decision"] for one in settled]


def test_amounts_are_compared_exactly():
    table = make_table(make_row("R1", {"amount": "<= 0.1"}, "approve", 90), make_row("R2", {}, "review"))

    found = ask(table, [{"amount": Decimal("0.1")}, {"amount": Decimal("0.100000001")}, {"amount": None}])

    assert [(row["clause"], row["days"]) for row in found] == [("R1", Decimal(90)), ("R2", None), ("R2", None)]


def test_a_fact_that_the_history_does_not_have_is_unknown():
    table = make_table(make_row("R1", {"amount": "> 0"}, "approve"), make_row("R2", {"budget": "null"}, "reject"), make_row("R3"), inputs=("amount", "budget"))
    rows = ibis.memtable(as_table([{"amount": Decimal(-1)}], KIND).select(["amount"]))

    assert DUCK.to_pyarrow(answered(rows, Compiled(table, KIND).read)).to_pylist()[0]["clause"] == "R2"


def test_a_collecting_table_is_refused():
    kind = make_kind(hit="collect")

    with pytest.raises(NotColumnar):
        answered(ibis.memtable(as_table([{}], kind)), Compiled(make_table(hit="collect"), kind).read)
