"""The API, the importer, the pages and merging: what comes in from outside."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openprm.accounts import services as accounts
from openprm.accounts.testing import make_account
from openprm.activities.models import Activity
from openprm.activities.testing import make_activity, stored
from openprm.activities.transfer import ActivityImporter
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.errors import Conflict, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.transfer import Change

pytestmark = pytest.mark.django_db
IMPORTER = ActivityImporter()


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


def _told(account_id, **values):
    told = {"external_id": "T1", "account": account_id, "kind": "call", "occurred_date": date(2026, 3, 2), "summary": "Asked for a quote", "person": "Petra"}
    return told | values


class TestImporter:
    def test_writes_verified_work_of_the_vendor_at_noon(self, cast, at):
        account_id = make_account(domain="ostravasteel.example")
        with scope(cast.partner_manager) as actor:
            IMPORTER.create(actor=actor, rows=[_told(account_id)], source="crm", at=at)

        (row,) = _rows()
        assert (row.side, row.self_reported, row.source, row.occurred_at.isoformat()) == ("vendor", False, "crm", "2026-03-02T12:00:00+00:00")

    def test_takes_a_row_with_a_partner_for_the_partners_work(self, cast, at):
        account_id = make_account()
        with scope(cast.partner_manager) as actor:
            IMPORTER.create(actor=actor, rows=[_told(account_id, partner=cast.partner_id)], source="crm", at=at)

        assert [(row.side, row.partner_id) for row in _rows()] == [("partner", cast.partner_id)]

    def test_finds_what_it_told_before(self, cast, at):
        row = _told(make_account())
        with scope(cast.partner_manager) as actor:
            (made,) = IMPORTER.create(actor=actor, rows=[row], source="crm", at=at)

            assert IMPORTER.find(actor=actor, rows=[row, _told(row["account"], external_id="T2")], source="crm") == [made, None]
            assert IMPORTER.current(actor=actor, ids=[made])[made]["occurred_date"] == date(2026, 3, 2)

    def test_says_what_speaks_against_a_row(self, cast):
        rows = [_told(None, occurred_date=date(2199, 1, 1)), _told(None, occurred_date=date(1999, 1, 1)), _told(None, side="partner")]
        with scope(cast.partner_manager) as actor:
            found = IMPORTER.check(actor=actor, rows=rows, found=[None] * 3)

        assert [[problem.field for problem in problems] for problems in found] == [["occurred_date"], ["occurred_date"], ["partner"]]

    def test_never_changes_an_entry(self, cast, at):
        row = _told(make_account())
        with scope(cast.partner_manager) as actor:
            (made,) = IMPORTER.create(actor=actor, rows=[row], source="crm", at=at)
            with pytest.raises(Conflict, match="Strike the old entry first"):
                IMPORTER.update(actor=actor, changes=[Change(made, {"summary": "Asked for a quote"}, {"summary": "Other"})], at=at)

    def test_taken_back_strikes_and_lets_the_file_come_again(self, cast, at):
        row = _told(make_account())
        with scope(cast.partner_manager) as actor:
            first = IMPORTER.create(actor=actor, rows=[row], source="crm", at=at)
            IMPORTER.remove(actor=actor, ids=first, at=at)
            assert IMPORTER.find(actor=actor, rows=[row], source="crm") == [None]
            IMPORTER.create(actor=actor, rows=[row], source="crm", at=at)

        assert sorted(one.struck_as for one in _rows()) == ["", "undone"]

    def test_is_not_for_partners(self, cast, at):
        row = _told(make_account(partner_id=cast.partner_id))
        with scope(cast.partner_admin) as actor, pytest.raises(NotAllowed):
            IMPORTER.create(actor=actor, rows=[row], source="crm", at=at)

        assert _rows() == []


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
