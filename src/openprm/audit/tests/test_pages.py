import json
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from openprm.audit import queries, services
from openprm.audit.rules.proofs import read_checkpoint, read_proof, verify_proof
from openprm.audit.testing import make_event, make_sealed_events
from openprm.kernel.clock import now
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(cast, monkeypatch):
    """Seen by the partner: a rename by the vendor, sealed. Internal: a note. Of the other partner: one event. The newest waits."""
    monkeypatch.setattr(type(cast.partner), "audit_shared", ("name",), raising=False)
    at, before = now() - timedelta(hours=3), cast.partner.snapshot()
    after = before | {"name": "Kallio Oy", "legal_name": "Kallio Group Oy"}
    with scope(cast.vendor_admin):
        shared = services.record(
            cast.vendor_admin,
            "organization.updated",
            cast.partner,
            before=before,
            after=after,
            visible_to=[cast.partner.pk],
            private={"secret_points": "seventy-two"},
            at=at,
        )
        internal = make_event(cast.partner, at=at, note="Between us.")
        make_sealed_events(cast.other_partner, count=1, at=at, visible_to=[cast.other_partner.pk])
        waiting = make_event(cast.partner, at=at + timedelta(hours=1), visible_to=[cast.partner.pk], note="=cmd|calc")
    return {"shared": shared, "internal": internal, "waiting": waiting}


def text(client, name, *args, query="", status=200):
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == status
    return response.content.decode()


def test_the_vendor_sees_every_event(cast, log):
    page = text(cast.client("vendor_reader"), "audit:events")

    assert page.count('class="row-link"') == 4
    assert "Only us" in page
    assert "Seal 1" in page


def test_a_partner_sees_its_own_events_only(cast, log):
    page = text(cast.client("partner_reader"), "audit:portal_events")

    assert page.count('class="row-link"') == 2
    for hidden in ("Between us", "Sintra", "Only us", "ecret points", "secret_points", "Kallio Group Oy"):
        assert hidden not in page


def test_an_event_page_of_a_partner_leaves_out_what_only_the_vendor_sees(cast, log):
    page = text(cast.client("partner_reader"), "audit:portal_event", log["shared"])

    assert "Kallio Oy" in page
    assert "Kallio Group Oy" not in page
    assert "ecret points" not in page
    assert "secret_points" not in page
    assert "seventy-two" not in page


def test_an_event_page_of_the_vendor_says_what_only_it_sees(cast, log):
    page = text(cast.client("vendor_reader"), "audit:event", log["shared"])

    assert "Kallio Group Oy" in page
    assert "Only us" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?q=Sintra", 1),
        ("?person=Ingrid", 4),
        ("?person=nobody", 0),
        ("?kind=identity.organization", 4),
        ("?verb=organization.updated", 1),
        ("?verb=nonsense", 4),
        ("?day_to=2020-01-01", 0),
        ("?day_from=2020-01-01", 4),
        ("?sort=at", 4),
        ("?after=forged&rows=25", 4),
    ],
)
def test_events_are_filtered(cast, log, query, count):
    page = text(cast.client("vendor_reader"), "audit:events", query=query)

    assert page.count('class="row-link"') == count


def test_the_export_is_of_what_is_filtered_and_runs_no_formula(cast, log):
    response = cast.client("partner_reader").get(reverse("audit:portal_events") + "?export=csv&cols=note&cols=changes&cols=verb")

    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "'=cmd|calc" in lines[1]
    assert "Name: Kallio Digital → Kallio Oy" in lines[2]


def test_a_partner_downloads_a_proof_that_holds(cast, log):
    response = cast.client("partner_reader").get(reverse("audit:portal_proof", args=[log["shared"]]))

    assert response.headers["Content-Disposition"] == f'attachment; filename="proof-{log["shared"]}.json"'
    assert verify_proof(read_proof(response.content)).holds
    assert b"Kallio Group Oy" not in response.content


