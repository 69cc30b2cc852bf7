"""Signing in a real browser: drawn with the mouse, or typed where there is no script."""

from openprm.agreements.testing import acceptance_of, make_document, make_version
from openprm.kernel.clock import now


def open_charter(page) -> None:
    page.goto("/portal/agreements/")
    page.get_by_role("link", name="Partner charter, version 1").click()


def test_an_administrator_draws_and_signs_and_the_vendor_sees_it(browser_page, cast, assert_accessible, screenshot):
    version = make_version(make_document(), at=now(), blocks=("deals",))
    admin = browser_page("partner_admin")
    open_charter(admin)
    admin.get_by_role("textbox", name="Your position").fill("Managing director")
    canvas = admin.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    admin.mouse.move(box["x"] + 40, box["y"] + 120)
    admin.mouse.down()
    for step in range(12):
        admin.mouse.move(box["x"] + 40 + 30 * step, box["y"] + 120 - 60 * (step % 2))
    admin.mouse.up()
    assert_accessible(admin)
    screenshot(admin, "agreements-sign")
    admin.get_by_role("checkbox", name="I have read it").check()
    admin.get_by_role("button", name="Sign for your company").click()
    admin.get_by_role("img", name="Drawn signature of Mika Virtanen").wait_for()
    assert_accessible(admin)

    row = acceptance_of(version, cast.partner_id)
    assert row.status == "accepted"
    assert len(row.strokes) == 1
    assert len(row.strokes[0]) >= 10
    vendor = browser_page("vendor_reader")
    vendor.goto("/app/agreements/signatures/?status=accepted")
    vendor.get_by_role("link", name="Kallio Digital").click()
    vendor.get_by_role("img", name="Drawn signature of Mika Virtanen").wait_for()


def test_without_script_the_typed_name_is_the_signature(browser_page, cast):
    version = make_version(make_document(), at=now())
    admin = browser_page("partner_admin", javascript=False)
    open_charter(admin)
    assert not admin.locator("[data-signature]").is_visible()
    admin.get_by_role("checkbox", name="I have read it").check()
    admin.get_by_role("button", name="Sign for your company").click()

    assert acceptance_of(version, cast.partner_id).signed_name == "Mika Virtanen"


def test_the_editor_shows_what_partners_will_read(browser_page, cast, assert_accessible):
    make_version(make_document(), at=now())
    admin = browser_page("vendor_admin")
    admin.goto("/app/agreements/")
    admin.get_by_role("link", name="Partner charter").click()
    admin.get_by_role("button", name="Begin a new version").click()
    admin.get_by_role("textbox", name="Text").fill("## A new clause\n\nWe <b>always</b> answer.")
    admin.locator("#preview").get_by_role("heading", name="A new clause").wait_for()
    assert "<b>always</b>" in admin.locator("#preview").inner_text()
    assert_accessible(admin)
    admin.get_by_role("button", name="Save and review").click()
    admin.get_by_text("What changes since version 1").wait_for()
    admin.get_by_role("button", name="Publish").click()
    admin.get_by_text("Version published").first.wait_for()
