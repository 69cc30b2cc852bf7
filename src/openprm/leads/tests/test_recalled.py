"""A person takes back a lead that a partner works on already: it goes where the person says, and the partner reads why."""

import pytest

from openprm.kernel.scope import scope
from openprm.leads import services
from openprm.leads.testing import make_lead, make_receiver, offers_of, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(cast, at):
    make_receiver(cast.partner.pk, countries=["FI"])
    make_receiver(cast.other_partner.pk, countries=["PT"])
    lead_id = make_lead(at=at).lead_id
    with scope(cast.partner_rep):
        services.accept_lead(actor=cast.partner_rep, lead_id=lead_id, at=at)
    return lead_id


def states(lead_id):
    return [offer.state for offer in offers_of(lead_id)]


def test_an_accepted_lead_is_given_to_another_partner_by_hand(cast, accepted, at):
    with scope(cast.partner_manager):
        services.assign_lead(actor=cast.partner_manager, lead_id=accepted, partner_id=cast.other_partner.pk, reason="They know the plant.", at=at)

    lead = stored(accepted)
    assert (lead.status, lead.partner_id, lead.accepted_at) == ("offered", None, None)
    assert states(accepted) == ["withdrawn", "offered"]


def test_an_accepted_lead_is_routed_again(cast, accepted, at):
    make_receiver(cast.other_partner.pk, countries=["FI"])

    with scope(cast.partner_manager):
        services.route_again(actor=cast.partner_manager, lead_id=accepted, reason="It stands still.", at=at)

    assert (stored(accepted).status, stored(accepted).partner_id) == ("offered", None)
    assert [(offer.partner_id, offer.state) for offer in offers_of(accepted)] == [(cast.partner.pk, "withdrawn"), (cast.other_partner.pk, "offered")]


@pytest.mark.parametrize("may_share", [True, False])
def test_an_accepted_lead_is_kept_for_later_also_because_the_customer_took_its_consent_back(cast, accepted, at, may_share):
    with scope(cast.partner_manager):
        services.nurture_lead(actor=cast.partner_manager, lead_id=accepted, reason="It asked us to wait.", may_share=may_share, at=at)

    lead = stored(accepted)
    assert (lead.status, lead.partner_id, lead.may_share) == ("nurture", None, may_share)
    assert states(accepted) == ["withdrawn"]