def test_the_private_half_is_opened_for_the_vendor_only(cast, log):
    vendor = cast.client("vendor_admin").get(reverse("audit:proof", args=[log["shared"]]) + "?private=yes")
    partner = cast.client("partner_admin").get(reverse("audit:portal_proof", args=[log["shared"]]) + "?private=yes")

    assert b"Kallio Group Oy" in vendor.content
    assert verify_proof(read_proof(vendor.content)).holds
    assert b"Kallio Group Oy" not in partner.content


def test_an_event_that_waits_has_no_proof_yet(cast, log):
    assert "Waiting" in text(cast.client("partner_reader"), "audit:portal_event", log["waiting"])
    text(cast.client("partner_reader"), "audit:portal_proof", log["waiting"], status=409)


@pytest.mark.parametrize("name", ["audit:portal_event", "audit:portal_proof"])
def test_an_internal_event_is_not_there_for_the_partner(cast, log, name):
    text(cast.client("partner_admin"), name, log["internal"], status=404)


def test_the_newest_seal_can_be_kept_outside(cast, log):
    response = cast.client("partner_reader").get(reverse("audit:portal_checkpoint"))

    assert read_checkpoint(response.content).seal.number == 1


def test_a_log_without_seals_has_none_to_keep(cast):
    text(cast.client("partner_reader"), "audit:portal_checkpoint", status=404)
    text(cast.client("partner_reader"), "audit:portal_events")


def test_the_public_keys_are_there_for_everybody(cast, log, client):
    keys = json.loads(client.get("/.well-known/openprm-audit-keys.json").content)["keys"]

    assert [key["fingerprint"] for key in keys] == [key.fingerprint for key in queries.public_keys()]


def test_the_timeline_shows_each_reader_its_half(cast, log, rf):
    with scope(cast.vendor_admin):
        vendor = render_to_string(
            "audit/_timeline.html", {"entries": queries.timeline(cast.vendor_admin, cast.partner.pk)}, request=_request(rf, cast.vendor_admin)
        )
    with scope(cast.partner_rep):
        partner = render_to_string(
            "audit/_timeline.html", {"entries": queries.timeline(cast.partner_rep, cast.partner.pk)}, request=_request(rf, cast.partner_rep)
        )

    assert (vendor.count("<li"), partner.count("<li")) == (3, 2)
    assert "<del>Kallio Digital</del>" in partner
    assert "Kallio Group Oy" in vendor
    assert "Kallio Group Oy" not in partner


def _request(rf, actor):
    request = rf.get("/")
    request.actor, request.at = actor, now()
    return request


def test_the_api_pages_events_by_time(cast, log):
    client = cast.client("partner_rep")

    first = client.get("/api/v1/audit/events?limit=1").json()
    second = client.get(f"/api/v1/audit/events?limit=1&cursor={first['next_cursor']}").json()

    assert ([item["id"] for item in first["items"] + second["items"]], second["next_cursor"]) == ([str(log["waiting"]), str(log["shared"])], None)
    assert second["items"][0]["changes"] == [{"field": "name", "label": "Name", "old": "Kallio Digital", "new": "Kallio Oy"}]


def test_the_api_filters_by_object_verb_and_time(cast, log):
    client = cast.client("vendor_reader")

    def count(query):
        return len(client.get(f"/api/v1/audit/events?{query}").json()["items"])

    assert (count(f"ref={cast.partner.pk}"), count("verb=organization.updated"), count("since=2100-01-01T00:00:00Z")) == (3, 1, 0)
    assert client.get("/api/v1/audit/events?ref=nonsense").status_code == 422
    assert client.get("/api/v1/audit/events?cursor=forged").status_code == 422


def test_the_api_gives_seals_keys_and_proofs(cast, log):
    client = cast.client("partner_rep")

    [seal] = client.get("/api/v1/audit/seals").json()["items"]
    [key] = client.get("/api/v1/audit/public-key").json()
    proof = client.get(f"/api/v1/audit/events/{log['shared']}/proof").json()

    assert (seal["number"], seal["size"], seal["key"]) == (1, 3, key["fingerprint"])
    assert verify_proof(proof, trusted_key=key["fingerprint"]).holds
    assert client.get("/api/v1/audit/seals/1/checkpoint").json()["seal_hash"] == seal["hash"]
    assert client.get("/api/v1/audit/seals/99/checkpoint").status_code == 404
