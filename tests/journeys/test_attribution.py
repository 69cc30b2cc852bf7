"""A partner claims that it helped, the vendor confirms, the month is computed, and the partner reads its credit; then the month is locked."""

from datetime import date, timedelta

from openprm.accounts.testing import make_account
from openprm.attribution.rules.months import back, first_of
from openprm.attribution.testing import make_win
from openprm.kernel.clock import now


def test_help_that_no_system_saw_becomes_credit_that_both_sides_believe(browser_page, cast, assert_accessible):
    month = back(first_of(now().date()), 1)
    account_id = make_account(name="Ostrava Steelworks", partner_id=cast.partner_id)
    make_win(account_id, closed_on=month + timedelta(days=19), opened_on=month - timedelta(days=60), minor=50_000_00)
    make_win(make_account(name="Tampere Tools"), closed_on=month + timedelta(days=10), opened_on=month - timedelta(days=30), minor=20_000_00)

    partner = browser_page("partner_rep", width=390)
    partner.goto(f"/portal/credit/claims/new/?account={account_id}")
    partner.get_by_label("What was it").select_option(label="Technical help")
    partner.get_by_label("When").fill((month + timedelta(days=2)).isoformat())
    partner.get_by_label("What happened").fill("We checked their network before the rollout.")
    assert_accessible(partner)
    partner.get_by_role("button", name="Claim it").click()
    partner.get_by_text("Waits for the other side").first.wait_for()

    vendor = browser_page("vendor_admin")
    _confirm(vendor, assert_accessible)
    _compute(vendor, month)
    vendor.goto("/app/attribution/review/")
    vendor.get_by_text("Tampere Tools").wait_for()
    assert_accessible(vendor)

    # claimed long after the deal began: seen, counted apart, without credit
    partner.goto("/portal/credit/")
    partner.get_by_role("heading", name="Claimed too late").wait_for()
    assert_accessible(partner)


def _confirm(vendor, assert_accessible) -> None:
    vendor.goto("/app/attribution/claims/")
    vendor.get_by_role("link", name="Ostrava Steelworks").first.click()
    vendor.get_by_role("button", name="Confirm").click()
    vendor.get_by_text("Confirmed by both sides").first.wait_for()
    assert_accessible(vendor)


def _compute(vendor, month: date) -> None:
    vendor.goto("/app/attribution/runs/")
    vendor.get_by_label("Month").fill(f"{month:%Y-%m}")
    vendor.get_by_role("button", name="Compute now").click()
    vendor.get_by_role("button", name="Lock this month").wait_for()


def test_credit_is_read_disputed_and_locked(browser_page, cast, assert_accessible):
    month = back(first_of(now().date()), 1)
    account_id = make_account(name="Ostrava Steelworks", partner_id=cast.partner_id)
    make_win(account_id, closed_on=month + timedelta(days=19), opened_on=now().date() - timedelta(days=10), minor=50_000_00)
    partner = browser_page("partner_rep")
    partner.goto(f"/portal/credit/claims/new/?account={account_id}")
    partner.get_by_label("What was it").select_option(label="Technical help")
    partner.get_by_label("When").fill((month + timedelta(days=2)).isoformat())
    partner.get_by_label("What happened").fill("We checked their network before the rollout.")
    partner.get_by_role("button", name="Claim it").click()
    vendor = browser_page("vendor_admin")
    _confirm(vendor, assert_accessible)
    _compute(vendor, month)
    vendor.get_by_text("€50,000").first.wait_for()
    assert_accessible(vendor)
    vendor.get_by_role("button", name="Lock this month").click()
    vendor.get_by_text("is locked already").wait_for()

    partner.goto("/portal/credit/")
    partner.get_by_role("link", name="Ostrava Steelworks").first.click()
    partner.get_by_text("100.00 %").wait_for()
    assert_accessible(partner)
    partner.get_by_role("link", name="Dispute it").click()
    dialog = partner.get_by_role("dialog")
    dialog.get_by_label("What is wrong").fill("The demo in the second week is missing.")
    dialog.get_by_role("button", name="Dispute it").click()
    partner.get_by_text("The demo in the second week is missing.").first.wait_for()
    vendor.goto("/app/attribution/models/")
    vendor.get_by_role("heading", name="Where the models disagree").wait_for()
    assert_accessible(vendor)
