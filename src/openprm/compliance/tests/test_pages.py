import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openprm.compliance import queries
from openprm.compliance.models import Certificate, Flag, GatePolicy, Owner, QuestionnaireVersion, Reply, SanctionsList, Verification
from openprm.compliance.testing import OWN_LIST, PDF, answer, ask, make_case, make_certificate, make_list, make_verification, stored
from openprm.compliance.tests.showcase import make_showcase
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def _pdf(name="paper.pdf"):
    return SimpleUploadedFile(name, PDF + name.encode(), content_type="application/pdf")


def _all(model, **where):
    with system_scope():
        return list(model.objects.filter(**where).order_by("pk").values_list("pk", flat=True))


VENDOR_PAGES = ("cases", "replies", "certificates", "verifications", "lists", "policies", "countries", "kinds", "questionnaires")


@pytest.mark.parametrize("name", VENDOR_PAGES)
@pytest.mark.parametrize("is_empty", [True, False])
def test_every_list_draws_empty_and_full(cast, name, is_empty):
    if not is_empty:
        make_showcase(cast)
    response = cast.client("vendor_admin").get(reverse(f"compliance:{name}"))
    assert response.status_code == 200


@pytest.mark.parametrize("name", ["cases", "replies", "certificates", "verifications"])
def test_every_list_exports_what_is_filtered(cast, name):
    make_showcase(cast)
    response = cast.client("vendor_admin").get(reverse(f"compliance:{name}") + "?export=csv&q=Kallio")
    text = response.content.decode("utf-8-sig")
    assert "Kallio Digital" in text
    assert "Sintra Systems" not in text


def test_the_details_draw_for_the_vendor_and_the_partner(cast):
    make_showcase(cast)
    admin, partner = cast.client("vendor_admin"), cast.client("partner_admin")
    for name, model in (("certificate", Certificate), ("verification", Verification), ("reply", Reply), ("questionnaire_version", QuestionnaireVersion)):
        for pk in _all(model):
            assert admin.get(reverse(f"compliance:{name}", args=[pk])).status_code == 200, name
    with system_scope():
        case_id = queries.case_of_partner(cast.vendor_admin, cast.partner_id)
    page = admin.get(reverse("compliance:case", args=[case_id])).content.decode()
    assert "Teodor Vance is like “VANCE, Teodor Emil”" in page
    assert "prosecutor-letter.pdf" in page
    home = partner.get(reverse("compliance:portal_compliance")).content.decode()
    assert "Teodor Vance" in home
    assert "VANCE, Teodor Emil" not in home
    for pk in _all(Reply, partner_id=cast.partner_id):
        assert partner.get(reverse("compliance:portal_reply", args=[pk])).status_code == 200
    for pk in _all(Verification, partner_id=cast.partner_id):
        assert partner.get(reverse("compliance:portal_verification", args=[pk])).status_code == 200
    assert partner.get(reverse("portal:portal_home")).status_code == 200
    assert admin.get(reverse("partners:partner", args=[cast.partner_id])).status_code == 200


def test_a_questionnaire_is_saved_resumed_and_submitted(cast):
    make_list(at=now())
    case_id = make_case(cast.partner_id, now())
    client = cast.client("partner_admin")
    cast.client("partner_manager").post(reverse("compliance:case_send", args=[case_id]), {"message": "Please help us."})
    (reply_id,) = _all(Reply)
    url = reverse("compliance:portal_reply", args=[reply_id])
    assert "Please help us." in client.get(url).content.decode()

    assert client.post(url, {"business": "<script>alert(1)</script>", "do": "save"}).status_code == 303
    assert "&lt;script&gt;alert(1)" in client.get(url).content.decode()
    refused = client.post(url, {"business": "Advice", "founded": "long ago", "do": "submit"})
    assert refused.status_code == 422
    assert "Write a number" in refused.content.decode()
    missing = client.post(url, {"business": "Advice", "founded": "2009", "do": "submit"})
    assert missing.status_code == 422
    assert "Answer this question." in missing.content.decode()
    with system_scope():
        assert Reply.objects.get().answers == {"business": "Advice", "founded": "2009"}
    full = {"business": "Advice", "founded": "2009", "ownership_kind": "private", "sells_to_government": "no", "official": "no", "convicted": "no"}
    assert client.post(url, {**full, "do": "submit"}).status_code == 303
    assert stored(case_id).state == "flags_cleared"
    assert "can be changed when we send them back" in client.post(url, {**full, "do": "save"}).content.decode()


def test_a_flag_is_cleared_on_the_page_with_a_document(cast, at):
    make_list(at=at)
    case_id = make_case(cast.partner_id, at)
    answer(cast.partner_admin, ask(cast.partner_manager, case_id, at), at, convicted="yes")
    (flag_id,) = _all(Flag)
    manager, url = cast.client("partner_manager"), reverse("compliance:flag_resolve", args=[flag_id])
    assert manager.post(url, {"outcome": "cleared", "evidence": "It was another company."}).status_code == 422
    fake = SimpleUploadedFile("paper.pdf", b"<html><script>alert(1)</script>", content_type="application/pdf")
    assert manager.post(url, {"outcome": "cleared", "evidence": "It was another company.", "file": fake}).status_code == 422
    assert manager.post(url, {"outcome": "cleared", "evidence": "It was another company.", "file": _pdf()}).status_code == 303
    own = manager.post(reverse("compliance:case_approve", args=[case_id]), {"note": ""})
    assert own.status_code == 403
    assert "four eyes" in own.content.decode()
    assert cast.client("vendor_admin").post(reverse("compliance:case_approve", args=[case_id]), {"note": "Fine."}).status_code == 303
    assert stored(case_id).state == "approved"


