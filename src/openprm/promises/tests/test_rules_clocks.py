from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.promises.rules import clocks
from openprm.promises.rules.calendar import Calendar
from openprm.promises.rules.clocks import ElapsedTime, State, WorkingTime

HOUR = 3600
OSLO = WorkingTime(Calendar(zone="Europe/Oslo", week=(((540, 1020),),) * 5 + ((), ())))
TWO_DAYS = 16 * HOUR


def oslo(text):
    return datetime.fromisoformat(f"2026-{text}+01:00").astimezone(UTC)


MONDAY_10 = oslo("11-23T10:00")


def test_two_working_days_from_monday_end_on_wednesday():
    clock = clocks.start(OSLO, allowed=TWO_DAYS, at=MONDAY_10)

    assert (clock.due_at, clock.warn_at) == (oslo("11-25T10:00"), oslo("11-24T14:00"))


def test_an_answer_in_time_keeps_the_promise():
    clock = clocks.keep(clocks.start(OSLO, allowed=TWO_DAYS, at=MONDAY_10), OSLO, oslo("11-24T11:00"))

    assert (clock.state, clock.taken, clock.settled_at) == (State.KEPT, 9 * HOUR, oslo("11-24T11:00"))


def test_an_answer_at_the_due_moment_is_in_time():
    clock = clocks.keep(clocks.start(OSLO, allowed=TWO_DAYS, at=MONDAY_10), OSLO, oslo("11-25T10:00"))

    assert (clock.state, clock.taken) == (State.KEPT, TWO_DAYS)


def test_an_answer_after_the_due_moment_breaks_it():
    clock = clocks.keep(clocks.start(OSLO, allowed=TWO_DAYS, at=MONDAY_10), OSLO, oslo("11-25T12:00"))

    assert (clock.state, clock.taken, clock.missed_at, clock.settled_at) == (State.BROKEN, 18 * HOUR, oslo("11-25T10:00"), oslo("11-25T10:00"))


def test_time_on_the_other_side_does_not_count():
    clock = clocks.start(OSLO, allowed=TWO_DAYS, at=MONDAY_10)
    clock = clocks.pause(clock, OSLO, oslo("11-23T16:00"))
    clock = clocks.resume(clock, OSLO, oslo("11-30T09:00"))

    assert (clock.spent, clock.due_at) == (6 * HOUR, oslo("12-01T11:00"))
    assert clocks.keep(clock, OSLO, oslo("12-01T10:00")).taken == 15 * HOUR


def test_an_answer_while_paused_takes_what_was_spent():
    clock = clocks.pause(clocks.start(OSLO, allowed=TWO_DAYS, at=MONDAY_10), OSLO, oslo("11-23T16:00"))

    answered = clocks.keep(clock, OSLO, oslo("12-20T10:00"))

    assert (answered.state, answered.taken) == (State.KEPT, 6 * HOUR)


def test_a_pause_does_not_heal_a_missed_promise():
    clock = clocks.start(OSLO, allowed=TWO_DAYS, at=MONDAY_10)
    clock = clocks.pause(clock, OSLO, oslo("11-26T10:00"))
    clock = clocks.resume(clock, OSLO, oslo("11-27T10:00"))

    assert (clock.missed_at, clock.due_at) == (oslo("11-25T10:00"), oslo("11-25T10:00"))
    assert clocks.keep(clock, OSLO, oslo("11-27T11:00")).state is State.BROKEN


def test_a_withdrawn_promise_is_canceled_and_counts_nowhere():
    clock = clocks.cancel(clocks.start(OSLO, allowed=TWO_DAYS, at=MONDAY_10), oslo("11-24T10:00"))

    assert (clock.state, clock.settled_at) == (State.CANCELED, None)


def test_a_missed_promise_cannot_be_canceled_away():
    clock = clocks.cancel(clocks.start(OSLO, allowed=TWO_DAYS, at=MONDAY_10), oslo("11-26T10:00"))

    assert (clock.state, clock.settled_at, clock.answered_at) == (State.BROKEN, oslo("11-25T10:00"), None)


@pytest.mark.parametrize(("at", "left"), [("11-23T10:00", 1.0), ("11-24T10:00", 0.5), ("11-25T10:00", 0.0), ("11-27T10:00", 0.0)])
def test_the_fraction_left(at, left):
    clock = clocks.start(OSLO, allowed=TWO_DAYS, at=MONDAY_10)

    assert clocks.fraction_left(clock, OSLO, oslo(at)) == left


def test_elapsed_time_runs_at_night():
    clock = clocks.start(ElapsedTime(), allowed=24 * HOUR, at=oslo("11-27T20:00"))

    assert clock.due_at == oslo("11-28T20:00")


STEPS = st.lists(st.tuples(st.sampled_from(["pause", "resume"]), st.integers(0, 40 * HOUR)), max_size=8)


@given(st.sampled_from([OSLO, ElapsedTime()]), st.integers(1, 60 * HOUR), STEPS, st.integers(0, 60 * HOUR))
def test_spent_time_is_the_sum_of_the_running_stretches(measure, allowed, steps, rest):
    at = MONDAY_10
    clock, running, total = clocks.start(measure, allowed=allowed, at=at), True, 0
    for verb, seconds in steps:
        later = at + timedelta(seconds=seconds)
        total += measure.between(at, later) if running else 0
        clock, at, running = getattr(clocks, verb)(clock, measure, later), later, verb == "resume"
    end = at + timedelta(seconds=rest)
    total += measure.between(at, end) if running else 0

    answered = clocks.keep(clock, measure, end)

    assert answered.taken == total
    assert (answered.state is State.KEPT) == (total <= allowed) or total == allowed


@given(STEPS, st.integers(0, 60 * HOUR))
def test_once_missed_is_missed_for_good(steps, rest):
    clock, at, missed = clocks.start(OSLO, allowed=8 * HOUR, at=MONDAY_10), MONDAY_10, None
    for verb, seconds in [*steps, ("resume", rest)]:
        at += timedelta(seconds=seconds)
        clock = getattr(clocks, verb)(clock, OSLO, at)
        assert missed is None or clock.missed_at == missed
        missed = clock.missed_at
    assert missed is None or clocks.keep(clock, OSLO, at).state is State.BROKEN
