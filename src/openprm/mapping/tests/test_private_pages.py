"""The pages and the API of private comparisons: what people type, and what they read."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.urls import reverse

from openprm.kernel.scope import scope
from openprm.mapping.engine.psi.words import are_words_of, words_of
from openprm.mapping.privatemodels import PsiPeer, PsiRun
from openprm.mapping.privatetesting import make_asked, make_finished, make_own_key, make_peer
from openprm.mapping.queries import private as queries
from openprm.mapping.testing import SOME_DAY, make_list

pytestmark = pytest.mark.django_db
COMPANIES = [f"Company{number}" for number in range(110)]


def line():
    return base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()


def to(name, *args):
    return reverse(f"mapping:private_{name}", args=args)


def test_an_administrator_makes_a_key_adds_a_peer_and_pins_it_by_its_words(cast):
    admin = cast.client("vendor_admin")
    assert admin.post(to("key")).status_code == 303
    assert admin.post(to("key")).status_code == 409
    assert admin.post(to("new_peer"), {"name": "Bolt", "url": "http://bolt.example", "public": line()}).status_code == 422
    added = admin.post(to("new_peer"), {"name": "Bolt", "url": "https://bolt.example", "public": line()})
    with scope(cast.vendor_admin):
        peer = PsiPeer.objects.get()
    assert added.url == to("peer", peer.pk)
    words = " ".join(words_of(peer.fingerprint))
    assert words not in admin.get(added.url).content.decode()

    wrong = admin.post(to("pin", peer.pk), {"words": " ".join(reversed(words.split()))})

    assert (wrong.status_code, "These are not the words of the key" in wrong.content.decode()) == (422, True)
    assert admin.post(to("pin", peer.pk), {"words": f" {words.upper()}, "}).status_code == 303
    assert words in admin.get(added.url).content.decode()
    with scope(cast.vendor_admin):
        peer.refresh_from_db()
    assert (peer.state, peer.pinned_by) == ("pinned", cast.vendor_admin.name)


def test_limits_are_bounded_and_the_last_word_of_an_administrator(cast):
    peer_id = make_peer(cast.vendor_admin)
    admin = cast.client("vendor_admin")
    asked = {"least": 200, "most": 5_000, "runs": 1, "days": 60, "few": 50}

    assert admin.post(to("limits", peer_id), asked | {"least": 1}).status_code == 422
    assert admin.post(to("limits", peer_id), asked | {"most": 150}).status_code == 422
    assert admin.post(to("limits", peer_id), asked).status_code == 303

    with scope(cast.vendor_admin):
        found = queries.peer(cast.vendor_admin, peer_id, SOME_DAY)
    assert (found.limits.least, found.limits.most, found.limits.runs, found.limits.days, found.limits.few, found.left) == (200, 5_000, 1, 60, 50, 1)


def test_a_comparison_is_begun_only_by_who_says_that_he_agrees(cast):
    peer_id, mine = make_peer(cast.vendor_admin), make_list(cast.vendor_admin, COMPANIES)
    manager = cast.client("partner_manager")
    typed = {"peer": str(peer_id), "population": str(mine), "mode": "count", "purpose": "Joint plan", "days": 7}
    page = manager.get(to("start")).content.decode()
    assert "What the other side will learn" in page

    assert manager.post(to("start"), typed).status_code == 422
    assert manager.post(to("start"), typed | {"agreed": "on", "purpose": " "}).status_code == 422
    begun = manager.post(to("start"), typed | {"agreed": "on"})

    with scope(cast.vendor_admin):
        run = PsiRun.objects.get()
    assert (begun.url, run.state, run.agreed_by, run.population_name) == (to("run", run.pk), "preparing", cast.partner_manager.name, "Customers")
    again = manager.post(to("start"), typed | {"agreed": "on"})
    assert (again.status_code, "still open" in again.content.decode()) == (422, True)


def test_what_is_asked_of_us_waits_for_a_list_and_a_yes(cast):
    peer_id, mine = make_peer(cast.vendor_admin), make_list(cast.vendor_admin, COMPANIES)
    run_id = make_asked(peer_id, mode="reveal")
    make_theirs = make_list(cast.partner_admin, COMPANIES)
    manager = cast.client("partner_manager")
    with scope(cast.vendor_admin):
        PsiRun.objects.filter(pk=run_id).update(expires_at="2999-01-01T00:00:00Z")
    page = manager.get(to("run", run_id)).content.decode()
    assert "They ask for the names" in page
    assert "That their list has at most 160 domains." in page

    assert manager.post(to("agree", run_id), {"population": str(mine), "mode": "reveal"}).status_code == 422
    assert manager.post(to("agree", run_id), {"population": str(mine), "mode": "count", "agreed": "on"}).status_code == 422
    assert manager.post(to("agree", run_id), {"population": str(make_theirs), "mode": "reveal", "agreed": "on"}).status_code == 422
    assert manager.post(to("agree", run_id), {"population": str(mine), "mode": "reveal", "agreed": "on"}).status_code == 303

    with scope(cast.vendor_admin):
        run = PsiRun.objects.get(pk=run_id)
    assert (run.state, run.agreed_by, run.population_id) == ("preparing", cast.partner_manager.name, mine)


def test_names_are_read_and_taken_along_and_that_stands_in_the_journal(cast):
    run_id = make_finished(make_peer(cast.vendor_admin), make_list(cast.vendor_admin, COMPANIES), mode="reveal", names=("Abloom", "=cmd"))
    manager = cast.client("partner_manager")
    assert "Abloom Oy" in manager.get(to("run", run_id)).content.decode()

    lines = manager.get(to("export", run_id)).content.decode("utf-8-sig").splitlines()

    assert lines[0] == "Our id,Our name,Domain"
    assert sorted(lines[1:]) == ["vendor-=cmd,'=cmd Oy,'=cmd.com", "vendor-abloom,Abloom Oy,abloom.com"]
    assert "took the common companies of a private comparison" in manager.get(to("run", run_id)).content.decode()


def test_a_transcript_that_is_none_is_refused_with_a_sentence(cast):
    reader = cast.client("vendor_reader")
    for text in ("x", "{}", json.dumps({"keys": [], "messages": []}), "[" * 5_000):
        answer = reader.post(to("verify"), {"text": text})
        assert answer.status_code == 422, text[:20]


def test_a_person_who_looks_at_the_portal_as_a_partner_and_a_partner_see_nothing(cast):
    make_peer(cast.vendor_admin)
    with scope(cast.partner_admin):
        assert (PsiPeer.objects.count(), PsiRun.objects.count()) == (0, 0)
    assert cast.client("partner_admin").get("/api/v1/private-peers").status_code == 403
    assert cast.client("partner_admin").get(to("home")).status_code == 404


def test_our_key_is_renewed_only_when_nothing_is_open_and_signs_what_comes_after(cast):
    make_own_key(cast.vendor_admin)
    with scope(cast.vendor_admin):
        before = queries.own_key(cast.vendor_admin)
    assert cast.client("vendor_admin").post(to("key"), {"say": "renew"}).status_code == 303
    with scope(cast.vendor_admin):
        after = queries.own_key(cast.vendor_admin)
    assert after.fingerprint != before.fingerprint


def test_twelve_words_tell_a_fingerprint_and_one_wrong_word_does_not():
    fingerprint = "00ff10" + "7a" * 29
    words = words_of(fingerprint)

    assert (len(words), words[0], are_words_of(" - ".join(words), fingerprint)) == (12, "acorn", True)
    assert not are_words_of(" ".join((*words[:11], "acorn")), fingerprint)
