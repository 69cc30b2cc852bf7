"""The same rule said twice, by the engine and by the reading, must mean the same; and explanations must be true."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from openprm.rulebook.rules.cells import matches, show_value
from openprm.rulebook.rules.checks import check
from openprm.rulebook.rules.evaluation import Compiled
from openprm.rulebook.rules.explain import alternatives
from openprm.rulebook.rules.facts import settle_facts
from openprm.rulebook.rules.jdm import from_jdm, tidy, to_jdm
from openprm.rulebook.rules.regions import ordered_regions
from openprm.rulebook.testing import make_kind, make_row, make_table

KIND = make_kind()
COLLECT = make_kind(hit="collect")
COLUMNS = ("amount", "tier", "country", "days_open", "renewal", "close_date", "budget")

amounts = st.integers(-5, 30).map(lambda cents: Decimal(cents) / 4)
days_open = st.integers(0, 6).map(Decimal)
dates = st.integers(1, 9).map(lambda day: date(2026, 1, day))
tiers = st.sampled_from(["gold", "silver", "bronze"])
countries = st.sampled_from(["FI", "SE", "it's", 'say "hi"', "Åland"])


def facts():
    return st.fixed_dictionaries(
        {
            "amount": st.none() | amounts,
            "tier": st.none() | tiers,
            "country": st.none() | countries,
            "days_open": st.none() | days_open,
            "renewal": st.none() | st.booleans(),
            "close_date": st.none() | dates,
            "budget": st.none() | amounts,
        }
    )


def ordered_cells(values):
    shown = values.map(show_value)
    spans = st.tuples(values, values, st.sampled_from("[("), st.sampled_from("])")).map(
        lambda span: f"{span[2]}{show_value(min(span[:2]))}..{show_value(max(span[:2]))}{span[3]}"
    )
    compared = st.tuples(st.sampled_from(["<=", "<", ">=", ">", "==", "!="]), shown).map(" ".join)
    lists = st.lists(shown, min_size=1, max_size=3).map(", ".join)
    return st.just("") | compared | spans | lists | st.sampled_from(["null", "!= null"])


def listed_cells(values):
    shown = st.lists(values.map(show_value), min_size=1, max_size=3)
    return st.just("") | shown.map(", ".join) | shown.map(lambda found: f"not in [{', '.join(found)}]") | st.sampled_from(["null", "!= null"])


CELLS = {
    "amount": ordered_cells(amounts) | st.sampled_from(["<= budget", "> budget", "== budget", "!= budget"]),
    "tier": listed_cells(tiers),
    "country": listed_cells(countries),
    "days_open": ordered_cells(days_open),
    "renewal": st.sampled_from(["", "true", "false", "!= true", "null"]),
    "close_date": ordered_cells(dates),
    "budget": ordered_cells(amounts),
}


@st.composite
def tables(draw, hit="first"):
    names = tuple(draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=3, unique=True)))
    count = draw(st.integers(1, 4))
    rows = [make_row(f"R{n}", {name: draw(CELLS[name]) for name in names}, draw(st.sampled_from(["approve", "review", "reject"]))) for n in range(1, count + 1)]
    last = [make_row("R9", {}, "review")] if hit == "first" else []
    return make_table(*rows, *last, inputs=names, hit=hit)


@settings(max_examples=400, deadline=None)
@given(tables(), facts())
def test_the_engine_and_the_reading_agree(table, given_facts):
    compiled = Compiled(table, KIND)
    settled = settle_facts(KIND, given_facts)

    assert compiled.clauses(settled) == compiled.read.matched(settled)


@settings(max_examples=200, deadline=None)
@given(tables(hit="collect"), facts())
def test_they_agree_on_collecting_tables_too(table, given_facts):
    compiled = Compiled(table, COLLECT)
    settled = settle_facts(COLLECT, given_facts)

    assert compiled.clauses(settled) == compiled.read.matched(settled)


@settings(max_examples=400, deadline=None)
@given(tables(), facts(), st.data())
def test_every_explanation_is_true(table, given_facts, data):
    compiled = Compiled(table, KIND)
    settled = settle_facts(KIND, given_facts)
    answer = compiled.outcomes(settled)

    for other in alternatives(compiled.read, settled):
        tried = data.draw(_values(other.fact).filter(lambda value, other=other: matches(other.condition, value, settled)))
        changed = {**settled, other.fact: tried}
        assert compiled.clauses(changed) == other.clauses
        assert compiled.outcomes(changed) != answer


@settings(max_examples=300, deadline=None)
@given(tables(), facts(), st.data())
def test_no_smaller_change_of_an_ordered_fact_was_left_out(table, given_facts, data):
    compiled = Compiled(table, KIND)
    settled = settle_facts(KIND, given_facts)
    name = data.draw(st.sampled_from([name for name in table.inputs if name in ("amount", "days_open", "close_date", "budget")] or ["amount"]))
    if settled[name] is None:
        return
    tried = data.draw(_values(name))
    if compiled.outcomes({**settled, name: tried}) == compiled.outcomes(settled):
        return

    found = [other for other in alternatives(compiled.read, settled) if other.fact == name]

    side = [other for other in found if _lies_between(other.condition, settled[name], tried)]
    assert side, (name, tried, found)


@settings(max_examples=200, deadline=None)
@given(tables())
def test_a_table_survives_the_graph(table):
    assert from_jdm(to_jdm(table, KIND), KIND) == tidy(table, KIND)


@settings(max_examples=300, deadline=None)
@given(tables(), facts())
def test_a_row_reported_as_unreachable_never_answers(table, given_facts):
    hidden = {problem.clause for problem in check(table, KIND) if problem.column == ""}

    assert Compiled(table, KIND).clauses(settle_facts(KIND, given_facts))[0] not in hidden - {table.rows[-1].id}
    assert not check(replace(table, rows=tuple(row for row in table.rows if row.id not in hidden)), KIND)


@given(st.lists(amounts, max_size=5), amounts)
def test_regions_part_all_values(boundaries, value):
    regions = ordered_regions(KIND.fact("amount"), boundaries)

    assert sum(region.holds(value) for region in regions) == 1
    assert all(region.holds(region.sample) for region in regions)


def _values(name):
    return {
        "amount": amounts,
        "budget": amounts,
        "days_open": days_open,
        "close_date": dates,
        "tier": tiers,
        "country": countries | st.just("elsewhere"),
        "renewal": st.booleans(),
    }[name]


def _lies_between(condition, value, tried):
    """Whether the offered stretch reaches to the tried value's side, no further away than it."""
    if tried > value:
        low = condition.values[0] if condition.op in (">", ">=", "range", "in") else None
        return low is not None and value <= low <= tried
    high = condition.values[-1] if condition.op in ("<", "<=", "range", "in") else None
    return high is not None and tried <= high <= value
