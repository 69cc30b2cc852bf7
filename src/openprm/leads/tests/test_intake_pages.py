"""The pages and the API of intake as people and programs use them."""

import pytest

from openprm.audit.models import Event
from openprm.audit.queries import timeline
from openprm.kernel.scope import scope, system_scope
from openprm.leads.models import Arrival, Lead, Referral, WebForm
from openprm.leads.tests.access_intake import _form, _referral

pytestmark = pytest.mark.django_db
CONSENT = {"ground": "opt_in", "text": "Call me.", "text_version": "2026-03", "given_at": "2026-01-20T09:30:00Z"}
LEAD = {"company_name": "Kallio Oy", "country": "FI", "contact_email": "anna@kallio.example", "consent": CONSENT}
TYPED = {
    "company_name": "Kallio Oy",
    "country": "FI",
    "contact_name": "Anna Virtanen",
    "contact_email": "anna@kallio.example",
    "amount": "25,000",
    "ground": "opt_in",
    "text": "Call me.",
    "text_version": "2026-03",
    "given_at": "2026-01-20T09:30",
}
REFERRED = {**TYPED, "company_name": "Ostrava Steelworks", "contact_email": "petra@ostrava.example"}
FORM = {"name": "Fair", "code": "fair", "title": "Meet us", "consent_text": "You may call me.", "theme": "auto", "is_open": "on", "field_message": "required"}


def leads():
    with system_scope():
        return list(Lead.objects.select_related("person"))


def refusals():
    """Who was refused, what is told of it, which partners may read it."""
    with system_scope():
        return [(one.actor_side, one.data, one.visible_to) for one in Event.objects.filter(verb="lead.refused").order_by("pk")]


def test_a_lead_by_hand_is_taken_in_with_its_consent(cast):
    answer = cast.client("vendor_admin").post("/app/leads/new/", TYPED)

    (lead,) = leads()
    assert (answer.status_code, answer["Location"]) == (303, f"/app/leads/{lead.pk}/")
    assert (lead.source, lead.amount_minor, lead.person.contact_name) == ("manual", 25_000_00, "Anna Virtanen")
    with system_scope():
        assert Arrival.objects.get().ground == "opt_in"


def test_a_lead_by_hand_without_consent_says_so_beside_the_ground(cast):
    answer = cast.client("vendor_admin").post("/app/leads/new/", {**TYPED, "country": "DE", "ground": "none"})

    assert answer.status_code == 422
    assert b"rule C3" in answer.content
    assert b'id="id_ground_error"' in answer.content
    assert leads() == []
    assert refusals() == [("vendor", {"source": "manual", "country": "DE", "code": "consent_missing"}, [])]


def test_a_lead_without_consent_by_the_api_is_refused_and_then_stands_in_the_log(cast):
    client = cast.client("vendor_admin")
    body = {**LEAD, "country": "DE", "consent": None}
    one = client.post("/api/v1/leads", body, content_type="application/json", headers={"Idempotency-Key": "one"})
    many = client.post("/api/v1/leads/bulk", {"leads": [body, LEAD]}, content_type="application/json", headers={"Idempotency-Key": "many"})

    assert (one.status_code, one.json()["code"]) == (422, "consent_missing")
    assert [line["outcome"] for line in many.json()["results"]] == ["refused", "created"]
    assert [lead.country for lead in leads()] == ["FI"]
    assert [data["country"] for _side, data, _seen in refusals()] == ["DE", "DE"]


def test_a_partner_that_refers_without_consent_finds_the_refusal_in_its_log(cast):
    answer = cast.client("partner_rep").post("/portal/leads/refer/", {**REFERRED, "country": "DE", "ground": "none"})

    assert answer.status_code == 422
    assert leads() == []
    assert refusals() == [("partner", {"source": "referral", "country": "DE", "code": "consent_missing"}, [cast.partner.pk])]
    with scope(cast.partner_rep):
        (entry,) = [one for one in timeline(cast.partner_rep, cast.partner.pk) if one.verb == "lead.refused"]
    assert "rule C3" in entry.note
    with scope(cast.other_partner_rep):
        assert [one for one in timeline(cast.other_partner_rep, cast.partner.pk) if one.verb == "lead.refused"] == []


def test_a_form_is_made_shown_and_put_out(cast):
    made = cast.client("vendor_admin").post(
        "/app/leads/forms/new/", {**FORM, "questions": "When? * : now | later", "allowed_origins": "https://www.kallio.example"}
    )

    with system_scope():
        form = WebForm.objects.get()
    assert made["Location"] == f"/app/leads/forms/{form.pk}/"
    page = cast.client("vendor_admin").get(made["Location"]).content.decode()
    assert "&lt;form action=&quot;http://testserver/forms/fair/&quot;" in page
    assert "question_1" in page
    public = cast.client("vendor_admin").get("/forms/fair/").content.decode()
    assert "Meet us" in public
    assert "You may call me." in public
    changed = cast.client("vendor_admin").post(made["Location"], {**FORM, "title": "Meet us in Oslo", "version": 1})
    assert changed.status_code == 303
    with system_scope():
        assert WebForm.objects.get().current_number == 2


def test_a_form_with_a_taken_address_or_a_bad_site_is_shown_again(cast):
    _form(cast)
    taken = cast.client("vendor_admin").post("/app/leads/forms/new/", {**FORM, "code": "talk-to-us"})
    bad = cast.client("vendor_admin").post("/app/leads/forms/new/", {**FORM, "allowed_origins": "javascript:alert(1)"})

    assert (taken.status_code, bad.status_code) == (409, 422)
    assert b'id="id_code_error"' in taken.content
    assert b'id="id_allowed_origins_error"' in bad.content


