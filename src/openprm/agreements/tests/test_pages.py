import pytest
from django.urls import reverse

from openprm.agreements import services
from openprm.agreements.models import Document, Version
from openprm.agreements.testing import SOME_DAY, TEXT, acceptance_of, make_document, make_version, sign, stored_version
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def charter(cast):
    return make_version(make_document(is_public=True), blocks=("deals",))


def test_a_document_is_begun_written_reviewed_and_published(cast):
    client = cast.client("vendor_admin")
    begun = client.post(
        reverse("agreements:new_document"),
        {"title": "Charter", "code": "charter", "kind": "charter", "notice_days": "30", "needs_signature": "on", "signer_roles": ["partner_admin"]},
    )
    draft_url = begun["Location"]

    saved = client.post(draft_url, {"title": "Charter", "text": TEXT, "revision": "1", "do": "review"})
    published = client.post(saved["Location"], {"needs_reacceptance": "on", "grace_days": "10", "blocks": ["deals"], "note": "Hello"})

    assert (begun.status_code, saved.status_code, published.status_code) == (303, 303, 303)
    with system_scope():
        version = Version.objects.get(document__code="charter")
    assert (version.number, version.state, version.blocks, version.grace_days, version.note) == (1, "published", ["deals"], 10, "Hello")
    assert "Version published" in client.get(published["Location"]).content.decode()


def test_a_date_before_the_notice_comes_back_beside_its_field(cast, charter):
    with scope(cast.vendor_admin) as admin:
        draft_id = services.begin_draft(actor=admin, document_id=stored_version(charter).document_id, at=SOME_DAY)
        services.save_draft(actor=admin, draft_id=draft_id, title="Partner charter", text=f"{TEXT}\n\nMore.", at=SOME_DAY)

    answer = cast.client("vendor_admin").post(
        reverse("agreements:publish", args=[draft_id]), {"effective_date": "2026-01-01", "needs_reacceptance": "on", "grace_days": "10"}
    )

    assert answer.status_code == 422
    assert "Partners are told 30 days ahead" in answer.content.decode()
    assert stored_version(draft_id).state == "draft"


def test_the_preview_shows_a_script_as_text(cast, charter):
    with scope(cast.vendor_admin) as admin:
        draft_id = services.begin_draft(actor=admin, document_id=stored_version(charter).document_id, at=SOME_DAY)

    answer = cast.client("partner_manager").post(reverse("agreements:preview", args=[draft_id]), {"text": "# Hi\n<script>alert(1)</script>"})

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.content.decode()
    assert "<h3>Hi</h3>" in answer.content.decode()


