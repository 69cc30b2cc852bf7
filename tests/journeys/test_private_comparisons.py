"""An administrator pins another company's key; a manager offers a comparison, answers one, and reads the companies in common."""

import base64

import pytest

pytest.importorskip("private_set_intersection", reason="openmined-psi has no wheel for this machine")

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import run_queued_jobs
from openprm.mapping.engine.psi.words import words_of
from openprm.mapping.privatemodels import PsiPeer
from openprm.mapping.privatetesting import make_asked, make_finished
from openprm.mapping.testing import make_list

COMPANIES = [f"Nordwerk{number}" for number in range(120)]
LINE = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()


def test_a_key_is_pinned_by_telephone_and_lists_are_compared_without_being_shown(browser_page, cast, assert_accessible, screenshot):
    ours = make_list(cast.vendor_admin, COMPANIES, at=now())
    admin = browser_page("vendor_admin")
    admin.goto("/app/account-mapping/")
    admin.get_by_role("link", name="Private comparisons").click()
    assert_accessible(admin)
    admin.get_by_role("button", name="Make our key").click()
    admin.get_by_label("The line to give the other side").wait_for()
    admin.get_by_role("link", name="Add a peer").first.click()
    admin.get_by_label("Company").fill("Bolt")
    admin.get_by_label("Address of its OpenPRM").fill("http://bolt.invalid")
    admin.get_by_label("Its public key").fill(LINE)
    admin.get_by_role("button", name="Add the peer").click()
    admin.get_by_role("alert").first.wait_for()
    assert_accessible(admin)
    admin.get_by_label("Address of its OpenPRM").fill("https://bolt.invalid")
    admin.get_by_role("button", name="Add the peer").click()
    admin.get_by_role("heading", name="Compare the keys").wait_for()
    with scope(cast.vendor_admin):
        peer = PsiPeer.objects.get()
    words = " ".join(words_of(peer.fingerprint))
    assert words not in admin.content()
    admin.get_by_label("The twelve words that they read to you").fill(" ".join(reversed(words.split())))
    admin.get_by_role("button", name="Compare and pin").click()
    admin.get_by_text("These are not the words of the key").first.wait_for()
    admin.get_by_label("The twelve words that they read to you").fill(words)
    admin.get_by_role("button", name="Compare and pin").click()
    admin.get_by_role("heading", name="The pinned key").wait_for()
    assert_accessible(admin)
    screenshot(admin, "private-peer")

    manager = browser_page("partner_manager")
    manager.goto("/app/account-mapping/private/")
    manager.get_by_role("link", name="New comparison").first.click()
    manager.get_by_label("With whom").select_option(label="Bolt")
    manager.get_by_label("What the result is for").fill("Partner days in Hamburg")
    manager.get_by_role("button", name="Agree and offer").click()
    manager.get_by_role("alert").first.wait_for()  # nobody agrees by leaving a box empty
    manager.get_by_label("I agree for our side to what the other side learns by this.").check()
    assert_accessible(manager)
    screenshot(manager, "private-start")
    manager.get_by_role("button", name="Agree and offer").click()
    manager.get_by_role("heading", name="How far it is").wait_for()
    with system_scope():
        run_queued_jobs()
    manager.get_by_text("The offer could not be brought to the other side yet.").wait_for()
    manager.get_by_text("No server is known by the name bolt.invalid.").wait_for()
    assert_accessible(manager)
    screenshot(manager, "private-waiting")
    manager.get_by_role("button", name="Give it up and destroy its secret").click()
    manager.get_by_text("Given up").first.wait_for()

    asked = make_asked(peer.pk, mode="reveal", at=now())
    manager.goto(f"/app/account-mapping/private/comparisons/{asked}/")
    manager.get_by_role("heading", name="They ask for the names").wait_for()
    manager.get_by_text("That their list has at most 160 domains.").wait_for()
    assert_accessible(manager)
    screenshot(manager, "private-asked")
    manager.get_by_role("button", name="Decline").click()
    manager.get_by_text("Declined").first.wait_for()

    found = make_finished(peer.pk, ours, mode="reveal", names=tuple(COMPANIES[:5]), purpose="Names for the joint plan", at=now())
    phone = browser_page("partner_manager", theme="dark", width=390)
    for path, name in (("", "home"), (f"comparisons/{found}/", "result"), (f"peers/{peer.pk}/", "peer"), ("verify/", "verify")):
        phone.goto(f"/app/account-mapping/private/{path}")
        assert_accessible(phone)
        screenshot(phone, f"private-phone-dark-{name}")
    manager.goto(f"/app/account-mapping/private/comparisons/{found}/")
    manager.get_by_role("rowheader", name="Nordwerk0 Oy").wait_for()
    with manager.expect_download() as file:
        manager.get_by_role("link", name="Companies as CSV").click()
    assert file.value.path().read_text("utf-8-sig").splitlines()[0] == "Our id,Our name,Domain"
    manager.reload()
    manager.get_by_text("took the common companies of a private comparison").wait_for()
