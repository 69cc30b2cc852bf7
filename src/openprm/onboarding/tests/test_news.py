"""Newcomers are welcomed, owners are reminded, managers hear of slips: what the queue does."""

from datetime import timedelta

import pytest

from openprm.identity import services as identity
from openprm.inbox.models import Notification
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.onboarding import jobs, queries, services
from openprm.onboarding.models import FirstDeal, KitDelivery, Plan, PlanTask
from openprm.onboarding.testing import make_kit, make_pilot, make_plan, task_id
from openprm.partners import services as partners
from openprm.partners.models import Partner

pytestmark = pytest.mark.django_db


def _told(kind):
    with system_scope():
        return sorted(Notification.objects.filter(kind=f"onboarding.{kind}").values_list("user__name", flat=True))


def _newcomer(cast, at, **values):
    with system_scope():
        return partners.create_partner(actor=SYSTEM, name="Brisa Cloud", country="PT", program_id=cast.program.pk, at=at, **values)


def test_an_approved_partner_gets_a_plan_a_kit_and_a_manager(cast, at, run_jobs):
    make_kit(cast.vendor_admin, cast.program.pk)

    newcomer = _newcomer(cast, at)
    run_jobs()

    with system_scope():
        assert Plan.objects.get(partner=newcomer).program_id == cast.program.pk
        assert KitDelivery.objects.get(partner=newcomer).delivered_at == at
        assert Partner.objects.get(pk=newcomer).manager_id == cast.partner_manager.user_id
        assert FirstDeal.objects.get(partner=newcomer).manager_was_assigned
        assert queries.first_deal_support(newcomer, at).promise_class == "priority"


def test_a_job_that_runs_twice_changes_nothing(cast, at, run_jobs):
    newcomer = _newcomer(cast, at)
    run_jobs()

    with system_scope():
        jobs.on_partner_enrolled(partner_id=newcomer, program_id=cast.program.pk, tier_code="silver", at=at)
        jobs.on_partner_created(partner_id=newcomer, at=at)

        assert Plan.objects.filter(partner=newcomer).count() == 1


def test_an_imported_partner_is_no_newcomer(cast, at, run_jobs):
    newcomer = _newcomer(cast, at, external_source="crm", external_id="A-1")
    run_jobs()

    with system_scope():
        assert not Plan.objects.filter(partner=newcomer).exists()


def test_people_who_join_get_the_tasks_that_waited_and_the_kit_by_mail(cast, at, run_jobs, outbox):
    make_kit(cast.vendor_admin, cast.program.pk)
    newcomer = _newcomer(cast, at)
    run_jobs()
    with system_scope():
        user_id = identity.add_person(actor=SYSTEM, organization_id=newcomer, email="rita@brisa.example", name="Rita Melo", role="partner_admin", at=at)
        jobs.on_person_joined(user_id=user_id, organization_id=newcomer, invitation_id=user_id, invited_by_id=None, at=at)
    run_jobs()

    with system_scope():
        assert set(PlanTask.objects.filter(partner=newcomer, side="partner").values_list("owner_id", flat=True)) == {user_id}
        assert KitDelivery.objects.get(partner=newcomer).openings.get().mailed_at == at
    assert _told("welcome") == ["Rita Melo"]
    assert [mail.subject for mail in outbox if "rita@brisa.example" in str(mail.to)] == ["Welcome to Halden"]


def test_the_owner_is_reminded_once_before_and_once_after_and_the_manager_hears_of_the_slip(cast, at):
    plan = make_plan(cast.partner_id, program_id=cast.program.pk, at=at)
    with system_scope():
        due = PlanTask.objects.get(pk=task_id(plan, "rules")).due_at
        PlanTask.objects.filter(plan=plan).exclude(key="rules").update(state="waived", reason="Not now", done_at=at)
        for moment in (due - timedelta(days=3), due - timedelta(days=1), due - timedelta(hours=1), due + timedelta(hours=1), due + timedelta(days=1)):
            jobs.remind(at=moment)

    assert (_told("due"), _told("overdue"), _told("slipped")) == (["Mika Virtanen"], ["Mika Virtanen"], ["Erik Berg"])


