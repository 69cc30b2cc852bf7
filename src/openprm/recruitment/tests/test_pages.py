"""Pages, the API and files: what people type, and what they get back."""

import json

import pytest

from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.transfer import Exporter, Importer
from openprm.recruitment import queries, services
from openprm.recruitment.models import Company, IdealProfile, Prospect, Referral, Signal
from openprm.recruitment.testing import FACTS, make_company, make_profile, make_prospect, make_showcase, make_signal
from openprm.recruitment.transfer import ProspectExporter, ProspectImporter, SignalImporter

pytestmark = pytest.mark.django_db


def _lines(*lines):
    found = {"rows": str(len(lines))}
    for number, (rule, value, weight) in enumerate(lines):
        found |= {f"c{number}-rule": rule, f"c{number}-value": value, f"c{number}-weight": str(weight)}
    return found


def test_every_page_of_a_full_house_opens(cast):
    with system_scope():
        make_showcase(cast)
        company_id = Company.objects.filter(name="Brightwater Systems").get().pk
        prospect_id = Prospect.objects.filter(company__name="Ferrum Consulting").get().pk
    client = cast.client("vendor_admin")

    for path in ("", "prospects/", "companies/", f"companies/{company_id}/", "signals/", "profile/", f"profile/{cast.program.pk}/", "referrals/"):
        assert client.get(f"/app/recruitment/{path}").status_code == 200, path
    body = client.get(f"/app/recruitment/companies/{company_id}/").content.decode()
    assert "Known so far: 95" in body
    assert "No learned model is connected" in body
    assert client.get(f"/app/recruitment/prospects/{prospect_id}/convert/").status_code == 200


def test_a_duplicate_is_refused_with_a_link_and_adds_nothing(cast):
    company_id = make_company()

    answer = cast.client("partner_manager").post("/app/recruitment/prospects/new/", {"name": "Again", "domain": "brightwater.example"})

    assert answer.status_code == 422
    assert f"/app/recruitment/companies/{company_id}/" in answer.content.decode()
    with system_scope():
        assert (Company.objects.count(), Prospect.objects.count()) == (1, 0)


def test_a_card_is_moved_without_javascript(cast):
    prospect_id = make_prospect()

    answer = cast.client("partner_manager").post(
        f"/app/recruitment/prospects/{prospect_id}/stage/", {"stage": "engaged", "version": "1", "next": "/app/recruitment/"}
    )

    assert (answer.status_code, answer["Location"]) == (303, "/app/recruitment/")
    with system_scope():
        assert Prospect.objects.get(pk=prospect_id).stage == "engaged"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_move_never_leads_out_of_the_house(cast, elsewhere):
    prospect_id = make_prospect()

    answer = cast.client("partner_manager").post(f"/app/recruitment/prospects/{prospect_id}/stage/", {"stage": "engaged", "next": elsewhere})

    assert answer["Location"].startswith("/app/recruitment/companies/")


def test_somebody_without_code_writes_a_profile_and_puts_it_in_force(cast):
    lines = _lines(("employees:between", "50 – 500", 30), ("skills:contains_all", "SAP, Azure", 20), ("country:one_of", "fi, se", 20), ("", "", 10))

    answer = cast.client("vendor_admin").post(f"/app/recruitment/profile/{cast.program.pk}/", {**lines, "do": "publish", "note": "First"})

    assert answer.status_code == 303
    with system_scope():
        row = IdealProfile.objects.get()
    assert (row.state, row.note, row.criteria[0]) == ("published", "First", {"fact": "employees", "operator": "between", "value": [50, 500], "weight": 30})
    assert row.criteria[2]["value"] == ["FI", "SE"]


def test_a_line_that_makes_no_sense_is_named_and_nothing_is_kept(cast):
    lines = _lines(("employees:at_least", "many", 30))

    answer = cast.client("vendor_admin").post(f"/app/recruitment/profile/{cast.program.pk}/", {**lines, "do": "save"})

    assert answer.status_code == 422
    assert "This cannot be a value of that fact" in answer.content.decode()
    with system_scope():
        assert not IdealProfile.objects.exists()


