"""A partner uploads a list and shows its overlaps; the vendor sees the cell, says what a pair is, asks for more, and the partner answers."""

from openprm.kernel.clock import now
from openprm.kernel.scope import system_scope
from openprm.kernel.testing import run_queued_jobs
from openprm.mapping.testing import make_list

NAMES = ["Abloom", "Birkdale", "Cortenna", "Dovrekraft", "Elvestad", "Fjordtech", "Granlund", "Hemsedal"]


def _file(names: list[str]) -> dict:
    lines = ["id,name,domain,country,amount,currency", *(f"{number},{name} AS,{name.lower()}.com,NO,1200.00,EUR" for number, name in enumerate(names))]
    return {"name": "customers.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}


def _work() -> None:
    with system_scope():
        run_queued_jobs()


def test_a_partner_shows_its_overlaps_and_is_asked_for_more(browser_page, cast, assert_accessible, screenshot):
    make_list(cast.vendor_admin, NAMES, level="overlaps", minor=12_000_00, fields=("deals",), at=now())
    partner, vendor = browser_page("partner_admin"), browser_page("vendor_admin")

    partner.goto("/portal/account-mapping/lists/new/")
    partner.get_by_label("Name", exact=True).fill("Our customers")
    partner.get_by_label("Where its rows come from").select_option(label="From a file")
    assert_accessible(partner)
    partner.get_by_role("button", name="Make the list").click()
    partner.get_by_role("heading", name="Our customers").wait_for()

    partner.locator("input[type=file]").set_input_files({"name": "odd.csv", "mimeType": "text/csv", "buffer": b"id,name\n1,Acme\n1,"})
    partner.get_by_role("button", name="Read the file").click()
    partner.get_by_text("Row 3: It has no name.").first.wait_for()
    partner.locator("input[type=file]").set_input_files(_file([*NAMES[:5], "Onlyours"]))
    partner.get_by_role("button", name="Only check it").click()
    partner.get_by_text("6 new, 0 changed, 0 gone").wait_for()
    partner.locator("input[type=file]").set_input_files(_file([*NAMES[:5], "Onlyours"]))
    partner.get_by_role("button", name="Read the file").click()
    partner.get_by_role("rowheader", name="Onlyours AS").wait_for()
    partner.get_by_label("What is shown").select_option(label="Overlaps only")
    partner.get_by_label("Which fields").select_option(label="With open deals")
    partner.get_by_role("button", name="Save", exact=True).click()
    partner.get_by_text("Overlaps only").first.wait_for()
    partner.goto("/portal/account-mapping/vendor/")
    partner.get_by_role("button", name="Agree to compare").click()
    partner.get_by_text("We agreed. The other side has not").wait_for()

    vendor.goto(f"/app/account-mapping/partners/{cast.partner_id}/")
    vendor.get_by_role("button", name="Agree to compare").click()
    vendor.get_by_text("Both sides agreed").wait_for()
    _work()
    vendor.reload()
    assert_accessible(vendor)
    vendor.get_by_role("table").first.get_by_role("link", name="5", exact=True).click()
    vendor.get_by_role("rowheader", name="Abloom Oy").wait_for()
    assert "Onlyours" not in vendor.locator("main").inner_text()
    assert_accessible(vendor)
    screenshot(vendor, "mapping-cell")
    vendor.get_by_role("link", name="Abloom Oy").click()
    vendor.get_by_text("same web domain").wait_for()
    assert_accessible(vendor)
    screenshot(vendor, "mapping-match")
    vendor.get_by_role("button", name="Not the same").click()
    vendor.get_by_role("button", name="Take back").wait_for()
    vendor.get_by_role("button", name="Take back").click()
    vendor.get_by_role("button", name="Confirm").click()
    vendor.get_by_role("button", name="Make it a target of both sides").click()
    vendor.get_by_role("heading", name="Target accounts").wait_for()
    assert_accessible(vendor)

    vendor.goto(f"/app/account-mapping/partners/{cast.partner_id}/")
    vendor.get_by_label("Which list").select_option(label="Our customers")
    vendor.get_by_label("How much").select_option(label="All")
    vendor.get_by_label("Why").fill("For the Nordic plan")
    vendor.get_by_role("button", name="Ask", exact=True).click()
    vendor.get_by_text("We asked for: Our customers, All").wait_for()

    partner.reload()
    partner.get_by_text("For the Nordic plan").wait_for()
    partner.get_by_text("Abloom Oy").first.wait_for()
    assert_accessible(partner)
    screenshot(partner, "mapping-portal-overview")
    partner.get_by_role("button", name="Show it").click()
    partner.get_by_text("Granted").wait_for()
    _work()

    vendor.reload()
    vendor.get_by_role("link", name="Only they have").click()
    vendor.get_by_role("rowheader", name="Onlyours AS").wait_for()
    partner.goto("/portal/account-mapping/looks/")
    partner.get_by_text(cast.vendor_admin.name).first.wait_for()
    assert_accessible(partner)
    phone = browser_page("vendor_admin", theme="dark", width=390)
    for path in ("", f"partners/{cast.partner_id}/", "targets/", "sharing/", "rule/"):
        phone.goto(f"/app/account-mapping/{path}")
        assert_accessible(phone)
        screenshot(phone, f"mapping-phone-dark-{path.strip('/').split('/')[0] or 'home'}")