def test_a_partner_reads_signs_and_downloads_the_certificate(cast, charter):
    client, row = cast.client("partner_admin"), acceptance_of(charter, cast.partner_id)
    url = reverse("agreements:portal_acceptance", args=[row.pk])
    page = client.get(url).content.decode()
    assert row.version.sha256 in page
    assert "Sign for your company" in page

    answer = client.post(
        reverse("agreements:portal_sign", args=[row.pk]),
        {"name": "Mika Virtanen", "title": "CEO", "drawn": "[[[10,10],[200,90]]]", "sha256": row.version.sha256, "confirm": "on"},
        HTTP_USER_AGENT="Browser/1",
        REMOTE_ADDR="198.51.100.4",
    )

    assert answer.status_code == 303
    signed = acceptance_of(charter, cast.partner_id)
    assert (signed.status, signed.ip_address, signed.user_agent, signed.strokes) == ("accepted", "198.51.100.4", "Browser/1", [[[10, 10], [200, 90]]])
    assert 'd="M10 10 L200 90"' in client.get(url).content.decode()
    file = client.get(reverse("agreements:portal_certificate", args=[row.pk]))
    assert (file["Content-Type"], file["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert file["Content-Disposition"] == 'attachment; filename="partner-charter-v1-certificate.pdf"'


@pytest.mark.parametrize(
    ("change", "problem"),
    [({"confirm": ""}, "This field is required"), ({"name": ""}, "This field is required"), ({"drawn": "<b>"}, "could not be read")],
)
def test_a_refused_signature_keeps_the_page_and_says_why(cast, charter, change, problem):
    row = acceptance_of(charter, cast.partner_id)
    values = {"name": "Mika", "title": "", "drawn": "", "sha256": row.version.sha256, "confirm": "on", **change}

    answer = cast.client("partner_admin").post(reverse("agreements:portal_sign", args=[row.pk]), values)

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert acceptance_of(charter, cast.partner_id).status == "sent"


def test_who_cannot_sign_reads_who_can(cast, charter):
    page = cast.client("partner_reader").get(reverse("agreements:portal_acceptance", args=[acceptance_of(charter, cast.partner_id).pk])).content.decode()

    assert "You cannot sign for your company" in page
    assert "Mika Virtanen" in page
    assert "Sign for your company" not in page


def test_a_change_is_shown_word_by_word_to_both_sides(cast, charter):
    second = make_version(stored_version(charter).document_id, text=TEXT.replace("two working days", "one working day"))

    for person, name in (("vendor_reader", "version"), ("partner_reader", "portal_version")):
        page = cast.client(person).get(reverse(f"agreements:{name}", args=[second])).content.decode()
        assert "two</del>" in page
        assert "one</ins>" in page


def test_the_public_page_shows_text_hash_and_history_to_anybody(cast, charter):
    visitor, version = cast.client("stranger"), stored_version(charter)

    page = visitor.get(reverse("agreements:charter")).content.decode()
    file = visitor.get(reverse("agreements:public_text", args=["partner-charter", 1]))

    assert version.sha256 in page
    assert "We answer every registered deal within two working days." in page
    assert file.content == f"# Partner charter\n\n{TEXT}\n".encode()
    assert visitor.get(reverse("agreements:public_version", args=["partner-charter", 2])).status_code == 404


def test_without_a_public_document_there_is_no_public_page(cast):
    make_version(make_document())

    assert cast.client("stranger").get(reverse("agreements:charter")).status_code == 404


def test_the_list_is_filtered_exported_and_reminds(cast, charter):
    sign(cast.partner_admin, charter)
    client, other = cast.client("partner_manager"), acceptance_of(charter, cast.other_partner_id)
    url = reverse("agreements:acceptances")

    waiting = client.get(f"{url}?status=sent").content.decode()
    export = client.get(f"{url}?export=csv&status=accepted").content.decode()
    reminded = client.post(url, {"ids": [str(other.pk), str(acceptance_of(charter, cast.partner_id).pk), "nonsense"], "action": "remind"})

    assert "Sintra Systems" in waiting
    assert "Kallio Digital" not in waiting.partition('id="results"')[2]
    assert "Kallio Digital" in export
    assert "Sintra" not in export
    assert reminded.status_code == 303
    assert acceptance_of(charter, cast.other_partner_id).reminded_at is not None


def test_a_cell_of_the_export_is_no_formula(cast):
    make_version(make_document(title="=cmd()"), title="=cmd()")

    assert "'=cmd()" in cast.client("vendor_reader").get(f"{reverse('agreements:acceptances')}?export=csv").content.decode()


def test_the_homes_and_the_partner_page_show_what_waits(cast, charter):
    assert "To sign" in cast.client("partner_reader").get("/portal/").content.decode()
    assert "Version 1 waits for your signature" in cast.client("partner_admin").get("/portal/").content.decode()
    assert "Partner charter" in cast.client("vendor_reader").get(reverse("partners:partner", args=[cast.partner_id])).content.decode()


def test_a_named_signatory_is_named_on_the_shelf_and_taken_back(cast, charter):
    client = cast.client("partner_admin")
    named = client.post(reverse("agreements:portal_name_signatory"), {"user_id": str(cast.partner_rep.user_id)})
    assert named.status_code == 303
    assert "Aino Laine" in client.get(reverse("agreements:portal_agreements")).content.decode()
    assert client.post(reverse("agreements:portal_name_signatory"), {"user_id": str(cast.other_partner_rep.user_id)}).status_code == 422


def test_retiring_and_resuming_from_the_page(cast, charter):
    client, document_id = cast.client("vendor_admin"), stored_version(charter).document_id
    url = reverse("agreements:retire", args=[document_id])

    client.post(url, {"do": "retire"})
    with system_scope():
        assert Document.objects.get(pk=document_id).retired_at is not None
    client.post(url, {"do": "resume"})
    with system_scope():
        assert Document.objects.get(pk=document_id).retired_at is None


def test_a_comparison_of_pages_costs_a_known_number_of_queries(cast, charter, django_assert_max_num_queries):
    client = cast.client("vendor_reader")
    client.get(reverse("agreements:documents"))

    with django_assert_max_num_queries(26):
        client.get(reverse("agreements:documents"))
