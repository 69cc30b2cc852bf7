from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openprm.audit import queries as audit
from openprm.kernel import db
from openprm.kernel.scope import scope, system_scope
from openprm.promises import queries, services
from openprm.promises.models import PromiseClock, TargetVersion
from openprm.promises.terms import NothingPromised
from openprm.promises.testing import DECIDE, INFORM, make_clock, make_subject, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promises")]


@pytest.fixture
def told(monkeypatch):
    """The events published during the test, by their name."""
    events = []
    monkeypatch.setattr("openprm.promises.services.clocks.publish", events.append)
    return lambda: [type(event).__name__ for event in events]


def stored(clock):
    with system_scope():
        return PromiseClock.objects.get(pk=clock.pk)


def test_two_working_days_run_in_the_vendors_time_zone(cast, oslo):
    with scope(cast.partner_rep):
        clock = make_clock(cast.partner.pk, at=oslo("11-27T16:00"))

    assert (clock.due_at, clock.allowed_seconds) == (oslo("12-01T16:00"), 16 * 3600)


def test_public_holidays_of_the_vendors_country_do_not_count(cast, oslo):
    with system_scope():
        clock = make_clock(cast.partner.pk, at=oslo("12-23T10:00"))

    assert clock.due_at == oslo("12-28T10:00"), "24 December is worked, 25 and 26 are days off"


def test_starting_twice_is_starting_once(cast, oslo):
    subject = make_subject()
    with system_scope():
        first = make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        second = make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T12:00"))

    assert (first.pk, second.started_at) == (second.pk, oslo("11-23T10:00"))


def test_an_answer_in_time_is_kept_and_told_to_both_sides(cast, oslo, told):
    subject = make_subject()
    with scope(cast.partner_rep):
        clock = make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
    with scope(cast.vendor_admin):
        services.keep(subject.pk, DECIDE.code, oslo("11-24T11:00"))
    with scope(cast.partner_rep):
        [entry] = audit.timeline(cast.partner_rep, subject.pk)

    assert (stored(clock).state, stored(clock).taken_seconds, told()) == ("kept", 9 * 3600, [])
    assert (entry.verb, entry.actor_name, entry.data["promise"]) == ("promise.kept", "Ingrid Solberg", "Decide in 2 working days")


def test_a_pause_stops_the_clock(cast, oslo):
    subject = make_subject()
    with system_scope():
        clock = make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        services.pause(subject.pk, DECIDE.code, oslo("11-23T16:00"), "returned")
        services.resume(subject.pk, DECIDE.code, oslo("11-30T09:00"))

    after = stored(clock)
    assert (after.due_at, after.spent_seconds) == (oslo("12-01T11:00"), 6 * 3600)
    assert after.pauses == [["2026-11-23T15:00:00+00:00", "2026-11-30T09:00:00+01:00"]]


@pytest.mark.parametrize("step", ["pause", "resume", "keep", "cancel"])
def test_a_step_without_an_open_clock_does_nothing(cast, oslo, step):
    with system_scope():
        assert getattr(services, step)(make_subject().pk, DECIDE.code, oslo("11-23T10:00")) is None
        assert not PromiseClock.objects.exists()


def test_a_promise_that_nobody_made_cannot_be_started(cast, oslo):
    with system_scope(), pytest.raises(NothingPromised):
        make_clock(cast.partner.pk, code="tests.unknown", at=oslo("11-23T10:00"))


def test_the_job_tells_a_miss_once(cast, oslo, told):
    with system_scope():
        clock = make_clock(cast.partner.pk, at=oslo("11-23T10:00"))
        marked = [services.mark_overdue(at=oslo(at)) for at in ("11-25T10:00", "11-25T10:01", "11-25T10:02")]

    assert (marked, told()) == ([0, 1, 0], ["PromiseBroken"])
    assert (stored(clock).state, stored(clock).missed_at) == ("running", oslo("11-25T10:00"))


def test_a_late_answer_that_the_job_has_not_seen_tells_the_miss_once(cast, oslo, told):
    subject = make_subject()
    with system_scope():
        clock = make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        services.keep(subject.pk, DECIDE.code, oslo("11-25T12:00"))
        services.mark_overdue(at=oslo("11-26T10:00"))

    assert (stored(clock).state, stored(clock).taken_seconds, told()) == ("broken", 18 * 3600, ["PromiseBroken"])


def test_a_promise_is_due_soon_once(cast, oslo, told):
    with system_scope():
        make_clock(cast.partner.pk, at=oslo("11-23T10:00"))
        warned = [services.warn_due_soon(at=oslo(at)) for at in ("11-24T13:59", "11-24T14:00", "11-24T14:01")]

    assert (warned, told()) == ([0, 1, 0], ["PromiseDueSoon"])


def test_a_paused_promise_is_neither_due_nor_missed(cast, oslo, told):
    subject = make_subject()
    with system_scope():
        make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        services.pause(subject.pk, DECIDE.code, oslo("11-23T16:00"))
        services.warn_due_soon(at=oslo("12-20T10:00"))
        services.mark_overdue(at=oslo("12-20T10:00"))

    assert told() == []


def test_a_miss_cannot_be_canceled_away(cast, oslo, told):
    subject = make_subject()
    with system_scope():
        clock = make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        services.cancel(subject.pk, DECIDE.code, oslo("11-26T10:00"))

    assert (stored(clock).state, told()) == ("broken", ["PromiseBroken"])


def test_a_new_promise_can_follow_an_answered_one(cast, oslo):
    subject = make_subject()
    with system_scope():
        first = make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        services.keep(subject.pk, DECIDE.code, oslo("11-23T11:00"))
        second = make_clock(cast.partner.pk, subject=subject, at=oslo("11-24T10:00"))

        assert first.pk != second.pk
        assert queries.clock(subject.pk, DECIDE.code, oslo("11-24T11:00")).id == second.pk