def test_the_preview_keeps_nothing(cast):
    make_company(facts=FACTS)

    answer = cast.client("vendor_admin").post(f"/app/recruitment/profile/{cast.program.pk}/preview/", _lines(("employees:at_least", "50", 30)))

    assert answer.status_code == 200
    assert "Brightwater Systems" in answer.content.decode()
    with system_scope():
        assert not IdealProfile.objects.exists()


def test_a_reader_sees_the_profile_and_may_not_change_it(cast):
    make_profile(cast.program.pk)
    client = cast.client("vendor_reader")

    assert client.get(f"/app/recruitment/profile/{cast.program.pk}/").status_code == 200
    assert client.post(f"/app/recruitment/profile/{cast.program.pk}/", {**_lines(), "do": "publish"}).status_code == 403


def test_the_portal_shows_the_link_and_takes_an_introduction(cast):
    client = cast.client("partner_rep")
    client.post("/portal/referrals/", {"do": "code"})

    answer = client.post("/portal/referrals/", {"company": "Vireo Automation", "domain": "vireo.example"})

    assert answer.status_code == 303
    body = client.get("/portal/referrals/").content.decode()
    with system_scope():
        assert queries.own_code(cast.partner_rep) in body
        assert Referral.objects.get().partner_id == cast.partner_id
    assert "Vireo Automation" in body


def test_a_referral_of_oneself_is_refused_beside_the_field(cast):
    answer = cast.client("partner_rep").post("/portal/referrals/", {"company": "Kallio", "domain": "kallio.example"})

    assert answer.status_code == 422
    assert "A referral brings somebody new" in answer.content.decode()


def test_the_map_says_that_no_pipeline_is_open(cast):
    assert "No open pipeline to compare" in cast.client("vendor_admin").get("/app/recruitment/whitespace/").content.decode()


def _api(client, method, path, body=None, **headers):
    headers = {"Idempotency-Key": str(new_id()), **headers}
    return client.generic(method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=headers)


def test_the_api_adds_moves_and_changes_a_prospect(cast):
    make_profile(cast.program.pk)
    client = cast.client("partner_manager")
    made = _api(client, "POST", "prospects", {"name": "Ferrum", "domain": "ferrum.example", "program_id": str(cast.program.pk), "facts": FACTS})
    prospect = made.json()

    moved = _api(client, "POST", f"prospects/{prospect['id']}/stage", {"stage": "qualified"})
    stale = _api(client, "PATCH", f"prospects/{prospect['id']}", {"next_step": "Call"}, **{"If-Match": '"1"'})
    changed = _api(client, "PATCH", f"prospects/{prospect['id']}", {"next_step": "Call"}, **{"If-Match": moved["ETag"]})

    assert (made.status_code, prospect["points"], prospect["could_reach"]) == (201, 90, 90)
    assert (moved.json()["stage"], stale.status_code, changed.json()["next_step"]) == ("qualified", 412, "Call")


def test_the_api_explains_a_score_without_keeping_it(cast):
    make_profile(cast.program.pk)

    found = _api(cast.client("vendor_reader"), "POST", "ideal-profiles/score", {"program_id": str(cast.program.pk), "facts": {"employees": 120}}).json()

    assert (found["points"], found["could_reach"], found["fit"]) == (30, 100, "open")
    assert found["criteria"][0]["sentence"] == "Employees: 120. Wanted: between 50 and 500."


