import json

import pytest

from openprm.kernel.ids import new_id
from openprm.kernel.scope import system_scope
from openprm.offboarding.models import Offboarding

pytestmark = pytest.mark.django_db
BASE = "/api/v1/offboardings"


def send(browser, method, path, body=None, key=None):
    headers = {"Idempotency-Key": key or str(new_id())}
    return getattr(browser, method)(f"{BASE}{path}", json.dumps(body or {}), content_type="application/json", headers=headers)


def opened(cast):
    body = {"partner_id": str(cast.partner_id), "kind": "mutual", "reason": "We agreed."}
    return send(cast.client("vendor_admin"), "post", "", body).json()


def test_an_offboarding_is_opened_and_read_by_both_sides(cast):
    made = opened(cast)

    assert (made["status"], [step["code"] for step in made["steps"]]) == ("open", ["deals", "money", "export", "access", "membership", "retention"])
    own = cast.client("partner_reader").get(f"{BASE}/{made['id']}")
    assert (own.status_code, own.json()["steps"][0]["receiver_id"]) == (200, None)
    assert cast.client("other_partner_rep").get(f"{BASE}/{made['id']}").status_code == 404
    assert cast.client("other_partner_rep").get(BASE).json()["items"] == []
    assert [row["id"] for row in cast.client("partner_rep").get(BASE).json()["items"]] == [made["id"]]


def test_the_same_key_opens_one(cast):
    body = {"partner_id": str(cast.partner_id), "kind": "mutual", "reason": "We agreed."}
    browser = cast.client("vendor_admin")

    first, second = (send(browser, "post", "", body, key="one").json() for _again in range(2))

    assert first["id"] == second["id"]
    with system_scope():
        assert Offboarding.objects.count() == 1


def test_a_step_runs_and_the_answer_says_how_it_went(cast):
    made = opened(cast)
    browser = cast.client("vendor_admin")

    ran = send(browser, "post", f"/{made['id']}/steps/retention/run").json()
    step = next(one for one in ran["steps"] if one["code"] == "retention")
    assert (step["state"], step["note"]) == ("failed", "The retention time starts when access has ended.")

    ran = send(browser, "post", f"/{made['id']}/steps/access/run").json()
    assert ran["access_ended_at"] is not None
    assert send(browser, "post", f"/{made['id']}/steps/nothing/run").status_code == 404


def test_a_partner_asks_and_takes_it_back(cast):
    browser = cast.client("partner_admin")
    asked = send(browser, "post", "/requests", {"reason": "Our plans changed."}).json()
    assert asked["status"] == "requested"

    assert send(cast.client("partner_rep"), "post", f"/{asked['id']}/close", {"reason": "no"}).status_code == 403
    assert send(browser, "post", f"/{asked['id']}/close", {"reason": "We stay."}).json()["status"] == "canceled"


def test_a_partner_cannot_call_off_what_the_vendor_opened(cast):
    made = opened(cast)

    assert send(cast.client("partner_admin"), "post", f"/{made['id']}/close", {"reason": "We stay."}).status_code == 409
    with system_scope():
        assert Offboarding.objects.get().status == "open"


def test_a_reason_of_three_pages_is_refused_by_name(cast):
    body = {"partner_id": str(cast.partner_id), "kind": "mutual", "reason": "x" * 5000}
    answer = send(cast.client("vendor_admin"), "post", "", body)

    assert answer.status_code == 422
    assert "reason" in json.dumps(answer.json())


def test_the_last_day_moves_with_the_version_that_was_read(cast):
    made = opened(cast)
    browser, body = cast.client("vendor_admin"), {"access_ends_at": "2027-06-30T18:00:00Z", "reason": "They asked for time."}
    put = {"content_type": "application/json"}

    refused = browser.put(f"{BASE}/{made['id']}/last-day", json.dumps(body), headers={"Idempotency-Key": "a", "If-Match": '"99"'}, **put)
    moved = browser.put(f"{BASE}/{made['id']}/last-day", json.dumps(body), headers={"Idempotency-Key": "b", "If-Match": f'"{made["version"]}"'}, **put)

    assert (refused.status_code, moved.status_code) == (412, 200)
    assert moved.json()["access_ends_at"].startswith("2027-06-30T18:00:00")
