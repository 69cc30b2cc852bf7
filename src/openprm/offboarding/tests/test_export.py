import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from openprm.audit.models import Event
from openprm.identity import services as identity
from openprm.identity.models import Membership
from openprm.kernel.clock import now
from openprm.kernel.errors import Conflict, NotFound
from openprm.kernel.registry import registry
from openprm.kernel.scope import scope, system_scope
from openprm.offboarding import links, queries, services
from openprm.offboarding.models import Export, Offboarding
from openprm.offboarding.queries import parts
from openprm.offboarding.services.archive import write_archive
from openprm.offboarding.testing import make_offboarding
from openprm.partners.models import Enrollment
from openprm.partners.ports import ExportFile, ExportPart

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def moment():
    return now()


@pytest.fixture
def case(cast, moment):
    return make_offboarding(cast.vendor_admin, cast.partner_id, at=moment - timedelta(hours=1))


def make(case, at):
    with system_scope():
        services.make_export(offboarding_id=case, at=at)
        export = Export.objects.get(offboarding=case)
    with default_storage.open(export.storage_key) as file:
        return export, zipfile.ZipFile(io.BytesIO(file.read()))


def rows(archive, name):
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def end_access(cast, case, at):
    with scope(cast.vendor_admin) as who:
        services.run_step(actor=who, offboarding_id=case, code="access", at=at)


def test_the_export_holds_what_row_level_security_gives_the_partner_and_nothing_else(cast, case, moment):
    with scope(cast.partner_admin):
        own = {
            "people": Membership.objects.filter(side="partner").count(),
            "memberships": Enrollment.objects.count(),
            "history": Event.objects.filter(visible_to__overlap=[cast.partner_id]).count(),
        }

    _export, archive = make(case, moment)

    assert {name: len(rows(archive, f"{name}.csv")) for name in own} == own
    assert own["people"] == 6
    assert [row["id"] for row in rows(archive, "company.csv")] == [str(cast.partner_id)]
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "Kallio Digital" in everything
    assert "Sintra" not in everything
    assert str(cast.other_partner_id) not in everything


def test_every_file_is_in_the_manifest_with_its_checksum(cast, case, moment):
    export, archive = make(case, moment)
    manifest = json.loads(archive.read("manifest.json"))

    listed = {file["name"]: file for file in manifest["files"]}
    assert set(listed) == set(archive.namelist()) - {"manifest.json", "README.txt"}
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == file["sha256"] for name, file in listed.items())
    assert all(len(archive.read(name)) == file["size"] for name, file in listed.items())
    assert all(file["rows"] == len(rows(archive, name)) for name, file in listed.items() if name.endswith(".csv"))
    with default_storage.open(export.storage_key) as file:
        assert hashlib.sha256(file.read()).hexdigest() == export.sha256


def test_csv_and_json_tell_the_same(cast, case, moment):
    _export, archive = make(case, moment)

    told = json.loads(archive.read("people.json"))
    assert [row["email"] for row in told] == [row["email"] for row in rows(archive, "people.csv")]
    assert "partner.rep@kallio.example" in {row["email"] for row in told}


def test_a_cell_that_would_be_a_formula_is_held(cast, case, moment):
    with scope(cast.partner_admin) as who:
        identity.update_profile(actor=who, changes={"name": "=HYPERLINK(1)"}, at=moment)

    _export, archive = make(case, moment)

    assert "'=HYPERLINK(1)" in {row["name"] for row in rows(archive, "people.csv")}
    assert "=HYPERLINK(1)" in {row["name"] for row in json.loads(archive.read("people.json"))}


def test_rows_are_written_one_by_one():
    taken = []

    def many(actor):
        for number in range(5):
            taken.append(number)
            yield {"number": number}

    out = io.BytesIO()
    part = ExportPart(code="many", label="Many", columns=("number",), rows=many)
    told = write_archive(out, parts=[part], actor=None, partner="Kallio", vendor="Halden", at=now())

    assert told == [{"code": "many", "label": "Many", "rows": 5, "files": 0}]
    assert json.loads(zipfile.ZipFile(out).read("many.json")) == [{"number": number} for number in taken]


def test_a_file_name_stays_inside_its_folder():
    part = ExportPart(
        code="papers", label="Papers", columns=("a",), rows=lambda actor: iter(()),
        files=lambda actor: iter([ExportFile("../../etc/passwd", lambda: io.BytesIO(b"x"))]),
    )  # fmt: skip
    out = io.BytesIO()
    write_archive(out, parts=[part], actor=None, partner="Kallio", vendor="Halden", at=now())

    assert [name for name in zipfile.ZipFile(out).namelist() if name.startswith("files/")] == ["files/papers/_.._etc_passwd"]