def test_the_api_refuses_a_profile_with_an_unknown_fact(cast):
    body = {"program_id": str(cast.program.pk), "criteria": [{"fact": "shoe_size", "operator": "is", "value": "44"}]}

    answer = _api(cast.client("vendor_admin"), "POST", "ideal-profiles", body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "criteria[0].fact"


def test_the_api_takes_a_signal_and_a_partner_gets_none(cast):
    make_company()
    body = {"domain": "brightwater.example", "kind": "skill", "value": "SAP", "source": "survey", "observed_at": "2026-01-02T10:00:00Z", "confidence": 90}

    made = _api(cast.client("partner_manager"), "POST", "signals", body)

    assert (made.status_code, made.json()["state"], made.json()["feeds"]) == (201, "new", "Skills")
    assert cast.client("partner_rep").get("/api/v1/signals").status_code == 403


def test_importers_keep_their_promises():
    assert isinstance(ProspectImporter(), Importer)
    assert isinstance(SignalImporter(), Importer)
    assert isinstance(ProspectExporter(), Exporter)


def test_a_file_of_prospects_is_read_and_the_same_file_changes_nothing(cast, at):
    importer, actor = ProspectImporter(), cast.partner_manager
    rows = [importer.normal({"name": "Ferrum", "domain": "https://www.ferrum.example/", "country": "FI", "employees": 240, "skills": "SAP, Azure"})]
    with scope(actor):
        assert importer.check(actor=actor, rows=rows, found=importer.find(actor=actor, rows=rows, source="csv")) == [[]]
        (made,) = importer.create(actor=actor, rows=rows, source="csv", at=at)

        assert importer.find(actor=actor, rows=rows, source="csv") == [made]
        current = importer.current(actor=actor, ids=[made])[made]
        assert {name: current[name] for name in rows[0]} == rows[0]
        assert rows[0]["skills"] == "Azure, SAP"

        importer.remove(actor=actor, ids=[made], at=at)
        assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("row", "field"), [({"domain": "gmail.com"}, "domain"), ({"domain": "nonsense"}, "domain"), ({"next_step_date": "x", "next_step": ""}, "next_step")]
)
def test_a_line_that_cannot_be_a_prospect_says_why(row, field):
    importer = ProspectImporter()

    (problems,) = importer.check(actor=None, rows=[importer.normal({"name": "X", **row})], found=[None])

    assert [one.field for one in problems] == [field]


def test_a_file_of_signals_is_read_once(cast, at):
    from datetime import date

    make_company()
    importer, actor = SignalImporter(), cast.partner_manager
    row = {"domain": "brightwater.example", "company": "", "kind": "skill", "value": "SAP", "source": "survey", "observed_at": date(2026, 11, 2)}
    with scope(actor):
        assert importer.check(actor=actor, rows=[row], found=[None]) == [[]]
        (made,) = importer.create(actor=actor, rows=[row], source="csv", at=at)

        assert importer.find(actor=actor, rows=[row], source="csv") == [made]
        assert Signal.objects.get().confidence == 70


def test_the_export_of_prospects_runs_no_formula(cast, at):
    make_prospect(name="=HYPERLINK(1)", domain="evil.example")

    body = cast.client("vendor_admin").get("/app/recruitment/prospects/?export=csv").content.decode()

    assert "'=HYPERLINK(1)" in body


def test_a_partners_page_tells_how_it_was_recruited(cast, at):
    prospect_id = make_prospect()
    with scope(cast.partner_manager):
        partner_id = services.convert(actor=cast.partner_manager, prospect_id=prospect_id, invite=False, at=at)

    body = cast.client("vendor_admin").get(f"/app/partners/{partner_id}/").content.decode()

    assert "How this partner was recruited" in body
    assert "took the company into the pipeline" in body


def test_bulk_acceptance_says_what_it_left(cast):
    make_company(facts={"employees": 95})
    signal_id = make_signal(kind="headcount", value="140")

    client = cast.client("partner_manager")
    client.post("/app/recruitment/signals/decide/", {"action": "accept", "ids": [str(signal_id), "nonsense"]})

    assert "with a doubt" in client.get("/app/recruitment/signals/").content.decode()
    with system_scope():
        assert Signal.objects.get(pk=signal_id).state == "new"
