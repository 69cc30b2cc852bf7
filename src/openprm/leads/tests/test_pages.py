"""Every page of the core: what it shows, what it hides, and what a wrong answer leaves alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from openprm.deals.testing import make_catalogue
from openprm.kernel.clock import now, stopped
from openprm.kernel.scope import scope
from openprm.leads import services
from openprm.leads.testing import make_lead, make_receiver, offers_of, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(cast):
    make_receiver(cast.partner.pk, countries=["FI"], weight=1)
    make_receiver(cast.other_partner.pk, countries=["FI"], weight=0)
    return make_lead(at=now() - timedelta(hours=2))


def text(response):
    return response.content.decode()


def test_the_vendor_reads_the_customer_the_candidates_and_why(cast, lead):
    page = text(cast.client("vendor_admin").get(reverse("leads:lead", args=[lead.lead_id])))

    for said in ("Ostrava Steelworks", "petra.mala@ostravasteel.example", "Kallio Digital", "Sintra Systems", "Rule L4", "100 % chance", "Not opened"):
        assert said in page


def test_the_list_of_the_vendor_shows_filters_and_exports(cast, lead):
    client = cast.client("vendor_admin")

    assert "Ostrava Steelworks" in text(client.get(reverse("leads:leads")))
    assert "Ostrava Steelworks" in text(client.get(reverse("leads:leads") + "?status=offered&q=ostrava"))
    assert "Ostrava Steelworks" not in text(client.get(reverse("leads:leads") + "?status=won"))
    assert b"Ostrava Steelworks" in b"".join(client.get(reverse("leads:leads") + "?export=csv"))


def test_the_partner_sees_no_customer_before_it_opens_the_lead_anywhere(cast, lead):
    client = cast.client("partner_rep")
    pages = [reverse("leads:portal_leads"), reverse("leads:portal_lead", args=[lead.lead_id]), "/portal/", f"/api/v1/leads/{lead.lead_id}", "/api/v1/leads"]

    for url in pages:
        response = client.get(url)
        assert response.status_code == 200
        assert "Ostrava" not in text(response)
        assert "petra" not in text(response)
    assert "Open lead" in text(client.get(pages[1]))
    assert offers_of(lead.lead_id)[0].state == "offered"

    client.post(reverse("leads:portal_lead_open", args=[lead.lead_id]))
    opened = text(client.get(pages[1]))
    assert "Ostrava Steelworks" in opened
    assert "petra.mala@ostravasteel.example" in opened
    assert "Interested: accept" in opened


def test_the_pages_of_a_partner_stand_in_the_frame_of_the_portal(cast, lead):
    client = cast.client("partner_admin")

    for path in ("/portal/leads/", f"/portal/leads/{lead.lead_id}/", "/portal/leads/intake/"):
        assert 'class="portal-bar"' in client.get(path).content.decode(), path


def test_a_stranger_gets_404(cast, lead):
    client = cast.client("other_partner_rep")

    assert client.get(reverse("leads:portal_lead", args=[lead.lead_id])).status_code == 404
    assert client.post(reverse("leads:portal_lead_open", args=[lead.lead_id])).status_code == 404
    assert client.get(f"/api/v1/leads/{lead.lead_id}").status_code == 404


def test_accept_decline_and_their_problems(cast, lead):
    client = cast.client("partner_rep")
    refused = client.post(reverse("leads:portal_lead_decline", args=[lead.lead_id]), {"reason": "other", "comment": ""})
    assert refused.status_code == 422
    assert "Say in a few words" in text(refused)
    assert offers_of(lead.lead_id)[0].state == "offered"

    assert client.post(reverse("leads:portal_lead_accept", args=[lead.lead_id])).status_code == 303
    assert stored(lead.lead_id).status == "accepted"
    assert client.post(reverse("leads:portal_lead_decline", args=[lead.lead_id]), {"reason": "no_need", "was_contacted": "yes"}).status_code == 303
    assert offers_of(lead.lead_id)[0].was_contacted is True
    assert client.get(reverse("leads:portal_lead", args=[lead.lead_id])).status_code == 404


def test_converting_fills_the_registration_from_the_lead(cast, lead):
    catalogue = make_catalogue()
    client = cast.client("partner_rep")
    client.post(reverse("leads:portal_lead_accept", args=[lead.lead_id]))
    page = text(client.get(reverse("leads:portal_lead", args=[lead.lead_id])))
    assert "MES for two plants" in page
    assert 'value="40,000"' in page

    url = reverse("leads:portal_lead_convert", args=[lead.lead_id])
    said = {"title": "MES", "product_id": str(catalogue.mes_core.pk), "amount": "40,000", "expected_close_date": "2027-06-30"}
    assert client.post(url, {**said, "amount": "many"}).status_code == 422
    assert stored(lead.lead_id).status == "accepted"
    assert client.post(url, said).status_code == 303

    row = stored(lead.lead_id)
    assert row.status == "converted"
    deal = text(cast.client("vendor_admin").get(reverse("deals:registration", args=[row.registration_id])))
    assert "Ostrava Steelworks" in deal
    assert "Petra Malá" in deal


def test_a_person_of_the_vendor_chooses_routes_keeps_closes_and_erases(cast, lead):
    client = cast.client("partner_manager")

    def post(name, **values):
        return client.post(reverse(f"leads:{name}", args=[lead.lead_id]), values).status_code

    assert post("lead_assign", partner_id=str(cast.other_partner.pk), reason="") == 422
    assert post("lead_assign", partner_id=str(cast.other_partner.pk), reason="They know the plant") == 303
    assert post("lead_assign", partner_id=str(cast.other_partner.pk), reason="Again") == 409
    assert post("lead_nurture", reason="Next year") == 303
    assert stored(lead.lead_id).status == "nurture"
    assert post("lead_route", reason="Now") == 303
    assert post("lead_lost", reason="no_budget") == 303
    assert post("lead_erase", reason="The person asked for it") == 303
    row = stored(lead.lead_id)
    assert (row.status, row.person.company_name, row.person.contact_email, row.city) == ("lost", "", "", "")
    assert "Ostrava" not in text(client.get(reverse("leads:lead", args=[lead.lead_id])))


def test_script_in_a_lead_is_shown_as_text(cast, lead):
    made = make_lead(
        company_name="<script>alert(1)</script>", contact_email="x@evil.example", company_domain="evil.example", message="<img src=x onerror=alert(1)>"
    )

    page = text(cast.client("vendor_admin").get(reverse("leads:lead", args=[made.lead_id])))
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_a_partner_takes_is_its_own_and_the_weight_the_vendors(cast, lead):
    partner, vendor = cast.client("partner_admin"), cast.client("partner_manager")
    said = {"countries": "FI, SE", "skills": "MES, SAP", "max_open": "4", "latitude": "60.2", "longitude": "24.9"}

    assert partner.post(reverse("leads:portal_receiver"), {**said, "countries": "Finland"}).status_code == 422
    assert partner.post(reverse("leads:portal_receiver"), said).status_code == 303
    assert vendor.post(reverse("leads:receiver", args=[cast.partner.pk]), {**said, "weight": "7"}).status_code == 303
    page = text(partner.get(reverse("leads:portal_receiver")))
    assert "FI, SE" in page
    assert 'name="weight"' not in page
    assert 'value="7"' in text(vendor.get(reverse("leads:receiver", args=[cast.partner.pk])))
    assert cast.client("partner_rep").get(reverse("leads:portal_receiver")).status_code == 403


def test_the_homes_and_the_partners_page_show_leads(cast, lead):
    assert "Leads for you" in text(cast.client("partner_rep").get("/portal/"))
    assert "Leads waiting" in text(cast.client("vendor_admin").get("/app/"))
    assert "Ostrava Steelworks" in text(cast.client("vendor_admin").get(reverse("partners:partner", args=[cast.partner.pk])))


def test_new_leads_are_routed_by_a_button(cast, lead):
    made = make_lead(route=False, contact_email="b@x.example", company_domain="x.example", company_name="Northwind")
    assert stored(made.lead_id).status == "new"

    assert cast.client("partner_manager").post(reverse("leads:route_new")).status_code == 303
    assert stored(made.lead_id).status == "offered"
    assert cast.client("vendor_reader").post(reverse("leads:route_new")).status_code == 403


def test_a_claimed_lead_tells_the_second_that_it_is_gone(cast, lead):
    made = make_lead(at=now(), grade="C", contact_email="c@x.example", company_domain="c.example", company_name="Corvin")
    with scope(cast.other_partner_rep), stopped(now()):
        services.accept_lead(actor=cast.other_partner_rep, lead_id=made.lead_id, at=now())

    response = cast.client("partner_rep").post(reverse("leads:portal_lead_accept", args=[made.lead_id]))
    assert response.status_code == 409
    assert "another partner was faster" in text(response)
