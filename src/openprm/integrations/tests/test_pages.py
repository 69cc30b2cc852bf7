"""The way of an import through the pages, without JavaScript, and the command line."""

import json

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openprm.accounts.models import Account
from openprm.integrations.commands import transfer
from openprm.integrations.imports import limits
from openprm.integrations.models import Import, SavedMapping
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db
GOOD = "Firma;Land;Umsatz\nAlpha Werkzeuge;Deutschland;1.200,50\nBeta;Östereich;7\n"


def upload(client, content: bytes, name="firmen.csv", entity="accounts"):
    return client.post(reverse("integrations:new_import"), {"entity": entity, "file": SimpleUploadedFile(name, content)})


def columns(**changes):
    return {
        "column_0": "name",
        "column_1": "country",
        "column_2": "annual_revenue_minor",
        "dates": "dmy",
        "decimal": ",",
        "currency": "EUR",
        "source": "erp",
    } | changes


def test_a_file_goes_all_the_way(cast, run_jobs):
    client = cast.client("partner_manager")

    staged = upload(client, GOOD.encode())
    tried = client.post(staged["Location"], columns(save_as="ERP accounts"))
    run_jobs()
    report = client.get(tried["Location"]).content.decode()
    with system_scope():
        assert Account.objects.count() == 0
        assert SavedMapping.objects.get().name == "ERP accounts"
    act = reverse("integrations:act", args=[tried["Location"].rstrip("/").rpartition("/")[2]])
    client.post(act, {"action": "run"})
    run_jobs()

    assert "Run the import" in report
    assert "Östereich" in report
    with system_scope():
        rows = Account.objects.order_by("name").values_list("name", "country", "annual_revenue_minor", "currency")
        assert list(rows) == [("Alpha Werkzeuge", "DE", 120050, "EUR"), ("Beta", "AT", 700, "EUR")]
    undone = client.post(act, {"action": "undo"}, follow=True)
    assert "Taken back" in undone.content.decode()
    with system_scope():
        assert Account.objects.count() == 0


def test_doubtful_letters_are_shown_and_must_be_confirmed(cast):
    client = cast.client("vendor_admin")
    staged = upload(client, GOOD.encode("cp1252"))

    shown = client.get(staged["Location"]).content.decode()
    refused = client.post(staged["Location"], columns())
    taken = client.post(staged["Location"], columns(confirm_encoding="on"))

    assert "We are not sure about the letters" in shown
    assert refused.status_code == 422
    assert taken.status_code == 303


def test_an_unreadable_file_is_said_beside_the_field(cast):
    answer = upload(cast.client("vendor_admin"), b"a,b,a\n1,2,3\n")

    assert answer.status_code == 422
    assert "the heading “a” is there twice" in answer.content.decode()
    with system_scope():
        assert Import.objects.count() == 0


def test_two_columns_cannot_feed_one_field(cast):
    client = cast.client("vendor_admin")
    staged = upload(client, GOOD.encode())

    answer = client.post(staged["Location"], columns(column_1="name"))

    assert answer.status_code == 422
    assert "Another column feeds this field already" in answer.content.decode()


def test_a_file_beyond_the_limit_is_refused(cast, settings, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_FILE", 10)

    answer = upload(cast.client("vendor_admin"), GOOD.encode())

    assert answer.status_code == 422
    assert "is larger than 0 MB" in answer.content.decode()


def test_a_run_needs_a_trial_first(cast):
    client = cast.client("vendor_admin")
    staged = upload(client, GOOD.encode())
    import_id = staged["Location"].rstrip("/").split("/")[-2]

    answer = client.post(reverse("integrations:act", args=[import_id]), {"action": "run"})

    assert answer.status_code == 409


def test_the_command_line_speaks_json_and_exits_2_on_bad_input(tmp_path, db):
    path = tmp_path / "accounts.csv"
    path.write_text("name,employees\nAlpha,12\nBeta,many\n")

    refused = CliRunner().invoke(transfer.import_, [str(path), "--entity", "accounts", "--format", "json"])
    skipped = CliRunner().invoke(transfer.import_, [str(path), "--entity", "accounts", "--skip-bad-rows", "--format", "json"])

    assert (refused.exit_code, json.loads(refused.stdout)["status"]) == (2, "failed")
    assert (skipped.exit_code, json.loads(skipped.stdout)["counts"]["create"]) == (0, 1)
    with system_scope():
        assert list(Account.objects.values_list("name", flat=True)) == ["Alpha"]
    undone = CliRunner().invoke(transfer.import_undo, [json.loads(skipped.stdout)["id"]])
    assert (undone.exit_code, undone.stdout) == (0, "Taken back: 1 rows removed, 0 restored.\n")