def test_no_two_rooms_export_the_same_table(monkeypatch):
    monkeypatch.setattr(registry, "filling", lambda port: (parts.OWN[0],))

    with pytest.raises(AssertionError, match="company"):
        queries.export_parts()


def test_making_it_twice_keeps_the_first(cast, case, moment):
    first, _archive = make(case, moment)

    second, _again = make(case, moment + DAY)

    assert (second.pk, second.sha256) == (first.pk, first.sha256)


def test_an_export_that_fails_leaves_its_reason(cast, case, moment, monkeypatch):
    def broken(actor):
        raise Conflict("The archive of contracts is closed.")
        yield

    monkeypatch.setattr(parts, "OWN", (ExportPart(code="broken", label="Broken", columns=("a",), rows=broken),))

    with system_scope():
        services.make_export(offboarding_id=case, at=moment)

        assert Export.objects.count() == 0
        step = Offboarding.objects.get(pk=case).steps.get(code="export")
    assert (step.state, step.note) == ("failed", "The archive of contracts is closed.")


def test_the_signed_address_works_when_nobody_can_sign_in(cast, case, moment, run_jobs, outbox):
    export, _archive = make(case, moment)
    end_access(cast, case, moment)
    with system_scope():
        services.run_step(actor=cast.vendor_admin, offboarding_id=case, code="retention", at=moment)
        services.send_farewell(offboarding_id=case, at=moment)
    mail = next(one for one in outbox if "has left" in one.subject)
    path = re.search(r"http://[^/]+(/leaving/\S+?/)\s", mail.body)[1]
    visitor = Client()

    page, file = visitor.get(path), visitor.get(f"{path}export.zip")

    assert mail.to == ['"Mika Virtanen" <partner.admin@kallio.example>']
    assert (page.status_code, file.status_code) == (200, 200)
    assert "Goodbye, and thank you" in page.content.decode()
    assert hashlib.sha256(b"".join(file.streaming_content)).hexdigest() == export.sha256
    assert (page["Referrer-Policy"], page["X-Robots-Tag"], file["Cache-Control"]) == ("no-referrer", "noindex", "private, no-store")


def test_the_farewell_is_mailed_once_and_only_when_the_export_is_there(cast, case, moment, outbox):
    with system_scope():
        assert services.send_farewell(offboarding_id=case, at=moment) == 0
    end_access(cast, case, moment)
    with system_scope():
        assert services.send_farewell(offboarding_id=case, at=moment) == 0
    make(case, moment)
    with system_scope():
        assert [services.send_farewell(offboarding_id=case, at=moment) for _again in range(2)] == [1, 0]
    assert len([one for one in outbox if "has left" in one.subject]) == 1


def test_the_address_opens_this_leaving_alone(cast, case, moment):
    make(case, moment)
    end_access(cast, case, moment)
    other = make_offboarding(cast.vendor_admin, cast.other_partner_id, at=moment)
    token = links.token_of(case)
    forged = f"{other.hex}:{token.partition(':')[2]}"
    visitor = Client()

    assert visitor.get(f"/leaving/{forged}/").status_code == 404
    assert visitor.get(f"/leaving/{links.token_of(other)}/").status_code == 404
    assert visitor.get("/portal/company/").status_code == 302
    assert visitor.get(f"/leaving/{token}/export.zip").status_code == 200


def test_the_address_ends(cast, case, moment):
    make(case, moment)
    end_access(cast, case, moment - DAY)
    token = links.token_of(case)
    later = moment + 30 * DAY

    with system_scope():
        with pytest.raises(NotFound):
            services.open_export_by_link(token=token, at=later)
        assert services.remove_ended_exports(at=later) == 1
        assert services.remove_ended_exports(at=later) == 0
    with system_scope():
        assert Export.objects.get().gone_at == later


def test_the_survey_is_kept_and_a_script_in_it_is_text(cast, case, moment):
    end_access(cast, case, moment)
    path = f"/leaving/{links.token_of(case)}/"
    visitor = Client()

    answer = visitor.post(path, {"score": "7", "text": "<script>alert(1)</script> slow answers"})

    assert answer.status_code == 303
    with system_scope():
        row = Offboarding.objects.get(pk=case)
    assert (row.survey_score, row.survey_text) == (7, "<script>alert(1)</script> slow answers")
    page = cast.client("vendor_admin").get(f"/app/offboarding/{case}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; slow answers" in page
    assert visitor.post(path, {"score": "11", "text": ""}).status_code == 422


def test_the_partners_administrator_downloads_it_while_access_lasts(cast, case, moment):
    make(case, moment)

    assert cast.client("partner_admin").get("/portal/leaving/export/").status_code == 200
    assert cast.client("partner_rep").get("/portal/leaving/export/").status_code == 403
    assert cast.client("other_partner_admin").get("/portal/leaving/export/").status_code == 404
    with system_scope():
        assert Export.objects.get().downloads == 1
