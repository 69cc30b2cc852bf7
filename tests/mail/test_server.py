"""The real protocol: smtplib speaks LMTP and SMTP to the running server, over a database in which commits are real."""

import asyncio
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from openprm.correspondence import server, services
from openprm.correspondence.models import ReceivedMail
from openprm.correspondence.testing import make_mail
from openprm.deals.models import Note
from openprm.kernel.scope import system_scope

REP = "partner.rep@kallio.example"


@contextmanager
def running(**options):
    """The server in a thread with a loop of its own; gives its port."""
    ready, loop, found = threading.Event(), asyncio.new_event_loop(), {}

    async def serve() -> None:
        found["server"] = await server.listen(host="127.0.0.1", port=0, **options)
        found["port"] = found["server"].sockets[0].getsockname()[1]
        ready.set()

    thread = threading.Thread(target=lambda: (loop.create_task(serve()), loop.run_forever()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield found["port"]
    finally:
        loop.call_soon_threadsafe(found["server"].close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@pytest.fixture
def address(committed_db, cast, reply_to):
    return reply_to(cast.partner_rep)


def outcomes() -> list[tuple[str, str]]:
    with system_scope():
        return list(ReceivedMail.objects.order_by("created_at").values_list("outcome", "reason"))


def test_an_answer_over_lmtp_lands_on_the_deal_and_a_forged_one_does_not(address):
    with running() as port, smtplib.LMTP("127.0.0.1", port) as client:
        client.sendmail(REP, [address], make_mail(sender=REP, to=address, text="Päivää, by LMTP").as_bytes())
        with pytest.raises(smtplib.SMTPDataError) as forged:
            client.sendmail("x@evil.example", [address], make_mail(sender="x@evil.example", to=address, message_id="<2@x>").as_bytes())
        with pytest.raises(smtplib.SMTPRecipientsRefused) as unknown:
            client.sendmail(REP, ["reply+nobody@reply.halden.example"], b"From: x@y.example\r\n\r\nHello")

    assert (forged.value.smtp_code, forged.value.smtp_error) == (550, b"5.7.1 The sender is not the person that the address belongs to.")
    assert unknown.value.recipients["reply+nobody@reply.halden.example"][0] == 550
    with system_scope():
        assert [note.body for note in Note.objects.all()] == ["Päivää, by LMTP"]
    assert outcomes() == [("accepted", ""), ("refused", "sender_differs"), ("refused", "unknown_address")]


def test_the_server_speaks_smtp_too_and_can_swallow_what_it_refuses(address):
    with running(protocol="smtp", swallow=True) as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("x@evil.example", [address], make_mail(sender="x@evil.example", to=address).as_bytes())

    assert outcomes() == [("refused", "sender_differs")]


def test_lmtp_answers_for_each_recipient(address, cast, additions):
    other = additions(cast.partner_admin, "deals.approved").reply_to
    with running() as port, smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo_or_helo_if_needed()
        client.mail(REP)
        assert [client.rcpt(one)[0] for one in (address, other)] == [250, 250]
        first = client.data(make_mail(sender=REP, to=address).as_bytes())
        second = client.getreply()

    assert (first[0], second[0]) == (250, 550)


def test_a_failing_database_is_a_reason_to_try_again(address, monkeypatch):
    def broken(**values):
        raise RuntimeError("the database went away")

    monkeypatch.setattr(services, "receive", broken)
    with running() as port, smtplib.LMTP("127.0.0.1", port) as client, pytest.raises(smtplib.SMTPDataError) as error:
        client.sendmail(REP, [address], make_mail(sender=REP, to=address).as_bytes())

    assert (error.value.smtp_code, error.value.smtp_error) == (451, b"4.3.0 This cannot be taken now. Try again later.")


def test_a_mail_larger_than_the_limit_is_refused_by_the_protocol(address, monkeypatch):
    monkeypatch.setattr(server.rules, "LONGEST_MAIL", 2000)
    with running() as port, smtplib.LMTP("127.0.0.1", port) as client, pytest.raises(smtplib.SMTPResponseException) as error:
        client.sendmail(REP, [address], make_mail(sender=REP, to=address, text="x " * 5000).as_bytes())

    assert error.value.smtp_code == 552


def test_the_command_listens_until_it_is_told_to_stop():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "openprm.config.cli", "mail-server", "--port", str(port)]
    environment = {**os.environ, "OPENPRM_REPLY_DOMAIN": "reply.halden.example"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        said = next(line for line in process.stderr if line.startswith("Receiving"))
        with smtplib.LMTP("127.0.0.1", port) as client:
            assert client.ehlo()[0] == 250
        process.send_signal(signal.SIGTERM)

        assert process.wait(30) == 0
    assert said == f"Receiving mail for reply.halden.example over LMTP at 127.0.0.1:{port}.\n"


@pytest.mark.parametrize("command", ["mail-server", "receive-mail"])
def test_without_a_reply_domain_a_command_says_what_is_missing(command, monkeypatch):
    monkeypatch.delenv("OPENPRM_REPLY_DOMAIN", raising=False)

    done = subprocess.run([sys.executable, "-m", "openprm.config.cli", command], input=b"", capture_output=True, timeout=120, check=False)

    assert done.returncode == 2
    assert b"OPENPRM_REPLY_DOMAIN is not set" in done.stderr


def test_a_mail_from_standard_input_is_taken_like_any_other(address, monkeypatch):
    import io

    from click.testing import CliRunner

    from openprm.correspondence.commands import receive_mail

    good = CliRunner().invoke(receive_mail, [], input=io.BytesIO(make_mail(sender=REP, to=address).as_bytes()))
    forged = CliRunner().invoke(receive_mail, ["--recipient", address], input=io.BytesIO(make_mail(sender="x@evil.example", to=address).as_bytes()))
    unknown = CliRunner().invoke(receive_mail, ["--recipient", "reply+x@reply.halden.example"], input=io.BytesIO(b"From: a@b.example\r\n\r\nHi"))

    assert (good.exit_code, forged.exit_code, unknown.exit_code) == (0, 77, 67)
    assert outcomes() == [("accepted", ""), ("refused", "sender_differs"), ("refused", "unknown_address")]
