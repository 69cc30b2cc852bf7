"""Market funds from the wallet to the money: what a partner reads before it spends is what it is paid after."""

from datetime import timedelta
from decimal import Decimal

import pytest

from openprm.funds.payout_source import FundClaims
from openprm.funds.services.catalogue import save_kind
from openprm.funds.testing import make_fund
from openprm.kernel.clock import now
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope

INVOICE = {"name": "Invoice", "about": "Of the supplier, with your company as the buyer.", "formats": ["pdf"], "minimum": 1}


@pytest.fixture
def fund(cast):
    with scope(cast.vendor_admin):
        fair = {"name": "Trade fair", "max_percent": Decimal(50), "cap": Money(5_000_00, "EUR"), "claim_within_days": 60, "proofs": [INVOICE]}
        save_kind(actor=cast.vendor_admin, values=fair, at=now())
    return make_fund(cast.partner_id, name="Marketing fund", plan_by=(now() + timedelta(days=20)).date(), at=now())


def simulate(page) -> None:
    page.goto("/portal/funds/wallet/")
    page.get_by_role("heading", name="Your wallet").wait_for()
    assert "€10,000" in page.locator("main").inner_text()
    page.get_by_role("link", name="What is paid for").click()
    page.get_by_role("link", name="Trade fair").first.click()
    page.get_by_text("Of the supplier, with your company as the buyer.").first.wait_for()
    page.get_by_role("textbox", name="You spend").fill("8,000.00")
    page.get_by_role("button", name="What would I get?").click()
    page.get_by_text("“Invoice”: 1 more file is needed (PDF).").wait_for()
    page.get_by_role("spinbutton", name="Files you would have").fill("1")
    page.get_by_role("button", name="What would I get?").click()
    page.locator("#main").get_by_text("Accepted", exact=True).wait_for()


def ask(page) -> None:
    page.goto("/portal/funds/wallet/")
    page.get_by_role("link", name="Ask for funds").click()
    page.get_by_role("combobox", name="Fund", exact=True).select_option(index=1)
    page.get_by_role("textbox", name="Name of the request").fill("Autumn fair")
    page.get_by_role("combobox", name="Kind of activity").select_option(label="Trade fair")
    page.get_by_role("textbox", name="What you will do").fill("Fair in Tampere")
    first = (now() - timedelta(days=3)).date()
    page.get_by_label("From", exact=True).fill(first.isoformat())
    page.get_by_label("To", exact=True).fill((first + timedelta(days=1)).isoformat())
    page.get_by_role("textbox", name="What it costs").fill("8000")
    page.get_by_role("textbox", name="What you ask for").fill("4000")
    page.get_by_role("button", name="Write the request").click()
    page.get_by_role("button", name="Send the request").click()
    page.get_by_text("Pending", exact=True).first.wait_for()


def approve(page, listing: str, row: str) -> None:
    page.goto(listing)
    page.get_by_role("link", name=row).first.click()
    page.get_by_role("link", name="Approve", exact=True).click()
    page.get_by_role("dialog", name="Approve this level").get_by_role("button", name="Approve").click()


def claim(page) -> None:
    page.reload()
    page.get_by_role("link", name="Proofs that are asked for").click()
    pdf = {"name": "Invoice 4711.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n4711"}
    page.get_by_role("combobox", name="It proves").select_option("invoice")
    page.locator("#id_file").set_input_files(pdf)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="Invoice 4711.pdf").first.wait_for()
    page.get_by_role("link", name="Claim", exact=True).click()
    page.get_by_role("textbox", name="What you spent").fill("8000")
    page.get_by_role("button", name="Send the claim").click()
    page.get_by_text("Waits for an answer").first.wait_for()


def test_a_partner_reads_asks_proves_and_is_owed_what_the_simulation_said(browser_page, cast, fund, assert_accessible, screenshot):
    marketer = browser_page("partner_marketer")
    simulate(marketer)
    assert "€4,000" in marketer.locator("#main").inner_text()
    assert_accessible(marketer)
    ask(marketer)
    assert_accessible(marketer)

    manager = browser_page("partner_manager")
    approve(manager, "/app/funds/requests/?mine=yes", "Autumn fair")
    manager.get_by_text("Approved", exact=True).first.wait_for()
    assert_accessible(manager)

    claim(marketer)
    assert_accessible(marketer)
    screenshot(marketer, "funds-claim-sent")

    finance = browser_page("finance_manager")
    approve(finance, "/app/funds/claims/?mine=yes", "Fair in Tampere")
    finance.get_by_role("link", name="Write a payment down").wait_for()
    assert_accessible(finance)

    marketer.reload()
    marketer.get_by_text("€4,000").first.wait_for()
    with system_scope():
        [owed] = FundClaims().due(at=now())
    assert (owed.money, owed.partner_id) == (Money(4_000_00, "EUR"), cast.partner_id)
    finance.goto("/app/payouts/")
    desk = finance.locator("#main")
    desk.get_by_text(cast.partner.name).first.wait_for()
    assert "€4,000" in desk.inner_text()
