"""Writing on a lead by answering a mail: the partner that opened it and the vendor, and nobody else."""

from datetime import timedelta

import pytest

from openprm.correspondence import services
from openprm.correspondence.models import ReceivedMail
from openprm.identity import queries as identity
from openprm.inbox.ports import News
from openprm.kernel.scope import scope, system_scope
from openprm.leads import services as leads
from openprm.leads.models import LeadNote
from openprm.leads.testing import make_lead, make_receiver, offer_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(cast, at):
    make_receiver(cast.partner.pk, countries=["FI"])
    make_receiver(cast.other_partner.pk, countries=["PT"])
    lead_id = make_lead(at=at).lead_id
    with scope(cast.partner_rep):
        leads.accept_lead(actor=cast.partner_rep, lead_id=lead_id, at=at)
    return lead_id


def reply_to(actor, lead_id, at, kind="leads.noted"):
    with system_scope():
        (person,) = identity.recipients([actor.user_id])
        return services.additions(news=News(kind=kind, refs=(lead_id,)), person=person, at=at).reply_to


def mail(sender, to, body, message_id="one@kallio.example"):
    lines = (f"From: {sender}", f"To: {to}", f"Message-ID: <{message_id}>", "Subject: Re: A note", "Content-Type: text/plain; charset=utf-8", "", body)
    return "\r\n".join(lines).encode()


def notes():
    with system_scope():
        return list(LeadNote.objects.order_by("created_at").values_list("body", "audience", "author_side", "author_name"))


def log():
    with system_scope():
        return [(row.outcome, row.reason, row.thread) for row in ReceivedMail.objects.order_by("at", "pk")]


def test_an_answer_becomes_a_note_that_both_sides_read(cast, lead, at):
    to = reply_to(cast.partner_rep, lead, at)

    answer = services.receive(raw=mail(cast.partner_rep.email, to, "Petra asks for a visit."), recipient=to, at=at)

    assert answer.outcome == "accepted"
    assert notes() == [("Petra asks for a visit.", "shared", "partner", cast.partner_rep.name)]
    assert log() == [("accepted", "", "leads.lead")]


def test_the_vendor_answers_the_same_way(cast, lead, at):
    to = reply_to(cast.partner_manager, lead, at, kind="leads.accepted")

    assert services.receive(raw=mail(cast.partner_manager.email, to, "Take the demo kit."), recipient=to, at=at).outcome == "accepted"
    assert [row[2] for row in notes()] == ["vendor"]


def test_a_forged_sender_is_refused_and_logged_and_nothing_changes(cast, lead, at):
    to = reply_to(cast.partner_rep, lead, at)

    answer = services.receive(raw=mail(cast.other_partner_rep.email, to, "Give it to us."), recipient=to, at=at)

    assert (answer.outcome, answer.reason) == ("refused", "sender_differs")
    assert notes() == []
    assert log() == [("refused", "sender_differs", "leads.lead")]


def test_an_address_with_a_changed_token_is_no_address(cast, lead, at):
    to = reply_to(cast.partner_rep, lead, at)
    forged = to.replace("@", "x@", 1)

    assert services.receive(raw=mail(cast.partner_rep.email, forged, "Hello"), recipient=forged, at=at).reason == "unknown_address"
    assert notes() == []


def test_once_the_lead_went_to_another_the_address_is_dead(cast, lead, at):
    to = reply_to(cast.partner_rep, lead, at)
    offer_lead(lead, cast.other_partner.pk, at=at + timedelta(hours=1))

    answer = services.receive(raw=mail(cast.partner_rep.email, to, "One more thing"), recipient=to, at=at + timedelta(hours=2))

    assert (answer.outcome, answer.reason) == ("refused", "thread_gone")
    assert notes() == []


def test_nobody_gets_an_address_before_it_opened_the_lead(cast, at):
    make_receiver(cast.partner.pk, countries=["FI"])
    make_receiver(cast.other_partner.pk, countries=["PT"])
    lead_id = make_lead(at=at).lead_id

    assert reply_to(cast.partner_rep, lead_id, at) == ""
    assert reply_to(cast.other_partner_rep, lead_id, at) == ""


def test_a_mail_with_a_file_is_refused_whole(cast, lead, at):
    to = reply_to(cast.partner_rep, lead, at)
    raw = (
        f"From: {cast.partner_rep.email}\r\nTo: {to}\r\nMessage-ID: <two@kallio.example>\r\nSubject: Re\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the plan.\r\n"
        '--b\r\nContent-Type: text/plain; name="plan.txt"\r\nContent-Disposition: attachment; filename="plan.txt"\r\n\r\nThe plan\r\n--b--\r\n'
    ).encode()

    answer = services.receive(raw=raw, recipient=to, at=at)

    assert (answer.outcome, answer.reason) == ("refused", "not_accepted")
    assert "keeps no files" in answer.detail
    assert notes() == []
