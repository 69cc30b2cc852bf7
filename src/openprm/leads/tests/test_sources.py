"""Signed events of a CRM: once each, never by a stranger, refused with a reason that is written down."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from openprm.audit.models import Event
from openprm.kernel.clock import now
from openprm.kernel.errors import Conflict, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.leads import services
from openprm.leads.models import EventSource, Lead, SourceEvent
from openprm.leads.rules.signatures import sign

pytestmark = pytest.mark.django_db
LEAD = {
    "external_id": "00Q1",
    "company_name": "Kallio Oy",
    "country": "FI",
    "contact_name": "Anna Virtanen",
    "contact_email": "anna@kallio.example",
    "score": 64,
    "consent": {"ground": "opt_in", "text": "Call me.", "text_version": "2026-03", "given_at": "2026-01-20T09:30:00Z"},
}


@pytest.fixture
def secret(cast, at):
    with scope(cast.vendor_admin):
        source_id = services.create_source(actor=cast.vendor_admin, code="salesforce", name="Salesforce", at=at)
        return services.secret_for(actor=cast.vendor_admin, source_id=source_id)


def post(secret, event, *, code="salesforce", signed_at=None, header=None):
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    signature = header if header is not None else sign(body, secret=secret, at=signed_at or now())
    return Client().post(f"/hooks/leads/{code}/", body, content_type="application/json", headers={"X-OpenPRM-Signature": signature})


def created(number=1, **changes):
    return {"id": f"evt_{number}", "type": "lead.created", "lead": {**LEAD, **changes}}


def leads():
    with system_scope():
        return Lead.objects.count()


def test_a_signed_event_becomes_a_lead_of_its_source(secret):
    answer = post(secret, created())

    assert (answer.status_code, answer.json()["outcome"], answer.json()["repeated"]) == (201, "created", False)
    with system_scope():
        lead = Lead.objects.get()
    assert (lead.source, lead.external_source, lead.external_id, lead.grade) == ("crm", "salesforce", "00Q1", "B")


def test_the_same_event_is_taken_once(secret):
    first, again = post(secret, created()), post(secret, created())

    assert (first.status_code, again.status_code, again.json()["repeated"]) == (201, 200, True)
    assert again.json()["lead_id"] == first.json()["lead_id"]
    assert leads() == 1


def test_an_id_names_one_event_only(secret):
    post(secret, created())
    answer = post(secret, created(company_name="Somebody else"))

    assert (answer.status_code, answer.json()["code"]) == (409, "event_reused")
    assert leads() == 1


def test_a_lead_without_the_consent_of_its_country_is_refused_and_written_down(secret):
    answer = post(secret, created(country="DE"))

    assert (answer.status_code, answer.json()["code"]) == (422, "lead_refused")
    assert "rule C3" in answer.json()["detail"]
    assert leads() == 0
    with system_scope():
        assert SourceEvent.objects.get().outcome == "refused"
        (event,) = Event.objects.filter(verb="lead.refused")
    assert "rule C3" in event.data["why"]
    assert "kallio" not in json.dumps(event.data).lower()


@pytest.mark.parametrize(
    ("header", "code"),
    [("", "signature_malformed"), ("t=1,v1=" + "0" * 64, "signature_forged"), ("nonsense", "signature_malformed")],
)
def test_what_is_not_signed_is_refused(secret, header, code):
    answer = post(secret, created(), header=header)

    assert (answer.status_code, answer.json()["code"], leads()) == (403, code, 0)


def test_an_old_event_cannot_be_sent_again(secret):
    answer = post(secret, created(), signed_at=now() - timedelta(minutes=6))

    assert (answer.status_code, answer.json()["code"], leads()) == (403, "signature_old", 0)


def test_another_system_s_secret_is_forged_and_an_unknown_system_is_not_there(secret):
    assert post("whsec_other", created()).status_code == 403
    assert post(secret, created(), code="unknown").status_code == 404
    assert leads() == 0


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"[1]", 422),
        ({"id": "", "type": "lead.created"}, 422),
        ({"id": "e", "type": "lead.exploded"}, 422),
        ({"id": "e", "type": "lead.created", "lead": "Kallio"}, 422),
        ({"id": "e", "type": "lead.created", "lead": {**LEAD, "password": "x"}}, 422),
        ({"id": "e", "type": "lead.created", "lead": {**LEAD, "employees": "many"}}, 422),
        ({"id": "e", "type": "lead.created", "lead": {**LEAD, "score": "high"}}, 422),
        ({"id": "e", "type": "lead.created", "lead": {**LEAD, "score": 101}}, 422),
        ({"id": "e", "type": "lead.created", "lead": {**LEAD, "consent": "yes"}}, 422),
        ({"id": "e", "type": "lead.created", "lead": {**LEAD, "consent": {"ground": "opt_in", "text": 5}}}, 422),
        ({"id": "e", "type": "lead.created", "lead": {**LEAD, "consent": {**LEAD["consent"], "given_at": "yesterday"}}}, 422),
        ({"id": "e", "type": "lead.created", "lead": {**LEAD, "company_name": "x" * 201}}, 422),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(secret, event, status):
    answer = post(secret, event)

    assert (answer.status_code, leads()) == (status, 0)
    assert answer.json()["detail"]


def test_a_withdrawal_in_the_crm_erases_the_person_here(secret):
    post(secret, created())
    answer = post(secret, {"id": "evt_2", "type": "lead.consent_withdrawn", "lead": {"external_id": "00Q1"}})

    assert (answer.status_code, answer.json()["outcome"]) == (200, "erased")
    with system_scope():
        lead = Lead.objects.select_related("person").get()
    assert (lead.person.contact_email, lead.erased_at is not None) == ("", True)


def test_a_new_secret_leaves_the_old_one_a_day(cast, secret, at):
    with scope(cast.vendor_admin):
        source = EventSource.objects.get()
        services.rotate_secret(actor=cast.vendor_admin, source_id=source.pk, version=1, at=now())
        fresh = services.secret_for(actor=cast.vendor_admin, source_id=source.pk)

    assert fresh != secret
    assert post(secret, created(1)).status_code == 201
    assert post(fresh, created(2, external_id="00Q2", contact_email="b@b.example", company_name="B")).status_code == 201
    with system_scope():
        EventSource.objects.update(rotated_at=now() - timedelta(days=2))
    assert post(secret, created(3)).status_code == 403


def test_a_stopped_system_is_not_there(cast, secret, at):
    with scope(cast.vendor_admin):
        source = EventSource.objects.get()
        services.switch_source(actor=cast.vendor_admin, source_id=source.pk, is_active=False, at=at)

    assert post(secret, created()).status_code == 404


def test_only_who_manages_intake_makes_systems_and_reads_secrets(cast, secret, at):
    with scope(cast.vendor_reader), pytest.raises(NotAllowed):
        services.create_source(actor=cast.vendor_reader, code="mine", name="Mine", at=at)
    with scope(cast.vendor_reader), pytest.raises(NotAllowed):
        services.secret_for(actor=cast.vendor_reader, source_id=EventSource.objects.get().pk)
    with scope(cast.vendor_admin), pytest.raises(Conflict):
        services.create_source(actor=cast.vendor_admin, code="salesforce", name="Again", at=at)
    with scope(cast.partner_rep):
        assert EventSource.objects.count() == 0