def test_the_partner_adds_a_certificate_an_owner_and_its_papers(cast, at):
    make_case(cast.partner_id, at)
    client = cast.client("partner_admin")
    values = {"kind": "iso-27001", "issuer": "TÜV Nord", "issued_on": "2025-01-10", "expires_on": "2028-01-09", "file": _pdf()}
    assert client.post(reverse("compliance:portal_certificate_new"), values).status_code == 303
    assert client.post(reverse("compliance:portal_certificate_new"), {**values, "expires_on": "2024-01-01", "file": _pdf("b.pdf")}).status_code == 422
    assert len(_all(Certificate)) == 1
    assert client.post(reverse("compliance:portal_owner_add"), {"name": "Mika Virtanen", "kind": "person", "role": "owner"}).status_code == 303
    assert client.post(reverse("compliance:portal_owner_add"), {"name": "", "kind": "person", "role": "owner"}).status_code == 422
    assert len(_all(Owner)) == 1
    client.post(reverse("compliance:portal_verification_start", args=["business"]))
    (verification_id,) = _all(Verification)
    url = reverse("compliance:portal_verification", args=[verification_id])
    given = {"legal_name": "Kallio Digital Oy", "business_type": "company", "registration_number": "2345678-9", "country": "FI"}
    assert client.post(url, {**given, "do": "submit"}).status_code == 422
    assert client.post(url, {**given, "file": _pdf(), "do": "submit"}).status_code == 303
    decide = reverse("compliance:verification_decide", args=[verification_id])
    assert cast.client("partner_manager").post(decide, {"outcome": "declined", "message": ""}).status_code == 422
    assert cast.client("partner_manager").post(decide, {"outcome": "approved", "message": ""}).status_code == 303
    with system_scope():
        assert Verification.objects.get().state == "approved"


def test_an_administrator_reads_a_list_in_and_a_broken_one_changes_nothing(cast):
    client, url = cast.client("vendor_admin"), reverse("compliance:list_import")
    broken = client.post(url, {"source": "ofac_sdn", "file": SimpleUploadedFile("sdn.csv", b"1,2,3\n")})
    assert broken.status_code == 422
    assert "Line 1 does not have the columns" in broken.content.decode()
    assert _all(SanctionsList) == []
    assert client.post(url, {"source": "own", "name": "Ours", "file": SimpleUploadedFile("own.csv", OWN_LIST)}).status_code == 303
    assert len(_all(SanctionsList)) == 1


def test_an_administrator_sets_gates_countries_and_kinds(cast):
    client = cast.client("vendor_admin")
    line = {"lapse": "certificate", "subject": "iso-27001", "actions": ["deals"], "grace_days": "14", "is_active": "on"}
    assert client.post(reverse("compliance:policy_add"), line).status_code == 303
    (policy_id,) = _all(GatePolicy, lapse="certificate")
    assert client.post(reverse("compliance:policy", args=[policy_id]), {**line, "actions": []}).status_code == 422
    assert client.post(reverse("compliance:policy", args=[policy_id]), {**line, "actions": ["payouts"]}).status_code == 303
    with system_scope():
        assert GatePolicy.objects.get(pk=policy_id).actions == ["payouts"]
    assert client.post(reverse("compliance:policy_remove", args=[policy_id])).status_code == 303
    assert client.post(reverse("compliance:country_set"), {"country": "FI", "level": "high", "note": "Our own view"}).status_code == 303
    assert client.post(reverse("compliance:kind_add"), {"name": "Halden Academy", "is_active": "on"}).status_code == 303
    assert "halden-academy" in client.get(reverse("compliance:kinds")).content.decode()


def test_a_questionnaire_is_written_question_by_question_and_published(cast):
    client = cast.client("vendor_admin")
    assert client.post(reverse("compliance:questionnaire_add"), {"title": "Suppliers", "code": "suppliers", "purpose": "esg"}).status_code == 303
    (draft_id,) = _all(QuestionnaireVersion, state="draft")
    put = reverse("compliance:question_put", args=[draft_id])
    question = {"text": "Do you recycle?", "type": "choice", "options": "Always | 10\nNever | red", "category": "environment", "weight": "2", "required": "on"}
    assert client.post(put, {**question, "options": "Always"}).status_code == 422
    assert client.post(put, question).status_code == 303
    assert client.post(put, {**question, "text": "Do you measure?", "type": "text"}).status_code == 303
    arrange = reverse("compliance:question_arrange", args=[draft_id])
    client.post(arrange, {"question_id": "do_you_measure", "do": "up"})
    with scope(cast.vendor_admin):
        assert [one.id for one in queries.version(cast.vendor_admin, draft_id).questions] == ["do_you_measure", "do_you_recycle"]
    assert client.post(reverse("compliance:questionnaire_publish", args=[draft_id])).status_code == 303
    with system_scope():
        assert QuestionnaireVersion.objects.get(pk=draft_id).state == "published"
    assert client.post(put, question).status_code == 404, "a published version is no draft"


def test_files_are_sent_as_downloads_and_only_to_their_people(cast, at):
    make_case(cast.partner_id, at)
    certificate_id = make_certificate(cast.partner_admin, cast.partner_id, at)
    make_verification(cast.partner_admin, cast.partner_id, at)
    with scope(cast.vendor_admin):
        document_id = queries.certificate(cast.vendor_admin, certificate_id, at).documents[0].id
    response = cast.client("partner_admin").get(reverse("compliance:portal_document", args=[document_id]))
    assert (response.status_code, response["X-Content-Type-Options"]) == (200, "nosniff")
    assert response["Content-Disposition"].startswith("attachment")
    assert cast.client("other_partner_admin").get(reverse("compliance:portal_document", args=[document_id])).status_code == 404
    assert cast.client("marketing_manager").get(reverse("compliance:document", args=[document_id])).status_code == 403
