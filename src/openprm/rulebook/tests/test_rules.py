from dataclasses import replace
from decimal import Decimal

import pytest

from openprm.rulebook.ports import Fact, Row
from openprm.rulebook.rules.checks import check
from openprm.rulebook.rules.differences import differences
from openprm.rulebook.rules.evaluation import Compiled, evaluate
from openprm.rulebook.rules.facts import BadFact
from openprm.rulebook.rules.jdm import BadGraph, fingerprint, from_jdm, tidy, to_jdm
from openprm.rulebook.rules.whatif import Case, replay
from openprm.rulebook.rules.words import table_in_words
from openprm.rulebook.testing import make_kind, make_row, make_table

KIND = make_kind()
SMALL = {"amount": Decimal("40000"), "conflict": "none"}


def messages(table):
    return [(problem.field, problem.message) for problem in check(table, KIND)]


def test_the_sample_table_has_no_problems():
    assert messages(make_table()) == []


def test_a_verdict_names_outcome_clause_and_cells():
    verdict = evaluate(make_table(), SMALL, KIND)

    assert verdict.outcome == {"decision": "approve", "days": 90}
    assert verdict.clause == "R2"
    assert verdict.clause_text == (
        "If the amount is up to €50,000 and no conflict is found, the registration is approved at once and protection lasts 90 days."
    )
    assert [(cell.label, cell.cell, cell.value) for cell in verdict.cells] == [("Amount", "<= 50000", "€40,000"), ("Conflict", '"none"', "No conflict")]
    assert (verdict.inputs["amount"], verdict.inputs["tier"]) == ("40000", None)
    assert verdict.missing == ()


def test_a_verdict_says_what_would_have_changed_it():
    verdict = evaluate(make_table(), {"amount": Decimal("50000.01"), "conflict": "none"}, KIND)

    assert verdict.clause == "R3"
    assert verdict.would_change == (
        "If the amount is up to €50,000 instead, the registration is approved at once and protection lasts 90 days (clause R2).",
        "If we already sell to this customer ourselves instead, the registration is rejected (clause R1).",
    )


def test_a_change_that_leads_to_the_same_answer_is_not_offered():
    table = make_table(make_row("R1", {"amount": "<= 10"}), make_row("R2", {"amount": "<= 100"}, "approve"), make_row("R3"))

    verdict = evaluate(table, {"amount": 5}, KIND)

    assert verdict.would_change == ("If the amount is above €10 and up to €100 instead, the registration is approved at once (clause R2).",)


def test_values_with_the_same_effect_are_named_together():
    table = make_table(make_row("R1", {"tier": '"gold", "silver"'}, "approve"), make_row("R2"), inputs=("tier",))

    assert evaluate(table, {"tier": "bronze"}, KIND).would_change == (
        "If the tier is Gold or Silver instead, the registration is approved at once (clause R1).",
    )


def test_an_unnamed_text_is_everything_but_the_named_ones():
    table = make_table(make_row("R1", {"country": '"FI", "SE"'}, "approve"), make_row("R2"), inputs=("country",))

    assert evaluate(table, {"country": "FI"}, KIND).would_change == (
        "If the customer's country is not “FI” or “SE” instead, a partner manager decides (clause R2).",
    )


def test_a_fact_compared_with_another_fact_explains_both():
    table = make_table(make_row("R1", {"amount": "<= budget"}, "approve"), make_row("R2"), inputs=("amount",))

    verdict = evaluate(table, {"amount": 500, "budget": 300}, KIND)

    assert verdict.would_change == (
        "If the amount is up to €300 instead, the registration is approved at once (clause R1).",
        "If the budget left is at least €500 instead, the registration is approved at once (clause R1).",
    )


def test_a_fact_that_is_not_known_falls_through_and_is_named():
    verdict = evaluate(make_table(), {"conflict": "none"}, KIND)

    assert (verdict.clause, verdict.missing) == ("R3", ("amount",))
    assert verdict.would_change[0].startswith("If the amount is up to €50,000 instead, the registration is approved")


def test_not_never_holds_for_what_is_not_known():
    table = make_table(make_row("R1", {"tier": '!= "gold"'}, "approve"), make_row("R2"), inputs=("tier",))

    assert evaluate(table, {"tier": None}, KIND).clause == "R2"
    assert evaluate(table, {"tier": "silver"}, KIND).clause == "R1"


def test_amounts_are_exact():
    table = make_table(make_row("R1", {"amount": "== 12345678901234567.89"}, "approve"), make_row("R2"), inputs=("amount",))

    assert evaluate(table, {"amount": "12345678901234567.89"}, KIND).clause == "R1"
    assert evaluate(table, {"amount": "12345678901234567.88"}, KIND).clause == "R2"
    assert evaluate(table, {"amount": Decimal("0.1") + Decimal("0.2")}, KIND).inputs["amount"] == "0.3"