def test_a_system_is_named_and_shows_its_secret_to_whoever_manages_intake(cast):
    made = cast.client("vendor_admin").post("/app/leads/sources/", {"name": "Salesforce", "code": "salesforce"})

    assert b"whsec_" in cast.client("vendor_admin").get(made["Location"]).content
    assert b"whsec_" not in cast.client("vendor_reader").get(made["Location"]).content
    assert cast.client("vendor_reader").post(made["Location"], {"action": "stop", "version": 1}).status_code == 403
    assert cast.client("vendor_admin").post(made["Location"], {"action": "stop", "version": 1}).status_code == 303


def test_a_partner_refers_a_lead_and_follows_it(cast):
    client = cast.client("partner_rep")
    sent = client.post("/portal/leads/refer/", {**REFERRED, "note": "They called us."})

    assert sent.status_code == 303
    page = client.get(sent["Location"]).content
    assert b"Ostrava Steelworks" in page
    assert b"Waits for an answer" in page
    assert b"Ostrava Steelworks" in client.get("/portal/leads/referrals/").content
    assert cast.client("other_partner_rep").get(sent["Location"]).status_code == 404
    with system_scope():
        referral = Referral.objects.get()
    answered = cast.client("vendor_admin").post(f"/app/leads/referrals/{referral.pk}/decline/", {"reason": "No offer there.", "version": 1})
    assert answered.status_code == 303
    assert b"No offer there." in client.get(sent["Location"]).content


def test_a_partner_that_the_directory_does_not_know_is_not_found_by_name(cast):
    answer = cast.client("partner_rep").post("/portal/leads/refer/", {**REFERRED, "partner_name": "Nobody Ltd"})

    assert answer.status_code == 422
    assert b'id="id_partner_name_error"' in answer.content
    assert leads() == []


def test_referrals_are_exported_with_their_cells_made_harmless(cast):
    cast.client("partner_rep").post("/portal/leads/refer/", {**REFERRED, "company_name": "=cmd()"})

    assert b"'=cmd()" in cast.client("vendor_admin").get("/app/leads/referrals/?export=csv").content


def test_the_fairness_report_is_drawn_and_exported(cast):
    page = cast.client("vendor_admin").get("/app/leads/fairness/?days=365&measure=leads")
    export = cast.client("vendor_admin").get("/app/leads/fairness/?export=csv")

    assert (page.status_code, export.status_code) == (200, 200)
    assert b"Gini coefficient" in page.content
    assert b"Share by capacity" in export.content
    assert cast.client("partner_rep").get("/portal/leads/fairness/?days=nonsense").status_code == 200


def test_the_api_takes_a_lead_in_once_for_a_key(cast):
    client = cast.client("vendor_admin")
    answers = [client.post("/api/v1/leads", LEAD, content_type="application/json", headers={"Idempotency-Key": "k1"}) for _twice in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (answers[0].json()["consent_clause"], answers[0].json()["was_known"]) == ("C5", False)
    assert len(leads()) == 1
    assert client.get(answers[0].json()["withdraw_url"]).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "DE"}, "consent"),
        ({"consent": None}, "consent"),
        ({"consent": {**CONSENT, "text": ""}}, "consent.text"),
        ({"consent": {**CONSENT, "given_at": "2126-01-20T09:30:00Z"}}, "consent.given_at"),
        ({"consent": {**CONSENT, "ground": "because"}}, "consent.ground"),
        ({"consent": {**CONSENT, "network_address": "x"}}, "consent.network_address"),
        ({"company_name": ""}, "company_name"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"currency": "XXQ"}, "currency"),
        ({"score": 101}, "score"),
        ({"password": "x"}, "password"),
    ],
)
def test_the_api_names_the_field_that_refuses_a_lead(cast, change, field):
    answer = cast.client("vendor_admin").post("/api/v1/leads", {**LEAD, **change}, content_type="application/json")

    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert leads() == []


def test_many_leads_are_taken_each_for_itself(cast):
    second = {**LEAD, "company_name": "Berg AS", "contact_email": "b@berg.example"}
    answer = cast.client("vendor_admin").post("/api/v1/leads/bulk", {"leads": [LEAD, {**LEAD, "country": "DE"}, second, LEAD]}, content_type="application/json")

    told = answer.json()
    assert (answer.status_code, told["created"], told["known"], told["refused"]) == (200, 2, 1, 1)
    assert [line["outcome"] for line in told["results"]] == ["created", "refused", "created", "known"]
    assert told["results"][1]["errors"][0]["field"] == "consent"
    assert len(leads()) == 2


def test_a_referral_is_answered_over_the_api_only_as_it_was_read(cast):
    referral_id = _referral(cast)["referral_id"]
    client, address = cast.client("vendor_admin"), f"/api/v1/lead-referrals/{referral_id}"
    assert client.post(f"{address}/decline", {"reason": "No"}, content_type="application/json").status_code == 428
    assert client.post(f"{address}/decline", {"reason": "No"}, content_type="application/json", headers={"If-Match": '"9"'}).status_code == 412

    answer = client.post(f"{address}/decline", {"reason": "No"}, content_type="application/json", headers={"If-Match": '"1"'})

    assert (answer.status_code, answer.json()["outcome"]) == (200, "declined")
    own = cast.client("partner_rep").get(address).json()
    assert (own["outcome"], own["answer"], own["holder"], own["lead_id"]) == ("declined", "No", None, None)
