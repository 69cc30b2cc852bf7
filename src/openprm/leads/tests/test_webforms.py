"""A form from its making to the lead: versions, strangers, machines, other web sites, the confirmed address."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.signing import dumps
from django.db import DatabaseError, transaction
from django.test import Client

from openprm.audit.models import Event
from openprm.kernel.clock import now
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import run_queued_jobs
from openprm.leads import queries, services
from openprm.leads.models import Arrival, Lead, Submission, WebForm, WebFormVersion
from openprm.leads.pages.webform import OPENED
from openprm.leads.rulekinds import ROUTING, ROUTING_KIND
from openprm.leads.rules.webform import FormField
from openprm.leads.services import FormContent, FormSettings
from openprm.leads.testing import routings_of
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table
from openprm.rulebook.rules.words import table_in_words

pytestmark = pytest.mark.django_db
SETTINGS = FormSettings(name="Contact", allowed_origins=("https://www.kallio.example/contact",))
CONTENT = FormContent(
    title="Talk to an expert near you",
    consent_text="You and one of your partners may call me about my request.",
    fields=(FormField("contact_phone"), FormField("message"), FormField("", True, "When do you start?", ("this year", "next year"))),
    asks_confirmation=False,
    thanks_title="Thank you",
)
ANSWERS = {
    "company_name": "Kallio Oy",
    "contact_name": "Anna Virtanen",
    "contact_email": "Anna@Kallio.example",
    "country": "FI",
    "message": "We look for a partner.",
    "question_1": "this year",
    "consent": "on",
}


@pytest.fixture
def form_id(cast, at):
    return make_form(cast, at)


def make_form(cast, at, *, code="contact", content=CONTENT, settings=SETTINGS):
    with scope(cast.vendor_admin):
        return services.create_form(actor=cast.vendor_admin, code=code, settings=settings, content=content, at=at)


def opened(seconds=30):
    from openprm.kernel.clock import now

    return dumps((now() - timedelta(seconds=seconds)).isoformat(), salt=OPENED)


def send(client=None, *, code="contact", origin=None, stamp=True, **changes):
    given = {**ANSWERS, **({"opened": opened()} if stamp else {}), **changes}
    headers = {"Origin": origin} if origin else {}
    return (client or Client()).post(f"/forms/{code}/", {name: value for name, value in given.items() if value is not None}, headers=headers)


def leads():
    with system_scope():
        return list(Lead.objects.select_related("person").order_by("received_at"))


def test_what_a_stranger_sends_becomes_a_lead_with_its_consent(form_id):
    answer = send()

    assert (answer.status_code, answer["Location"]) == (303, "/forms/contact/thanks/")
    (lead,) = leads()
    assert (lead.source, lead.source_detail, lead.country) == ("web_form", "contact", "FI")
    assert (lead.person.company_name, lead.person.contact_email, lead.person.company_domain) == ("Kallio Oy", "anna@kallio.example", "kallio.example")
    assert lead.person.message == "We look for a partner.\nWhen do you start?: this year"
    with system_scope():
        arrival, submission = Arrival.objects.get(), Submission.objects.get()
    assert (arrival.ground, arrival.text_version, arrival.consent_text) == ("opt_in", "contact/1", CONTENT.consent_text)
    assert arrival.network_address == "127.0.0.1"
    assert (submission.state, submission.answers, submission.network_address) == ("taken_in", {}, None)


def test_the_person_gets_a_mail_by_which_it_erases_its_data(form_id):
    send()
    run_queued_jobs(only="leads.mail_receipt")

    (letter,) = mail.outbox
    assert letter.to == ['"Anna Virtanen" <anna@kallio.example>']
    link = re.search(r"/leads/consent/\S+?/", letter.body).group()
    page = Client().get(link)
    assert page.status_code == 200
    assert b"Anna Virtanen" in page.content
    assert Client().post(link).status_code == 303
    assert leads()[0].person.contact_name == ""
    assert b"Your data is erased" in Client().get(link).content


def test_without_the_tick_nothing_is_kept_and_the_refusal_is_logged(form_id):
    answer = send(consent=None)

    assert answer.status_code == 422
    assert b"Tick the box" in answer.content
    assert leads() == []
    with system_scope():
        assert Submission.objects.count() == 0
        assert list(Event.objects.filter(verb="lead.refused").values_list("subject_id", flat=True)) == [form_id]


def test_where_the_law_asks_for_it_a_mail_must_be_answered_first(form_id):
    answer = send(country="DE")

    assert answer["Location"] == "/forms/contact/thanks/?confirm=1"
    assert leads() == []
    run_queued_jobs(only="leads.mail_confirmation")
    (letter,) = mail.outbox
    link = re.search(r"/forms/confirm/\S+?/", letter.body).group()
    assert Client().get(link).status_code == 200
    assert leads() == []

    first, second = Client().post(link), Client().post(link)

    assert (first.status_code, second.status_code) == (303, 303)
    assert len(leads()) == 1
    with system_scope():
        assert Arrival.objects.get().ground == "double_opt_in"
        assert Submission.objects.get().answers == {}


def test_what_is_not_confirmed_in_two_weeks_is_deleted(form_id, at):
    send(country="DE")
    with system_scope():
        sent = Submission.objects.get()
    token = services.submissions.links.token_of(sent.pk, services.submissions.links.CONFIRM)

    with pytest.raises(NotFound):
        services.confirm(token=token, at=sent.submitted_at + timedelta(days=15))
    assert services.forget_unconfirmed(at=sent.submitted_at + timedelta(days=15)) == 1
    assert leads() == []


def test_a_machine_is_thanked_and_kept_out(form_id):
    answer = send(fax="555")

    assert (answer.status_code, leads()) == (303, [])


@pytest.mark.parametrize(("seconds", "words"), [(1, b"very quick"), (13 * 3600, b"too long"), (None, b"too long")])
def test_a_form_that_comes_back_too_soon_or_too_late_is_shown_again(form_id, seconds, words):
    answer = send(stamp=False, opened=opened(seconds) if seconds else "forged")

    assert answer.status_code == 422
    assert words in answer.content
    assert leads() == []


def test_a_named_site_may_send_by_a_plain_form_and_others_may_not(form_id):
    allowed = send(origin="https://www.kallio.example", stamp=False)
    foreign = send(origin="https://evil.example", stamp=False, contact_email="b@other.example", company_name="Other")
    hidden = send(origin="null", stamp=False, contact_email="c@other.example", company_name="Third")

    assert (allowed.status_code, foreign.status_code, hidden.status_code) == (303, 403, 403)
    assert [lead.person.company_name for lead in leads()] == ["Kallio Oy"]


def test_a_script_of_a_named_site_reads_its_answer_as_json(form_id):
    headers = {"Origin": "https://www.kallio.example", "Accept": "application/json"}

    good = Client().post("/forms/contact/", ANSWERS, headers=headers)
    bad = Client().post("/forms/contact/", {**ANSWERS, "contact_email": "x"}, headers=headers)
    asked = Client().options("/forms/contact/", headers=headers)
    foreign = Client().options("/forms/contact/", headers={"Origin": "https://evil.example"})

    assert (good.status_code, good.json()["status"], good["Access-Control-Allow-Origin"]) == (202, "received", "https://www.kallio.example")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "contact_email")
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "POST")
    assert "Access-Control-Allow-Origin" not in foreign


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("company_name", ""),
        ("company_name", "x" * 201),
        ("company_name", "<script>alert(1)</script>"),
        ("contact_email", "nobody"),
        ("country", ""),
        ("country", "Finland"),
        ("country", "XX"),
        ("message", "<img src=x onerror=alert(1)>"),
        ("message", "x" * 2001),
        ("question_1", ""),
        ("question_1", "never"),
        ("contact_phone", "1" * 41),
    ],
)
def test_what_cannot_be_used_is_named_beside_its_field(form_id, field, value):
    answer = send(**{field: value})

    assert answer.status_code == 422
    assert f'id="id_{field}_error"'.encode() in answer.content
    assert b"<script>alert" not in answer.content
    assert leads() == []


def test_a_stranger_may_not_flood_a_form(form_id):
    codes = [send(contact_email=f"p{number}@c{number}.example", company_name=f"C{number}").status_code for number in range(11)]

    assert codes == [303] * 10 + [429]
    assert len(leads()) == 10


def test_other_words_make_a_new_version_and_old_consents_keep_theirs(cast, form_id, at):
    send()
    changed = FormContent(**{**{name: getattr(CONTENT, name) for name in CONTENT.__slots__}, "consent_text": "You may write to me."})
    with scope(cast.vendor_admin):
        services.update_form(actor=cast.vendor_admin, form_id=form_id, settings=SETTINGS, content=changed, version=1, at=at)
        services.update_form(actor=cast.vendor_admin, form_id=form_id, settings=FormSettings(name="Contact 2"), content=changed, version=2, at=at)
        shown = queries.form(cast.vendor_admin, form_id)

    assert (shown.number, shown.version, shown.text_version, shown.name) == (2, 3, "contact/2", "Contact 2")
    assert [number for number, _when, _who in shown.history] == [2, 1]
    with system_scope():
        assert Arrival.objects.get().text_version == "contact/1"


def test_the_database_keeps_the_words_that_people_agreed_to(form_id):
    with system_scope(), pytest.raises(DatabaseError), transaction.atomic():
        WebFormVersion.objects.update(consent_text="Anything")


def test_a_form_is_changed_only_as_it_was_seen_and_by_who_may(cast, form_id, at):
    with scope(cast.vendor_admin), pytest.raises(Stale):
        services.update_form(actor=cast.vendor_admin, form_id=form_id, settings=SETTINGS, content=CONTENT, version=9, at=at)
    with scope(cast.vendor_reader), pytest.raises(NotAllowed):
        services.update_form(actor=cast.vendor_reader, form_id=form_id, settings=SETTINGS, content=CONTENT, at=at)
    with scope(cast.partner_rep), pytest.raises(NotAllowed):
        services.create_form(actor=cast.partner_rep, code="mine", settings=SETTINGS, content=CONTENT, at=at)
    with scope(cast.partner_rep):
        assert WebForm.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "settings", "content"),
    [
        ("title", {}, {"title": ""}),
        ("consent_text", {}, {"consent_text": " "}),
        ("allowed_origins", {"allowed_origins": ("javascript:alert(1)",)}, {}),
        ("fields", {}, {"fields": (FormField("password"),)}),
        ("questions", {}, {"fields": (FormField("", False, "One answer only?", ("yes",)),)}),
        ("theme", {"theme": "pink"}, {}),
    ],
)
def test_a_form_that_cannot_be_is_refused_with_its_field(cast, at, field, settings, content):
    whole = {name: getattr(CONTENT, name) for name in CONTENT.__slots__} | content
    with pytest.raises(Invalid) as refusal:
        make_form(cast, at, content=FormContent(**whole), settings=FormSettings(**{"name": "Contact", **settings}))

    assert [problem.field for problem in refusal.value.problems] == [field]
    with system_scope():
        assert WebForm.objects.count() == 0


def test_a_closed_form_is_not_there(cast, form_id, at):
    with scope(cast.vendor_admin):
        services.update_form(actor=cast.vendor_admin, form_id=form_id, settings=FormSettings(name="Contact", is_open=False), content=CONTENT, at=at)

    assert Client().get("/forms/contact/").status_code == 404
    assert send().status_code == 404
    assert Client().get("/forms/never-made/").status_code == 404


def test_the_forms_program_and_what_is_chosen_in_it_are_facts_of_routing(cast, at):
    make_form(cast, at, settings=replace(SETTINGS, program_id=cast.program.pk))
    rows = (
        Row("F1", {"program": f'"{cast.program.code}"', "wish": '"this year"'}, {"method": '"manual"'}),
        Row("F2", {}, {"method": '"geography"'}),
    )
    moment = now() - timedelta(days=30)
    with scope(cast.vendor_admin):
        draft_id = rulebook.create_draft(actor=cast.vendor_admin, kind=ROUTING, program_id=None, at=moment)
        rulebook.save_draft(actor=cast.vendor_admin, draft_id=draft_id, table=Table(("program", "wish"), ("method",), rows), at=moment)
        rulebook.publish(actor=cast.vendor_admin, draft_id=draft_id, at=moment)

    send()
    send(question_1="next year", contact_email="mika@vega.example", company_name="Vega Oy")

    first, later = leads()
    assert (first.program_id, first.wish, later.wish) == (cast.program.pk, "this year", "next year")
    assert [routings_of(one.pk)[0].clause for one in (first, later)] == ["F1", "F2"]
    assert routings_of(first.pk)[0].inputs["program"] == cast.program.code


def test_the_default_clauses_read_well_with_one():
    said = [words.text for words in table_in_words(ROUTING_KIND.default_table, ROUTING_KIND)]

    assert "an unopened lead goes on after 1 working day and" in said[0]
    assert "asked at once" not in said[0]
    assert "at most 10 asked at once when the first to claim wins, an unopened lead goes on after 2 working days and" in said[2]
