"""The button on a lead: there once the lead has a place, for who may claim, and it leads to a claim of what the lead became."""

from datetime import timedelta

import pytest
from django.urls import reverse

from openprm.accounts.testing import make_account
from openprm.attribution.models import Claim
from openprm.deals.testing import make_catalogue
from openprm.kernel.scope import scope, system_scope
from openprm.leads import services as leads
from openprm.leads.testing import make_lead, make_receiver

pytestmark = pytest.mark.django_db
TOLD = {"kind": "technical", "occurred_on": "2026-10-02", "statement": "We checked their network."}


@pytest.fixture
def accepted(cast, at):
    """A lead that a partner took up."""
    catalogue = make_catalogue()
    make_receiver(cast.partner_id, countries=["FI"])
    make_receiver(cast.other_partner_id, countries=["PT"])
    lead_id = make_lead(at=at - timedelta(days=40), product_line_id=catalogue.mes.pk).lead_id
    with scope(cast.partner_rep) as actor:
        leads.accept_lead(actor=actor, lead_id=lead_id, at=at - timedelta(days=40))
    return lead_id


@pytest.fixture
def converted(cast, at, accepted):
    """The same, and the deal that it became."""
    with scope(cast.partner_rep) as actor:
        return accepted, leads.convert_lead(actor=actor, lead_id=accepted, at=at - timedelta(days=30)).registration_id


def _page(cast, person: str, lead_id) -> str:
    page = "leads:portal_lead" if person.startswith("partner_") and person != "partner_manager" else "leads:lead"
    return cast.client(person).get(reverse(page, args=[lead_id])).content.decode()


@pytest.mark.parametrize(("person", "address"), [("partner_rep", "/portal/credit/claims/new/"), ("partner_manager", "/app/attribution/claims/new/")])
def test_a_lead_that_became_a_deal_leads_to_a_claim_of_it(cast, converted, person, address):
    lead_id, deal_id = converted
    assert f'href="{address}?deal={deal_id}"' in _page(cast, person, lead_id)
    client, other = cast.client(person), {"partner_id": str(cast.partner_id)} if person == "partner_manager" else {}

    assert "Ostrava Steelworks" in client.get(f"{address}?deal={deal_id}").content.decode()
    assert client.post(address, {"deal": str(deal_id), **TOLD, **other}).status_code == 303

    with system_scope():
        assert Claim.objects.values_list("deal_id", "partner_id", "kind", "state").get() == (deal_id, cast.partner_id, "technical", "open")


def test_a_lead_without_a_customer_and_a_deal_has_no_button(cast, accepted):
    for person in ("partner_rep", "partner_manager"):
        assert "claims/new/" not in _page(cast, person, accepted)


def test_who_may_not_claim_has_no_button_and_is_refused(cast, converted):
    lead_id, deal_id = converted
    for person, address in (("partner_reader", "/portal/credit/claims/new/"), ("vendor_reader", "/app/attribution/claims/new/")):
        assert "claims/new/" not in _page(cast, person, lead_id)
        assert cast.client(person).post(address, {"deal": str(deal_id), **TOLD}).status_code == 403
    with system_scope():
        assert not Claim.objects.exists()


def test_another_partner_cannot_claim_what_it_does_not_see(cast, converted):
    client = cast.client("other_partner_rep")

    assert client.get(reverse("leads:portal_lead", args=[converted[0]])).status_code == 404
    assert client.post("/portal/credit/claims/new/", {"deal": str(converted[1]), **TOLD}).status_code == 404
    with system_scope():
        assert not Claim.objects.exists()


def test_a_customer_that_the_partner_does_not_reach_has_no_button(cast, at):
    make_account(name="Ostrava Steelworks", domain="ostravasteel.example")
    catalogue = make_catalogue()
    make_receiver(cast.partner_id, countries=["FI"])
    make_receiver(cast.other_partner_id, countries=["PT"])
    lead_id = make_lead(at=at, product_line_id=catalogue.mes.pk).lead_id
    with scope(cast.partner_rep) as actor:
        leads.accept_lead(actor=actor, lead_id=lead_id, at=at)

    assert "/app/attribution/claims/new/?account=" in _page(cast, "partner_manager", lead_id)
    assert "claims/new/" not in _page(cast, "partner_rep", lead_id)
