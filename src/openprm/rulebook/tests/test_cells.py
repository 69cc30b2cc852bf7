from datetime import date
from decimal import Decimal

import pytest

from openprm.rulebook.ports import Fact, Outcome
from openprm.rulebook.rules.cells import BadCell, Condition, Ref, at_least, at_most, between, matches, one_of, read_answer, read_condition, show_condition

AMOUNT = Fact("amount", "Amount", "money", unit="EUR")
COUNT = Fact("count", "Count", "number", decimals=0)
TIER = Fact("tier", "Tier", "choice", ("gold", "silver"))
CITY = Fact("city", "City", "text")
NEW = Fact("new", "New", "bool")
DAY = Fact("day", "Day", "date")


@pytest.mark.parametrize(
    ("fact", "text", "condition"),
    [
        (AMOUNT, "", Condition("any")),
        (AMOUNT, "  ", Condition("any")),
        (AMOUNT, "null", Condition("null")),
        (AMOUNT, "!= null", Condition("known")),
        (AMOUNT, "<=50000.10", Condition("<=", (Decimal("50000.10"),))),
        (AMOUNT, "> -5", Condition(">", (Decimal(-5),))),
        (AMOUNT, "[10..20)", Condition("range", (Decimal(10), Decimal(20)), "[)")),
        (AMOUNT, "<= budget", Condition("<=", (Ref("budget"),))),
        (AMOUNT, "== 5", Condition("in", (Decimal(5),))),
        (TIER, "\"gold\", 'silver'", Condition("in", ("gold", "silver"))),
        (TIER, '!= "gold"', Condition("not in", ("gold",))),
        (TIER, 'not in ["gold", "silver"]', Condition("not in", ("gold", "silver"))),
        (NEW, "true", Condition("in", (True,))),
        (DAY, '>= d("2026-12-31")', Condition(">=", (date(2026, 12, 31),))),
        (DAY, '"2026-12-31"', Condition("in", (date(2026, 12, 31),))),
    ],
)
def test_a_cell_reads_as_a_condition(fact, text, condition):
    assert read_condition(text, fact) == condition


@pytest.mark.parametrize(
    ("fact", "text", "hint"),
    [
        (AMOUNT, "<<= 5", "A value is missing here|cannot|needs"),
        (AMOUNT, "<= 50,000", "without separators"),
        (AMOUNT, "50,000", "without separators"),
        (AMOUNT, "50 000", "by commas"),
        (AMOUNT, "1_000", "cannot be read"),
        (AMOUNT, "<= 0.005", "steps of 0.01"),
        (AMOUNT, '"gold"', "needs an amount"),
        (AMOUNT, "[20..10]", "span is empty"),
        (AMOUNT, "[10..]", "needs an amount"),
        (AMOUNT, "[10-20]", "two dots"),
        (AMOUNT, "[..10]", "needs an amount"),
        (AMOUNT, "<=", "value is missing"),
        (AMOUNT, "€5", "cannot be read"),
        (AMOUNT, "1" * 30, "too long"),
        (COUNT, "1.5", "steps of 1"),
        (TIER, '"platinum"', 'Use one of: "gold", "silver"'),
        (TIER, '< "gold"', "no order"),
        (TIER, 'not in "gold"', "in brackets"),
        (TIER, '"gold" "silver"', "by commas"),
        (TIER, '"gold", silver', 'Write "silver"'),
        (NEW, "yes, true", "fixed values"),
        (NEW, "1", "true or false"),
        (DAY, 'd("31.12.2026")', "not a date"),
        (CITY, '"' + "x" * 500 + '"', "too long"),
        (CITY, '__import__("os")', "fixed values|by commas"),
    ],
)
def test_a_broken_cell_says_how_to_fix_it(fact, text, hint):
    with pytest.raises(BadCell, match=hint):
        read_condition(text, fact)


def test_a_cell_shows_as_it_was_written():
    for text in ["<= 50000", "[10..20)", '"gold", "silver"', '!= "gold"', 'not in ["gold", "silver"]', "null", "!= null", "<= budget", ""]:
        fact = TIER if "gold" in text else AMOUNT
        assert show_condition(read_condition(text, fact)) == text


def test_helpers_write_cells():
    assert (one_of("gold", "silver"), at_most(5), at_least(7), between(1, 2)) == ('"gold", "silver"', "<= 5", ">= 7", "[1..2]")
    assert one_of('say "yes"') == "'say \"yes\"'"


def test_an_answer_is_one_literal_of_its_type():
    days, decision = Outcome("days", "Days", "number", decimals=0), Outcome("decision", "Decision", "choice", ("yes",))

    assert read_answer("90", days) == Decimal(90)
    assert read_answer(" ", days) is None
    with pytest.raises(BadCell, match='Write "yes"'):
        read_answer("yes", decision)
    with pytest.raises(BadCell, match="one value"):
        read_answer("1, 2", days)


@pytest.mark.parametrize("text", ["<= 5", "!= 5", "[1..2]", "5", "not in [1, 2]", "!= null", "<= budget"])
def test_what_is_not_known_fits_no_condition_but_null(text):
    assert not matches(read_condition(text, AMOUNT), None, {"budget": Decimal(9)})
    assert matches(read_condition("null", AMOUNT), None, {})
    assert matches(read_condition("", AMOUNT), None, {})


def test_a_comparison_with_an_unknown_fact_does_not_hold():
    assert not matches(read_condition("<= budget", AMOUNT), Decimal(1), {"budget": None})
    assert matches(read_condition("<= budget", AMOUNT), Decimal(1), {"budget": Decimal(1)})
