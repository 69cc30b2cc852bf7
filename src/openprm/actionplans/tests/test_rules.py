"""The pure rules of action plans: working days, order, standing, agreement, templates."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pytest

from openprm.actionplans.rules import agreement, content, order, schedule, standing
from openprm.actionplans.rules.agreement import Signed
from openprm.actionplans.rules.content import Content, StepSpec
from openprm.actionplans.rules.words import Health
from openprm.promises.rules.calendar import Calendar

WEEK = (((540, 1020),),) * 5 + ((), ())
HOLIDAY = date(2026, 12, 25)
CALENDAR = Calendar(zone="UTC", week=WEEK, is_holiday=lambda day: day == HOLIDAY)
MONDAY = date(2026, 11, 23)
A, B, C, D = (UUID(int=number) for number in range(1, 5))


@dataclass(frozen=True)
class Work:
    id: UUID
    due_date: date
    state: str = "open"
    title: str = "A step"
    side: str = "partner"


@pytest.mark.parametrize(
    ("day", "by", "wanted"),
    [
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # Friday to Monday
        (date(2026, 11, 30), -1, date(2026, 11, 27)),
        (date(2026, 11, 28), 0, date(2026, 11, 27)),  # a Saturday counts as the Friday before
        (date(2026, 12, 28), -1, date(2026, 12, 24)),  # over a weekend and a holiday
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2027, 3, 31), -40, date(2027, 2, 3)),
    ],
)
def test_days_are_shifted_in_working_days(day, by, wanted):
    assert schedule.shifted(CALENDAR, day, by) == wanted


def test_shifting_there_and_back_leads_to_the_same_working_day():
    for offset in range(200):
        there = schedule.shifted(CALENDAR, MONDAY, offset)
        assert schedule.shifted(CALENDAR, there, -offset) == MONDAY
        assert schedule.working_days_between(CALENDAR, MONDAY, there) == offset


@pytest.mark.parametrize(
    ("close", "offset", "wanted"),
    [
        (date(2027, 3, 31), 0, date(2027, 3, 31)),
        (date(2027, 3, 28), 0, date(2027, 3, 26)),  # a Sunday: the Friday before
        (date(2026, 12, 1), 30, MONDAY),  # would lie in the past: today
        (date(2026, 11, 20), 0, MONDAY),
    ],
)
def test_a_step_is_due_its_working_days_before_the_close_but_not_before_today(close, offset, wanted):
    assert schedule.due_before(CALENDAR, close, offset, today=MONDAY) == wanted


def test_steps_move_with_the_close_date_by_as_many_working_days():
    steps = [(A, date(2026, 12, 1)), (B, date(2026, 12, 18))]
    found = schedule.moves(CALENDAR, steps, old=date(2026, 12, 18), new=date(2026, 12, 28), today=MONDAY)

    assert [(move.step_id, move.after, move.held) for move in found] == [(A, date(2026, 12, 8), False), (B, date(2026, 12, 28), False)]


def test_an_earlier_close_date_moves_no_step_into_the_past():
    steps = [(A, date(2026, 11, 25)), (B, date(2026, 12, 18)), (C, date(2026, 11, 20))]
    found = schedule.moves(CALENDAR, steps, old=date(2026, 12, 18), new=date(2026, 12, 11), today=MONDAY)

    assert [(move.step_id, move.after, move.held) for move in found] == [(A, MONDAY, True), (B, date(2026, 12, 11), False)]


def test_a_circle_is_named_step_by_step():
    path = order.cycle({A: (B,), B: (C,), C: (A,), D: ()})

    assert path[0] == path[-1]
    assert set(path) == {A, B, C}
    assert len(path) == 4
    assert order.cycle({A: (B, C), B: (D,), C: (D,), D: ()}) == ()
    assert order.cycle({A: (A,)}) == (A, A)


def test_a_row_of_a_thousand_steps_is_no_circle():
    ids = [UUID(int=number) for number in range(1, 1001)]

    assert order.cycle({ids[n]: (ids[n + 1],) for n in range(999)}) == ()


def test_what_blocks_and_what_is_blocked_counts_open_steps_only():
    waits = {A: (), B: (A,), C: (A, B)}

    assert order.blockers(C, waits, {B, C}) == (B,)
    assert order.blocked_by(A, waits, {B, C}) == (B, C)


def test_skipped_steps_do_not_count_as_work():
    steps = [Work(A, MONDAY, "done"), Work(B, MONDAY, "skipped"), Work(C, MONDAY)]

    assert standing.progress(steps) == standing.Progress(1, 2)
    assert standing.progress(steps).percent == 50
    assert standing.progress([]).percent == 0


@pytest.mark.parametrize(
    ("steps", "close", "health", "reason", "days", "count"),
    [
        ([], date(2026, 12, 18), Health.EMPTY, "empty", 0, 0),
        ([Work(A, MONDAY, "done")], date(2026, 12, 18), Health.DONE, "all_done", 0, 0),
        ([Work(A, date(2026, 11, 20)), Work(B, date(2026, 11, 18))], date(2026, 12, 18), Health.LATE, "overdue", 5, 2),
        ([Work(A, date(2026, 11, 30))], date(2026, 11, 20), Health.LATE, "closed_before_done", 3, 1),
        ([Work(A, date(2026, 12, 21))], date(2026, 12, 18), Health.AT_RISK, "after_close", 3, 1),
        ([Work(A, date(2026, 11, 26)), Work(B, MONDAY, "done")], date(2026, 11, 27), Health.AT_RISK, "much_left", 4, 1),
        ([Work(A, date(2026, 11, 26)), *(Work(UUID(int=9 + n), MONDAY, "done") for n in range(2))], date(2026, 11, 27), Health.ON_TRACK, "next", 3, 1),
        ([Work(A, MONDAY)], date(2026, 12, 18), Health.ON_TRACK, "next", 0, 1),
    ],
)
def test_a_plan_stands_as_its_open_steps_say(steps, close, health, reason, days, count):
    found = standing.standing(steps, close=close, today=MONDAY)

    assert (found.health, found.reason, found.days, found.count) == (health, reason, days, count)


def test_days_late_count_for_open_steps_alone():
    assert standing.days_late(Work(A, date(2026, 11, 20)), MONDAY) == 3
    assert standing.days_late(Work(A, date(2026, 11, 20), "done"), MONDAY) == 0
    assert standing.days_late(Work(A, MONDAY), MONDAY) == 0


def _signed_step(**changes):
    return {
        "title": "Demo",
        "about": "",
        "side": "partner",
        "owner": "",
        "customer_contact": "",
        "due_date": "2026-12-01",
        "waits_for": [],
        "skipped": False,
        **changes,
    }


def test_changes_since_the_signature_are_the_close_date_then_what_came_went_and_changed():
    before = {"close_date": "2026-12-18", "steps": {"a": _signed_step(), "b": _signed_step(title="Old")}}
    now = {"close_date": "2026-12-31", "steps": {"a": _signed_step(due_date="2026-12-08", waits_for=["c"]), "c": _signed_step(title="New")}}

    found = [(one.kind, one.title, one.field, one.before, one.after) for one in agreement.changes(before, now)]

    assert found == [
        ("close_date", "", "close_date", "2026-12-18", "2026-12-31"),
        ("added", "New", "", "", ""),
        ("removed", "Old", "", "", ""),
        ("changed", "Demo", "due_date", "2026-12-01", "2026-12-08"),
        ("changed", "Demo", "waits_for", "", "c"),
    ]
    assert agreement.changes(before, before) == ()


@pytest.mark.parametrize(
    ("signed", "revision", "state"),
    [
        ([], 1, "open"),
        ([Signed("vendor", 1)], 1, "waits_partner"),
        ([Signed("partner", 1)], 1, "waits_vendor"),
        ([Signed("partner", 1), Signed("vendor", 1)], 1, "agreed"),
        ([Signed("partner", 1), Signed("vendor", 1)], 2, "changed"),
        ([Signed("partner", 1), Signed("vendor", 1), Signed("vendor", 3)], 3, "waits_partner"),
        ([Signed("partner", 1), Signed("vendor", 2)], 3, "open"),
    ],
)
def test_agreed_is_what_both_sides_signed_in_one_revision(signed, revision, state):
    assert agreement.state(signed, revision) == state


GOOD = Content(steps=(StepSpec(key="a", title="First", days_before=5), StepSpec(key="b", title="Second", waits_for=("a",))))


@pytest.mark.parametrize(
    ("made", "codes"),
    [
        (GOOD, []),
        (Content(), ["empty"]),
        (Content(steps=GOOD.steps * 2), ["twice", "twice"]),
        (Content(steps=(replace(GOOD.steps[0], waits_for=("b",)), GOOD.steps[1])), ["circle"]),
        (Content(steps=(replace(GOOD.steps[0], key="Not a key"),)), ["key"]),
        (Content(steps=(replace(GOOD.steps[0], title=" ", days_before=401),)), ["title", "days"]),
        (Content(steps=(replace(GOOD.steps[1], waits_for=("zz",)),)), ["unknown_step"]),
        (Content(steps=tuple(StepSpec(key=f"s{n}", title="S") for n in range(61))), ["too_many"]),
    ],
)
def test_a_template_says_what_is_wrong_with_it(made, codes):
    assert [fault.code for fault in content.faults(made)] == codes


def test_the_circle_of_a_template_is_named_by_titles():
    made = Content(steps=(replace(GOOD.steps[0], waits_for=("b",)), GOOD.steps[1]))

    assert content.faults(made)[0].value == "First → Second → First"


def test_a_template_comes_back_from_json_as_it_went():
    assert content.from_json(content.to_json(GOOD)) == GOOD
    assert GOOD.days == 5
