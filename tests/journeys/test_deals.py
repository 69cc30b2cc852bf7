"""The golden path in a real browser: a rep registers, the vendor decides, both see the same facts."""

import re

import pytest

from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.clock import now


@pytest.fixture
def catalogue(cast):
    return make_catalogue()


def fill(page) -> None:
    page.get_by_role("textbox", name="Customer", exact=True).fill("Ostrava Steelworks a.s.")
    page.get_by_role("textbox", name="Web domain").fill("ostravasteel.example")
    page.locator("#id_customer_country").select_option("CZ")
    page.get_by_role("combobox", name="Product", exact=True).select_option(label="MES Core")
    page.get_by_role("textbox", name="Amount", exact=True).fill("40,000.00")
    page.get_by_role("textbox", name="Contact", exact=True).fill("Petra Malá")
    page.get_by_role("textbox", name="Contact's e-mail").fill("petra@ostravasteel.example")


def test_a_rep_registers_and_the_vendor_approves_with_one_key(browser_page, catalogue, assert_accessible, screenshot):
    rep = browser_page("partner_rep")
    rep.goto("/portal/deals/register/")
    fill(rep)
    rep.get_by_role("textbox", name="Contact's e-mail").blur()
    rep.locator("#preview").get_by_text(re.compile("Answered by|Approved at once")).wait_for()
    rep.locator("#draft-state").get_by_text("is saved").wait_for()
    assert_accessible(rep)
    screenshot(rep, "deals-register-filled")
    rep.get_by_role("button", name="Register deal").click()
    rep.get_by_text("is registered").first.wait_for()
    assert_accessible(rep)
    number = rep.locator(".crumbs .mono").inner_text()

    manager = browser_page("partner_manager")
    manager.goto(f"/app/deals/?q={number}")
    manager.get_by_role("link", name="Ostrava Steelworks a.s.").click()
    manager.locator("h1").click()
    manager.keyboard.press("a")
    manager.get_by_role("dialog", name="Approve and protect this deal?").wait_for()
    assert_accessible(manager)
    screenshot(manager, "deals-approve-dialog")
    manager.get_by_role("button", name="Approve deal").click()
    manager.get_by_text(f"{number} approved").first.wait_for()

    rep.reload()
    rep.get_by_text("Your protection").wait_for()
    assert "days left" in rep.locator("main").inner_text()
    screenshot(rep, "deals-protected")


def test_without_script_a_deal_is_registered_and_a_dialog_still_opens(browser_page, catalogue):
    rep = browser_page("partner_rep", javascript=False)
    rep.goto("/portal/deals/register/")
    fill(rep)
    rep.get_by_role("button", name="Add a product").click()
    assert rep.get_by_role("combobox", name="Product", exact=True).count() == 2
    assert rep.get_by_role("textbox", name="Customer", exact=True).input_value() == "Ostrava Steelworks a.s."
    rep.get_by_role("button", name="Register deal").click()
    assert "/portal/deals/" in rep.url
    assert "register" not in rep.url

    rep.get_by_role("link", name="Withdraw registration").click()
    rep.get_by_label("Reason").fill("The customer stopped the project.")
    rep.locator("dialog[open]").get_by_role("button", name="Withdraw registration").click()
    assert "Withdrawn" in rep.locator("main").inner_text()


def test_mistakes_stand_beside_their_fields_and_take_the_focus(browser_page, catalogue, assert_accessible, screenshot):
    rep = browser_page("partner_rep", theme="dark", width=390)
    rep.goto("/portal/deals/register/")
    fill(rep)
    rep.get_by_role("textbox", name="Amount", exact=True).fill("many")
    rep.get_by_role("button", name="Register deal").click()
    rep.get_by_text("is not an amount").first.wait_for()
    assert rep.get_by_role("textbox", name="Amount", exact=True).get_attribute("aria-invalid") == "true"
    assert rep.evaluate("document.activeElement.hasAttribute('data-take-focus')")
    assert_accessible(rep)
    screenshot(rep, "deals-register-mistake-dark-390")


def test_a_card_moves_by_its_menu_and_by_dragging(browser_page, cast, catalogue, assert_accessible):
    make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now())
    manager = browser_page("partner_manager")
    manager.goto("/app/deals/pipeline/")
    assert_accessible(manager)

    manager.get_by_role("button", name="Move Ostrava Steelworks a.s. to another stage").click()
    manager.get_by_role("button", name="Committed").click()
    manager.get_by_text("moved").first.wait_for()
    assert manager.locator(".lane[data-lane=committed] .deal-card").count() == 1

    manager.locator(".deal-card").drag_to(manager.locator(".lane[data-lane=prospect] ol"))
    manager.locator(".lane[data-lane=prospect] .deal-card").wait_for()
    manager.reload()
    assert manager.locator(".lane[data-lane=prospect] .deal-card").count() == 1


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1440)])
def test_the_deal_pages_hold_in_both_themes_and_on_a_phone(browser_page, cast, catalogue, assert_accessible, theme, width):
    registration_id = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now())
    for person, addresses in {
        "partner_rep": ("/portal/deals/", "/portal/deals/board/", "/portal/deals/register/", "/portal/deals/check/", f"/portal/deals/{registration_id}/"),
        "vendor_admin": (
            "/app/deals/",
            f"/app/deals/{registration_id}/",
            "/app/deals/opportunities/",
            "/app/settings/catalogue/territories/",
            "/api/v1/docs?about=registrations",
        ),
    }.items():
        page = browser_page(person, theme=theme, width=width)
        for address in addresses:
            page.goto(address)
            assert_accessible(page)
