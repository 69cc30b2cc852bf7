import pytest

from openprm.audit.models import Event
from openprm.correspondence import services
from openprm.correspondence.models import ReceivedMail, ReplyAddress
from openprm.correspondence.services import addresses, receiving
from openprm.correspondence.testing import make_mail, with_file
from openprm.deals.models import Document, Note
from openprm.identity.models import Membership, User
from openprm.inbox.models import Notification
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db

REP = "Aino Laine <partner.rep@kallio.example>"
PDF = b"%PDF-1.4 the plan"


@pytest.fixture
def send(cast, reply_to, at):
    """Send a mail to the address that the partner's seller got."""
    address = reply_to(cast.partner_rep)

    def post(*, sender=REP, to="", envelope="partner.rep@kallio.example", change=None, **values):
        mail = make_mail(sender=sender, to=to or address, **values)
        raw = (change(mail) if change else mail).as_bytes()
        return services.receive(raw=raw, recipient=to or address, envelope_sender=envelope, at=at)

    return post


def notes() -> list[Note]:
    with system_scope():
        return list(Note.objects.order_by("created_at", "pk"))


def log() -> ReceivedMail:
    with system_scope():
        return ReceivedMail.objects.latest("created_at")


def refused(answer) -> tuple[str, str, int]:
    row = log()
    assert (row.outcome, row.reason) == (answer.outcome, answer.reason)
    return answer.outcome, answer.reason, len(notes())


def test_an_answer_lands_on_the_deal_as_a_shared_note(cast, send, deal):
    answer = send(text="The customer wants a second quote.\n\nOn Mon, 23 Nov 2026 Halden <a@b.example> wrote:\n> Approved")

    (note,) = notes()
    assert answer.reply == "250 2.0.0 OK"
    assert (note.registration_id, note.body, note.visibility, note.author_id) == (
        deal, "The customer wants a second quote.", "shared", cast.partner_rep.user_id,
    )  # fmt: skip
    with system_scope():
        assert Event.objects.filter(verb="deal.noted_by_mail", refs__contains=[deal]).count() == 1


def test_the_log_says_whose_mail_it_was_and_keeps_no_words(cast, send, deal):
    send(text="Nobody else's business")

    row = log()
    assert (row.outcome, row.sender, row.user_id, row.subject_id, row.thread) == (
        "accepted", "partner.rep@kallio.example", cast.partner_rep.user_id, deal, "deals.registration",
    )  # fmt: skip
    assert "business" not in str(row.snapshot())


def test_files_become_documents(send):
    send(change=lambda mail: with_file(mail, PDF, name="../plan.exe"))

    with system_scope():
        document = Document.objects.get()
    assert (document.name, document.content_type, document.visibility) == ("plan.pdf", "application/pdf", "shared")


def test_a_file_alone_is_enough(send):
    assert send(text="", change=lambda mail: with_file(mail, PDF, name="plan.pdf")).outcome == "accepted"
    assert notes() == []


def test_one_bad_file_refuses_the_whole_mail_and_tells_its_person(cast, send, run_jobs, outbox):
    answer = send(change=lambda mail: with_file(with_file(mail, PDF, name="plan.pdf"), b"MZ\x90\x00", name="tool.pdf"))

    assert refused(answer) == ("refused", "file_refused", 0)
    assert answer.reply.startswith("554 5.6.1 A file in the mail cannot be kept. tool.pdf is not a PDF")
    with system_scope():
        assert Document.objects.count() == 0
    run_jobs()
    (mail,) = outbox
    assert mail.to == ['"Aino Laine" <partner.rep@kallio.example>']
    assert "tool.pdf is not a PDF" in mail.body
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_forged_sender_is_refused_logged_and_changes_nothing(cast, send, run_jobs, outbox):
    answer = send(sender="Aino Laine <aino@evil.example>", envelope="aino@evil.example")

    assert refused(answer) == ("refused", "sender_differs", 0)
    assert answer.reply == "550 5.7.1 The sender is not the person that the address belongs to."
    assert (log().sender, log().user_id) == ("aino@evil.example", cast.partner_rep.user_id)
    run_jobs()
    assert outbox == []
    with system_scope():
        assert Notification.objects.get().kind == "correspondence.misused"
        (event,) = Event.objects.filter(verb="mail.refused")
    assert (event.actor_side, event.data, event.visible_to) == ("public", {"code": "sender_differs"}, [cast.partner.pk])
    assert "aino@evil.example" in event.note
    assert log().subject_id in event.refs


def test_a_colleague_to_whom_a_mail_was_forwarded_is_refused(send):
    assert refused(send(sender="Mika Virtanen <partner.admin@kallio.example>"))[1] == "sender_differs"


def test_two_senders_are_refused(send):
    assert refused(send(sender=f"{REP}, x@evil.example"))[1] == "sender_differs"


