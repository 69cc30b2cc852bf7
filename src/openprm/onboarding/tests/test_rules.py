"""Segments, managers, dates, standing still, cohorts: with values alone."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.onboarding import defaults, words
from openprm.onboarding.rules import content, schedule
from openprm.onboarding.rules.cohorts import Figure, Run, Wait, cohort, time_to, wait
from openprm.onboarding.rules.segment import Candidate, ManagerLoad, Segment, best, fit, least_loaded
from openprm.promises.rules.calendar import Calendar

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
OFFICE = Calendar(zone="UTC", week=(((540, 1020),),) * 5 + ((), ()))
FINN = Candidate(program_id=A, motion="transact", type="reseller", country="FI")


@dataclass
class Task:
    id: UUID = A
    state: str = "open"
    is_required: bool = True
    due_at: datetime = MONDAY


@pytest.mark.parametrize(
    ("segment", "score"),
    [
        (Segment(), 0),
        (Segment(motion="transact"), 1),
        (Segment(type="reseller", motion="transact"), 3),
        (Segment(countries=("FI", "SE")), 4),
        (Segment(program_id=A), 8),
        (Segment(program_id=A, motion="retain"), None),
        (Segment(countries=("DE",)), None),
        (Segment(program_id=B), None),
    ],
)
def test_a_segment_fits_as_closely_as_it_names(segment, score):
    assert fit(segment, FINN) == score


def test_the_closest_segment_wins_and_of_equals_the_first():
    segments = [(A, Segment(motion="transact")), (B, Segment(countries=("FI",))), (C, Segment(countries=("FI", "NO")))]

    assert best(segments, FINN) == B
    assert best([(A, Segment(motion="retain"))], FINN) is None


def _load(number: int, name: str, partners: int, in_region: int = 0, in_program: int = 0) -> ManagerLoad:
    return ManagerLoad(user_id=UUID(int=number), name=name, partners=partners, in_region=in_region, in_program=in_program)


def test_the_least_loaded_of_the_region_gets_a_newcomer():
    assert least_loaded([_load(1, "Erik", 3), _load(2, "Ingrid", 9, in_region=1), _load(3, "Kari", 12, in_region=5)]) == UUID(int=2)


def test_without_anybody_of_the_region_the_program_decides_then_everybody():
    assert least_loaded([_load(1, "Erik", 3), _load(2, "Ingrid", 9, in_program=1)]) == UUID(int=2)
    assert least_loaded([_load(1, "Ingrid", 3), _load(2, "Erik", 3)]) == UUID(int=2)
    assert least_loaded([]) is None


def test_a_task_is_due_at_the_close_of_business_and_never_on_a_weekend():
    assert schedule.due_at(OFFICE, MONDAY, 0) == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert schedule.due_at(OFFICE, MONDAY, 5) == datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


@given(st.integers(0, 700))
def test_every_due_date_is_a_working_moment_not_before_its_day(days):
    due = schedule.due_at(OFFICE, MONDAY, days)

    assert due.weekday() < 5
    assert MONDAY + timedelta(days=days) <= due <= MONDAY + timedelta(days=days + 3)


def test_waived_and_optional_tasks_do_not_count():
    tasks = [Task(state="done"), Task(), Task(state="waived"), Task(is_required=False)]

    assert (schedule.progress(tasks).done, schedule.progress(tasks).total, schedule.progress(tasks).percent) == (1, 2, 50)
    assert schedule.progress([]).percent == 100


def test_the_next_task_is_due_first_and_required_before_optional():
    late = Task(id=B, due_at=MONDAY + timedelta(days=2))

    assert schedule.next_task([late, Task(id=C, is_required=False), Task()]).id == A
    assert schedule.next_task([Task(state="done")]) is None


@pytest.mark.parametrize(
    ("tasks", "quiet_days", "expected"),
    [
        ([Task(due_at=MONDAY - timedelta(days=3))], 0, schedule.Standstill("overdue", 3, A)),
        ([Task(due_at=MONDAY - timedelta(days=2))], 0, None),
        ([Task(due_at=MONDAY - timedelta(days=9), is_required=False)], 0, None),
        ([Task(due_at=MONDAY + timedelta(days=5))], 14, schedule.Standstill("silent", 14)),
        ([Task(due_at=MONDAY + timedelta(days=5))], 13, None),
        ([Task(due_at=MONDAY + timedelta(days=60))], 20, None),
        ([], 90, None),
    ],
)
def test_a_plan_stands_still_when_a_required_task_blocks_or_nothing_happens(tasks, quiet_days, expected):
    last = MONDAY - timedelta(days=quiet_days)

    assert schedule.standstill(tasks, last_progress_at=last, stuck_days=14, at=MONDAY) == expected


def test_the_median_counts_those_who_still_wait():
    # 2 of 4 got there, at 10 and 30; two wait since 20 and 40 days: 4 -> 3/4 at 10, then 3/4 * 1/2 = 3/8 at 30
    found = time_to([Wait(10, True), Wait(20, False), Wait(30, True), Wait(40, False)])

    assert found == Figure(median=30, partners=4, reached=2)


def test_dropping_those_who_wait_would_have_said_ten_days():
    assert time_to([Wait(10, True), Wait(10, True), Wait(90, False), Wait(90, False), Wait(90, False)]).median is None


def test_what_happened_before_the_start_is_nothing_to_wait_for():
    assert wait(MONDAY, MONDAY - timedelta(days=1), MONDAY) is None
    assert wait(MONDAY, MONDAY + timedelta(days=9), MONDAY + timedelta(days=20)) == Wait(9, True)
    assert wait(MONDAY, None, MONDAY + timedelta(days=20)) == Wait(20, False)


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=40))
def test_a_median_is_a_day_on_which_somebody_got_there(waits):
    found = time_to(Wait(*one) for one in waits)

    assert found.reached <= found.partners == len(waits)
    assert found.median is None or (found.median, True) in waits


def test_a_cohort_shows_a_checkpoint_only_for_plans_that_are_old_enough():
    young = Run(started_at=MONDAY, state="running", is_stuck=False, tasks=[(True, "open", None)], registration=None, win=None)
    old = replace(young, started_at=MONDAY - timedelta(days=40), is_stuck=True, tasks=[(True, "done", MONDAY - timedelta(days=20)), (True, "open", None)])

    found = cohort("2026-10", [young, old], MONDAY)

    assert (found.progress, found.ages, found.stuck) == ((50, None, None), (1, 0, 0), 1)


@pytest.mark.parametrize("default", defaults.TEMPLATES, ids=lambda one: one.code)
def test_every_template_that_stands_from_the_start_can_be_published(default):
    made = default.content()

    assert content.faults_of(made, words.milestones()) == ()
    assert [level.name != "" for level in made.levels] == [True, True, True]
    assert content.from_json(content.to_json(made)) == made
    assert {task.side for task in made.tasks} == {"partner", "vendor"}
    assert made.days == 90


def test_faults_say_where_and_what():
    task = content.TaskSpec(key="x", title=" ", role="partner_manager", offset_days=9000, link="javascript:alert(1)", milestone="no.such")
    wrong = content.Content(stuck_days=1, levels=(content.LevelSpec(key="x", name="", tasks=(task,)),))

    assert {(fault.field, fault.code) for fault in content.faults_of(wrong, {"deals.first_won"})} == {
        ("stuck_days", "stuck_days"),
        ("levels[0].name", "empty"),
        ("levels[0].tasks[0].title", "empty"),
        ("levels[0].tasks[0].role", "role_of_other_side"),
        ("levels[0].tasks[0].offset_days", "offset"),
        ("levels[0].tasks[0].milestone", "unknown_milestone"),
        ("levels[0].tasks[0].link", "link"),
        ("levels", "same_key"),
    }


@pytest.mark.parametrize("link", ["//evil.example", "/\\evil.example", "data:text/html,x", "https://a b", "ftp://x"])
def test_a_link_that_could_lead_astray_is_none(link):
    assert not content.is_link(link)


def test_levels_and_tasks_move_one_place_and_stop_at_the_ends():
    made = defaults.TEMPLATES[0].content()

    moved = content.moved_level(made, "win", -1)

    assert [level.key for level in moved.levels] == ["arrive", "win", "learn"]
    assert content.moved_level(made, "arrive", -1) == made
    assert [task.key for task in content.moved_task(made, "demo", -1).levels[1].tasks][:2] == ["demo", "sales-course"]


def test_a_task_put_into_another_level_leaves_the_old_one():
    made = defaults.TEMPLATES[0].content()

    moved = content.with_task(made, "win", content.find_task(made, "demo"))

    assert ["demo" in [task.key for task in level.tasks] for level in moved.levels] == [False, False, True]
