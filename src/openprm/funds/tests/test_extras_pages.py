"""The pages and the API of proofs, co-op money, deadlines and returns, as people and programs use them."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openprm.funds.models import AccrualLine, ActivityType, Extension, ProofFile
from openprm.funds.queries.catalogue import kind
from openprm.funds.tests.showcase_extras import ACTIVITY, EXTENSION, KIND, REQUEST, make_showcase
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(cast):
    with system_scope():
        make_showcase(cast)
    return cast


def get(cast, person, name, *args, query=""):
    answer = cast.client(person).get(reverse(f"funds:{name}", args=args) + query)
    return answer.status_code, answer.content.decode()


def simulated(cast, **changes):
    first = now().date() + timedelta(days=30)
    values = {"spent": "6000.00", "currency": "EUR", "starts_on": first, "ends_on": first + timedelta(days=2), "on": first + timedelta(days=10)}
    answer = cast.client("partner_marketer").post(reverse("funds:portal_kind", args=[KIND]), {**values, **changes})
    return answer.status_code, answer.content.decode()


def test_a_partner_tries_a_claim_with_drafts_and_reads_what_is_missing_and_nothing_is_kept(shown):
    day = now().date() + timedelta(days=31)
    invoice = SimpleUploadedFile("invoice.pdf", b"%PDF-1.7 x")
    program = SimpleUploadedFile("photo.jpg", b"MZ\x90\x00 not a photo")
    status, text = simulated(shown, files_0=invoice, dated_0=day, files_1=program, dated_1=day, count_2=1, format_2="xlsx")
    with system_scope():
        kept = ProofFile.objects.count()
    assert (status, kept) == (200, 2)
    assert "€3,000" in text
    assert "“Photos of the stand”: 2 more files are needed (PNG, JPEG)." in text
    assert "This is unknown. Accepted are: PNG, JPEG." in text


def test_a_complete_simulation_says_what_is_paid(shown):
    day = now().date() + timedelta(days=31)
    status, text = simulated(
        shown, count_0=1, format_0="pdf", dated_0=day, count_1=2, format_1="png", dated_1=day, count_2=1, format_2="pdf"
    )  # fmt: skip
    assert (status, "Accepted" in text, "Not complete" in text) == (200, True, False)


@pytest.mark.parametrize(("spent", "currency"), [("-5", "EUR"), ("abc", "EUR"), ("", "EUR"), ("12.345", "EUR"), ("5", "XQZ"), ("5", "SEK")])
def test_an_amount_that_is_none_or_has_no_rate_comes_back_with_its_problem(shown, spent, currency):
    status, text = simulated(shown, spent=spent, currency=currency)
    assert (status, "Traceback" in text) in {(422, False), (200, False)}
    assert "Accepted" not in text or "Nothing was spent" in text


def test_script_in_a_name_is_shown_as_text(shown):
    with scope(shown.vendor_admin):
        version = kind(shown.vendor_admin, KIND, now()).version
    sent = {
        "name": "<script>alert(1)</script>", "max_percent": "50", "claim_within_days": "60", "currency": "EUR", "cap": "", "version": version, "is_active": "on",
        "proofs-TOTAL_FORMS": "1", "proofs-INITIAL_FORMS": "0", "proofs-0-name": "Photo", "proofs-0-formats": ["png"], "proofs-0-minimum": "1",
    }  # fmt: skip
    answer = shown.client("vendor_admin").post(reverse("funds:kind_edit", args=[KIND]), sent)
    status, text = get(shown, "partner_admin", "portal_kinds")
    assert (answer.status_code, status) == (303, 200)
    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_kind_form_with_mistakes_comes_back_and_nothing_changes(shown):
    sent = {"name": "", "max_percent": "-3", "claim_within_days": "60", "proofs-TOTAL_FORMS": "0", "proofs-INITIAL_FORMS": "0"}
    answer = shown.client("vendor_admin").post(reverse("funds:kind_new"), sent)
    with system_scope():
        assert (answer.status_code, ActivityType.objects.count()) == (422, 2)


def test_a_hostile_upload_is_refused_beside_its_field(shown):
    file = SimpleUploadedFile("invoice.pdf", b"<html><script>alert(1)</script></html>")
    sent = {"rule": "invoice", "dated_on": now().date(), "file": file}
    answer = shown.client("partner_admin").post(reverse("funds:portal_proof_add", args=[ACTIVITY]), sent)
    with system_scope():
        assert (answer.status_code, ProofFile.objects.count()) == (422, 2)
    assert "“Invoice” is accepted as PDF." in answer.content.decode()


def test_a_proof_is_a_download_and_never_a_page(shown):
    with system_scope():
        proof_id = ProofFile.objects.get(rule="invoice").pk
    answer = shown.client("partner_admin").get(reverse("funds:portal_proof", args=[proof_id]))
    assert (answer.content, answer["X-Content-Type-Options"]) == (b"%PDF-1.7", "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_vendor_moves_a_deadline_from_the_page(shown):
    until = now().date() + timedelta(days=90)
    sent = {"do": "grant", "until": until, "answer": "Good luck", "version": 1}
    answer = shown.client("finance_manager").post(reverse("funds:extension_answer", args=[EXTENSION]), sent)
    with system_scope():
        row = Extension.objects.select_related("activity").get(pk=EXTENSION)
    assert (answer.status_code, row.state, row.activity.claim_by) == (303, "granted", until)


def test_a_correction_from_the_page_is_a_new_line(shown):
    with system_scope():
        line_id = AccrualLine.objects.get().pk
    answer = shown.client("finance_manager").post(reverse("funds:coop_correct", args=[line_id]), {"revenue": "30000.00", "reason": "Credit note"})
    with system_scope():
        assert (answer.status_code, list(AccrualLine.objects.order_by("pk").values_list("amount_minor", flat=True))) == (303, [1_000_00, -250_00])


def test_the_shares_can_be_taken_as_a_file(shown):
    answer = shown.client("vendor_admin").get(reverse("funds:returns") + "?export=csv")
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    assert "Ostrava Steelworks" in text
    assert "60.00" in text


def test_a_period_that_is_none_shows_the_last_two_years(shown):
    assert get(shown, "vendor_reader", "returns", query="?since=banana&until=2020-01-01")[0] == 200


def test_the_home_shows_the_wallet(shown):
    text = shown.client("partner_admin").get("/portal/").content.decode()
    assert "panel-wallet-h" in text


def api(cast, person, method, path, body=None, **headers):
    client = cast.client(person)
    given = {"Idempotency-Key": str(new_id()), **headers}
    return client.generic(method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=given)


def test_the_api_simulates_as_the_page_does(shown):
    body = {"spent": {"amount_minor": 6_000_00, "currency": "EUR"}, "on": str(now().date()), "papers": [{"rule": "invoice", "format": "docx"}]}
    found = api(shown, "partner_marketer", "POST", f"fund-activities/{ACTIVITY}/simulate", body).json()
    assert (found["accepted"], found["worth"], found["reimbursable"]["amount_minor"]) == (False, {"amount_minor": 3_000_00, "currency": "EUR"}, 0)


def test_the_api_changes_a_kind_only_on_the_version_that_was_read(shown):
    body = {"name": "Fair", "max_percent": "40", "proofs": []}
    path = f"fund-activity-types/{KIND}"
    assert [api(shown, "vendor_admin", "PUT", path, body, **match).status_code for match in ({}, {"If-Match": '"9"'}, {"If-Match": '"1"'})] == [428, 412, 200]


def test_the_api_gives_wallet_lines_links_and_returns(shown):
    found = api(shown, "partner_admin", "GET", "fund-wallet").json()
    assert sum(one["allocated"]["amount_minor"] for one in found["totals"]) == 11_000_00
    assert api(shown, "partner_admin", "GET", "fund-accruals").json()["items"][0]["amount"] == {"amount_minor": 1_000_00, "currency": "EUR"}
    assert api(shown, "partner_admin", "GET", f"fund-links?request_id={REQUEST}").json()[0]["left"] == "40.00"
    assert api(shown, "vendor_reader", "GET", "fund-returns").json()["total"]["revenue"]["amount_minor"] == 24_000_00
    assert api(shown, "other_partner_admin", "GET", f"fund-wallet?partner_id={shown.partner_id}").status_code == 404


def test_the_api_refuses_more_than_the_whole_of_a_deal(shown):
    [first] = api(shown, "partner_admin", "GET", f"fund-links?request_id={REQUEST}").json()
    body = {"request_id": str(REQUEST), "kind": "deal", "subject_id": first["subject_id"], "weight": "100.5"}
    assert api(shown, "partner_admin", "POST", "fund-links", body).status_code == 422
    rate = {"program_id": str(shown.program.pk), "percent": "-2", "effective_from": str(date(2030, 1, 1))}
    assert api(shown, "vendor_admin", "POST", "fund-accrual-rates", rate).status_code == 422
