"""Protection that reflects work, from the approval to the last step: what is written, told and refused."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openprm.activities import services as activities
from openprm.activities.testing import make_activity
from openprm.deals import services as deals
from openprm.deals.models import ProtectionGrant, ProtectionStep
from openprm.deals.services import evidence, work_windows
from openprm.deals.testing import make_approved, make_catalogue, stored
from openprm.deals.testing_windows import publish_work_table, work_table
from openprm.inbox.models import Notification
from openprm.kernel.clock import stopped
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import run_queued_jobs
from openprm.rulebook import queries as rulebook_queries
from openprm.rulebook import services as rulebook

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def catalogue(cast):
    return make_catalogue()


@pytest.fixture
def table(cast, at):
    with scope(cast.vendor_admin) as actor:
        publish_work_table(actor=actor, at=at, program_id=cast.program.pk)


@pytest.fixture
def deal(cast, catalogue, table, at):
    """Approved at 10:00; a gold partner's 90 days, by published rule a window that reflects work."""
    registration_id = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=at, program_id=cast.program.pk)
    run_queued_jobs()
    return registration_id


def _log(cast, deal, at, *, who=None, days_ago=0, **values):
    with stopped(at):
        made = make_activity(
            who or cast.partner_rep,
            stored(deal).account_id,
            at=at,
            occurred_at=at - days_ago * DAY,
            about=deal,
            partner_id=cast.partner_id,
            side="partner",
            **values,
        )
        run_queued_jobs()
    return made


def _settle(deal, at):
    with system_scope():
        return evidence.settle(registration_id=deal, at=at)


def _steps(deal):
    with system_scope():
        return [(step.kind, step.cause, step.days) for step in ProtectionStep.objects.filter(registration=deal)]


def _days(deal):
    """Length of the window that protects, in days."""
    with system_scope():
        grant = ProtectionGrant.objects.get(registration=deal)
        assert stored(deal).protected_until == grant.ends_at
    return (grant.ends_at - grant.starts_at).days


def test_an_approval_opens_the_window(deal):
    assert _steps(deal) == [("opened", str(stored(deal).stage), 90)]
    assert _days(deal) == 90


def test_without_a_table_windows_are_fixed(cast, catalogue, at):
    registration_id = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=at)
    run_queued_jobs()
    _log(cast, registration_id, at + DAY, kind="proposal")

    assert _settle(registration_id, at + 60 * DAY) is False
    assert (_steps(registration_id), _days(registration_id)) == ([], 90)


def test_a_table_that_comes_later_does_not_touch_deals_in_flight(cast, catalogue, at):
    registration_id = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=at)
    with scope(cast.vendor_admin) as actor:
        publish_work_table(actor=actor, at=at + 400 * DAY)
    run_queued_jobs()

    assert _steps(registration_id) == []


def test_a_draft_is_replayed_over_the_work_that_was_really_logged(cast, deal, at):
    """A meeting as the partner tells it: 2 days by the table in force, 4 by the draft; a quiet week takes 5 days, or none by the draft."""
    _log(cast, deal, at + 5 * DAY, kind="meeting")
    then = at + (5 + 21 + 7) * DAY
    with system_scope():
        draft_id = rulebook.create_draft(actor=cast.vendor_admin, kind="deals.evidence", program_id=cast.program.pk, at=then)
        rulebook.save_draft(actor=cast.vendor_admin, draft_id=draft_id, table=work_table(days_meeting="8", week_days="0"), at=then)
        replay_id = rulebook.begin_replay(actor=cast.vendor_admin, draft_id=draft_id, at=then)
        assert rulebook.advance_replay(replay_id=replay_id, at=then) is True
        found = rulebook_queries.replay(actor=cast.vendor_admin, replay_id=replay_id, at=then)

    assert (found.tally.subjects, found.tally.up, found.tally.moves) == (1, 1, {("87", "94"): 1})
    assert (found.cost_before.minor, found.cost_after.minor) == (round(40_000_00 * 87 / 365), round(40_000_00 * 94 / 365))


def test_logged_work_extends_at_once_and_both_sides_hear_of_it(cast, deal, at):
    _log(cast, deal, at + 5 * DAY, kind="meeting")

    assert _steps(deal)[1:] == [("gained", "meeting", 2)]
    assert _days(deal) == 92
    with system_scope():
        told = Notification.objects.filter(kind="deals.protection_moved")
        assert {row.user_id for row in told} == {cast.partner_rep.user_id, cast.partner_manager.user_id}


def test_what_the_vendor_confirms_counts_in_full(cast, deal, at):
    activity_id = _log(cast, deal, at + 5 * DAY, kind="meeting")
    with scope(cast.partner_manager) as actor:
        activities.confirm(actor=actor, activity_id=activity_id, at=at + 6 * DAY)
    run_queued_jobs()

    assert _days(deal) == 95
    assert _steps(deal)[1:] == [("gained", "meeting", 2), ("gained", "meeting", 3)]


