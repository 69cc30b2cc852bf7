import pytest

from openprm.deals import services
from openprm.deals.models import ApprovalStep, Decision, ProtectionGrant, Registration
from openprm.deals.testing import make_catalogue, make_draft, make_registration, stored
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def test_a_submitted_deal_waits_for_the_partner_manager(cast, at):
    catalogue = make_catalogue()

    made = make_registration(cast.partner_rep, catalogue, at=at)

    assert (made.status, made.outcome, made.verdict, made.clause) == ("submitted", "review", "none", "D6")
    with system_scope():
        step = ApprovalStep.objects.get(registration_id=made.registration_id)
    assert (step.role, step.approver_id) == ("partner_manager", cast.users["partner_manager"].pk)
    assert made.due_at is not None
