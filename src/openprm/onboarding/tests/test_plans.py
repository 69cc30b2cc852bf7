"""A partner's way through its plan."""

from datetime import UTC, date, datetime, timedelta

import pytest

from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.onboarding import queries, services
from openprm.onboarding.models import Evidence, Plan, PlanLevel, PlanTask
from openprm.onboarding.testing import make_plan, task_id, template_id

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 certificate"


@pytest.fixture
def plan_id(cast, at):
    return make_plan(cast.partner_id, program_id=cast.program.pk, at=at)


def _task(plan_id, key):
    with system_scope():
        return PlanTask.objects.select_related("level").get(plan=plan_id, key=key)


def _do(actor, plan_id, key, at, answer=""):
    with scope(actor):
        services.complete_task(actor=actor, task_id=task_id(plan_id, key), answer=answer, at=at)


def _walk_first_level(cast, plan_id, at):
    for code in ("onboarding.kit_opened", "agreements.accepted"):
        services.reach_milestone(partner_id=cast.partner_id, code=code, at=at)
    for key in ("kick-off", "prices"):
        _do(cast.partner_manager, plan_id, key, at)
    _do(cast.partner_admin, plan_id, "rules", at)
    _do(cast.partner_rep, plan_id, "plan", at, "Northwind, Pelican, Lumen")


def test_a_plan_names_owners_on_both_sides_and_dates_in_working_time(cast, at, plan_id):
    kick_off, rules, first = _task(plan_id, "kick-off"), _task(plan_id, "rules"), _task(plan_id, "plan")

    assert kick_off.owner_id == cast.partner_manager.user_id
    assert rules.owner_id == cast.partner_admin.user_id
    assert first.owner_id == cast.partner_rep.user_id
    # five days after Monday 23 November is Saturday: the close of business of Monday, in Oslo
    assert kick_off.due_at == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert [_task(plan_id, key).level.state for key in ("kick-off", "demo")] == ["open", "locked"]


def test_the_closest_segment_decides_which_template_starts(cast, at):
    plan = services.start_for_segment(partner_id=cast.partner_id, program_id=cast.program.pk, at=at)

    with system_scope():
        assert Plan.objects.get(pk=plan).template_version.template.code == "resell-90"
    assert services.start_for_segment(partner_id=cast.partner_id, program_id=cast.program.pk, at=at) is None


def test_a_second_running_plan_in_one_program_is_refused(cast, at, plan_id):
    with scope(cast.partner_manager), pytest.raises(services.PlanRuns, match="running plan"):
        services.start_plan(actor=cast.partner_manager, partner_id=cast.partner_id, template_id=template_id(), program_id=cast.program.pk, at=at)

    with system_scope():
        assert Plan.objects.count() == 1


def test_completing_the_required_tasks_completes_the_level_and_opens_the_next(cast, at, plan_id):
    _walk_first_level(cast, plan_id, at)

    with scope(cast.partner_admin):
        plan = queries.plan_for_partner(cast.partner_admin, plan_id, at)
    assert [(level.key, level.state) for level in plan.levels] == [("arrive", "done"), ("learn", "open"), ("win", "locked")]
    assert plan.levels[0].badge == "Welcome aboard"
    assert (plan.done, plan.total, plan.percent) == (6, 13, 46)


def test_a_milestone_ticks_its_task_off_once_also_in_a_level_that_is_locked(cast, at, plan_id):
    first = services.reach_milestone(partner_id=cast.partner_id, code="deals.first_won", evidence="DR-000123", at=at)
    second = services.reach_milestone(partner_id=cast.partner_id, code="deals.first_won", evidence="DR-000200", at=at + timedelta(days=9))

    task = _task(plan_id, "first-win")
    assert (first, second) == (True, False)
    assert (task.state, task.done_at, task.level.state) == ("done", at, "locked")


def test_what_happened_before_the_plan_is_done_from_the_start(cast, at):
    services.reach_milestone(partner_id=cast.partner_id, code="agreements.accepted", at=at - timedelta(days=3))

    plan = make_plan(cast.partner_id, at=at)

    assert (_task(plan, "agreement").state, _task(plan, "agreement").done_at) == ("done", at - timedelta(days=3))


def test_an_unknown_milestone_is_refused(cast, at, plan_id):
    with pytest.raises(services.UnknownMilestone, match=r"deals\.second_won"):
        services.reach_milestone(partner_id=cast.partner_id, code="deals.second_won", at=at)


def test_the_whole_way_completes_the_plan(cast, at, plan_id):
    with system_scope():
        for key in ("learn", "win"):
            PlanTask.objects.filter(plan=plan_id, level__key=key).update(state="waived", reason="Not today", done_at=at)

    _walk_first_level(cast, plan_id, at + timedelta(days=4))

    with system_scope():
        plan = Plan.objects.get(pk=plan_id)
    assert (plan.state, plan.ended_at) == ("completed", at + timedelta(days=4))