def test_the_narrowest_target_counts(cast, oslo):
    with system_scope():
        make_target(DECIDE.code, 1, program_id=cast.program.pk, tier_code="gold")
        gold = make_clock(cast.partner.pk, program_id=cast.program.pk, tier_code="gold", at=oslo("11-23T10:00"))
        silver = make_clock(cast.partner.pk, program_id=cast.program.pk, tier_code="silver", at=oslo("11-23T10:00"))

    assert (gold.due_at, silver.due_at) == (oslo("11-24T10:00"), oslo("11-25T10:00"))


def test_a_new_target_does_not_move_a_running_clock(cast, oslo):
    subject = make_subject()
    with system_scope():
        clock = make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        make_target(DECIDE.code, 9, effective_at=oslo("11-23T11:00"))
        services.pause(subject.pk, DECIDE.code, oslo("11-23T12:00"))
        services.resume(subject.pk, DECIDE.code, oslo("11-23T12:00"))
        new = make_clock(cast.partner.pk, at=oslo("11-23T11:00"))

    assert stored(clock).due_at == oslo("11-25T10:00")
    assert new.due_at == oslo("12-04T11:00")


def test_days_are_counted_by_the_clock_and_not_by_the_office(cast, oslo):
    with system_scope():
        clock = make_clock(cast.partner.pk, code=INFORM.code, at=oslo("11-27T20:00"))

    assert clock.due_at == oslo("12-02T20:00")


def test_defaults_are_laid_down_once(cast, at):
    with system_scope():
        before = TargetVersion.objects.count()
        services.ensure_defaults(at=at)

        assert TargetVersion.objects.count() == before


def test_a_partner_sees_and_moves_its_own_clocks_only(cast, oslo):
    subject = make_subject()
    with scope(cast.partner_rep):
        make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
    with scope(cast.other_partner_rep):
        assert services.keep(subject.pk, DECIDE.code, oslo("11-23T11:00")) is None
        assert db.value("select count(*) from promises_clock") == 0
    with scope(cast.other_partner_rep), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        make_clock(cast.partner.pk, at=oslo("11-23T10:00"))


CHEATS = [
    ("removing", "delete from promises_clock"),
    ("emptying", "truncate promises_clock"),
    ("moving the due moment", "update promises_clock set due_at = due_at + interval '1 day'"),
    ("allowing more", "update promises_clock set allowed_seconds = 999999"),
    ("starting later", "update promises_clock set started_at = started_at + interval '1 day'"),
    ("another partner", "update promises_clock set partner_id = gen_random_uuid()"),
    ("a kinder target", "update promises_clock set target_id = gen_random_uuid()"),
    ("taking back time", "update promises_clock set spent_seconds = 0"),
    ("forgetting a pause", "update promises_clock set pauses = '[]'"),
]


@pytest.mark.parametrize(("what", "statement"), CHEATS, ids=[row[0] for row in CHEATS])
def test_the_database_refuses_a_hand_on_the_clock(cast, oslo, what, statement):
    subject = make_subject()
    with system_scope():
        clock = make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        services.pause(subject.pk, DECIDE.code, oslo("11-23T16:00"))
        services.resume(subject.pk, DECIDE.code, oslo("11-24T16:00"))
    before = stored(clock)

    with system_scope(), pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert refusal.value.__cause__.sqlstate in {"OP001", "42501"}
    assert stored(clock).snapshot() == before.snapshot()


@pytest.mark.parametrize("end", ["kept", "broken"])
def test_the_database_refuses_to_change_an_answered_promise(cast, oslo, end):
    subject = make_subject()
    with system_scope():
        make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        services.keep(subject.pk, DECIDE.code, oslo("11-24T10:00" if end == "kept" else "11-27T10:00"))

    with system_scope(), pytest.raises(DatabaseError, match="an answered promise cannot be changed"), transaction.atomic():
        PromiseClock.objects.update(taken_seconds=1)


def test_the_database_refuses_to_heal_a_missed_promise(cast, oslo):
    with system_scope():
        make_clock(cast.partner.pk, at=oslo("11-23T10:00"))
        services.mark_overdue(at=oslo("11-26T10:00"))

    for change in ({"missed_at": None}, {"settled_at": None}):
        with system_scope(), pytest.raises(DatabaseError, match="a missed promise stays missed"), transaction.atomic():
            PromiseClock.objects.update(**change)


def test_the_database_refuses_a_promise_kept_after_its_time(cast, oslo):
    with system_scope():
        clock = make_clock(cast.partner.pk, at=oslo("11-23T10:00"))
        with pytest.raises(IntegrityError, match="clock_kept_in_time"), transaction.atomic():
            PromiseClock.objects.update(state="kept", answered_at=clock.due_at + timedelta(hours=1), taken_seconds=1)


@pytest.mark.parametrize(
    "statement", ["update promises_targetversion set amount = 99", "delete from promises_targetversion", "update promises_calendarversion set zone = 'UTC'"]
)
def test_the_database_refuses_to_edit_what_was_published(cast, statement):
    with system_scope(), pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert refusal.value.__cause__.sqlstate == "OP001"


def test_the_due_job_is_wired_and_runs_in_the_systems_scope(cast, oslo):
    from openprm.promises.jobs import mark_due

    with system_scope():
        clock = make_clock(cast.partner.pk, at=oslo("11-23T10:00"))
    mark_due.run({"at": oslo("11-26T10:00").isoformat()})

    assert stored(clock).missed_at is not None
    assert mark_due.every == "* * * * *"
