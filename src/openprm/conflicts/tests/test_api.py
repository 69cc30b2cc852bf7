"""Conflict cases over the API: the same words, the same walls."""

import json
from datetime import timedelta

import pytest

from openprm.conflicts.testing import CLAUSE, REASONS, WOULD_CHANGE, made, make_alarm, make_rejected, speak
from openprm.deals.testing import make_catalogue
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id

pytestmark = pytest.mark.django_db
DECISION = {"finding": "unfounded", "reasons": REASONS, "would_change": WOULD_CHANGE, "clause": CLAUSE}


def _send(client, method, path, body=None, **headers):
    sent = {"Idempotency-Key": str(new_id()), **headers}
    return client.generic(method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=sent)


def _version(client, place):
    return {"If-Match": client.get(f"/api/v1/{place}")["ETag"]}


def test_a_case_is_opened_heard_decided_and_appealed(cast):
    registration_id = make_rejected(cast.partner_rep, cast.partner_manager, make_catalogue(), at=now() - timedelta(days=1))
    partner, reviewer, second = (cast.client(name) for name in ("partner_rep", "finance_manager", "vendor_admin"))
    body = {"type": "rejection", "claim": "The wrong territory was read.", "registration_id": str(registration_id)}

    opened = _send(partner, "POST", "conflict-cases", body)
    assert opened.status_code == 201
    case_id = opened.json()["case_id"]
    place = f"conflict-cases/{case_id}"
    assert _send(partner, "POST", "conflict-cases", body).status_code == 409
    assert _send(cast.client("marketing_manager"), "POST", f"{place}/statements", {"text": "We sell there."}).status_code == 200
    assert _send(reviewer, "POST", f"{place}/take-up", {}, **_version(reviewer, place)).status_code == 200
    assert _send(reviewer, "POST", f"{place}/decide", DECISION).status_code == 428
    assert _send(reviewer, "POST", f"{place}/decide", DECISION, **{"If-Match": '"99"'}).status_code == 412
    decided = _send(reviewer, "POST", f"{place}/decide", DECISION, **_version(reviewer, place))
    assert decided.status_code == 200
    assert decided.json()["rulings"][0]["clause_source"]

    appealed = _send(partner, "POST", f"{place}/appeal", {"text": "Look at the map."}, **_version(partner, place))
    assert appealed.status_code == 200
    assert appealed.json()["appeal"]["is_mine"] is True
    upheld = {"result": "upheld", "reasons": "The map is right.", "would_change": "A later map.", "clause": CLAUSE}
    assert _send(reviewer, "POST", f"{place}/appeal/answer", upheld, **_version(reviewer, place)).status_code == 403
    assert _send(second, "POST", f"{place}/appeal/answer", upheld, **_version(second, place)).status_code == 200
    assert made(case_id).finding == "unfounded"


def test_a_third_partner_gets_404_and_changes_nothing(cast):
    case_id, _registration = make_alarm(cast, make_catalogue(), now() - timedelta(hours=6))
    client, place = cast.client("other_partner_rep"), f"conflict-cases/{case_id}"

    assert client.get(f"/api/v1/{place}").status_code == 404
    assert client.get("/api/v1/conflict-cases").json()["items"] == []
    assert _send(client, "POST", f"{place}/statements", {"text": "Me too."}).status_code == 404
    assert _send(client, "POST", f"{place}/withdraw", {"reason": "Mine."}, **{"If-Match": "*"}).status_code == 404
    assert made(case_id).state == "open"


def test_what_is_sealed_or_internal_is_not_in_the_answer(cast):
    case_id, _registration = make_alarm(cast, make_catalogue(), now() - timedelta(hours=6))
    speak(cast.marketing_manager, case_id, "The buyer rang me at home.", now() - timedelta(hours=5))
    _send(cast.client("vendor_admin"), "POST", f"conflict-cases/{case_id}/notes", {"text": "An internal thought."})

    read = cast.client("partner_rep").get(f"/api/v1/conflict-cases/{case_id}")

    for word in ("rang me at home", "internal thought", "candidates", cast.users["marketing_manager"].name, cast.users["vendor_admin"].name):
        assert word not in read.content.decode()
    assert read.json()["respondent"]["statements"] == []
    assert read.json()["respondent"]["has_hidden"] is True
