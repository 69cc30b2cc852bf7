"""A deal that is won or lost takes the engagement about it along, and cases may name an engagement."""

import pytest

from openprm.cosell import disputes, services
from openprm.cosell.models import Engagement
from openprm.cosell.tests.builders import SOME_DAY, joined, make_draft, make_engagement, make_partner, stored
from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(cast):
    return make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=SOME_DAY)


def _about(cast, deal):
    """An engagement about the deal, opened by its partner, with the vendor in it."""
    with scope(cast.partner_rep):
        return services.open_engagement(actor=cast.partner_rep, draft=make_draft(), deal_type="co_sell", registration_id=deal, at=SOME_DAY).engagement_id


def test_a_lost_deal_closes_its_engagement_with_the_reason(cast, deal, run_jobs):
    engagement_id = _about(cast, deal)
    joined(cast.partner_rep, engagement_id, cast.partner_manager, "facilitator")
    assert stored(engagement_id).state == "accepted"

    with scope(cast.partner_rep):
        deals.mark_lost(actor=cast.partner_rep, registration_id=deal, reason="They stopped the project.", code="price", at=SOME_DAY)
    run_jobs()

    ended = stored(engagement_id)
    assert (ended.state, ended.closed_at) == ("lost", SOME_DAY)
    assert "was lost: " in ended.closed_reason


def test_a_won_deal_wins_what_is_active_and_declines_what_nobody_joined(cast, deal):
    active, new = _about(cast, deal), _about(cast, deal)
    joined(cast.partner_rep, active, cast.partner_manager, "facilitator")

    with system_scope():
        assert services.end_with_deal(registration_id=deal, number="DR-1", is_won=True, at=SOME_DAY) == 2
        assert services.end_with_deal(registration_id=deal, number="DR-1", is_won=True, at=SOME_DAY) == 0

    assert (stored(active).state, stored(active).closed_reason) == ("won", "DR-1 was won.")
    assert stored(new).state == "declined"


def test_an_engagement_about_another_deal_stays_open(cast, deal):
    other = make_engagement(cast.partner_manager).engagement_id

    with system_scope():
        assert services.end_with_deal(registration_id=deal, number="DR-1", is_won=False, at=SOME_DAY) == 0
        assert Engagement.objects.get(pk=other).closed_at is None


class TestCases:
    def test_name_an_engagement_by_the_side_that_asks(self, cast):
        isv = make_partner("Lumio Software", "isv")
        engagement_id = make_engagement(cast.partner_manager).engagement_id
        joined(cast.partner_manager, engagement_id, isv.rep, "software")

        for actor in (isv.rep, cast.partner_manager):
            with scope(actor):
                found = disputes.find(actor, engagement_id)
                assert (found.label, found.partner_id) == (stored(engagement_id).number, isv.id)

    def test_do_not_tell_a_stranger_that_it_is_there(self, cast):
        engagement_id = make_engagement(cast.partner_manager).engagement_id

        with scope(cast.other_partner_rep):
            assert disputes.find(cast.other_partner_rep, engagement_id) is None
