"""Two rooms that do not know each other meet through a port: an action plan on an engagement."""

from datetime import date

import pytest

from openprm.actionplans import queries as plans
from openprm.actionplans import services
from openprm.actionplans.pages import panels
from openprm.cosell import services as cosell
from openprm.cosell.services.opening import Draft
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import scope
from openprm.pipeline.testing import SOME_DAY

pytestmark = pytest.mark.django_db


def test_vendor_and_partner_plan_the_engagement_they_share_and_a_stranger_does_not(cast):
    vendor, actor = cast.partner_manager, cast.partner_rep
    draft = Draft(title="Three plants", customer_name="Vega Logistics", stage="qualified", expected_close_date=date(2027, 1, 29))
    with scope(vendor):
        engagement = cosell.open_engagement(actor=vendor, draft=draft, at=SOME_DAY).engagement_id
        invitation = cosell.invite(actor=vendor, engagement_id=engagement, receiver_id=cast.partner_id, role="reseller", at=SOME_DAY)
    with scope(actor):
        cosell.accept_invitation(actor=actor, invitation_id=invitation, at=SOME_DAY)
        plan_id = services.start_plan(actor=actor, subject_kind="engagement", subject_id=engagement, at=SOME_DAY)
        found = plans.plan(actor, plan_id, SOME_DAY)
        assert (found.subject_id, found.registration_id, found.close_date) == (engagement, None, date(2027, 1, 29))
    for seen in (actor, vendor):
        with scope(seen):
            assert panels.on_engagement(seen, engagement, SOME_DAY)["mutual_plan"].id == plan_id
    stranger = cast.other_partner_rep
    with scope(stranger), pytest.raises(NotFound):
        services.start_plan(actor=stranger, subject_kind="engagement", subject_id=engagement, at=SOME_DAY)
