"""A payday: finance prepares on the desk, another person approves, the bank gets its file, and the partner reads that it was paid."""

from datetime import timedelta
from pathlib import Path

import pytest

from openprm.earnings import services as earnings
from openprm.earnings.testing import earn, lines_of, make_event
from openprm.incentives.testing import make_plan
from openprm.kernel.clock import now
from openprm.kernel.scope import scope
from openprm.payouts.testing import make_paying, make_ready


@pytest.fixture
def owed(cast, server_url):
    """Ten per cent of a deal of €40,000, approved, for a partner that can be paid."""
    at, before = now(), now() - timedelta(days=30)
    make_plan(since=before.date())
    happened = make_event(cast.partner_id, on=at.date())
    earn(happened, at=at - timedelta(hours=1))
    with scope(cast.finance_manager):
        earnings.approve(actor=cast.finance_manager, earning_id=lines_of(happened)[0].pk, at=at)
    make_paying(cast.vendor_admin, before)
    make_ready(cast.partner_admin, cast.finance_manager, cast.partner_id, before)


def downloaded(page, link) -> bytes:
    with page.expect_download() as waiting:
        link.click()
    return Path(waiting.value.path()).read_bytes()


def test_money_goes_from_the_desk_to_the_partner_by_two_people(browser_page, owed, assert_accessible):
    finance = browser_page("finance_manager")
    finance.goto("/app/payouts/")
    finance.locator("#results td").get_by_text("Ready").first.wait_for()
    assert_accessible(finance)
    finance.get_by_role("button", name="Prepare 1 payment").click()
    finance.get_by_text("Waits for approval").first.wait_for()
    assert finance.get_by_role("button", name="Approve").is_disabled()
    assert_accessible(finance)

    admin = browser_page("vendor_admin", theme="dark")
    admin.goto(finance.url)
    admin.get_by_role("button", name="Approve").click()
    admin.get_by_role("button", name="Send").wait_for()
    assert_accessible(admin)

    finance.reload()
    finance.get_by_role("button", name="Send").click()
    file = downloaded(finance, finance.get_by_role("link", name="sepa-eur.xml"))
    assert b"<IBAN>FI2112345600000785</IBAN>" in file
    assert b'<InstdAmt Ccy="EUR">4000.00</InstdAmt>' in file
    finance.get_by_role("button", name="I gave it to the bank").click()
    finance.get_by_text("Given to the bank").first.wait_for()
    finance.get_by_role("link", name="Kallio Digital Oy").click()
    finance.get_by_role("button", name="It arrived").click()
    finance.get_by_text("Completed").first.wait_for()

    partner = browser_page("partner_admin", width=390)
    partner.goto("/portal/payouts/")
    partner.locator("#results td").get_by_text("Completed").first.wait_for()
    assert_accessible(partner)
    partner.locator("#results tbody a").filter(has_text="PY-").first.click()
    partner.get_by_role("heading", name="€4,000").wait_for()
    assert downloaded(partner, partner.get_by_role("link", name="Remittance advice")).startswith(b"%PDF-")
    partner.goto("/portal/account/")
    assert "Payment sent" in partner.get_by_role("region", name="Lines of the statement").inner_text()
    assert_accessible(partner)