def test_a_collecting_table_answers_with_every_clause():
    kind = make_kind(hit="collect")
    table = make_table(make_row("R1", {"amount": "> 100"}), make_row("R2", {"tier": '"gold"'}, "approve"), inputs=("amount", "tier"), hit="collect")

    both, none = evaluate(table, {"amount": 200, "tier": "gold"}, kind), evaluate(table, {"amount": 1}, kind)

    assert (both.clause, [match.outcome["decision"] for match in both.matches]) == ("R1, R2", ["review", "approve"])
    assert (none.outcome, none.clause, none.clause_text) == (None, "", "No clause applies.")
    assert both.would_change[0] == "If the amount is up to €100 instead, the registration is approved at once (clause R2)."


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"amountt": 5}, "does not ask for “amountt”"),
        ({"amount": "a lot"}, "cannot be “a lot”"),
        ({"amount": True}, "cannot be “True”"),
        ({"amount": float("nan")}, "cannot be “nan”"),
        ({"amount": 10**30}, "Amount cannot be"),
        ({"conflict": "huge"}, "has no answer “huge”"),
        ({"close_date": "soon"}, "cannot be “soon”"),
        ({"country": "x" * 501}, "Customer's country cannot be"),
    ],
)
def test_an_odd_fact_is_refused_by_name(inputs, said):
    with pytest.raises(BadFact, match=said):
        evaluate(make_table(), inputs, KIND)


@pytest.mark.parametrize(
    ("rows", "field", "said"),
    [
        ((make_row("R1", {"amount": "<<= 5"}), make_row("R2")), "rows[0].amount", "needs an amount"),
        ((make_row("R1", {"conflict": "none"}), make_row("R2")), "rows[0].conflict", 'Write "none"'),
        ((make_row("R1", {"amount": "<= limit"}), make_row("R2")), "rows[0].amount", "one of: budget"),
        ((make_row("R1", {"amount": "<= days_open"}), make_row("R2")), "rows[0].amount", "not of one type"),
        ((make_row("R1", {"amount": "<= amount"}), make_row("R2")), "rows[0].amount", "with itself"),
        ((make_row("R1", {"tier": '"gold"'}), make_row("R2")), "rows[0].tier", "no column “tier”"),
        ((make_row("R1"), make_row("R1")), "rows[1].id", "already the name of row 1"),
        ((make_row("R 1"),), "rows[0].id", "for example R1"),
        ((make_row("R1", {"amount": "<= 5"}),), "rows[0]", "every other case"),
        ((make_row("R1"), make_row("R2")), "rows[1]", "R2 can never apply: R1"),
        ((make_row("R1", {"amount": "<= 5"}), make_row("R2", {"amount": "<= 5"}), make_row("R3")), "rows[1]", "R2 can never apply: R1"),
        ((make_row("R1", {"amount": "<= 50"}), make_row("R2", {"amount": "[10..20]"}), make_row("R3")), "rows[1]", "R2 can never apply: R1"),
        ((Row("R1", {}, {}),), "rows[0].decision", "answers nothing"),
        ((Row("R1", {}, {"decision": "approve"}),), "rows[0].decision", 'Write "approve"'),
        ((Row("R1", {}, {"decision": '"approve"', "days": "1.5"}),), "rows[0].days", "steps of 1"),
        ((make_row("R1", note="x" * 501),), "rows[0].note", "under 500"),
    ],
)
def test_a_check_names_row_and_column_and_says_how_to_fix_it(rows, field, said):
    found = messages(make_table(*rows))

    assert len(found) == 1
    assert found[0][0] == field
    assert said in found[0][1]


def test_a_table_of_unknown_columns_is_refused():
    table = replace(make_table(make_row("R1"), inputs=("amount", "amount")), outputs=("decision", "price"))

    assert [field for field, _message in messages(table)] == ["rows.price", "rows.amount"]


def test_the_graph_returns_the_same_table():
    table = make_table(
        make_row("R1", {"amount": "!= 5", "close_date": '[d("2026-01-01")..d("2026-02-01"))'}),
        make_row("R2", {"amount": "<= budget", "close_date": '!= d("2026-01-01")'}),
        make_row("R3", {"close_date": 'd("2026-01-01"), d("2026-03-01")', "country": '!= "FI"'}, note="Why."),
        make_row("R4"),
        inputs=("amount", "close_date", "country"),
    )

    graph = to_jdm(table, KIND)

    assert from_jdm(graph, KIND) == table
    assert fingerprint(graph) == fingerprint(to_jdm(from_jdm(graph, KIND), KIND))
    assert graph["nodes"][1]["content"]["rules"][1]["amount"] == "$ != null and budget != null and $ <= budget"


