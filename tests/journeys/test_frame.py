"""The frame around every page: palette, keys, theme, menus, lists, and all of it without JavaScript."""

import pytest
from playwright.sync_api import expect

from openprm.identity import services as identity
from openprm.kernel.clock import now
from openprm.kernel.scope import scope

EVERY_LOOK = [(theme, width) for theme in ("light", "dark") for width in (1440, 390)]
GALLERY = "/app/gallery/"


PAGES = (
    ("vendor_admin", GALLERY),
    ("vendor_admin", "/app/settings/"),
    ("partner_rep", "/portal/search/?q=kallio"),
    ("partner_rep", "/app/"),
    ("stranger", "/auth/login/"),
)


@pytest.mark.parametrize(("theme", "width"), EVERY_LOOK)
def test_every_page_of_the_frame_is_accessible_in_every_look(browser_page, assert_accessible, screenshot, theme, width):
    for person, path in PAGES:
        page = browser_page(person, theme, width)
        page.goto(path)
        assert_accessible(page)
        screenshot(page, f"frame-{person}-{path.strip('/').replace('/', '-').split('?')[0]}-{theme}-{width}")


def test_nothing_scrolls_sideways_at_320_pixels(browser_page, assert_accessible):
    page = browser_page("vendor_admin", width=320)

    page.goto(GALLERY)

    assert_accessible(page)


def test_the_palette_finds_pages_and_opens_them_by_keyboard(browser_page, assert_accessible, screenshot):
    page = browser_page("vendor_admin")
    page.goto("/app/settings/")

    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    page.keyboard.type("home")
    assert page.locator("#palette [role=option][aria-selected=true]").inner_text() == "Home"
    assert_accessible(page)
    screenshot(page, "palette-light", full=False)
    page.keyboard.press("Enter")

    page.wait_for_url("**/app/")


def test_escape_closes_the_palette_and_gives_the_focus_back(browser_page):
    page = browser_page("partner_rep")
    page.goto("/portal/settings/")
    page.focus(".search-trigger, [data-open='#palette']")

    page.keyboard.press("Enter")
    page.wait_for_selector("#palette[open]")
    page.keyboard.press("Escape")

    assert page.locator("#palette[open]").count() == 0
    assert page.evaluate("document.activeElement.dataset.open") == "#palette"


def test_keys_go_home_and_explain_themselves(browser_page):
    page = browser_page("vendor_admin")
    page.goto("/app/settings/")

    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")

    page.wait_for_url("**/app/")


def test_the_skip_link_is_first_and_every_stop_shows_its_focus(browser_page):
    page = browser_page("vendor_admin")
    page.goto("/app/settings/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    for _stop in range(30):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e); return e === document.body || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) })()"
        )
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 120)")


def test_the_chosen_theme_stays_and_does_not_flash(browser_page):
    page = browser_page("vendor_admin")
    page.goto("/app/settings/")

    page.click(".sidebar [data-theme-toggle]")
    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_user_menu_signs_out(browser_page):
    page = browser_page("partner_rep")
    page.goto("/portal/settings/")

    page.click("#user-menu-btn")
    page.click("#user-menu >> text=Sign out")
    page.wait_for_load_state()

    assert page.goto("/portal/settings/").url.rstrip("/").endswith("/auth/login/?next=/portal/settings")


def test_a_list_sorts_searches_and_turns_without_leaving_the_page(browser_page):
    page = browser_page("vendor_admin")
    page.goto(GALLERY)
    page.evaluate("window.stayed = true")

    page.click("#portal-gallery-sort-deal")
    page.wait_for_selector("th[aria-sort=ascending]")
    page.wait_for_timeout(200)  # htmx wires the new rows after it has drawn them
    first = page.locator("#results tbody tr th").first.inner_text()
    page.fill("#portal-gallery-q", "ostrava")
    expect(page.locator("#results tbody tr")).to_have_count(1)

    assert first == "Atrium Hospitals"
    assert page.evaluate("window.stayed")
    assert "q=ostrava" in page.url
    assert "sort=deal" in page.url
    assert page.evaluate("document.activeElement.id") == "portal-gallery-q"


