import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openprm.compliance.leaving import EXPORT
from openprm.compliance.models import Document, Owner, Reply, RiskCase
from openprm.compliance.services import forget_people
from openprm.compliance.testing import PDF, answer, ask, make_case, make_certificate, make_list, make_verification
from openprm.compliance.transfer import CertificateImporter
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def _post(client, url, body=None, **headers):
    return client.post(url, json.dumps(body or {}), content_type="application/json", headers=headers)


def test_a_case_goes_from_open_to_approved_over_the_api(cast):
    make_list(at=now())
    case_id = make_case(cast.partner_id, now())
    manager, partner, one = cast.client("partner_manager"), cast.client("partner_admin"), f"/api/v1/risk-cases/{case_id}"
    rated = manager.patch(one, json.dumps({"government": "sells_to"}), content_type="application/json", headers={"If-Match": '"1"'})
    assert (rated.status_code, rated.json()["risk"], rated.json()["clause"]) == (200, "medium", "C6")
    stale = manager.patch(one, json.dumps({"government": "none"}), content_type="application/json", headers={"If-Match": '"1"'})
    assert stale.status_code == 412

    reply_id = _post(manager, f"{one}/questionnaire", {"message": "Please"}).json()["id"]
    asked = partner.get(f"/api/v1/compliance-answers/{reply_id}").json()
    assert "points" not in json.dumps(asked), "what an answer is worth is for the vendor's editor"
    file = SimpleUploadedFile("extract.pdf", PDF, content_type="application/pdf")
    assert partner.post(f"/api/v1/compliance-answers/{reply_id}/files", {"question": "register_extract", "file": file}).status_code == 201
    answers = {one["id"]: "no" for one in asked["questions"] if one["type"] == "yes_no"}
    answers |= {"business": "Advice", "founded": 2009, "ownership_kind": "private", "code_of_conduct": "yes"}
    saved = partner.put(
        f"/api/v1/compliance-answers/{reply_id}",
        json.dumps({"answers": answers}),
        content_type="application/json",
        headers={"If-Match": f'"{asked["version"]}"'},
    )
    assert saved.status_code == 200
    assert _post(partner, f"/api/v1/compliance-answers/{reply_id}/submit").json()["state"] == "submitted"

    assert _post(manager, f"{one}/approve").status_code == 403
    assert _post(manager, f"{one}/references", {"name": "Petra Novak", "outcome": "positive", "note": "On time."}).status_code == 201
    approved = _post(manager, f"{one}/approve", {"note": "Fine."})
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    own = partner.get("/api/v1/risk-cases/own").json()
    assert (own["state"], sorted(own)) == ("approved", ["approved_until", "clause", "clause_text", "decision_note", "id", "state", "version"])


def test_an_answer_that_is_none_names_its_question_and_changes_nothing(cast):
    reply_id = ask(cast.partner_manager, make_case(cast.partner_id, now()), now())
    refused = cast.client("partner_admin").put(
        f"/api/v1/compliance-answers/{reply_id}",
        json.dumps({"answers": {"convicted": "perhaps"}}),
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, ["answers.convicted"])
    with system_scope():
        assert Reply.objects.get().answers == {}


def test_partners_see_themselves_in_the_lists_and_no_flags(cast, at):
    make_case(cast.partner_id, at)
    make_case(cast.other_partner_id, at)
    rows = cast.client("partner_reader").get("/api/v1/risk-cases").json()["items"]
    assert [row["partner"] for row in rows] == ["Kallio Digital"]
    assert len(cast.client("vendor_reader").get("/api/v1/risk-cases").json()["items"]) == 2


def test_a_policy_of_an_unknown_certificate_is_refused(cast):
    body = {"lapse": "certificate", "subject": "diploma", "actions": ["deals"]}
    refused = _post(cast.client("vendor_admin"), "/api/v1/gate-policies", body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "subject")


def test_certificates_come_from_a_file_and_wait_for_a_check(cast, at):
    importer, row = (
        CertificateImporter(),
        {"external_id": "7", "partner_id": cast.partner_id, "kind": "iso-9001", "issuer": "Borealis", "number": None, "level": None},
    )
    row |= {"issued_on": at.date().replace(year=2025), "expires_on": at.date().replace(year=2028)}
    with scope(cast.partner_manager):
        assert importer.find(actor=cast.partner_manager, rows=[row], source="grc") == [None]
        assert importer.check(actor=cast.partner_manager, rows=[{**row, "kind": "diploma"}], found=[None])[0][0].field == "kind"
        (certificate_id,) = importer.create(actor=cast.partner_manager, rows=[row], source="grc", at=at)
        assert importer.find(actor=cast.partner_manager, rows=[row], source="grc") == [certificate_id]
        assert importer.current(actor=cast.partner_manager, ids=[certificate_id])[certificate_id]["kind"] == "iso-9001"
        importer.remove(actor=cast.partner_manager, ids=[certificate_id], at=at)


def test_who_leaves_takes_its_papers_along_and_its_people_are_forgotten(cast, at):
    answer(cast.partner_admin, ask(cast.partner_manager, make_case(cast.partner_id, at), at), at)
    make_certificate(cast.partner_admin, cast.partner_id, at)
    make_verification(cast.partner_admin, cast.partner_id, at, kind="registrant")
    with scope(cast.partner_admin):
        parts = {part.code: list(part.rows(cast.partner_admin)) for part in EXPORT}
        files = [file for part in EXPORT if part.files for file in part.files(cast.partner_admin)]
        assert {code: len(rows) for code, rows in parts.items()} == {"compliance_answers": 6, "certificates": 1, "owners": 0, "verifications": 1}
        assert [file.open().read()[:5] for file in files] == [b"%PDF-", b"%PDF-"]
        Owner.objects.create(partner_id=cast.partner_id, name="Mika Virtanen")
    people = [cast.partner_admin.user_id]
    assert forget_people(partner_id=cast.partner_id, people=people, at=at) == 4
    assert forget_people(partner_id=cast.partner_id, people=people, at=at) == 0
    with system_scope():
        assert set(Document.objects.values_list("author_name", flat=True)) == {""}
        assert RiskCase.objects.count() == 1
