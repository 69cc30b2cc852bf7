from datetime import timedelta

import pytest

from openprm.kernel.scope import scope, system_scope
from openprm.promises import queries, services
from openprm.promises.models import PromiseStanding
from openprm.promises.testing import DECIDE, INFORM, make_clock, make_subject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promises")]


@pytest.fixture
def history(cast, oslo):
    """The partner: one answered in 4 h, one in 12 h, one late after 20 h, one withdrawn, one overdue, one running, one paused.
    The other partner: one answered in 2 h."""
    with system_scope():
        for number, (partner, start, answer) in enumerate(
            [
                (cast.partner, "11-02T10:00", "11-02T14:00"),
                (cast.partner, "11-09T10:00", "11-10T14:00"),
                (cast.partner, "11-10T09:00", "11-12T13:00"),
                (cast.other_partner, "11-16T10:00", "11-16T12:00"),
            ]
        ):
            subject = make_subject(f"DR-{number}")
            make_clock(partner.pk, subject=subject, at=oslo(start))
            services.keep(subject.pk, DECIDE.code, oslo(answer))
        withdrawn, paused = make_subject("withdrawn"), make_subject("paused")
        make_clock(cast.partner.pk, subject=withdrawn, at=oslo("11-16T10:00"))
        services.cancel(withdrawn.pk, DECIDE.code, oslo("11-16T12:00"))
        make_clock(cast.partner.pk, subject=make_subject("overdue"), at=oslo("11-18T10:00"))
        make_clock(cast.partner.pk, subject=make_subject("running"), at=oslo("11-23T10:00"))
        make_clock(cast.partner.pk, subject=paused, at=oslo("11-12T10:00"))
        services.pause(paused.pk, DECIDE.code, oslo("11-12T12:00"))


@pytest.fixture
def at(oslo):
    return oslo("11-24T15:00")


def line(records, code=DECIDE.code):
    return next(record for record in records if record.code == code)


def record_of(actor, at, **more):
    with scope(actor):
        return line(queries.record(actor, at=at, **more))


def test_what_was_kept_against_what_was_promised(cast, at, history):
    record = record_of(cast.vendor_admin, at, partner_id=cast.partner.pk)

    assert (record.kept, record.total, record.rate) == (2, 4, 0.5), "late and overdue count as missed, withdrawn and undecided do not count"
    assert (record.median_hours, record.p90_hours) == (12.0, 18.4), "of 4, 12 and 20 hours"
    assert (record.open, record.at_risk, record.overdue) == (3, 1, 1)
    assert record.name == "Decide in 2 working days"


def test_the_record_over_all_partners(cast, at, history):
    record = record_of(cast.vendor_admin, at)

    assert (record.kept, record.total, record.median_hours) == (3, 5, 8.0)


def test_a_partner_gets_its_own_record_whatever_it_asks_for(cast, at, history):
    record = record_of(cast.partner_rep, at, partner_id=cast.other_partner.pk)

    assert (record.kept, record.total, record.name) == (2, 4, "We decide in 2 working days")


def test_the_job_changes_no_figure(cast, at, history):
    before = record_of(cast.vendor_admin, at)
    with system_scope():
        services.mark_overdue(at=at)

    assert record_of(cast.vendor_admin, at) == before


def test_the_sums_of_the_job_are_those_of_the_rows(cast, at, history):
    live = record_of(cast.vendor_admin, at)
    with system_scope():
        services.sum_up(at=at)
        services.sum_up(at=at)
        assert PromiseStanding.objects.count() == 1
    assert record_of(cast.vendor_admin, at) == live

    with system_scope():
        PromiseStanding.objects.update(kept=99)
    assert record_of(cast.vendor_admin, at + timedelta(minutes=15)).kept == 99, "the sums are used"
    assert record_of(cast.vendor_admin, at + timedelta(minutes=16)).kept == 3, "until they are old"
    assert record_of(cast.vendor_admin, at, partner_id=cast.partner.pk).kept == 2, "and not for one partner"