def test_a_partner_cannot_do_the_vendors_task(cast, at, plan_id):
    with scope(cast.partner_admin), pytest.raises(NotAllowed, match="task of your vendor"):
        services.complete_task(actor=cast.partner_admin, task_id=task_id(plan_id, "kick-off"), at=at)

    assert _task(plan_id, "kick-off").state == "open"


def test_a_partner_cannot_tick_off_what_happens_by_itself(cast, at, plan_id):
    with scope(cast.partner_admin), pytest.raises(NotAllowed, match="by itself"):
        services.complete_task(actor=cast.partner_admin, task_id=task_id(plan_id, "agreement"), at=at)

    assert _task(plan_id, "agreement").state == "open"


def test_another_partner_finds_no_such_task(cast, at, plan_id):
    with scope(cast.other_partner_admin), pytest.raises(NotFound):
        services.complete_task(actor=cast.other_partner_admin, task_id=task_id(plan_id, "rules"), at=at)


def test_a_reader_is_told_that_the_role_only_reads(cast, at, plan_id):
    with scope(cast.partner_reader), pytest.raises(NotAllowed, match="read the plan"):
        services.complete_task(actor=cast.partner_reader, task_id=task_id(plan_id, "rules"), at=at)


def test_a_task_of_a_level_that_is_not_open_waits(cast, at, plan_id):
    with scope(cast.partner_manager), pytest.raises(NotAllowed, match="level before it"):
        services.complete_task(actor=cast.partner_manager, task_id=task_id(plan_id, "demo"), at=at)


def test_a_task_to_fill_in_needs_words(cast, at, plan_id):
    with scope(cast.partner_rep), pytest.raises(Invalid, match="Write something"):
        services.complete_task(actor=cast.partner_rep, task_id=task_id(plan_id, "plan"), answer="  ", at=at)

    assert _task(plan_id, "plan").state == "open"


def test_an_upload_task_needs_its_file_and_the_same_file_counts_once(cast, at, plan_id):
    _walk_first_level(cast, plan_id, at)
    course = task_id(plan_id, "sales-course")
    with scope(cast.partner_rep), pytest.raises(services.EvidenceMissing):
        services.complete_task(actor=cast.partner_rep, task_id=course, at=at)

    with scope(cast.partner_rep):
        first = services.add_evidence(actor=cast.partner_rep, task_id=course, name="../../c.exe", content=PDF, at=at)
        again = services.add_evidence(actor=cast.partner_rep, task_id=course, name="copy.pdf", content=PDF, at=at)
        services.complete_task(actor=cast.partner_rep, task_id=course, at=at)

    with system_scope():
        assert (first, Evidence.objects.get().name) == (again, "c.pdf")
    assert _task(plan_id, "sales-course").state == "done"


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00program", b"<script>alert(1)</script>", b"<svg onload=alert(1)>"])
def test_a_file_that_could_do_harm_is_refused(cast, at, plan_id, content):
    with scope(cast.partner_rep), pytest.raises(Invalid, match="Only PDF"):
        services.add_evidence(actor=cast.partner_rep, task_id=task_id(plan_id, "rules"), name="a.pdf", content=content, at=at)

    with system_scope():
        assert Evidence.objects.count() == 0


def test_a_waived_task_no_longer_counts_and_says_why(cast, at, plan_id):
    with scope(cast.partner_manager):
        services.waive_task(actor=cast.partner_manager, task_id=task_id(plan_id, "plan"), reason="Sells to one customer", at=at)
        plan = queries.plan_for_vendor(cast.partner_manager, plan_id, at)

    assert (plan.done, plan.total) == (0, 12)
    assert _task(plan_id, "plan").reason == "Sells to one customer"


def test_waiving_without_a_reason_changes_nothing(cast, at, plan_id):
    with scope(cast.partner_manager), pytest.raises(Invalid):
        services.waive_task(actor=cast.partner_manager, task_id=task_id(plan_id, "plan"), reason=" ", at=at)

    assert _task(plan_id, "plan").state == "open"


def test_more_time_ends_at_the_close_of_business_of_a_working_day(cast, at, plan_id):
    with scope(cast.partner_manager):
        services.extend_task(actor=cast.partner_manager, task_id=task_id(plan_id, "rules"), until=date(2026, 12, 19), reason="Holidays", at=at)

    assert _task(plan_id, "rules").due_at == datetime(2026, 12, 21, 16, 0, tzinfo=UTC)


def test_less_time_is_refused(cast, at, plan_id):
    with scope(cast.partner_manager), pytest.raises(Invalid, match="day after"):
        services.extend_task(actor=cast.partner_manager, task_id=task_id(plan_id, "rules"), until=date(2026, 11, 24), reason="Hurry", at=at)


