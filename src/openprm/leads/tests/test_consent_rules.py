"""Which ground is enough where, what a consent must carry, and how the default tables answer."""

from datetime import UTC, datetime, timedelta

import pytest

from openprm.leads.intake_rulekinds import CONSENT_KIND, SCORE_KIND
from openprm.leads.rules import scoring
from openprm.leads.rules.consent import KEPT_AFTER_CLOSING, ConsentGiven, Ground, Need, flaws, is_due_for_erasure, satisfies
from openprm.rulebook.rules.evaluation import evaluate

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SPOKEN = {"text": "You may call me.", "text_version": "2026-03", "given_at": AT}


@pytest.mark.parametrize(
    ("country", "person", "needs", "clause"),
    [
        ("DE", True, "double_opt_in", "C3"),
        ("DE", False, "nothing", "C1"),
        ("AT", True, "opt_in", "C4"),
        ("CA", True, "opt_in", "C4"),
        ("FR", True, "interest", "C5"),
        ("GB", True, "interest", "C5"),
        ("US", True, "nothing", "C6"),
        (None, True, "opt_in", "C2"),
    ],
)
def test_the_default_table_asks_for_what_the_law_of_the_country_asks(country, person, needs, clause):
    verdict = evaluate(CONSENT_KIND.default_table, {"country": country, "person": person, "source": "api"}, CONSENT_KIND)

    assert (verdict.outcome["needs"], verdict.clause) == (needs, clause)


@pytest.mark.parametrize(
    ("ground", "enough_for"),
    [
        (Ground.DOUBLE_OPT_IN, set(Need)),
        (Ground.CUSTOMER, set(Need)),
        (Ground.OPT_IN, {Need.OPT_IN, Need.INTEREST, Need.NOTHING}),
        (Ground.INTEREST, {Need.INTEREST, Need.NOTHING}),
        (Ground.NONE, {Need.NOTHING}),
        (Ground.PENDING, set()),
    ],
)
def test_a_ground_is_enough_for_itself_and_for_less(ground, enough_for):
    assert {need for need in Need if satisfies(ground, need)} == enough_for


def test_a_spoken_consent_carries_its_words_their_version_and_the_moment():
    assert [flaw.code for flaw in flaws(ConsentGiven(ground=Ground.OPT_IN), at=AT)] == ["no_text", "no_version", "no_moment"]
    assert flaws(ConsentGiven(ground=Ground.OPT_IN, **SPOKEN), at=AT) == ()


def test_a_consent_of_tomorrow_is_none_yet():
    given = ConsentGiven(ground=Ground.OPT_IN, **{**SPOKEN, "given_at": AT + timedelta(hours=1)})

    assert [(flaw.code, flaw.field) for flaw in flaws(given, at=AT)] == [("in_the_future", "consent.given_at")]


def test_clocks_may_differ_by_some_minutes():
    assert flaws(ConsentGiven(ground=Ground.OPT_IN, **{**SPOKEN, "given_at": AT + timedelta(minutes=9)}), at=AT) == ()


@pytest.mark.parametrize("ground", [Ground.CUSTOMER, Ground.INTEREST])
def test_a_ground_without_words_says_where_it_is_written_down(ground):
    assert [flaw.code for flaw in flaws(ConsentGiven(ground=ground), at=AT)] == ["no_source"]
    assert flaws(ConsentGiven(ground=ground, source="Contract 12"), at=AT) == ()


def test_contact_data_is_kept_for_two_years_after_a_lead_closed():
    assert not is_due_for_erasure(closed_at=None, at=AT)
    assert not is_due_for_erasure(closed_at=AT - KEPT_AFTER_CLOSING + timedelta(seconds=1), at=AT)
    assert is_due_for_erasure(closed_at=AT - KEPT_AFTER_CLOSING, at=AT)


def test_points_add_up_by_the_clauses_that_apply():
    facts = {"source": "referral", "amount": 100000, "product": True, "phone": True, "need_length": 90, "free_mail": False, "employees": 40}
    verdict = evaluate(SCORE_KIND.default_table, facts, SCORE_KIND)
    score = scoring.computed(scoring.Points(one.clause, one.text, int(one.outcome["points"])) for one in verdict.matches)

    assert [one.clause for one in score.parts] == ["S1", "S2", "S5", "S6", "S7"]
    assert score.points == 20 + 25 + 20 + 10 + 5 + 10 == 90


def test_points_stay_between_0_and_100():
    assert scoring.computed([scoring.Points("S1", "", 300)]).points == 100
    assert scoring.computed([scoring.Points("S1", "", -300)]).points == 0


def test_a_score_that_came_with_the_lead_is_kept():
    assert scoring.given(73) == scoring.Score(73, (), is_given=True)
    with pytest.raises(ValueError, match="between 0 and 100"):
        scoring.given(101)


@pytest.mark.parametrize(("points", "grade"), [(100, "A"), (70, "A"), (69, "B"), (50, "B"), (49, "C"), (30, "C"), (29, "D"), (0, "D")])
def test_points_make_a_grade(points, grade):
    assert scoring.grade_of(points) == grade
