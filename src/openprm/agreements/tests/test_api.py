import json

import pytest

from openprm.agreements.testing import TEXT, acceptance_of, make_document, make_version, stored_version
from openprm.identity import services as identity
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db
URL = "/api/v1/agreements"


def _send(client, method, path, body=None, **headers):
    headers = {"Idempotency-Key": str(new_id()), **headers}
    return client.generic(method, f"{URL}{path}", json.dumps(body or {}), content_type="application/json", headers=headers)


def test_a_program_writes_and_publishes_a_version(cast):
    client = cast.client("vendor_admin")
    document = _send(client, "POST", "", {"code": "charter", "title": "Charter", "kind": "charter"}).json()
    draft = _send(client, "POST", f"/{document['id']}/drafts")
    version_id = draft.json()["line"]["id"]

    refused = _send(client, "PUT", f"/versions/{version_id}", {"title": "Charter", "text": TEXT}, **{"If-Match": '"7"'})
    saved = _send(client, "PUT", f"/versions/{version_id}", {"title": "Charter", "text": TEXT}, **{"If-Match": draft["ETag"]})
    published = _send(client, "POST", f"/versions/{version_id}/publish", {"blocks": ["deals"], "grace_days": 3})

    assert (refused.status_code, saved.status_code, published.status_code) == (412, 200, 200)
    assert (published.json()["line"]["number"], published.json()["line"]["blocks"]) == (1, ["deals"])


def test_a_notice_too_short_is_a_problem_with_its_field(cast):
    document_id = make_document()
    make_version(document_id)
    client = cast.client("vendor_admin")
    draft = _send(client, "POST", f"/{document_id}/drafts").json()["line"]["id"]
    _send(client, "PUT", f"/versions/{draft}", {"title": "Charter", "text": f"{TEXT}\n\nMore."}, **{"If-Match": '"1"'})

    answer = _send(client, "POST", f"/versions/{draft}/publish", {"effective_at": "2026-01-01T00:00:00Z"})

    assert answer.status_code == 422
    assert answer.json()["code"] == "notice_too_short"
    assert answer.json()["errors"][0]["field"] == "effective_at"


def test_a_person_signs_over_the_api_and_a_token_cannot(cast, at):
    version = make_version(make_document())
    row = acceptance_of(version, cast.partner_id)
    body = {"sha256": row.version.sha256, "name": "Mika Virtanen", "strokes": [[[10, 10], [200, 90]]], "confirm": True}
    with scope(cast.partner_admin) as admin:
        token = identity.create_api_token(actor=admin, name="Robot", scopes=["agreements:read", "agreements:write"], days=30, at=at)

    by_token = _send(cast.client("stranger"), "POST", f"/acceptances/{row.pk}/sign", body, Authorization=f"Bearer {token.raw}")
    by_person = _send(cast.client("partner_admin"), "POST", f"/acceptances/{row.pk}/sign", body)

    assert (by_token.status_code, by_person.status_code) == (403, 200)
    assert by_person.json()["signature"]["name"] == "Mika Virtanen"


def test_a_partner_sees_no_draft_and_its_own_acceptances(cast):
    document_id = make_document()
    make_version(document_id)
    _send(cast.client("vendor_admin"), "POST", f"/{document_id}/drafts")
    client = cast.client("partner_reader")

    found = client.get(URL).json()["items"]
    acceptances = client.get(f"{URL}/acceptances").json()["items"]

    assert [version["standing"] for version in found[0]["versions"]] == ["in_force"]
    assert [row["partner"] for row in acceptances] == ["Kallio Digital"]


def test_the_comparison_is_there_for_programs(cast):
    document_id = make_document()
    make_version(document_id)
    second = make_version(document_id, text=TEXT.replace("two working days", "one working day"))

    found = cast.client("partner_reader").get(f"{URL}/versions/{second}").json()

    assert (found["compared_with"], found["changes"]["words_added"], found["changes"]["words_removed"]) == (1, 2, 2)
    assert found["line"]["sha256"] == stored_version(second).sha256
