"""A lead on its way: offered, opened, accepted, talked about on both sides, registered without typing it again."""

from datetime import timedelta

from openprm.deals.testing import make_catalogue
from openprm.kernel.clock import now
from openprm.leads.testing import make_lead, make_receiver


def test_a_lead_is_opened_talked_about_and_registered(browser_page, cast, assert_accessible):
    catalogue = make_catalogue()
    make_receiver(cast.partner.pk, countries=["FI"])
    make_receiver(cast.other_partner.pk, countries=["PT"])
    lead_id = make_lead(at=now() - timedelta(hours=1), product_line_id=catalogue.mes.pk).lead_id

    partner = browser_page("partner_rep", theme="dark", width=390)
    partner.goto(f"/portal/leads/{lead_id}/")
    assert "Ostrava" not in partner.locator("main").inner_text()
    partner.get_by_role("button", name="Open lead").click()
    partner.get_by_role("heading", name="Ostrava Steelworks").wait_for()
    partner.get_by_role("button", name="Interested: accept").click()
    partner.get_by_text("The lead is yours").first.wait_for()
    partner.get_by_role("textbox", name="Note").fill("Petra asks for a visit in week 50.")
    partner.get_by_role("button", name="Add note").click()
    partner.locator("#notes").get_by_text("Petra asks for a visit in week 50.").wait_for()
    assert_accessible(partner)

    vendor = browser_page("partner_manager")
    vendor.goto(f"/app/leads/{lead_id}/")
    vendor.locator("#notes").get_by_text("Petra asks for a visit in week 50.").wait_for()
    vendor.get_by_role("textbox", name="Note").fill("They were slow to answer last time.")
    vendor.get_by_label("Who reads it").select_option(label="Our own people")
    vendor.get_by_role("button", name="Add note").click()
    vendor.locator("#notes").get_by_text("They were slow to answer last time.").wait_for()
    assert_accessible(vendor)

    partner.reload()
    assert "slow to answer" not in partner.locator("main").inner_text()
    partner.get_by_role("link", name="Register deal").click()
    dialog = partner.get_by_role("dialog")
    dialog.get_by_label("Product").select_option(index=1)
    dialog.get_by_role("button", name="Register deal").click()
    partner.get_by_text("Deal registered").first.wait_for()
    partner.locator("#notes").get_by_text("became a deal").or_(partner.locator("#notes").get_by_text("Petra asks")).first.wait_for()
    assert_accessible(partner)