def test_five_hundred_calls_on_one_day_count_once(cast, deal, at):
    rows = [activities.Entry(account_id=stored(deal).account_id, kind="call", occurred_at=at + DAY, summary=f"Call {n}", about=deal) for n in range(500)]
    with scope(cast.partner_rep) as actor:
        activities.record_many(actor=actor, entries=rows, at=at + DAY)
    _settle(deal, at + DAY)

    assert _days(deal) == 91
    assert _steps(deal)[1:] == [("gained", "call", 1)]


def test_settling_twice_changes_nothing(cast, deal, at):
    _log(cast, deal, at + 5 * DAY, kind="demo")
    before = _steps(deal)

    assert _settle(deal, at + 5 * DAY) is False
    assert _settle(deal, at + 6 * DAY) is False
    assert _steps(deal) == before


class TestQuiet:
    def test_is_announced_first_and_holds_after_its_notice(self, cast, deal, at):
        _settle(deal, at + 28 * DAY)
        assert (_days(deal), _steps(deal)[1:]) == (90, [("announced", "quiet", -5)])

        _settle(deal, at + 34 * DAY)
        assert _days(deal) == 90

        _settle(deal, at + 35 * DAY)
        assert _days(deal) == 85
        assert _steps(deal)[2:] == [("shortened", "quiet", -5), ("announced", "quiet", -5)]

    def test_work_within_the_notice_keeps_the_end(self, cast, deal, at):
        _settle(deal, at + 28 * DAY)
        _log(cast, deal, at + 30 * DAY, kind="visit", who=cast.partner_manager)

        _settle(deal, at + 40 * DAY)

        assert _days(deal) == 92
        assert [kind for kind, _cause, _days_ in _steps(deal)[1:]] == ["announced", "lifted", "gained"]

    def test_late_work_gives_the_weeks_back(self, cast, deal, at):
        for day in range(20, 50):
            _settle(deal, at + day * DAY)
        assert _days(deal) == 75

        _log(cast, deal, at + 49 * DAY, kind="meeting", who=cast.partner_manager, days_ago=22)
        _settle(deal, at + 49 * DAY)

        assert _days(deal) == 95

    def test_stops_at_the_floor(self, cast, deal, at):
        for day in range(20, 80, 3):
            _settle(deal, at + day * DAY)

        assert _days(deal) >= 45
        with system_scope():
            assert min(step.planned_after for step in ProtectionStep.objects.all()) >= at + 45 * DAY

    def test_a_missed_month_of_nights_shortens_nothing_at_once(self, cast, deal, at):
        _settle(deal, at + 60 * DAY)

        assert (_days(deal), _steps(deal)[1:]) == (90, [("announced", "quiet", -25)])


def test_struck_work_is_taken_back_from_its_own_step_with_notice(cast, deal, at):
    activity_id = _log(cast, deal, at + 5 * DAY, kind="meeting", who=cast.partner_manager)
    _log(cast, deal, at + 6 * DAY, kind="demo", who=cast.partner_manager)
    assert _days(deal) == 102

    with stopped(at + 7 * DAY), scope(cast.partner_manager) as actor:
        activities.strike(actor=actor, activity_id=activity_id, reason="It was another customer.", at=at + 7 * DAY)
    run_queued_jobs()
    assert (_days(deal), _steps(deal)[-1]) == (102, ("announced", "meeting", -5))

    _settle(deal, at + 14 * DAY)
    assert (_days(deal), _steps(deal)[-1]) == (97, ("shortened", "meeting", -5))


def test_an_extension_by_hand_comes_on_top(cast, deal, at):
    with scope(cast.partner_manager) as actor:
        deals.extend_protection(actor=actor, registration_id=deal, reason="The board meets in May.", at=at + DAY)
    run_queued_jobs()
    _log(cast, deal, at + 2 * DAY, kind="proposal", who=cast.partner_manager)

    assert _days(deal) == 130
    assert _steps(deal)[1:] == [("by_hand", "", 30), ("gained", "proposal", 10)]


def test_a_new_stage_counts_once_and_a_step_back_does_not(cast, deal, at):
    for day, stage in ((1, "business_validation"), (2, "qualified"), (3, "business_validation"), (4, "prospect")):
        with scope(cast.partner_rep) as actor:
            deals.move_stage(actor=actor, registration_id=deal, stage=stage, at=at + day * DAY)
        run_queued_jobs()

    assert _steps(deal)[1:] == [("gained", "stage", 10)]