def test_a_display_name_that_looks_like_the_person_does_not_help(send):
    assert refused(send(sender='"partner.rep@kallio.example" <x@evil.example>'))[1] == "sender_differs"


def test_an_address_that_nobody_gave_out_is_refused(cast, reply_to, at, deal):
    address = reply_to(cast.partner_rep)
    forged = address[:6] + ("b" if address[6] == "a" else "a") + address[7:]
    raw = make_mail(sender=REP, to=forged).as_bytes()

    answer = services.receive(raw=raw, recipient=forged, envelope_sender="x@y.example", at=at)

    assert refused(answer) == ("refused", "unknown_address", 0)
    assert answer.reply == "550 5.1.1 The address is not one that was given out here."
    assert log().address_id is None


def test_a_signed_address_without_a_row_is_refused(cast, reply_to, at):
    reply_to(cast.partner_rep)
    ghost = addresses.written(new_id())

    answer = services.receive(raw=make_mail(sender=REP, to=ghost).as_bytes(), recipient=ghost, at=at)

    assert refused(answer)[1] == "unknown_address"


def test_strangers_fill_the_log_only_so_far(at, monkeypatch):
    monkeypatch.setattr(receiving.rules, "UNKNOWN_LOGGED_PER_DAY", 3)

    for number in range(5):
        assert services.refuse_recipient(recipient=f"reply+{number}@reply.halden.example", envelope_sender="x@y.example", at=at).is_refused

    with system_scope():
        assert ReceivedMail.objects.count() == 3


def test_a_revoked_address_is_refused(cast, send, at, address_row):
    with scope(cast.partner_rep):
        services.revoke_address(actor=cast.partner_rep, address_id=address_row().pk, at=at)

    assert refused(send()) == ("refused", "revoked", 0)


def test_an_expired_address_is_refused(send, at):
    with system_scope():
        ReplyAddress.objects.update(expires_at=at)

    assert refused(send()) == ("refused", "expired", 0)


def test_after_a_revocation_the_next_mail_brings_a_new_address(cast, reply_to, at, address_row):
    first = reply_to(cast.partner_rep)
    assert reply_to(cast.partner_rep) == first
    with scope(cast.partner_rep):
        services.revoke_address(actor=cast.partner_rep, address_id=address_row().pk, at=at)

    assert reply_to(cast.partner_rep) != first


def test_a_person_without_access_is_refused(cast, send):
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(state="disabled")

    assert refused(send()) == ("refused", "person_gone", 0)


def test_a_person_who_moved_to_another_organization_is_refused(cast, send):
    """The address was for the old place; the new one gives no right to it."""
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(organization=cast.other_partner)

    assert refused(send()) == ("refused", "person_gone", 0)


def test_the_right_to_write_is_asked_at_that_moment(cast, send, run_jobs, outbox):
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(role="partner_reader")

    answer = send()

    assert refused(answer) == ("refused", "not_allowed", 0)
    assert "Your role can read this deal but not write on it." in answer.reply
    run_jobs()
    assert "Your role can read this deal but not write on it." in outbox[0].body


def test_whoever_changed_the_mail_address_writes_from_the_new_one(cast, send):
    with system_scope():
        User.objects.filter(pk=cast.partner_rep.user_id).update(email="aino@kallio.example")

    assert refused(send())[1] == "sender_differs"
    assert send(sender="aino@kallio.example", message_id="<two@kallio.example>").outcome == "accepted"


def test_the_same_mail_twice_is_one_note(send):
    assert send().outcome == "accepted"
    answer = send()

    assert (answer.outcome, answer.reply, len(notes())) == ("repeated", "250 2.0.0 OK", 1)


def test_a_mail_that_was_refused_can_be_sent_again(cast, send):
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(role="partner_reader")
    send()
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(role="partner_sales")

    assert send().outcome == "accepted"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_reply"),
        ({"Precedence": "bulk"}, "mailing_list"),
        ({"List_Id": "<sales.kallio.example>"}, "mailing_list"),
        ({"envelope": ""}, "bounce"),
        ({"sender": "MAILER-DAEMON@kallio.example"}, "bounce"),
        ({"sender": "reply+x@reply.halden.example"}, "own_mail"),
    ],
)
def test_what_a_machine_wrote_is_taken_and_thrown_away(send, outbox, run_jobs, values, reason):
    answer = send(**values)

    assert refused(answer) == ("ignored", reason, 0)
    assert answer.reply == "250 2.0.0 OK"
    run_jobs()
    assert outbox == []


def test_a_mail_without_new_words_is_refused(send):
    answer = send(text="> Ostrava is approved\n> Open\n\n")

    assert send(text="\n", message_id="<b@kallio.example>").reason == "empty"
    assert answer.outcome == "accepted"  # nothing but quoted lines is still what the person sent


