"""The database itself: another partner reads no row, and no partner writes one."""

import pytest
from django.db import DatabaseError, transaction

from openprm.kernel.scope import scope, system_scope
from openprm.onboarding import models, services
from openprm.onboarding.testing import make_showcase, task_id

pytestmark = pytest.mark.django_db
OF_PARTNERS = (
    models.Plan,
    models.PlanLevel,
    models.PlanTask,
    models.Comment,
    models.Kit,
    models.KitDelivery,
    models.FirstDeal,
    models.ReachedMilestone,
    models.Help,
    models.Pilot,
    models.PilotGoal,
    models.PilotPartner,
)
OF_THE_VENDOR = (models.Template, models.TemplateVersion)


@pytest.fixture
def stranger(cast):
    """A partner with nothing of its own, beside one with everything."""
    with system_scope():
        make_showcase(cast)
        for model in (models.PilotPartner, models.KitDelivery, models.ReachedMilestone, models.FirstDeal, models.Plan):
            model.objects.filter(partner=cast.other_partner_id).delete()
        assert all(model.objects.exists() for model in OF_PARTNERS)
    return cast.other_partner_rep


def test_another_partner_reads_nothing(stranger):
    with scope(stranger):
        found = [model.__name__ for model in (*OF_PARTNERS, *OF_THE_VENDOR) if model.unscoped(reason="ring 4 alone").exists()]

    assert found == []


def test_the_partner_reads_its_own_rows_but_no_template(cast, stranger):
    with scope(cast.partner_rep):
        unread = [model.__name__ for model in OF_PARTNERS if not model.unscoped(reason="ring 4 alone").exists()]
        templates = [model.__name__ for model in OF_THE_VENDOR if model.unscoped(reason="ring 4 alone").exists()]

    assert (unread, templates) == ([], [])


def test_a_partner_cannot_write_around_the_services(cast, stranger):
    with system_scope():
        plan = models.Plan.objects.get(partner=cast.partner_id).pk
    task = task_id(plan, "sales-course")

    with scope(cast.partner_admin):
        changed = models.PlanTask.unscoped(reason="ring 4 alone").filter(pk=task).update(title="Mine now")
        with pytest.raises(DatabaseError), transaction.atomic():
            models.Comment.objects.create(task_id=task, partner_id=cast.partner_id, body="Past the service")

    assert changed == 0


def test_a_comment_cannot_hang_on_another_partners_task(cast, stranger):
    with system_scope():
        plan = models.Plan.objects.get(partner=cast.partner_id).pk

        with pytest.raises(DatabaseError, match="same_tenant"), transaction.atomic():
            models.Comment.objects.create(task_id=task_id(plan, "rules"), partner_id=cast.other_partner_id, body="Mixed")
            with_constraints_now()


def with_constraints_now() -> None:
    from django.db import connection

    connection.cursor().execute("set constraints all immediate")


def test_the_milestone_of_a_partner_is_noted_once_and_stays(cast, at):
    services.reach_milestone(partner_id=cast.partner_id, code="deals.first_won", at=at)

    with system_scope(), pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
        models.ReachedMilestone.objects.update(evidence="Somebody else")
