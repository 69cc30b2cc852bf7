"""The pipeline by keyboard: a card goes on by its menu, and the forecast is read as a table."""

from datetime import timedelta

from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.clock import now


def test_a_card_moves_by_keyboard_and_the_forecast_is_a_table(browser_page, cast, assert_accessible):
    at = now()
    make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=at, expected_close_date=(at + timedelta(days=40)).date())
    rep = browser_page("partner_rep")
    rep.goto("/portal/pipeline/")
    assert_accessible(rep)

    rep.get_by_role("button", name="Move Ostrava Steelworks a.s. to another stage").focus()
    rep.keyboard.press("Enter")
    choice = rep.locator(".deal-card .menu:popover-open button").first
    stage = choice.get_attribute("value")
    choice.focus()
    rep.keyboard.press("Enter")
    rep.locator(f".lane[data-lane={stage}] .deal-card").or_(rep.get_by_text("The deal was not moved")).first.wait_for()

    rep.get_by_role("link", name="Forecast").first.click()
    rep.get_by_role("button", name="Table").click()
    table = rep.locator("#forecast-table table")
    table.wait_for()
    assert "€40k" in table.inner_text().replace(".0k", "k")
    assert_accessible(rep)


def test_the_pages_hold_in_both_themes_and_on_a_phone(browser_page, cast, assert_accessible):
    at = now()
    make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=at)
    for theme, width in (("light", 390), ("dark", 1440)):
        page = browser_page("vendor_admin", theme=theme, width=width)
        for address in ("/app/pipeline/", "/app/pipeline/forecast/", "/app/pipeline/close-dates/", "/app/plans/"):
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert_accessible(page)
