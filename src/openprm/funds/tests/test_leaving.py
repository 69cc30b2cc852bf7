"""A partner that has left: nothing of its funds waits or lies idle, and what was granted is still owed."""

import pytest

from openprm.funds import services
from openprm.funds.models import Allocation, Budget, FundRequest
from openprm.funds.testing import approve, figures, make_budget, make_claim, make_fund, make_kind, make_request, stored
from openprm.kernel.registry import registry
from openprm.kernel.scope import system_scope
from openprm.offboarding.events import PartnerOffboarded

pytestmark = pytest.mark.django_db


def close(partner_id, at):
    with system_scope():
        return services.close_funds_of(partner_id=partner_id, at=at)


def test_what_is_free_goes_back_to_its_budget(cast, at):
    budget_id = make_budget(at=at)
    fund_id = make_fund(cast.partner_id, budget_id=budget_id, at=at)
    assert stored(Budget, budget_id).allotted_minor == 10_000_00

    assert close(cast.partner_id, at) == 1

    assert (stored(Allocation, fund_id).is_closed, stored(Allocation, fund_id).left_minor) == (True, 0)
    assert stored(Budget, budget_id).allotted_minor == 0


def test_a_request_that_waits_is_declined_with_the_reason(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner_id, at=at), make_kind(), at=at)

    close(cast.partner_id, at)

    request = stored(FundRequest, request_id)
    assert (request.status, request.answer) == ("declined", "The partner has left the program.")


def test_what_was_granted_and_claimed_is_still_decided_and_paid(cast, at):
    fund_id = make_fund(cast.partner_id, at=at)
    request_id = make_request(cast.partner_admin, fund_id, make_kind(), at=at)
    approve(request_id, at=at)
    make_claim(cast.partner_admin, request_id, at=at)

    close(cast.partner_id, at)

    assert stored(FundRequest, request_id).status == "claimed"
    assert figures(fund_id) == {"amount": 4_000, "approved": 4_000, "released": 0, "waiting": 4_000, "claimed": 0, "paid": 0}


def test_closing_again_changes_nothing_and_nobody_elses_fund(cast, at):
    other = make_fund(cast.other_partner_id, at=at)
    make_fund(cast.partner_id, at=at)
    close(cast.partner_id, at)

    assert close(cast.partner_id, at) == 0
    assert not stored(Allocation, other).is_closed


def test_it_happens_when_the_leaving_is_done():
    assert "funds.partner_left" in {one.handler.name for one in registry.all("subscriptions") if one.event is PartnerOffboarded}
