"""The sum of work and quiet: worked examples with pencil, and its laws."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.deals.rules.evidence_curve import Evidence, StageFrom, WindowFacts, WorkTerms, curve_of, differences, ledger, next_quiet_on, suggestions

START = date(2026, 1, 5)
TERMS = WorkTerms(
    days={"call": 2, "email": 1, "meeting": 5, "demo": 7, "visit": 7, "proposal": 10, "stage": 10, "document": 3},
    self_percent=50, self_most=10, most_added=45, logged_within=14, quiet_days=21, week_days=5, floor_days=45, most_days=150, notice_days=7, clause="E2",
)  # fmt: skip
FACTS = WindowFacts(starts_on=START, base_days=90, stages=(StageFrom(day=START, stage="qualified"),))


def _on(day: int, kind: str = "meeting", *, verified: bool = True, ref: str = "a", known: int | None = None) -> Evidence:
    return Evidence(kind=kind, day=START + timedelta(days=day), ref=ref, is_verified=verified, known_on=START + timedelta(days=day if known is None else known))


def _curve(*evidence: Evidence, day: int, terms: WorkTerms = TERMS, facts: WindowFacts = FACTS):
    return curve_of(facts, evidence, lambda stage: terms, START + timedelta(days=day))


class TestWorkedExample:
    def test_on_the_first_day_the_window_is_the_base(self):
        assert _curve(day=0).ends_on == date(2026, 4, 5)

    def test_a_verified_meeting_on_day_10_adds_5_days(self):
        found = _curve(_on(10), day=10)

        assert (found.days, found.ends_on) == (95, date(2026, 4, 10))
        assert [(one.key, one.days, one.clause) for one in found.changes] == [("meeting:2026-01-15", 5, "E2")]

    def test_the_same_meeting_as_the_partner_says_it_adds_2(self):
        assert _curve(_on(10, verified=False), day=10).days == 92

    def test_after_21_quiet_days_every_full_week_takes_5(self):
        assert [_curve(_on(10), day=day).days for day in (37, 38, 44, 45, 52)] == [95, 90, 90, 85, 80]

    def test_quiet_stops_at_the_floor(self):
        found = _curve(day=89)

        assert (found.taken, found.days) == (45, 45)

    def test_work_after_the_quiet_counts_in_full(self):
        found = _curve(_on(60, "proposal"), day=60)

        assert [(one.kind, one.days) for one in found.changes] == [("quiet", -5)] * 5 + [("proposal", 10)]
        assert found.days == 75

    def test_late_verified_work_gives_the_quiet_weeks_back(self):
        quiet, late = _curve(day=60), _curve(_on(30, "call", known=60), day=60)

        assert (quiet.days, late.days) == (65, 82)


def test_the_example_of_the_guide():
    """docs/algorithms/protection-that-reflects-work.md, row by row."""
    reported, confirmed = _on(10, verified=False), _on(10)
    rows = [((), 0), ((reported,), 10), ((confirmed,), 12), ((confirmed,), 38), ((confirmed,), 45), ((confirmed, _on(50, "proposal")), 50)]

    found = [_curve(*work, day=day) for work, day in rows]

    assert [(one.added, one.taken, one.days) for one in found] == [(0, 0, 90), (2, 0, 92), (5, 0, 95), (5, 5, 90), (5, 10, 85), (15, 10, 95)]
    assert found[-1].ends_on == date(2026, 4, 10)


@pytest.mark.parametrize(
    ("evidence", "days"),
    [
        ([_on(3, "call", ref=str(number)) for number in range(500)], 92),
        ([_on(3, "call", verified=False, ref=str(number)) for number in range(500)], 91),
        ([_on(3, "call", verified=False), _on(3, "call")], 92),
        ([_on(3, "call"), _on(3, "email"), _on(3, "demo")], 100),
        ([_on(day, "proposal", verified=False) for day in range(5)], 100),
        ([_on(day, "proposal") for day in range(9)], 135),
        ([_on(3, "meeting", verified=False, known=17)], 92),
        ([_on(3, "meeting", verified=False, known=18)], 90),
        ([_on(21, "meeting")], 90),
        ([_on(-1, "meeting")], 90),
        ([_on(3, "lunch")], 90),
        ([_on(3, "email", verified=False)], 90),
    ],
    ids=[
        "five hundred calls on one day count once", "and half when only the partner says so", "the verified one counts", "kinds count side by side",
        "self-reported work has a cap", "all work has a cap", "logged in time", "logged too late", "the future", "before the window", "no such kind",
        "half of one day is nothing",
    ],
)  # fmt: skip
def test_what_counts(evidence, days):
    assert _curve(*evidence, day=20).days == days


def test_no_table_of_days_leaves_a_window_alone_but_for_quiet():
    assert _curve(_on(3), day=80, terms=WorkTerms(floor_days=90, quiet_days=7, week_days=7)).days == 90


def test_the_most_days_from_the_start_hold_against_the_cap_of_days_added():
    assert _curve(*[_on(day, "proposal") for day in range(9)], day=20, terms=replace(TERMS, most_days=100)).days == 100


def test_days_by_hand_come_on_top():
    assert _curve(_on(3), day=3, facts=replace(FACTS, by_hand_days=30)).days == 125


def test_each_stage_may_have_terms_of_its_own():
    facts = replace(FACTS, stages=(StageFrom(day=START, stage="qualified"), StageFrom(day=START + timedelta(days=10), stage="committed")))
    later = replace(TERMS, days={**TERMS.days, "call": 6}, clause="E1")
    terms_of = {"qualified": TERMS, "committed": later}.__getitem__

    found = curve_of(facts, [_on(9, "call"), _on(10, "call")], terms_of, START + timedelta(days=12))

    assert [(one.days, one.clause) for one in found.changes] == [(2, "E2"), (6, "E1")]


def test_suggestions_are_exact_and_the_best_comes_first():
    found = suggestions(FACTS, [_on(10)], lambda stage: TERMS, START + timedelta(days=12))

    assert [(one.kind, one.days, one.days_verified) for one in found] == [
        ("stage", 10, 10), ("proposal", 5, 10), ("demo", 3, 7), ("visit", 3, 7), ("meeting", 2, 5), ("document", 3, 3), ("call", 1, 2), ("email", 0, 1),
    ]  # fmt: skip


def test_the_next_quiet_week_is_named_until_nothing_can_be_taken():
    assert next_quiet_on(_curve(_on(10), day=12), FACTS, lambda stage: TERMS) == START + timedelta(days=38)
    assert next_quiet_on(_curve(_on(10), day=38), FACTS, lambda stage: TERMS) == START + timedelta(days=45)
    assert next_quiet_on(_curve(day=89), FACTS, lambda stage: TERMS) is None


def test_what_is_written_and_what_is_so_meet():
    before = _curve(_on(10), day=45)
    written = ledger((one.key, one.days) for one in before.changes)
    struck = _curve(day=45)

    assert differences(before, written) == ()
    assert [(one.key, one.days) for one in differences(struck, written)] == [
        ("quiet:2026-01-05:1", -5), ("quiet:2026-01-05:2", -5), ("quiet:2026-01-05:3", -5), ("meeting:2026-01-15", -5),
        ("quiet:2026-01-15:1", 5), ("quiet:2026-01-15:2", 5),
    ]  # fmt: skip


KINDS = st.sampled_from(["call", "email", "meeting", "demo", "visit", "proposal", "stage", "document", "lunch"])
PIECES = st.builds(
    lambda kind, day, verified, ref, late: _on(day, kind, verified=verified, ref=ref, known=day + late),
    KINDS, st.integers(-5, 100), st.booleans(), st.text("abc", min_size=1, max_size=3), st.integers(0, 30),
)  # fmt: skip
WORK = st.lists(PIECES, max_size=25)
ANY_TERMS = st.builds(
    WorkTerms,
    days=st.dictionaries(KINDS, st.integers(0, 15)), self_percent=st.integers(0, 100), self_most=st.integers(0, 40), most_added=st.integers(0, 60),
    logged_within=st.integers(0, 30), quiet_days=st.integers(0, 40), week_days=st.integers(0, 10), floor_days=st.integers(0, 120),
    most_days=st.integers(0, 200),
)  # fmt: skip


@given(WORK, ANY_TERMS, st.integers(0, 120))
def test_the_window_stays_between_floor_and_cap(work, terms, day):
    for moment in range(0, day + 1, 7):
        length = _curve(*work, day=moment, terms=terms).days
        assert min(90, terms.floor_days) <= length <= max(90, terms.most_days)
        assert length <= 90 + terms.most_added


@given(WORK, PIECES, ANY_TERMS, st.integers(0, 120))
def test_more_work_never_shortens(work, more, terms, day):
    assert _curve(*work, more, day=day, terms=terms).days >= _curve(*work, day=day, terms=terms).days


@given(st.data(), WORK, ANY_TERMS, st.integers(0, 120))
def test_the_order_does_not_matter(data, work, terms, day):
    mixed = data.draw(st.permutations(work))

    assert _curve(*mixed, day=day, terms=terms) == _curve(*work, day=day, terms=terms)


@given(WORK, ANY_TERMS, st.integers(0, 100), st.integers(0, 20))
def test_what_is_counted_once_stays_counted(work, terms, day, later):
    """A change that a day brought is not taken back by the mere passing of time."""
    now, then = _curve(*work, day=day, terms=terms), _curve(*work, day=day + later, terms=terms)

    assert set(now.changes) <= set(then.changes)


@given(WORK, WORK, ANY_TERMS, st.integers(0, 120))
def test_writing_the_differences_always_meets_the_sum(work, others, terms, day):
    before, after = _curve(*work, day=day, terms=terms), _curve(*others, day=day, terms=terms)
    written = [(one.key, one.days) for one in before.changes]
    written += [(one.key, one.days) for one in differences(after, ledger(written))]

    assert sum(ledger(written).values()) == after.days - 90
    assert differences(after, ledger(written)) == ()
