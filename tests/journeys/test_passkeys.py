"""Passkeys with a virtual authenticator: added in the settings, then the only thing needed to sign in."""

import pytest
from allauth.mfa.models import Authenticator

from openprm.identity import services
from openprm.kernel.clock import now
from tests.journeys import browser as real


@pytest.fixture
def localhost(chromium_browser, server_url, cast):
    """A visitor's page under http://localhost, the one plain address that browsers let passkeys work on."""
    look = real.look(chromium_browser, server_url.replace("127.0.0.1", "localhost"))
    devtools = look.page.context.new_cdp_session(look.page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    yield look
    look.page.context.close()
    assert look.errors == []


def test_a_passkey_is_added_and_signs_in_without_a_password(localhost, cast, assert_accessible, screenshot):
    page = localhost.page
    link = services.sign_in_link(cast.users["partner_rep"], now())
    page.goto("/" + link.partition("://")[2].partition("/")[2])
    assert_accessible(page)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/portal/")

    page.goto("/auth/2fa/passkeys/add/")
    assert_accessible(page)
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(lambda url: "add" not in url)
    assert Authenticator.objects.filter(user=cast.users["partner_rep"], type="webauthn").count() == 1

    page.context.clear_cookies()
    page.goto("/auth/login/")
    assert_accessible(page)
    screenshot(page, "sign-in-light")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url("**/portal/")
    page.goto("/portal/settings/sessions/")
    assert "This one" in page.content()


def test_a_view_of_the_portal_wears_its_banner(browser_page, cast, assert_accessible, screenshot):
    page = browser_page("partner_manager")
    page.goto(f"/app/view-as/{cast.partner.pk}/")
    assert_accessible(page)
    page.get_by_label("Why?").fill("They cannot find the deal")
    page.get_by_role("button", name="Open the portal").click()

    page.wait_for_url("**/portal/")
    assert page.get_by_text("You see the portal as Kallio Digital").is_visible()
    assert_accessible(page)
    screenshot(page, "view-as-light")
    page.get_by_role("button", name="Leave this view").click()

    page.wait_for_url("**/app/people/")
