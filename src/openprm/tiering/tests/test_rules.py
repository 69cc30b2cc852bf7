"""The pure part: formulas, points, the forgiving window, the ladder, criteria, risk. Tables of cases a person can check."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest

from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table
from openprm.rulebook.rules.reading import ReadTable
from openprm.tiering.rules import formula, risk, window
from openprm.tiering.rules.ladder import Next, Policy, Rung, Situation, Step, may_ask_again, next_step, rung_of
from openprm.tiering.rules.points import PointsLine, earn, points_for
from openprm.tiering.rules.progress import Projection, ways_to

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
BRONZE, SILVER, GOLD = Rung(1, "bronze"), Rung(2, "silver"), Rung(3, "gold")
KIND = RuleKind(
    code="tiering.tier", title="Tiers", about="",
    inputs=(
        Fact("revenue_won", "Revenue won", "money", unit="EUR"), Fact("certifications", "Certifications", "number", decimals=0),
        Fact("partner_type", "Type", "text"), Fact("complaints", "Complaints", "number", decimals=0),
    ),
    outcomes=(Outcome("tier", "Tier", "choice", choices=tuple(Choice(code) for code in ("bronze", "silver", "gold", "keep"))),),
    default_table=Table((), ("tier",), ()),
)  # fmt: skip
TABLE = Table(
    inputs=("revenue_won", "certifications", "complaints"),
    outputs=("tier",),
    rows=(
        Row("T1", {"revenue_won": ">= 600000", "certifications": ">= 6", "complaints": "<= 2"}, {"tier": '"gold"'}),
        Row("T2", {"revenue_won": ">= 200000", "certifications": ">= 3"}, {"tier": '"silver"'}),
        Row("T3", {}, {"tier": '"bronze"'}),
    ),
)
READ = ReadTable(TABLE, KIND)
RANKS = {"bronze": 1, "silver": 2, "gold": 3}


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("won / registered", {"won": D(3), "registered": D(4)}, D("0.75")),
        ("won / registered", {"won": D(3), "registered": D(0)}, None),
        ("won / registered", {"won": None, "registered": D(4)}, None),
        ("min(a, b, 10) + 0.1 * 3", {"a": D(12), "b": D(11)}, D("10.3")),
        ("-(a - b) * 2", {"a": D(1), "b": D(4)}, D(6)),
        ("1 / 3", {}, D("0.333333")),
        ("a * a", {"a": D(10) ** 12}, None),
    ],
)
def test_a_formula_is_worked_out(text, facts, expected):
    assert formula.value(formula.read(text), facts) == expected


@pytest.mark.parametrize(
    "text", ["", "a +", "__import__('os')", "a.b", "a[0]", "'text'", "lambda: 1", "a ** 9", "f(a)", "max(a)", "True", "a if b else c", "1" * 400, "(" * 250]
)
def test_anything_else_is_no_formula(text):
    with pytest.raises(formula.BadFormula):
        formula.read(text)


def test_metrics_come_after_those_they_read():
    read = {name: formula.read(text) for name, text in {"c": "b + 1", "b": "a * 2", "d": "won"}.items()} | {"a": formula.read("won / 2")}

    assert formula.in_order(read, {"won"}) == ("a", "b", "c", "d")


def test_a_circle_is_named_in_full():
    read = {name: formula.read(text) for name, text in {"a": "b + 1", "b": "c", "c": "a"}.items()}

    with pytest.raises(formula.Circle) as found:
        formula.in_order(read, set())
    assert found.value.path == ("a", "b", "c", "a")


def test_a_metric_that_reads_itself_is_a_circle():
    with pytest.raises(formula.Circle, match="a -> a"):
        formula.in_order({"a": formula.read("a + 1")}, set())


def test_an_unknown_fact_is_named():
    with pytest.raises(formula.UnknownFact, match="wonn"):
        formula.in_order({"a": formula.read("wonn + 1")}, {"won"})


@pytest.mark.parametrize(
    ("have", "expected"),
    [(D(0), "0"), (D(-5), "0"), (None, "0"), (D(1), "0.13"), (D(150), "20"), (D(299), "39.86"), (D(300), "40"), (D(900), "40")],
)
def test_points_grow_with_the_metric_up_to_all_of_them(have, expected):
    assert points_for(have, D(300), D(40)) == D(expected)


LINES = (
    PointsLine("P1", "revenue_won", D(100_000), D(50), is_floored=True),
    PointsLine("P2", "certifications", D(5), D(30), is_floored=True),
    PointsLine("P3", "satisfaction", D(10), D(20)),
)


def test_points_of_all_metrics_are_summed():
    score = earn(LINES, {"revenue_won": D(80_000), "certifications": D(2), "satisfaction": D("8.5")})

    assert (score.points, score.most, score.floors_met) == (D("69"), D(100), True)


def test_a_floored_metric_of_nothing_fails_whatever_the_sum():
    score = earn(LINES, {"revenue_won": D(500_000), "certifications": D(0), "satisfaction": D(10)})

    assert (score.points, score.floors_met) == (D(70), False)


def test_a_metric_without_a_floor_may_be_missing():
    assert earn(LINES, {"revenue_won": D(500_000), "certifications": D(5), "satisfaction": None}).floors_met is True


@pytest.mark.parametrize(
    ("today", "first"), [(date(2026, 11, 23), date(2026, 6, 1)), (date(2026, 3, 31), date(2025, 10, 1)), (date(2026, 6, 1), date(2026, 1, 1))]
)
def test_the_window_reaches_back_over_five_full_months(today, first):
    assert window.first_day(today) == first


@pytest.mark.parametrize(
    ("last_on", "through"), [(date(2026, 6, 1), date(2026, 11, 30)), (date(2026, 6, 30), date(2026, 11, 30)), (date(2025, 9, 5), date(2026, 2, 28))]
)
def test_one_day_in_a_month_holds_through_the_fifth_month_after(last_on, through):
    assert window.held_through(last_on) == through


def test_the_window_and_its_end_say_the_same():
    for days in range(900):
        last_on = date(2024, 1, 1) + timedelta(days=days)
        end = window.held_through(last_on)
        assert window.first_day(end) <= last_on < window.first_day(end + timedelta(days=1))


GRACE = AT + timedelta(days=60)
AUTOMATIC = Policy(promotes_at_once=True, demotes_at_once=True)
BY_PERSON = Policy(promotes_at_once=False, demotes_at_once=False)


@pytest.mark.parametrize(
    ("situation", "policy", "expected"),
    [
        (Situation(SILVER, None), AUTOMATIC, Next(Step.STAY)),
        (Situation(SILVER, SILVER), AUTOMATIC, Next(Step.STAY)),
        (Situation(SILVER, GOLD), AUTOMATIC, Next(Step.PROMOTE, GOLD)),
        (Situation(BRONZE, GOLD), BY_PERSON, Next(Step.ASK_PROMOTION, GOLD)),
        (Situation(GOLD, BRONZE), AUTOMATIC, Next(Step.BEGIN_GRACE, BRONZE, GRACE)),
        (Situation(GOLD, BRONZE, forgiven=GOLD), AUTOMATIC, Next(Step.STAY)),
        (Situation(GOLD, BRONZE, forgiven=SILVER), AUTOMATIC, Next(Step.BEGIN_GRACE, SILVER, GRACE)),
        (Situation(SILVER, BRONZE, forgiven=GOLD), AUTOMATIC, Next(Step.STAY)),
        (Situation(GOLD, BRONZE, forgiven=GOLD), Policy(is_forgiving=False), Next(Step.BEGIN_GRACE, BRONZE, GRACE)),
        (Situation(GOLD, SILVER, grace_until=AT + timedelta(days=1)), AUTOMATIC, Next(Step.WAIT, SILVER, AT + timedelta(days=1))),
        (Situation(GOLD, SILVER, grace_until=AT), AUTOMATIC, Next(Step.DEMOTE, SILVER, AT)),
        (Situation(GOLD, SILVER, grace_until=AT), BY_PERSON, Next(Step.ASK_DEMOTION, SILVER, AT)),
        (Situation(GOLD, GOLD, grace_until=AT), AUTOMATIC, Next(Step.END_GRACE)),
        (Situation(GOLD, BRONZE, exempt_until=AT.date()), AUTOMATIC, Next(Step.STAY)),
        (Situation(BRONZE, GOLD, exempt_until=AT.date()), AUTOMATIC, Next(Step.STAY)),
        (Situation(GOLD, BRONZE, exempt_until=AT.date() - timedelta(days=1)), AUTOMATIC, Next(Step.BEGIN_GRACE, BRONZE, GRACE)),
    ],
)
def test_what_follows_from_a_situation(situation, policy, expected):
    assert next_step(situation, policy, AT) == expected


def test_nobody_is_demoted_on_the_day_it_falls_below_the_line_even_without_grace():
    assert next_step(Situation(GOLD, BRONZE), Policy(grace_days=0, demotes_at_once=True), AT).step is Step.BEGIN_GRACE


@pytest.mark.parametrize(("answer", "rung"), [("gold", GOLD), ("keep", None), ("", None), (None, None), ("diamond", None)])
def test_an_answer_names_a_rung_of_the_program_or_none(answer, rung):
    assert rung_of(answer, (BRONZE, SILVER, GOLD), SILVER) == rung


def test_a_declined_question_rests_for_a_while():
    assert [may_ask_again(asked, Policy(), AT) for asked in (None, AT - timedelta(days=90), AT - timedelta(days=89))] == [True, True, False]


def test_what_is_missing_for_the_next_tier():
    facts = {"revenue_won": D(412_000), "certifications": D(4), "complaints": D(1)}

    way = ways_to(READ, RANKS, 3, facts)[0]

    assert (way.clause, way.tier, way.is_met, way.share) == ("T1", "gold", False, 78)
    assert [(one.fact, one.have, one.need, one.missing, one.share) for one in way.criteria] == [
        ("revenue_won", D(412_000), D(600_000), D(188_000), 68),
        ("certifications", D(4), D(6), D(2), 66),
        ("complaints", D(1), D(2), None, 100),
    ]
    assert way.criteria[0].words == "The revenue won is at least €600,000"


def test_the_nearest_way_comes_first_and_higher_tiers_after_it():
    facts = {"revenue_won": D(0), "certifications": D(0), "complaints": D(0)}

    assert [way.tier for way in ways_to(READ, RANKS, 2, facts)] == ["silver", "gold"]


def test_unknown_facts_count_as_nothing():
    way = ways_to(READ, RANKS, 2, {"revenue_won": None, "certifications": None})[0]

    assert [(one.is_met, one.missing, one.share) for one in way.criteria] == [(False, D(200_000), 0), (False, D(3), 0)]


HELD = {"revenue_won": D(230_000), "certifications": D(3), "complaints": D(0)}


def dangers(facts, **projections):
    found = {name: Projection(fact=name, now=facts.get(name), **values) for name, values in projections.items()}
    way = ways_to(READ, RANKS, 2, facts)[0]
    return [(one.cause.value, one.fact, one.then) for one in risk.reasons(way, found, today=AT.date(), warn_days=90, counted=("certifications",))]


@pytest.mark.parametrize(
    ("facts", "projections", "expected"),
    [
        (HELD | {"certifications": D(5)}, {}, []),
        (HELD, {}, [("one_spare", "certifications", D(2))]),
        (HELD, {"certifications": {"later": None, "lost": D(1)}}, [("expiring", "certifications", D(2))]),
        (HELD | {"certifications": D(5)}, {"revenue_won": {"later": D(180_000)}}, [("trend", "revenue_won", D(180_000))]),
        (HELD | {"revenue_won": D(150_000)}, {}, [("below", "revenue_won", D(150_000)), ("one_spare", "certifications", D(2))]),
    ],
)
def test_reasons_why_a_tier_is_in_danger(facts, projections, expected):
    assert dangers(facts, **projections) == expected


@pytest.mark.parametrize(("won", "pipeline", "stake"), [(100, 40, 100), (0, 40, 40), (0, 0, 0), (-5, -9, 0)])
def test_money_at_stake_is_the_larger_of_won_and_open(won, pipeline, stake):
    assert risk.at_stake(won, pipeline) == stake
