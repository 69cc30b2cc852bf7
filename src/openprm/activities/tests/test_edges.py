"""The API, the importer, the pages and merging: what comes in from outside."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openprm.accounts import services as accounts
from openprm.accounts.testing import make_account
from openprm.activities.models import Activity
from openprm.activities.testing import make_activity, stored
from openprm.integrations import services as imports
from openprm.integrations.models import Import
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db
FILE = """id,account,type,date,subject,contact,partner
T1,ostravasteel.example,call,2026-03-02,Asked for a quote,Petra,
T2,Ostrava Steelworks,Demo,2026-03-09,Showed the plant module,Petra,
T3,Nobody Knows Them,call,2026-03-09,A call,Jan,
T4,ostravasteel.example,call,2199-01-01,A call to come,Petra,
"""


def _post(client, path, body):
    return client.post(path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": "k1"})


def _rows() -> list[Activity]:
    with system_scope():
        return list(Activity.objects.order_by("occurred_at", "id"))


def test_a_crm_pushes_one_by_the_domain_of_the_account(cast):
    account_id = make_account(domain="ostravasteel.example")
    told = {"account": "ostravasteel.example", "kind": "visit", "occurred_at": "2026-03-02T10:00:00+01:00", "summary": "Plant visit"}

    answer = _post(cast.client("partner_manager"), "/api/v1/activities", told | {"source": "crm", "external_id": "A1"})

    assert answer.status_code == 201
    assert answer.json()["account_id"] == str(account_id)
    assert answer.json()["is_verified"] is True
    assert answer.json()["occurred_at"] == "2026-03-02T09:00:00Z"


def test_a_push_in_bulk_says_of_each_row_what_became_of_it(cast):
    make_account(domain="ostravasteel.example")
    common = {"kind": "call", "occurred_at": "2026-03-02T10:00:00Z", "summary": "A call", "source": "crm"}
    items = [
        common | {"account": "ostravasteel.example", "external_id": "A1"},
        common | {"account": "Nobody Knows Them", "external_id": "A2"},
        common | {"external_id": "A3"},
        common | {"account": "ostravasteel.example", "external_id": "A1"},
    ]

    answer = _post(cast.client("partner_manager"), "/api/v1/activities/bulk", {"items": items}).json()

    assert (answer["recorded"], answer["known"], answer["refused"]) == (1, 1, 2)
    assert [one["state"] for one in answer["items"]] == ["recorded", "refused", "refused", "known"]
    assert "No account matches “Nobody Knows Them”" in answer["items"][1]["reason"]
    assert len(_rows()) == 1


def _imported(tmp_path, text: str = FILE):
    path = tmp_path / "tasks.csv"
    path.write_text(text)
    staged = imports.stage_file(actor=SYSTEM, path=path, entity="activities")
    Import.objects.filter(pk=staged).update(skip_bad_rows=True)
    imports.try_import(actor=SYSTEM, import_id=staged, at=now())
    return staged


def test_a_file_is_tried_imported_and_taken_back(cast, tmp_path):
    account_id = make_account(name="Ostrava Steelworks", domain="ostravasteel.example")
    with system_scope():
        staged = _imported(tmp_path)
        tried = Import.objects.get(pk=staged)
        assert (tried.status, Activity.objects.count()) == ("checked", 0), (tried.message, tried.findings)

        imports.run_import(actor=SYSTEM, import_id=staged, at=now())
        assert [(row.kind, row.account_id, row.side) for row in _rows()] == [("call", account_id, "vendor"), ("demo", account_id, "vendor")]

        imports.undo_import(actor=SYSTEM, import_id=staged, at=now())
        assert [row.struck_as for row in _rows()] == ["undone", "undone"]

        imports.run_import(actor=SYSTEM, import_id=_imported(tmp_path), at=now())
        assert [row.struck_as for row in _rows()].count("") == 2
        assert Import.objects.count() == 2


def test_a_merge_takes_the_activities_along(cast, at):
    kept, merged = make_account(name="Ostrava Steelworks"), make_account(name="Ostrava Steel")
    activity_id = make_activity(cast.partner_manager, merged, at=at)

    with system_scope():
        accounts.merge_accounts(actor=SYSTEM, kept_id=kept, merged_id=merged, at=at)

    assert stored(activity_id).account_id == kept


class TestLogForm:
    def test_logs_on_a_customer_with_a_proof(self, cast):
        account_id = make_account(partner_id=cast.partner_id)
        proof = SimpleUploadedFile("agenda.html", b"%PDF-1.7 agenda")
        sent = {"account": account_id, "kind": "demo", "day": "2026-03-02", "direction": "out", "summary": "Showed it", "person": "Petra", "proof": proof}

        answer = cast.client("partner_rep").post(reverse("activities:portal_log"), sent)

        assert answer.status_code == 303
        (row,) = _rows()
        assert (row.kind, row.proof_name, row.proof_type, row.occurred_at.isoformat()) == ("demo", "agenda.pdf", "application/pdf", "2026-03-02T10:00:00+00:00")
        download = cast.client("partner_rep").get(reverse("activities:portal_proof", args=[row.pk]))
        assert download.content == b"%PDF-1.7 agenda"
        assert download["Content-Disposition"].startswith("attachment")

    def test_comes_back_with_its_problems(self, cast):
        account_id = make_account(partner_id=cast.partner_id)
        tomorrow = (now() + timedelta(days=2)).date().isoformat()
        sent = {"account": account_id, "kind": "demo", "day": tomorrow, "direction": "out", "summary": "Showed it"}

        answer = cast.client("partner_rep").post(reverse("activities:portal_log"), sent)

        assert answer.status_code == 422
        assert "This lies in the future" in answer.content.decode()
        assert _rows() == []

    def test_shows_a_script_as_text(self, cast, at):
        account_id = make_account(partner_id=cast.partner_id)
        make_activity(cast.partner_rep, account_id, at=at, summary="<script>alert(1)</script>")

        page = cast.client("partner_rep").get(reverse("accounts:portal_account", args=[account_id])).content.decode()

        assert "<script>alert(1)</script>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_list_filters_and_exports(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    make_activity(cast.partner_rep, account_id, at=at, kind="demo", summary="=2+2")
    make_activity(cast.partner_manager, account_id, at=at, kind="call", summary="Our call")
    url = reverse("activities:activities")
    client = cast.client("vendor_reader")

    page = client.get(f"{url}?side=partner").content.decode()
    file = client.get(f"{url}?export=csv").content.decode()

    assert "=2+2" in page
    assert "Our call" not in page
    assert "'=2+2" in file
    assert "Our call" in file