def test_going_back_in_a_list_brings_the_page_before_and_leaves_no_copy_in_the_browser(browser_page):
    page = browser_page("vendor_admin")
    page.goto(GALLERY)
    page.click("#portal-gallery-sort-deal")
    page.wait_for_selector("th[aria-sort=ascending]")
    page.click("#portal-gallery-sort-deal")
    page.wait_for_selector("th[aria-sort=descending]")

    page.go_back()
    page.wait_for_selector("th[aria-sort=ascending]")

    assert page.locator("aside.sidebar").count() == 1
    assert page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(key => key.includes('cache'))") == []


def test_the_actions_over_rows_appear_with_the_first_tick(browser_page):
    page = browser_page("vendor_admin")
    page.goto(GALLERY)

    assert not page.locator(".bulk-bar").is_visible()
    page.check("[data-select-all]")

    assert page.locator(".bulk-bar").is_visible()
    assert page.locator("[data-selected-count]").inner_text() == "3"


def test_without_javascript_lists_filter_sort_and_save_views(browser_page):
    page = browser_page("vendor_admin", javascript=False)
    page.goto(GALLERY)

    page.click("[popovertarget=portal-gallery-filters]")
    page.check("#portal-gallery-filters input[value=conflict]")
    page.click("#portal-gallery-filters >> text=Show matches")
    page.click("#portal-gallery-sort-deal")
    page.click("[popovertarget=portal-gallery-views]")
    page.fill("#portal-gallery-view-name", "Conflicts")
    page.click("text=Save view")

    assert "stage=conflict" in page.url
    assert "sort=deal" in page.url
    assert page.locator(".toast").inner_text().startswith("View saved")
    assert page.locator("[popovertarget=portal-gallery-views]").inner_text() == "Conflicts"


def test_without_javascript_search_is_a_page(browser_page):
    page = browser_page("partner_rep", javascript=False)
    page.goto("/portal/settings/")

    page.click("a[data-open='#palette'] >> nth=0")
    page.fill("main input[name=q]", "zzzz")
    page.click("main form >> text=Search")

    assert page.locator("main h2").inner_text() == "Nothing found for “zzzz”"


def test_a_dialog_and_a_drawer_take_the_focus_in_and_close(browser_page, assert_accessible):
    page = browser_page("vendor_admin")
    page.goto(GALLERY)

    page.click("[data-open='#kit-modal']")
    assert page.evaluate("document.activeElement.id") == "kmi"
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.click("[data-open='#kit-drawer']")

    assert page.evaluate("document.activeElement.closest('#kit-drawer') !== null")


def test_a_card_moves_by_its_menu_too(browser_page):
    page = browser_page("vendor_admin")
    page.goto(GALLERY)

    page.hover("#k-new1")
    page.click("#k-new1 .move")
    page.click("#mv-new1 [data-move-to=won]")

    assert page.locator(".lane[data-lane=won] .deal-card").count() == 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_portal_in_any_brand_stays_readable(browser_page, assert_accessible, screenshot, cast, theme):
    page = browser_page("partner_rep", theme)
    for color in ("#ffd400", "#0a1a3f", "#e4002b", "#f2f2f2"):
        with scope(cast.vendor_admin):
            identity.update_branding(actor=cast.vendor_admin, organization_id=cast.vendor.pk, color=color, radius=12, at=now())

        page.goto("/portal/")

        assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--radius')") == "12px"
        assert_accessible(page)
        screenshot(page, f"brand-{color[1:]}-{theme}")


def test_a_look_through_a_partners_eyes_changes_nothing_and_can_be_left(browser_page, assert_accessible, screenshot, cast):
    page = browser_page("partner_manager")
    page.goto(f"/app/view-as/{cast.partner_id}/")
    page.click("main button[type=submit]")
    page.wait_for_url("**/portal/**")

    assert "You see the portal as Kallio Digital" in page.locator(".view-as").inner_text()
    assert_accessible(page)
    screenshot(page, "view-as-light")
    page.click("text=Leave this view")

    page.wait_for_url("**/app/**")
    assert page.locator(".view-as").count() == 0