def test_a_stuck_plan_is_told_once_and_cleared_by_the_next_sign_of_work(cast, at, run_jobs):
    plan = make_plan(cast.partner_id, program_id=cast.program.pk, at=at)
    with system_scope():
        jobs.mark_stuck(at=at + timedelta(days=20))
        jobs.mark_stuck(at=at + timedelta(days=21))
    run_jobs()
    with scope(cast.vendor_admin):
        stuck = queries.stuck_plans(cast.vendor_admin, at + timedelta(days=21))
    with scope(cast.partner_admin):
        services.add_comment(actor=cast.partner_admin, task_id=task_id(plan, "rules"), body="We are back", at=at + timedelta(days=21))

    assert _told("stuck") == ["Erik Berg"]
    assert [row.stuck_why for row in stuck] == ["“Open your welcome kit” is 17 days overdue. It waits for Mika Virtanen."]
    with system_scope():
        assert Plan.objects.get(pk=plan).stuck_since is None


def test_a_partner_that_leaves_has_its_plan_ended(cast, at):
    plan = make_plan(cast.partner_id, program_id=cast.program.pk, at=at)

    with system_scope():
        jobs.on_status_changed(partner_id=cast.partner_id, before="active", after="offboarded", at=at)

        assert (Plan.objects.get(pk=plan).state, Plan.objects.get(pk=plan).ended_reason) == ("ended", "Offboarded")


def test_the_tasks_of_the_manager_go_to_the_new_manager(cast, at, run_jobs):
    plan = make_plan(cast.partner_id, program_id=cast.program.pk, at=at)

    with system_scope():
        partners.assign_manager(actor=SYSTEM, partner_id=cast.partner_id, manager_id=cast.vendor_admin.user_id, at=at)
    run_jobs()

    with system_scope():
        assert PlanTask.objects.get(pk=task_id(plan, "kick-off")).owner_id == cast.vendor_admin.user_id


def test_the_first_win_ends_the_support(cast, at):
    services.begin_first_deal(partner_id=cast.partner_id, at=at)

    services.reach_milestone(partner_id=cast.partner_id, code="deals.first_won", at=at + timedelta(days=9))

    with system_scope():
        assert queries.first_deal_support(cast.partner_id, at + timedelta(days=8)) is not None
        assert queries.first_deal_support(cast.partner_id, at + timedelta(days=9)) is None
        assert queries.first_deal_support(cast.other_partner_id, at) is None


def test_accepting_the_pilot_of_a_template_moves_the_running_plan_to_it(cast, at):
    admin = cast.vendor_admin
    plan = make_plan(cast.partner_id, program_id=cast.program.pk, at=at)
    with scope(admin):
        template = services.create_template(actor=admin, name="Quick start", copy_of=_template(plan), is_automatic=False, at=at)
        services.publish_draft(actor=admin, template_id=template, at=at)
    pilot = make_pilot(admin, (cast.partner_id,), start=True, kind="template", template_id=template)

    with scope(cast.partner_admin):
        services.answer_invitation(actor=cast.partner_admin, pilot_id=pilot, accept=True, at=at)

    with system_scope():
        assert Plan.objects.get(pk=plan).template_version.template_id == template


def _template(plan):
    with system_scope():
        return Plan.objects.get(pk=plan).template_version.template_id


def test_only_a_partner_administrator_answers_for_the_partner(cast, at):
    pilot = make_pilot(cast.vendor_admin, (cast.partner_id,), start=True)

    with scope(cast.partner_rep), pytest.raises(NotAllowed, match="administrator of the partner"):
        services.answer_invitation(actor=cast.partner_rep, pilot_id=pilot, accept=True, at=at)


def test_a_pilot_without_a_goal_does_not_start(cast, at):
    from openprm.kernel.errors import Conflict

    with scope(cast.vendor_admin):
        from datetime import date

        pilot = services.create_pilot(
            actor=cast.vendor_admin, name="X", about="Y", kind="feature", starts_date=date(2026, 11, 23), ends_date=date(2026, 12, 1), at=at
        )
        with pytest.raises(Conflict, match="one partner and one goal"):
            services.start_pilot(actor=cast.vendor_admin, pilot_id=pilot, at=at)


def test_the_database_refuses_edits_to_a_published_template(cast):
    from django.db import DatabaseError

    from openprm.onboarding.models import TemplateVersion

    with system_scope(), pytest.raises(DatabaseError, match="not changed"):
        TemplateVersion.objects.filter(state="published").update(content={"levels": []})