def test_work_on_another_deal_or_by_another_partner_does_not_count(cast, deal, at):
    account_id = stored(deal).account_id
    make_activity(cast.partner_rep, account_id, at=at + DAY, kind="demo")
    make_activity(cast.partner_manager, account_id, at=at + DAY, kind="demo", about=deal)
    make_activity(cast.partner_manager, account_id, at=at + DAY, kind="demo", about=deal, side="partner", partner_id=cast.other_partner_id)
    run_queued_jobs()

    assert _settle(deal, at + DAY) is False
    assert _days(deal) == 90


def test_the_nightly_job_goes_through_all_windows(cast, deal, at):
    with system_scope():
        assert evidence.settle_due(after=None, at=at + 28 * DAY) is None

    assert _steps(deal)[1:] == [("announced", "quiet", -5)]


def test_a_job_that_comes_late_does_not_turn_the_time_back(cast, deal, at):
    _settle(deal, at + 28 * DAY)
    before = _steps(deal)

    assert _settle(deal, at + 10 * DAY) is False
    assert _steps(deal) == before


class TestTheDatabase:
    def test_refuses_a_shortening_without_notice(self, cast, deal, at):
        with system_scope(), pytest.raises(DatabaseError, match="only as announced"), transaction.atomic():
            ProtectionStep.objects.create(
                registration_id=deal, partner_id=cast.partner_id, position=1, kind="gained", at=at, ends_before=at + 90 * DAY, ends_after=at + 80 * DAY,
                planned_after=at + 80 * DAY,
            )  # fmt: skip

        assert len(_steps(deal)) == 1

    @pytest.mark.parametrize("statement", ["update deals_protectionstep set days = 1", "delete from deals_protectionstep"])
    def test_keeps_every_step(self, deal, statement):
        with system_scope(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_shows_a_partner_only_its_own(self, cast, deal):
        with scope(cast.other_partner_rep):
            assert ProtectionStep.objects.count() == 0


class TestReading:
    def test_both_sides_see_the_same_curve_with_what_would_extend_it(self, cast, deal, at):
        _log(cast, deal, at + 5 * DAY, kind="meeting")
        views = []
        for who in (cast.partner_rep, cast.vendor_reader):
            with scope(who) as actor:
                views.append(work_windows.work_window(actor=actor, registration_id=deal, at=at + 6 * DAY))

        assert views[0] == views[1]
        found = views[0]
        assert (found.base_days, found.added, found.taken, found.protected_until) == (90, 2, 0, at + 92 * DAY + timedelta(hours=1))
        assert found.next_quiet_on == (at + 33 * DAY).date()
        assert found.ends_without_work_on == (at + 68 * DAY).date()
        assert [(hint.kind, hint.days, hint.days_verified) for hint in found.hints][:2] == [("stage", 10, 10), ("proposal", 5, 10)]

    def test_a_stranger_sees_404(self, cast, deal, at):
        with scope(cast.other_partner_rep) as actor, pytest.raises(NotFound):
            work_windows.work_window(actor=actor, registration_id=deal, at=at)

    def test_the_api_tells_the_same(self, cast, deal, at):
        _log(cast, deal, at + 5 * DAY, kind="meeting")
        with stopped(at + 6 * DAY):
            found = cast.client("partner_rep").get(f"/api/v1/registrations/{deal}/work-window").json()

        assert (found["base_days"], found["added"], found["clause"]) == (90, 2, "W1")
        assert [(step["kind"], step["days"]) for step in found["steps"]] == [("opened", 90), ("gained", 2)]

    def test_the_page_draws_the_curve_with_its_table(self, cast, deal, at):
        with stopped(at + 6 * DAY):
            page = cast.client("partner_rep").get(f"/portal/deals/{deal}/").content.decode()

        assert 'id="work-window"' in page
        assert "All steps as a table" in page
        assert "What would extend your protection today" in page


@pytest.mark.parametrize("night", range(10, 60, 10))
def test_a_night_that_is_killed_leaves_nothing_behind(cast, deal, at, night, monkeypatch):
    """Whatever step it dies in, the next run writes what an unbroken one would have written."""
    calls = iter(range(100))
    whole = evidence.announce

    def dies(*args, **kwargs):
        if next(calls) == 0:
            raise KeyboardInterrupt
        return whole(*args, **kwargs)

    monkeypatch.setattr(evidence, "announce", dies)
    before = _steps(deal)
    wrote = True
    with system_scope():
        try:
            with transaction.atomic():
                wrote = evidence.settle(registration_id=deal, at=at + night * DAY)
        except KeyboardInterrupt:
            pass
    assert not wrote or _steps(deal) == before

    _settle(deal, at + night * DAY)
    assert _settle(deal, at + night * DAY) is False
    weeks = max(0, night - 21) // 7
    assert _steps(deal)[1:] == ([("announced", "quiet", -5 * weeks)] if weeks else [])