def test_a_note_longer_than_a_note_can_be_is_refused_with_what_to_do(send):
    answer = send(text="words " * 900)

    assert refused(answer) == ("refused", "not_accepted", 0)
    assert "longer than 4000 characters" in answer.reply


def test_a_mail_that_is_too_large_is_refused(send, monkeypatch):
    monkeypatch.setattr(receiving.rules, "LONGEST_MAIL", 100)

    answer = send()

    assert refused(answer) == ("refused", "too_large", 0)
    assert answer.reply.startswith("552 5.3.4")


def test_an_unreadable_mail_is_refused(cast, reply_to, at):
    answer = services.receive(raw=b"\x00\x01", recipient=reply_to(cast.partner_rep), envelope_sender="x@y.example", at=at)

    assert refused(answer) == ("refused", "unreadable", 0)
    assert answer.reply.startswith("554 5.6.0")


def test_too_many_mails_wait(send, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_PER_HOUR", 1)
    send()

    answer = send(message_id="<two@kallio.example>")

    assert refused(answer) == ("refused", "too_many", 1)
    assert answer.reply.startswith("451 4.7.1")


def test_our_own_mail_server_must_vouch_for_the_sender(send, trusted_server):
    assert refused(send())[1] == "not_genuine"
    assert refused(send(Authentication_Results="evil.example; dmarc=pass"))[1] == "not_genuine"
    assert refused(send(Authentication_Results="mx.halden.example; dmarc=fail"))[1] == "not_genuine"
    assert send(Authentication_Results="mx.halden.example; dmarc=pass header.from=kallio.example").outcome == "accepted"


def test_words_that_look_like_script_stay_words(cast, send, deal):
    send(text="<script>alert(1)</script>")

    page = cast.client("partner_rep").get(f"/portal/deals/{deal}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "added a note by mail" in page


def test_switched_off_replies_are_refused_and_no_address_is_given_out(cast, send, reply_to, at):
    with scope(cast.vendor_admin):
        services.set_ways(actor=cast.vendor_admin, replies=False, links=True, links_past_second_factor=False, at=at)

    assert refused(send()) == ("refused", "replies_off", 0)
    assert reply_to(cast.partner_rep) == ""


def test_without_a_reply_domain_mails_carry_no_address(cast, reply_to, settings):
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, reply_domain="")

    assert reply_to(cast.partner_rep) == ""


def test_a_stranger_to_the_deal_gets_no_address(cast, reply_to):
    assert reply_to(cast.other_partner_rep) == ""
    assert reply_to(cast.partner_reader) == ""


def test_a_mail_of_the_inbox_carries_the_address_and_says_what_an_answer_does(cast, deal, at, run_jobs, outbox, written):
    from openprm.inbox import services as inbox

    inbox.notify(to=[cast.partner_rep.user_id], kind="deals.approved", title="Ostrava is approved", url="/portal/", refs=[deal], at=at)
    run_jobs()

    mail = next(one for one in outbox if one.subject == "Ostrava is approved")
    assert mail.message()["Reply-To"] == written()
    assert "Answer this mail to write on this deal, with files if you attach some. Both sides read it." in mail.body


def test_a_daily_mail_about_one_deal_can_be_answered_and_holds_no_buttons(cast, deal, at, outbox, stored):
    from datetime import timedelta

    from openprm.inbox import services as inbox

    for hour in (1, 2):
        inbox.notify(to=[cast.partner_rep.user_id], kind="deals.noted", title=f"Note {hour}", refs=[deal], at=at + timedelta(hours=hour))
    with system_scope():
        inbox.send_digests(at=at + timedelta(days=1))

    (mail,) = outbox
    assert mail.message()["Reply-To"].startswith("reply+")
    assert stored() == []


def test_old_rows_are_forgotten(send, at):
    from datetime import timedelta

    send()
    with system_scope():
        assert services.forget_old(at=at + timedelta(days=100)) == 0
        assert services.forget_old(at=at + timedelta(days=400)) == 2


def test_former_people_are_forgotten_in_the_log(cast, send, at):
    send()
    with system_scope():
        assert services.forget(partner_id=cast.other_partner.pk, people=(), at=at) == 0
        assert services.forget(partner_id=cast.partner.pk, people=(cast.partner_rep.user_id,), at=at) == 2

    row = log()
    assert (row.sender, row.subject, row.user_id, row.address_id) == ("", "", None, None)


def test_a_partner_reads_nothing_of_the_log_and_no_address_of_others(cast, send):
    from openprm.kernel.db import value

    send()
    with scope(cast.partner_admin):
        assert value("select count(*) from correspondence_receivedmail") == 0
        assert value("select count(*) from correspondence_replyaddress") == 0
    with scope(cast.partner_rep):
        assert value("select count(*) from correspondence_replyaddress") == 1
