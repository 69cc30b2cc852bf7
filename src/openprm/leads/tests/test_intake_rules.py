"""Signatures of events, fields and origins of web forms, what makes two leads one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from openprm.leads.rules import signatures, webform
from openprm.leads.rules.likeness import Likely, phone_key, why_same
from openprm.leads.rules.signatures import Verdict
from openprm.leads.rules.webform import FormField

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BODY = b'{"id": "evt_1"}'


def judge(header: str, *, body: bytes = BODY, at: datetime = AT, secrets: tuple[str, ...] = ("new", "old")) -> Verdict:
    return signatures.judge(header, body, secrets=secrets, at=at)


def test_a_signed_event_is_good_for_some_minutes_both_ways():
    header = signatures.sign(BODY, secret="new", at=AT)

    assert judge(header) is Verdict.GOOD
    assert judge(header, at=AT + timedelta(minutes=5)) is Verdict.GOOD
    assert judge(header, at=AT + timedelta(minutes=6)) is Verdict.OLD
    assert judge(header, at=AT - timedelta(minutes=6)) is Verdict.OLD


def test_the_old_secret_signs_while_it_is_known():
    header = signatures.sign(BODY, secret="old", at=AT)

    assert judge(header) is Verdict.GOOD
    assert judge(header, secrets=("new",)) is Verdict.FORGED


def test_a_changed_body_or_moment_is_forged():
    header = signatures.sign(BODY, secret="new", at=AT)

    assert judge(header, body=BODY + b" ") is Verdict.FORGED
    assert judge(header.replace("t=17", "t=18", 1)) is Verdict.FORGED


@pytest.mark.parametrize("header", ["", "v1=abc", "t=1", "t=x,v1=ab", "t=1,t=2,v1=ab", "t=1,v1=ZZ", "t=" + "1" * 20 + ",v1=ab", "x" * 500])
def test_what_is_no_signature_is_named_so(header):
    assert judge(header) is Verdict.MALFORMED


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://www.kallio.example/contact?x=1", "https://www.kallio.example"),
        ("https://WWW.Kallio.example:443", "https://www.kallio.example"),
        ("kallio.example", "https://kallio.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://kal lio.example", ""),
        ("https://kallio.example:99999", ""),
        ("ftp://kallio.example", ""),
    ],
)
def test_an_address_is_cut_to_its_origin(text, found):
    assert webform.origin(text) == found


def test_only_named_pages_and_our_own_may_send():
    own, named = "https://prm.example", "https://www.kallio.example"

    assert webform.may_send(own, own=own, allowed=())
    assert webform.may_send(named, own=own, allowed=[named])
    assert not webform.may_send("https://evil.example", own=own, allowed=[named])
    assert not webform.may_send("", own=own, allowed=[named])


def test_a_form_always_asks_who_and_where_then_its_own_questions():
    stored = [{"name": "question_1", "label": "When?", "required": True}, {"name": "message"}, {"name": "contact_phone", "required": True}]

    found = webform.fields_of(stored)

    assert [field.name for field in found] == ["company_name", "contact_name", "contact_email", "country", "contact_phone", "message", "question_1"]
    assert [field.required for field in found] == [True, True, True, True, True, False, True]


def test_a_field_is_stored_as_plain_values():
    field = FormField("question_1", True, "When?", ("now", "later"))

    assert webform.field_of(webform.written(field)) == field


LINE, OTHER_LINE = UUID(int=1), UUID(int=2)
OSTRAVA = Likely(email="petra@ostrava.example", domain="ostrava.example", name_key="ostrava steelworks", country="CZ", product_lines=frozenset({LINE}))


def kinds(new: Likely, known: Likely = OSTRAVA) -> list[str]:
    return [reason.kind for reason in why_same(new, known)]


def test_one_person_is_one_lead_whatever_it_asks_for():
    assert kinds(Likely(email="petra@ostrava.example", product_lines=frozenset({OTHER_LINE}))) == ["email"]


def test_one_company_is_one_lead_when_it_asks_for_the_same_product():
    assert kinds(Likely(email="jan@ostrava.example", domain="ostrava.example", product_lines=frozenset({LINE}))) == ["domain"]
    assert kinds(Likely(email="jan@ostrava.example", domain="ostrava.example")) == ["domain"]
    assert kinds(Likely(email="jan@ostrava.example", domain="ostrava.example", product_lines=frozenset({OTHER_LINE}))) == []


def test_one_name_in_two_countries_is_two_companies():
    assert kinds(Likely(name_key="ostrava steelworks", country="CZ")) == ["name"]
    assert kinds(Likely(name_key="ostrava steelworks", country="PL")) == []
    assert kinds(Likely(name_key="ostrava steelworks", domain="ostrava.pl.example", country="CZ")) == []


def test_a_telephone_number_is_known_with_and_without_its_country():
    assert phone_key("+420 596 111 222") == phone_key("0596 111 222"[1:]) == "596111222"
    assert phone_key("112") == ""