def test_a_partner_cannot_read_the_sums(cast, at, history):
    with system_scope():
        services.sum_up(at=at)
    with scope(cast.partner_rep):
        assert not PromiseStanding.objects.exists()


def test_the_weeks_end_with_the_running_one(cast, at, history):
    record = record_of(cast.vendor_admin, at, partner_id=cast.partner.pk)

    # 2 November: one kept. 9 November: one kept, one late. 16 November: one overdue. 23 November: nothing due yet.
    assert record.weeks == "n" * 22 + "kbbn"


def test_only_what_was_settled_in_the_span_counts(cast, at, history, oslo):
    record = record_of(cast.vendor_admin, at, partner_id=cast.partner.pk, since=oslo("11-11T00:00"))

    assert (record.kept, record.total) == (0, 2)


def test_a_promise_that_nobody_asked_for_has_no_rate(cast, at):
    record = record_of(cast.vendor_admin, at)

    assert (record.kept, record.total, record.rate, record.median_hours, record.weeks) == (0, 0, None, None, "n" * 26)


def test_the_figure_of_all_partners_is_kept_from_a_partner_while_it_gives_another_one_away(cast, at, history):
    with scope(cast.partner_rep):
        assert queries.overall(cast.partner_rep, at=at) == []


def test_with_three_partners_everybody_sees_the_figure_of_all(cast, at, history, oslo):
    third = make_subject()
    with system_scope():
        make_clock(third.pk, subject=third, at=oslo("11-16T10:00"))
        services.keep(third.pk, DECIDE.code, oslo("11-16T12:00"))
    with scope(cast.partner_rep):
        record = line(queries.overall(cast.partner_rep, at=at))

    assert (record.kept, record.total) == (4, 6)


def test_the_record_of_each_partner(cast, at, history):
    with scope(cast.vendor_admin):
        rows = {row.name: row for row in queries.by_partner(cast.vendor_admin, since=at - timedelta(days=100), at=at)}

    kallio, sintra = rows["Kallio Digital"], rows["Sintra Systems"]
    assert (kallio.kept, kallio.total, kallio.median_hours, kallio.open, kallio.overdue) == (2, 4, 12.0, 3, 1)
    assert (sintra.kept, sintra.total, sintra.rate) == (1, 1, 1.0)


def test_duties_of_partners_are_not_in_the_vendors_record(cast, at, oslo):
    subject = make_subject()
    with system_scope():
        make_clock(cast.partner.pk, code=INFORM.code, subject=subject, at=oslo("11-02T10:00"))
        services.keep(subject.pk, INFORM.code, oslo("11-20T10:00"))
        assert queries.by_partner(cast.vendor_admin, since=at - timedelta(days=100), at=at) == []


def test_a_clock_says_how_much_time_is_left(cast, oslo):
    subject = make_subject()
    with system_scope():
        make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        view = queries.clock(subject.pk, DECIDE.code, oslo("11-24T10:00"))

    assert (view.state, view.fraction_left, view.seconds_left, view.overdue, view.tone) == ("running", 0.5, 8 * 3600, False, "")
    assert view.target_words == "2 working days"


def test_the_clocks_of_many_subjects_take_one_query(cast, oslo, django_assert_num_queries):
    subjects = [make_subject() for _ in range(5)]
    with system_scope():
        for subject in subjects:
            make_clock(cast.partner.pk, subject=subject, at=oslo("11-23T10:00"))
        queries.clocks([subjects[0].pk], DECIDE.code, oslo("11-23T11:00"))
        with django_assert_num_queries(1):
            found = queries.clocks([subject.pk for subject in subjects], DECIDE.code, oslo("11-23T11:00"))

    assert len(found) == 5


def test_what_would_be_due_is_what_becomes_due(cast, oslo):
    with scope(cast.partner_rep):
        expected = queries.would_be_due(code=DECIDE.code, partner_id=cast.partner.pk, at=oslo("11-27T16:00"))
        clock = make_clock(cast.partner.pk, at=oslo("11-27T16:00"))

        assert expected == clock.due_at
        assert queries.would_be_due(code="tests.unknown", at=oslo("11-27T16:00")) is None
