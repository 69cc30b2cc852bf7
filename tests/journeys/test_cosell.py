"""A vendor rep, an integrator and a software vendor work one deal together, each in a browser of its own."""

from openprm.kernel.scope import system_scope
from openprm.partners.models import Partner


def invite(page, company: str, role: str, view: str) -> None:
    dialog = page.get_by_role("dialog", name="Invite a company")
    dialog.get_by_label("Company").select_option(label=company)
    dialog.get_by_label("Role", exact=True).select_option(label=role)
    dialog.get_by_label("What it gets to know").select_option(label=view)
    dialog.get_by_role("button", name="Send invitation").click()
    page.locator("#invitations").get_by_role("link", name=company).wait_for()


def accept(page) -> None:
    page.goto("/portal/co-selling/invitations/")
    page.get_by_role("link", name="Ostrava, plant rollout").click()
    page.get_by_role("button", name="Accept and join").click()
    page.get_by_role("heading", name="Ostrava, plant rollout").wait_for()


def test_three_parties_work_one_deal_and_each_sees_what_it_should(browser_page, cast, assert_accessible):
    with system_scope():
        Partner.objects.filter(pk=cast.other_partner.pk).update(type="isv")
    vendor = browser_page("partner_manager")
    vendor.goto("/app/co-selling/open/")
    vendor.get_by_label("Deal", exact=True).fill("Ostrava, plant rollout")
    vendor.get_by_label("Customer", exact=True).fill("Ostrava Steelworks")
    vendor.get_by_label("Deal value").fill("240000")
    vendor.get_by_role("button", name="Open the engagement").click()
    invite(vendor, "Kallio Digital", "Services", "Full view")
    vendor.locator("#members").get_by_role("link", name="Invite").click()
    invite(vendor, "Sintra Systems", "Software", "Limited view")

    integrator, maker = browser_page("partner_rep"), browser_page("other_partner_rep", width=390)
    accept(integrator)
    integrator.get_by_text("€240,000").first.wait_for()
    integrator.get_by_role("textbox", name="Note").fill("Two plants can start in February.")
    integrator.get_by_role("button", name="Add note").click()
    integrator.locator("#notes").get_by_text("Two plants can start in February.").wait_for()
    assert_accessible(integrator)

    accept(maker)
    maker.get_by_text("Limited view").first.wait_for()
    maker.locator("#notes").get_by_text("Two plants can start in February.").wait_for()
    assert "240" not in maker.locator("main").inner_text()
    assert_accessible(maker)

    vendor.reload()
    assert vendor.locator("#members li").count() == 3
