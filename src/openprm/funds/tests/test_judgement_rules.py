"""The judgement of a claim: exact amounts, every reason, and laws that hold for any input."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.funds.rules.catalogue import FORMATS, ActivityTerms, ProofTerms, why_not_usable
from openprm.funds.rules.judgement import HandedIn, Paper, claim_by, judge
from openprm.kernel.money import Money

FIRST, LAST, TODAY = date(2026, 10, 1), date(2026, 10, 3), date(2026, 11, 1)
INVOICE = ProofTerms(code="invoice", name="Invoice", formats=("pdf",), dated_within=False, max_age_days=60)
PHOTO = ProofTerms(code="photo", name="Photos of the stand", formats=("jpg", "png"), minimum=2, dated_within=True)
FAIR = ActivityTerms(
    code="fair", name="Trade fair", version=3, max_percent=Decimal(50), cap=Money(500_000, "EUR"), claim_within_days=60, proofs=(INVOICE, PHOTO)
)
PAPERS = (
    Paper(rule="invoice", format="pdf", dated_on=date(2026, 10, 5)),
    Paper(rule="photo", format="jpg", dated_on=date(2026, 10, 1)),
    Paper(rule="photo", format="png", dated_on=date(2026, 10, 3)),
)


def handed(**changes) -> HandedIn:
    values = {"spent": Money(800_000, "EUR"), "on": TODAY, "starts_on": FIRST, "ends_on": LAST, "papers": PAPERS}
    return HandedIn(**(values | changes))


def codes(found) -> list[str]:
    return [problem.code for problem in found.problems]


def test_half_of_what_was_spent_is_paid_when_every_proof_is_in():
    found = judge(FAIR, handed())
    assert (found.accepted, found.reimbursable, [step.code for step in found.steps]) == (True, Money(400_000, "EUR"), ["spent", "percent", "cap"])


def test_the_cap_ends_what_is_paid():
    assert judge(FAIR, handed(spent=Money(1_200_000, "EUR"))).reimbursable == Money(500_000, "EUR")


def test_a_claim_gives_no_more_than_what_is_left_of_the_approval():
    found = judge(FAIR, handed(left=Money(123_45, "EUR")))
    assert (found.reimbursable, found.steps[-1].code) == (Money(123_45, "EUR"), "left")


def test_half_a_cent_is_rounded_to_the_even_one():
    assert [judge(FAIR, handed(spent=Money(minor, "EUR"))).worth.minor for minor in (1, 3, 5)] == [0, 2, 2]


def test_a_missing_photo_is_named_and_nothing_is_paid_yet_but_its_worth_is_told():
    found = judge(FAIR, handed(papers=PAPERS[:2]))
    assert codes(found) == ["missing"]
    assert found.problems[0].values == {"name": "Photos of the stand", "count": 1, "formats": ("jpg", "png")}
    assert (found.reimbursable, found.worth) == (Money(0, "EUR"), Money(400_000, "EUR"))


@pytest.mark.parametrize(
    ("paper", "problem"),
    [
        (Paper(rule="invoice", format="docx", dated_on=TODAY), "format"),
        (Paper(rule="invoice", format="pdf"), "undated"),
        (Paper(rule="invoice", format="pdf", dated_on=TODAY + timedelta(days=1)), "future"),
        (Paper(rule="invoice", format="pdf", dated_on=TODAY - timedelta(days=61)), "too_old"),
        (Paper(rule="photo", format="jpg", dated_on=LAST + timedelta(days=1)), "outside"),
        (Paper(rule="photo", format="jpg", dated_on=FIRST - timedelta(days=1)), "outside"),
    ],
)
def test_a_file_that_does_not_count_says_why(paper, problem):
    others = tuple(one for one in PAPERS if one.rule != paper.rule)
    found = judge(FAIR, handed(papers=(*others, paper)))
    [answer] = next(one for one in found.proofs if one.proof.code == paper.rule).papers
    assert answer.problem
    assert answer.problem.code == problem
    assert not found.accepted
    assert codes(found) == ["missing"]


def test_the_edges_of_the_dates_count():
    old = Paper(rule="invoice", format="pdf", dated_on=TODAY - timedelta(days=60))
    assert judge(FAIR, handed(papers=(old, *PAPERS[1:]))).accepted


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"on": claim_by(FAIR, LAST) + timedelta(days=1)}, "too_late"),
        ({"claim_by": TODAY - timedelta(days=1)}, "too_late"),
        ({"on": FIRST - timedelta(days=1)}, "too_early"),
        ({"starts_on": LAST, "ends_on": FIRST}, "backwards"),
        ({"spent": Money(0, "EUR")}, "nothing_spent"),
        ({"spent": Money(-5, "EUR")}, "nothing_spent"),
        ({"left": Money(0, "EUR")}, "nothing_left"),
        ({"asked": Money(400_001, "EUR")}, "above"),
        ({"asked": Money(0, "EUR")}, "nothing_asked"),
        ({"papers": (*PAPERS, Paper(rule="poem", format="txt"))}, "unknown_proof"),
    ],
)
def test_what_stands_against_a_claim_is_named(changes, problem):
    found = judge(FAIR, handed(**changes))
    assert problem in codes(found)
    assert found.reimbursable.minor == 0


def test_a_moved_deadline_holds():
    assert judge(
        FAIR, handed(on=date(2026, 12, 30), claim_by=date(2026, 12, 31), papers=(Paper(rule="invoice", format="pdf", dated_on=date(2026, 12, 1)), *PAPERS[1:]))
    ).accepted


def test_asking_for_less_gives_what_is_asked_for():
    assert judge(FAIR, handed(asked=Money(100_00, "EUR"))).reimbursable == Money(100_00, "EUR")


def test_amounts_in_two_currencies_are_never_compared():
    with pytest.raises(ValueError, match="convert first"):
        judge(FAIR, handed(spent=Money(100, "USD")))


def test_terms_survive_their_way_into_a_request_and_back():
    assert ActivityTerms.from_json(FAIR.as_json()) == FAIR


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ({"country": "FI", "program": "core", "tier": "gold", "partner_type": "msp"}, ""),
        ({"country": "SE", "program": "core", "tier": "gold", "partner_type": "msp"}, "country"),
        ({"country": "FI", "program": "other", "tier": "gold", "partner_type": "msp"}, "program"),
        ({"country": "FI", "program": "core", "tier": "", "partner_type": "msp"}, "tier"),
        ({"country": "FI", "program": "core", "tier": "gold", "partner_type": "var"}, "partner_type"),
    ],
)
def test_a_kind_is_open_to_those_it_names(place, reason):
    terms = ActivityTerms.from_json(FAIR.as_json() | {"countries": ["FI"], "programs": ["core"], "tiers": ["gold"], "partner_types": ["msp"]})
    assert (why_not_usable(terms, **place), why_not_usable(FAIR, **place)) == (reason, "")


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
papers = st.lists(st.builds(Paper, rule=st.sampled_from(["invoice", "photo"]), format=st.sampled_from(FORMATS), dated_on=st.none() | days), max_size=6)
money = st.integers(0, 10**10).map(lambda minor: Money(minor, "EUR"))


@given(money, st.none() | money, st.none() | money, papers, days)
def test_no_claim_ever_gives_more_than_spent_capped_left_or_asked(spent, left, asked, files, on):
    found = judge(FAIR, handed(spent=spent, left=left, asked=asked, papers=tuple(files), on=on))
    limits = [spent, Money(500_000, "EUR"), *(one for one in (left, asked) if one is not None)]
    assert 0 <= found.reimbursable.minor <= min(limit.minor for limit in limits)
    assert found.accepted == (not found.problems)
    assert found.accepted or found.reimbursable.minor == 0


@given(papers)
def test_one_more_file_never_makes_a_claim_worse(files):
    before, after = judge(FAIR, handed(papers=tuple(files))), judge(FAIR, handed(papers=(*files, PAPERS[0])))
    assert after.reimbursable.minor >= before.reimbursable.minor