def test_a_partner_administrator_hands_over_tasks_of_its_own_side_only(cast, at, plan_id):
    with scope(cast.partner_admin):
        services.assign_task(actor=cast.partner_admin, task_id=task_id(plan_id, "rules"), user_id=cast.partner_technical.user_id, at=at)
        with pytest.raises(NotAllowed):
            services.assign_task(actor=cast.partner_admin, task_id=task_id(plan_id, "kick-off"), user_id=cast.partner_technical.user_id, at=at)
        with pytest.raises(Invalid, match="active person"):
            services.assign_task(actor=cast.partner_admin, task_id=task_id(plan_id, "rules"), user_id=cast.other_partner_rep.user_id, at=at)

    assert _task(plan_id, "rules").owner_id == cast.partner_technical.user_id


def test_a_tick_can_be_taken_back_while_the_level_is_open(cast, at, plan_id):
    _do(cast.partner_admin, plan_id, "rules", at)

    with scope(cast.partner_admin):
        services.reopen_task(actor=cast.partner_admin, task_id=task_id(plan_id, "rules"), at=at)

    assert (_task(plan_id, "rules").state, _task(plan_id, "rules").done_at) == ("open", None)


def test_a_tick_of_a_completed_level_stays(cast, at, plan_id):
    _walk_first_level(cast, plan_id, at)

    with scope(cast.partner_admin), pytest.raises(NotAllowed, match="stays completed"):
        services.reopen_task(actor=cast.partner_admin, task_id=task_id(plan_id, "rules"), at=at)


def test_two_people_do_not_overwrite_each_other(cast, at, plan_id):
    with scope(cast.partner_manager), pytest.raises(Stale):
        services.waive_task(actor=cast.partner_manager, task_id=task_id(plan_id, "rules"), reason="x", version=7, at=at)


def test_a_level_passed_over_waives_its_tasks_and_opens_the_next(cast, at, plan_id):
    with system_scope():
        level = PlanLevel.objects.get(plan=plan_id, key="arrive").pk
    with scope(cast.partner_manager):
        services.skip_level(actor=cast.partner_manager, level_id=level, reason="A partner of ours for years", at=at)

    with system_scope():
        assert list(PlanLevel.objects.filter(plan=plan_id).order_by("position").values_list("state", flat=True)) == ["skipped", "open", "locked"]
        assert set(PlanTask.objects.filter(level=level).values_list("state", flat=True)) == {"waived"}


def test_a_plan_keeps_its_version_until_it_is_moved_knowingly(cast, at, plan_id):
    admin, template = cast.vendor_admin, template_id()
    _do(cast.partner_admin, plan_id, "rules", at)
    with scope(admin):
        services.begin_draft(actor=admin, template_id=template, at=at)
        services.take_out(actor=admin, template_id=template, key="prices", at=at)
        values = {"title": "Visit us", "side": "partner", "role": "partner_admin", "offset_days": 20}
        services.put_task(actor=admin, template_id=template, level_key="arrive", values=values, at=at)
        services.publish_draft(actor=admin, template_id=template, notice="Visit instead of a price list", at=at)
        before = queries.plan_for_vendor(admin, plan_id, at)
        moved = services.move_plan(actor=admin, plan_id=plan_id, at=at)
        after = queries.plan_for_vendor(admin, plan_id, at)

    assert (before.version_number, before.newer_version, before.newer_notice) == (1, 2, "Visit instead of a price list")
    assert (moved.kept, moved.added, moved.left_out) == (14, 1, 1)
    assert (after.version_number, after.newer_version) == (2, None)
    assert _task(plan_id, "rules").state == "done"
    assert (_task(plan_id, "prices").state, _task(plan_id, "prices").reason) == ("waived", "Version 2 of the template leaves this out.")


def test_moving_a_plan_that_is_up_to_date_is_refused(cast, at, plan_id):
    with scope(cast.partner_manager), pytest.raises(services.NothingNewer):
        services.move_plan(actor=cast.partner_manager, plan_id=plan_id, at=at)


def test_the_first_contact_is_promised_and_kept_by_the_first_work_of_the_vendor(cast, at, plan_id):
    from openprm.promises import queries as promises

    with system_scope():
        running = promises.clock(plan_id, "onboarding.first_contact", at)
    with scope(cast.partner_manager):
        services.add_comment(actor=cast.partner_manager, task_id=task_id(plan_id, "kick-off"), body="Thursday at ten?", at=at + timedelta(hours=2))
    with system_scope():
        kept = promises.clock(plan_id, "onboarding.first_contact", at + timedelta(hours=3))

    assert (running.state, kept.state) == ("running", "kept")


def test_a_partners_page_holds_no_word_of_the_vendors_worries(cast, at, plan_id):
    with system_scope():
        assert services.mark_stuck(at=at + timedelta(days=40)) == 1

    with scope(cast.partner_admin):
        plan = queries.plan_for_partner(cast.partner_admin, plan_id, at)

    assert not any("stuck" in field or "template" in field for field in plan.__dataclass_fields__)
