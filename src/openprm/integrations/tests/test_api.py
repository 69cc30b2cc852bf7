import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openprm.accounts.models import Account
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db
ROWS = "company,country,staff\nAlpha Tools,Germany,40\nBeta Foods,France,80\n"


def send(client, content=ROWS, key="k1", **values):
    file = SimpleUploadedFile("accounts.csv", content.encode())
    return client.post("/api/v1/imports", {"file": file, "entity": "accounts", **values}, headers={"Idempotency-Key": key})


def post(client, address, key):
    return client.post(f"/api/v1/imports/{address}", headers={"Idempotency-Key": key})


def names() -> list[str]:
    with system_scope():
        return sorted(Account.objects.filter(name__in=["Alpha Tools", "Beta Foods"]).values_list("name", flat=True))


def test_a_file_sent_over_the_api_is_tried_run_and_taken_back(cast, run_jobs):
    client = cast.client("vendor_admin")
    sent = send(client, mapping='{"files": [{"entity": "accounts", "columns": {"company": "name", "country": "country", "staff": "employees"}}]}')
    assert (sent.status_code, sent.json()["status"], sent.json()["files"][0]["rows"]) == (201, "staged", 2)
    import_id = sent.json()["id"]

    assert post(client, f"{import_id}/try", "k2").status_code == 202
    run_jobs()
    tried = client.get(f"/api/v1/imports/{import_id}").json()
    assert (tried["status"], tried["files"][0]["counts"]["create"], names()) == ("checked", 2, [])

    assert post(client, f"{import_id}/run", "k3").status_code == 202
    run_jobs()
    assert client.get(f"/api/v1/imports/{import_id}").json()["status"] == "done"
    assert names() == ["Alpha Tools", "Beta Foods"]

    taken = post(client, f"{import_id}/undo", "k4")
    assert (taken.status_code, taken.json(), names()) == (200, {"removed": 2, "restored": 0}, [])


def test_a_run_waits_for_a_trial(cast):
    client = cast.client("vendor_admin")
    import_id = send(client).json()["id"]

    answer = post(client, f"{import_id}/run", "k2")

    assert (answer.status_code, names()) == (409, [])


def test_a_ragged_row_keeps_everything_out_and_is_named(cast, run_jobs):
    client = cast.client("vendor_admin")
    import_id = send(client, "company,country\nAlpha Tools,Germany\nBeta Foods,France,extra\n").json()["id"]

    post(client, f"{import_id}/try", "k2")
    run_jobs()

    rows = client.get(f"/api/v1/imports/{import_id}/rows").json()["items"]
    assert [(row["row"], row["action"]) for row in rows if row["action"] == "refuse"] == [(3, "refuse")]
    assert post(client, f"{import_id}/run", "k3").status_code == 202
    run_jobs()
    assert (client.get(f"/api/v1/imports/{import_id}").json()["status"], names()) == ("failed", [])


def test_the_same_key_sends_a_file_once(cast):
    client = cast.client("vendor_admin")

    assert send(client).json()["id"] == send(client).json()["id"]
    assert len(client.get("/api/v1/imports").json()["items"]) == 1


@pytest.mark.parametrize(
    ("content", "values", "said"),
    [
        (ROWS, {"mapping": "files: [{entity: accounts, columns: {firm: name}}]"}, "no column “firm”"),
        (ROWS, {"mapping": "{"}, "not readable YAML"),
        (ROWS, {"entity": "spaceships"}, "Say what the rows are: partners, "),
        ("", {}, "accounts.csv is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(cast, content, values, said):
    client = cast.client("vendor_admin")

    answer = send(client, content, **values)

    assert answer.status_code == 422
    assert said in answer.json()["detail"] + str(answer.json().get("errors"))
    assert client.get("/api/v1/imports").json()["items"] == []


def test_a_list_is_exported_as_the_import_takes_it(cast):
    answer = cast.client("vendor_admin").get("/api/v1/exports/partners.csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Kallio Digital" in {cell for row in rows for cell in row.values()}


def test_a_partner_neither_imports_nor_exports(cast):
    client = cast.client("partner_admin")

    assert (send(client).status_code, client.get("/api/v1/exports/partners.csv").status_code) == (403, 403)
