"""First deals are told to onboarding: when they happen, and from history."""

import pytest

from openprm.deals import milestones
from openprm.deals.testing import SOME_DAY, make_approved, make_catalogue
from openprm.kernel.scope import system_scope
from openprm.onboarding import queries as onboarding
from openprm.onboarding import services
from openprm.onboarding.testing import make_plan

pytestmark = pytest.mark.django_db


def _states(cast, plan_id):
    with system_scope():
        plan = onboarding.plan_for_vendor(cast.vendor_admin, plan_id, SOME_DAY)
    return {task.key: task.state for level in plan.levels for task in level.tasks if task.key.startswith("first-")}


def test_a_first_deal_ticks_its_tasks_off(cast, run_jobs):
    plan_id = make_plan(cast.partner_id, program_id=cast.program.pk, at=SOME_DAY)

    make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue())
    run_jobs()

    assert _states(cast, plan_id) == {"first-registration": "done", "first-approved": "done", "first-win": "open"}


def test_deals_from_before_anybody_listened_are_found(cast):
    make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue())

    with system_scope():
        found = {one.code for one in milestones.first_times([cast.partner_id, cast.other_partner_id])}
        new = services.catch_up(partner_ids=[cast.partner_id], at=SOME_DAY.replace(year=2100))
        again = services.catch_up(partner_ids=[cast.partner_id], at=SOME_DAY.replace(year=2100))

    assert found == {"deals.first_registration", "deals.first_approved"}
    assert (new, again) == (2, 0)
