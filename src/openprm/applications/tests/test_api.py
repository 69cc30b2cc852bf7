"""Applications over the API."""

import json

import pytest

from openprm.applications.testing import make_application, stored
from openprm.kernel.ids import new_id

pytestmark = pytest.mark.django_db
BODY = {
    "company_name": "Fjordlink AS", "website": "fjordlink.example", "country": "NO", "type": "si", "contact_name": "Siri", "email": "siri@fjordlink.example",
    "answers": {"employees": 42, "industries": ["energy"], "skills": ["support"], "plan": "Together.", "privacy": True},
}  # fmt: skip


def _send(client, method, path, body=None, **headers):
    sent = {"Idempotency-Key": str(new_id()), **headers}
    return client.generic(method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=sent)


def test_an_application_is_entered_read_and_approved(cast):
    client = cast.client("partner_manager")

    made = _send(client, "POST", "applications", {**BODY, "program_id": str(cast.program.pk)})
    read = client.get(f"/api/v1/applications/{made.json()['id']}")
    approved = _send(client, "POST", f"applications/{made.json()['id']}/approve", {"message": "Welcome."}, **{"If-Match": read["ETag"]})

    assert made.status_code == 201
    assert read.json()["clause"] == "A4"
    assert approved.status_code == 200
    assert (approved.json()["state"], approved.json()["partner_id"] is not None) == ("approved", True)


def test_bad_input_names_each_field_and_changes_nothing(cast):
    body = {
        **BODY,
        "program_id": str(cast.program.pk),
        "company_name": "x" * 9000,
        "email": "siri@gmail.com",
        "answers": {**BODY["answers"], "plan": "<script>"},
    }

    answer = _send(cast.client("partner_manager"), "POST", "applications", body)

    assert answer.status_code == 422
    assert {problem["field"] for problem in answer.json()["errors"]} >= {"company_name", "plan"}
    assert cast.client("vendor_admin").get("/api/v1/applications").json()["items"] == []


def test_a_duplicate_is_named_to_the_vendor(cast):
    body = {**BODY, "program_id": str(cast.program.pk), "website": "kallio.example", "email": "a@kallio.example"}

    answer = _send(cast.client("partner_manager"), "POST", "applications", body)

    assert answer.status_code == 409
    assert "Kallio Digital" in answer.json()["detail"]


def test_an_answer_quotes_the_version_it_saw(cast):
    pk = make_application()
    client = cast.client("partner_manager")

    missing = _send(client, "POST", f"applications/{pk}/approve")
    stale = _send(client, "POST", f"applications/{pk}/approve", {}, **{"If-Match": '"1"'})

    assert (missing.status_code, stale.status_code) == (428, 412)
    assert stored(pk).state == "submitted"


def test_a_partner_reads_no_application(cast):
    pk = make_application()

    assert cast.client("partner_admin").get(f"/api/v1/applications/{pk}").status_code == 403


def test_a_form_is_put_and_published(cast):
    client, place = cast.client("vendor_admin"), f"application-forms/{cast.program.pk}"
    questions = [
        {
            "code": "clouds",
            "kind": "choices",
            "label": "Which clouds?",
            "page": "Skills",
            "choices": [{"value": "aws"}, {"value": "azure"}],
            "fact": "technologies",
        }
    ]

    put = _send(client, "PUT", place, {"questions": questions, "intro": "Two minutes."})
    published = _send(client, "POST", f"{place}/publish", {}, **{"If-Match": put["ETag"]})

    assert put.json()["is_draft"] is True
    assert (published.json()["is_draft"], published.json()["published_number"]) == (False, 2)
    assert [question["code"] for question in published.json()["questions"]] == ["clouds"]


def test_a_question_with_an_unknown_fact_is_refused(cast):
    questions = [{"code": "shoes", "kind": "number", "label": "Shoe size?", "fact": "shoe_size"}]

    answer = _send(cast.client("vendor_admin"), "PUT", f"application-forms/{cast.program.pk}", {"questions": questions})

    assert answer.status_code == 422
    assert "does not know" in answer.json()["detail"]
