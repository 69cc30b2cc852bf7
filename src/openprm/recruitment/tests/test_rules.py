"""The pure rules: points, likeness, gaps, stages, signals, referral windows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.recruitment.rules import facts, likeness, referral, scoring, signals, stages, whitespace
from openprm.recruitment.rules.scoring import Criterion, Fit, Flaw, Operator, State, read, score
from openprm.recruitment.rules.whitespace import Cell, Demand, Supply

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
SIZE = Criterion("employees", Operator.BETWEEN, (50, 500), 30)
INDUSTRY = Criterion("industries", Operator.ANY, ("Manufacturing", "Energy"), 30)
SKILLS = Criterion("skills", Operator.ALL, ("SAP", "Azure"), 20)
COUNTRY = Criterion("country", Operator.ONE_OF, ("FI", "SE"), 20)
PROFILE = (SIZE, INDUSTRY, SKILLS, COUNTRY)


def test_the_worked_example_of_the_documentation():
    found = score(PROFILE, {"employees": 120, "industries": ["manufacturing"], "skills": ["sap"]})

    assert (found.points, found.could_reach, found.missing_share, found.fit) == (70, 90, 0.2, Fit.STRONG)
    assert [(one.state, one.points, one.most) for one in found.criteria] == [
        (State.MET, Decimal("30.0"), Decimal("30.0")),
        (State.MET, Decimal("30.0"), Decimal("30.0")),
        (State.PART, Decimal("10.0"), Decimal("20.0")),
        (State.MISSING, Decimal("0.0"), Decimal("20.0")),
    ]
    assert (found.criteria[2].matched, found.criteria[2].lacking) == (("SAP",), ("Azure",))


def test_what_is_missing_never_makes_a_weak_fit():
    assert score(PROFILE, {}).fit is Fit.OPEN
    assert score(PROFILE, {}).missing_share == 1.0


def test_a_company_that_could_not_reach_the_bar_is_weak():
    assert score(PROFILE, {"employees": 5, "industries": ["Retail"]}).fit is Fit.WEAK


@pytest.mark.parametrize(
    ("operator", "value", "known", "expected"),
    [
        (Operator.AT_LEAST, 50, 50, State.MET),
        (Operator.AT_LEAST, 50, 49, State.MISSED),
        (Operator.AT_MOST, 50, 50, State.MET),
        (Operator.AT_MOST, 50, 51, State.MISSED),
        (Operator.BETWEEN, (50, 60), 60, State.MET),
        (Operator.BETWEEN, (50, 60), 61, State.MISSED),
        (Operator.IS, 50, 50, State.MET),
        (Operator.EXISTS, None, 0, State.MET),
    ],
)
def test_numbers_include_their_ends(operator, value, known, expected):
    assert score([Criterion("employees", operator, value)], {"employees": known}).criteria[0].state is expected


def test_words_are_compared_without_case_accents_and_spaces():
    found = score([Criterion("skills", Operator.ALL, ("Azure DevOps", "Élan"))], {"skills": "azuredevops; elan"})

    assert found.points == 100


def test_words_with_signs_are_not_confused():
    assert score([Criterion("skills", Operator.ANY, ("C++",))], {"skills": ["C"]}).points == 0


@given(
    weights=st.lists(st.integers(1, 100), min_size=1, max_size=8),
    known=st.dictionaries(st.sampled_from([f.name for f in facts.FACTS]), st.one_of(st.integers(-5, 10**6), st.text(max_size=20)), max_size=6),
)
def test_points_stay_between_nothing_and_what_could_be_reached(weights, known):
    criteria = [Criterion(facts.FACTS[n % len(facts.FACTS)].name, Operator.EXISTS, None, weight) for n, weight in enumerate(weights)]

    found = score(criteria, known)

    assert 0 <= found.points <= found.could_reach == 100
    assert round(100 * (1 - found.missing_share)) in (found.points, found.points + 1, found.points - 1)


@given(extra=st.sampled_from([("country", "FI"), ("skills", ["SAP", "Azure"]), ("employees", 100)]))
def test_a_good_fact_never_lowers_the_points(extra):
    base = {"industries": ["Energy"]}

    assert score(PROFILE, {**base, extra[0]: extra[1]}).points >= score(PROFILE, base).points


def test_a_profile_without_criteria_is_refused():
    with pytest.raises(ValueError, match="at least one criterion"):
        score([], {})


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        (("shoe_size", "at_least", "5", 1), Flaw.UNKNOWN_FACT),
        (("employees", "contains_any", "5", 1), Flaw.WRONG_OPERATOR),
        (("employees", "at_least", "many", 1), Flaw.WRONG_VALUE),
        (("employees", "at_least", "", 1), Flaw.NO_VALUE),
        (("employees", "between", ["500", "50"], 1), Flaw.EMPTY_RANGE),
        (("employees", "between", "50", 1), Flaw.WRONG_VALUE),
        (("country", "one_of", "FI, Finland", 1), Flaw.WRONG_VALUE),
        (("ownership", "is", "mine", 1), Flaw.WRONG_VALUE),
        (("employees", "at_least", "5", 0), Flaw.WRONG_WEIGHT),
        (("employees", "at_least", "5", True), Flaw.WRONG_WEIGHT),
        (("employees", "at_least", "5", "ten"), Flaw.WRONG_WEIGHT),
    ],
)
def test_a_line_that_cannot_be_a_criterion_says_why(line, flaw):
    assert read(*line) is flaw


def test_a_criterion_is_kept_clean():
    assert read("country", "one_of", "fi, se", 5) == Criterion("country", Operator.ONE_OF, ("FI", "SE"), 5)
    assert read("employees", "between", ["50", "500"], 5) == Criterion("employees", Operator.BETWEEN, (50, 500), 5)
    assert read("skills", "contains_all", "SAP, sap, Azure", 5) == Criterion("skills", Operator.ALL, ("SAP", "Azure"), 5)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("employees", "1 200", 1200),
        ("employees", -4, None),
        ("employees", True, None),
        ("founded", 2015, 2015),
        ("founded", 15, None),
        ("country", "fi", "FI"),
        ("country", "Finland", None),
        ("ownership", "Family", "family"),
        ("skills", "SAP, , azure\x00", ("SAP", "azure")),
        ("skills", [], None),
        ("region", "  Nordics\n", "Nordics"),
    ],
)
def test_a_fact_that_cannot_be_read_counts_as_unknown(name, value, kept):
    assert facts.clean_value(name, value) == kept


def test_a_prospect_goes_freely_between_open_stages_and_never_back_from_partner():
    assert stages.can_move("identified", "qualified")
    assert stages.can_move("qualified", "contacted")
    assert stages.can_move("lost", "identified")
    assert not stages.can_move("lost", "engaged")
    assert not any(stages.can_move("converted", stage) for stage in stages.Stage)


def test_a_signal_that_contradicts_what_is_known_is_doubted():
    doubt = signals.doubt("headcount", "140", confidence=90, observed_at=AT - timedelta(days=2), known={"employees": 95}, at=AT)

    assert (doubt.against, doubt.is_stale, doubt.is_weak) == (95, False, False)


def test_words_add_and_never_contradict():
    assert signals.doubt("skill", "Azure", confidence=90, observed_at=AT, known={"skills": ("SAP",)}, at=AT).is_none


@pytest.mark.parametrize(("days", "confidence", "is_stale", "is_weak"), [(365, 60, False, False), (366, 60, True, False), (1, 59, False, True)])
def test_old_and_weak_signals_are_marked(days, confidence, is_stale, is_weak):
    doubt = signals.doubt("skill", "Azure", confidence=confidence, observed_at=AT - timedelta(days=days), known={}, at=AT)

    assert (doubt.is_stale, doubt.is_weak) == (is_stale, is_weak)


def test_hiring_feeds_no_fact():
    assert signals.fed_value("hiring", "Three engineers") is None


A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


def test_likeness_has_three_parts_and_weighs_them():
    known = likeness.Known(A, {"type": "si", "country": "FI", "skills": ["SAP", "Azure"], "employees": 100}, 90)

    found = likeness.likeness({"type": "si", "country": "SE", "skills": ["SAP"], "employees": 250}, known)

    assert (found.category, found.profile, found.performance) == (50, 75, 90)
    assert found.total == round((40 * 50 + 40 * 75 + 20 * 90) / 100)


def test_a_part_that_nobody_can_tell_is_left_out_of_the_total():
    found = likeness.likeness({"type": "si"}, likeness.Known(A, {"type": "si"}, None))

    assert (found.category, found.profile, found.performance, found.total) == (100, None, None, 100)


def test_nothing_known_is_like_nobody():
    assert likeness.nearest({}, [likeness.Known(A, {"type": "si"}, 90)]) is None


def test_only_the_best_partners_are_worth_resembling():
    known = [likeness.Known(A, {}, 10), likeness.Known(B, {}, 90), likeness.Known(C, {}, 50)]

    assert [one.id for one in likeness.best(known, most=2)] == [B, C]


def test_ranks_say_how_many_did_not_better():
    assert likeness.ranks({A: 500, B: 100}, [A, B, C]) == {A: 100, B: 67, C: 0}


CELL = Cell("Edge Gateway", "Nordics", "Energy")


def test_a_gap_without_partners_risks_all_of_its_pipeline():
    (gap,) = whitespace.gaps([Demand(CELL, 100_00), Demand(CELL, 50_00)], [])

    assert (gap.deals, gap.amount_minor, gap.at_risk_minor, gap.partners) == (2, 150_00, 150_00, ())


def test_a_capable_partner_serves_five_deals():
    able = Supply(A, frozenset({"edgegateway"}), frozenset({"nordics"}))

    (gap,) = whitespace.gaps([Demand(CELL, 100_00)] * 6, [able])

    assert (gap.partners, gap.at_risk_minor) == ((A,), 100_00)


@pytest.mark.parametrize(
    ("supply", "expected"),
    [
        (Supply(A, frozenset({"edgegateway"}), frozenset({"nordics"}), frozenset({"energy"})), True),
        (Supply(A, frozenset({"edgegateway"}), frozenset({"nordics"}), frozenset({"retail"})), False),
        (Supply(A, frozenset({"edgegateway"}), frozenset({"iberia"})), False),
        (Supply(A, frozenset({"mes"}), frozenset({"nordics"})), False),
    ],
)
def test_a_partner_serves_what_it_can_where_it_is_for_whom_it_works(supply, expected):
    assert whitespace.serves(supply, CELL) is expected


def test_gaps_come_by_what_is_at_risk():
    small, large = Cell("MES", "Iberia", ""), Cell("MES", "Nordics", "")

    found = whitespace.gaps([Demand(small, 10), Demand(large, 90)], [])

    assert [gap.cell for gap in found] == [large, small]
    assert whitespace.matrix(found)[("MES", "Nordics")].at_risk_minor == 90


def test_the_reward_runs_from_the_first_commission_to_the_end_that_is_not_in_it():
    starts, ends = referral.window(AT, 30)

    assert referral.pays(starts, ends, AT)
    assert referral.pays(starts, ends, ends - timedelta(seconds=1))
    assert not referral.pays(starts, ends, ends)
    assert not referral.pays(None, None, AT)


def test_a_partner_refers_itself_by_any_of_its_domains():
    assert referral.is_self_referral(referrer_domains=("kallio.example", ""), company_domains=("kallio.example",))
    assert not referral.is_self_referral(referrer_domains=("kallio.example", ""), company_domains=("", "other.example"))


def test_a_referral_earns_only_after_it_joined():
    assert not referral.can_move("applied", "earning")
    assert referral.can_move("joined", "earning")
    assert scoring.STRONG == 70