def test_days_decide_exactly():
    table = make_table(
        make_row("R1", {"close_date": '[d("2026-01-01")..d("2026-02-01"))'}),
        make_row("R2", {"close_date": 'd("2026-02-01")'}),
        make_row("R3", {"close_date": '> d("2026-06-01")'}),
        make_row("R4"),
        inputs=("close_date",),
    )

    days = ["2026-01-01", "2026-01-31", "2026-02-01", "2026-06-01", "2026-06-02", None]
    assert [evaluate(table, {"close_date": day}, KIND).clause for day in days] == ["R1", "R1", "R2", "R4", "R3", "R4"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda graph: graph["nodes"].append({"id": "x", "type": "functionNode", "content": "while(true){}"}),
        lambda graph: graph["nodes"].append(dict(graph["nodes"][1])),
        lambda graph: graph.pop("nodes"),
        lambda graph: graph["nodes"][1]["content"].pop("rules"),
        lambda graph: graph["nodes"][1]["content"]["rules"].append({"amount": "<= 5"}),
        lambda graph: graph["nodes"][1]["content"].update(rules=["R1"]),
        lambda graph: graph["nodes"][1].update(content=None),
        lambda graph: graph.update(nodes=["x"]),
    ],
)
def test_a_graph_with_anything_but_one_table_is_refused(spoil):
    graph = to_jdm(make_table(), KIND)
    spoil(graph)

    with pytest.raises(BadGraph):
        from_jdm(graph, KIND)


def test_a_table_reads_as_sentences():
    table = make_table(
        make_row("R1", {"renewal": "true", "days_open": "<= 1"}, "approve"),
        make_row("R2", {"tier": 'not in ["gold"]', "close_date": '< d("2026-12-24")'}),
        make_row("R3", {"amount": "null"}),
        make_row("R4", {}, "reject", 1),
        inputs=("renewal", "days_open", "tier", "close_date", "amount"),
    )

    assert [clause.text for clause in table_in_words(table, KIND)] == [
        "If it is a renewal and the first contact is up to 1 day, the registration is approved at once.",
        "If the tier is not Gold and the expected close is before 24 December 2026, a partner manager decides.",
        "If the amount is not known, a partner manager decides.",
        "In every other case, the registration is rejected and protection lasts 1 day.",
    ]


def test_a_difference_names_added_removed_changed_and_moved_clauses():
    old = make_table(make_row("A", {"amount": "<= 1"}), make_row("B", {"amount": "<= 2"}), make_row("C", {"conflict": '"none"'}), make_row("Z"))
    new = make_table(make_row("C", {"conflict": '"none"'}), make_row("A", {"amount": "<= 5"}), make_row("N", {"amount": "<= 9"}, "reject"), make_row("Z"))

    found = [(change.change, change.clause, change.before, change.after) for change in differences(old, new, KIND)]

    assert found == [
        ("moved", "C", "If no conflict is found, a partner manager decides.", "If no conflict is found, a partner manager decides."),
        ("changed", "A", "If the amount is up to €1, a partner manager decides.", "If the amount is up to €5, a partner manager decides."),
        ("added", "N", "", "If the amount is up to €9, the registration is rejected."),
        ("removed", "B", "If the amount is up to €2, a partner manager decides.", ""),
    ]
    assert differences(old, old, KIND) == ()


def test_a_replay_counts_the_cases_whose_answer_moves():
    draft = make_table(make_row("R2", {"amount": "<= 30000", "conflict": '"none"'}, "approve", 90), make_row("R3"))
    cases = [Case(str(n), f"DR-{n}", {"amount": amount, "conflict": "none"}, "", "") for n, amount in enumerate(["10", "40000", "90000"])]
    odd = Case("x", "odd", {"amount": "much"}, "", "")

    result = replay(Compiled(draft, KIND), Compiled(make_table(), KIND), [*cases, odd])

    assert (result.total, result.changed, result.unreadable) == (4, 1, 1)
    assert result.moves == (("the registration is approved at once and protection lasts 90 days", "a partner manager decides", 1),)
    assert (result.listed[0].case.title, result.listed[0].clause) == ("DR-1", "R3")


def test_choices_that_are_data_do_not_refuse_an_old_value():
    kind = make_kind(inputs=(Fact("tier", "Tier", "choice", lambda: (("gold", "Gold"),)),))
    table = make_table(make_row("R1", {"tier": '"gold"'}, "approve"), make_row("R2"), inputs=("tier",))

    assert evaluate(table, {"tier": "platinum"}, kind).clause == "R2"
    assert [problem.field for problem in check(make_table(make_row("R1", {"tier": '"platinum"'}), make_row("R2"), inputs=("tier",)), kind)] == ["rows[0].tier"]


def test_tidy_brings_cells_to_one_spelling():
    table = tidy(make_table(make_row("R1", {"amount": "<=050", "conflict": "'none'"}), make_row("R2", {"amount": " "})), KIND)

    assert table.rows[0].when == {"amount": "<=050", "conflict": '"none"'}
    assert table.rows[1].when == {}
