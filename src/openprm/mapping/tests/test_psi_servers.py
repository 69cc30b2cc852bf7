"""Two real servers on loopback, each of another company, and what may come over the wire."""

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

pytest.importorskip("private_set_intersection", reason="openmined-psi has no wheel for this machine")

from openprm.mapping.engine.psi import web
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.folder import Folder
from openprm.mapping.engine.psi.mailbox import Mailbox
from openprm.mapping.engine.psi.messages import read, read_signed_head
from openprm.mapping.tests.psi_company import Company
from openprm.mapping.tests.sides import companies

READY_SECONDS = 60


def certificate(folder):
    """A certificate of 127.0.0.1 that signs itself, and its key: PEM files."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, folder.name)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False).sign(key, hashes.SHA256())
    files = folder / "tls.pem", folder / "tls-key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files


class Server:
    """`openprm psi serve` of one company, as a process of its own."""

    def __init__(self, company):
        self.company = company
        self.tls, private = certificate(company.home)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        asked = ["--home", company.home, "serve", "--port", self.port, "--certificate", self.tls, "--key", private]
        self.log = (company.home / "server.log").open("w+")
        start = "from openprm.mapping.commands.psi import psi; psi()"
        self.process = subprocess.Popen([sys.executable, "-c", start, *map(str, asked)], stdout=self.log, stderr=self.log, env=os.environ)

    @property
    def address(self):
        return web.Address(f"https://127.0.0.1:{self.port}", self.tls.read_text())

    def is_up(self):
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.1)
        self.log.seek(0)
        raise AssertionError(self.log.read())

    def asks(self, method, path, body=b""):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=ssl.create_default_context(cadata=self.address.certificate))
        connection.request(method, path, body)
        got = connection.getresponse()
        return got.status, json.loads(got.read())

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()


@pytest.fixture
def two(tmp_path):
    pair = Company(tmp_path, "acme", companies(0, 120)), Company(tmp_path, "bolt", companies(90, 230))
    for one, other in (pair, pair[::-1]):
        one.pins(other)
    servers = [Server(company) for company in pair]
    try:
        for server, other in zip(servers, pair[::-1], strict=True):
            server.is_up()
            other.does("reach", server.company.name, server.address.url, "--certificate", server.tls)
        yield servers
    finally:
        for server in servers:
            server.stop()


def inbox(company):
    return [json.loads(line) for line in company.does("inbox").stdout.splitlines()]


def run_of(company):
    return json.loads(company.does("runs").stdout.splitlines()[-1])["run"]


def test_two_servers_find_what_is_common_and_refuse_what_comes_again(two):
    acme, bolt = (server.company for server in two)
    desk = acme.desk
    acme.offers(bolt)
    run = run_of(acme)
    acme.does("send", run)
    (waiting,) = inbox(bolt)
    assert (waiting["step"], waiting["peer"], waiting["mode"], waiting["purpose"], waiting["run"]) == ("offer", "acme", "count", "joint plan", run)
    bolt.does("answer", waiting["file"], bolt.list, "--out", desk / "answer.psi")
    bolt.does("send", run)
    (waiting,) = inbox(acme)
    told = json.loads(acme.does("finish", waiting["file"], "--receipt", desk / "receipt.psi").stdout)
    acme.does("send", run)
    heard = json.loads(bolt.does("finish", inbox(bolt)[0]["file"]).stdout)
    assert (told["common"], heard["common"]) == (30, 30)
    assert (inbox(acme), inbox(bolt)) == ([], [])
    for sender, receiver, message, said in (
        (acme, two[1], desk / "offer.psi", "was taken already"),
        (bolt, two[0], desk / "answer.psi", "is finished"),
        (acme, two[1], desk / "receipt.psi", "is finished"),
    ):
        with pytest.raises(Refused, match=said):
            web.send(message.read_bytes(), receiver.address, print)
        assert receiver.company.journal()[-1]["what"] == "refused", sender.name
    assert [line["what"] for line in bolt.journal()] == ["pinned", "arriving", "answered", "sent", "arriving", "finished", "refused", "refused"]


def test_what_was_cut_off_goes_on_where_it_stopped_and_noise_is_refused(two, monkeypatch):
    acme, bolt = (server.company for server in two)
    acme.offers(bolt)
    message, server = (acme.desk / "offer.psi").read_bytes(), two[1]
    signed = read_signed_head(message)
    body = message[len(signed.spelled) :]
    assert server.asks("PUT", f"/psi/v1/messages/{signed.hash}/0", b"x")[1] == {"refused": "Announce the message by its head first."}
    assert server.asks("POST", "/psi/v1/heads", signed.spelled) == (200, {"name": signed.hash, "received": 0, "size": len(body)})
    assert server.asks("PUT", f"/psi/v1/messages/{signed.hash}/0", body[:100])[1]["received"] == 100
    assert server.asks("PUT", f"/psi/v1/messages/{signed.hash}/0", body[:100])[1]["received"] == 100
    assert server.asks("PUT", f"/psi/v1/messages/{signed.hash}/500", body[500:])[1]["received"] == 100
    assert server.asks("PUT", f"/psi/v1/messages/{signed.hash}/100", body)[0] == 409
    assert inbox(bolt) == []
    sent = []
    monkeypatch.setattr(web, "PIECE", 1000)
    web.send(message, server.address, lambda done, _all: sent.append(done))
    assert sent == [*range(1100, len(body), 1000), len(body)]
    assert [waiting["run"] for waiting in inbox(bolt)] == [signed.head.run]
    for method, path, noise, status in (
        ("GET", "/psi/v1/heads", b"", 404),
        ("PUT", "/psi/v1/messages/../../key.pem/0", b"x", 404),
        ("PUT", "/psi/v1/messages/key/0", b"x", 409),
        ("PUT", f"/psi/v1/messages/{signed.hash}/x", b"x", 404),
        ("POST", "/psi/v1/heads", b"", 409),
        ("POST", "/psi/v1/heads", b"x" * 9000, 409),
        ("POST", "/psi/v1/heads", message[:2000], 409),
        ("POST", "/psi/v1/heads", signed.spelled[:-1] + b"x", 409),
        ("POST", "/", b"x", 404),
    ):
        got, told = server.asks(method, path, noise)
        assert (got, list(told)) == (status, ["refused"]), (method, path)
    assert [line["what"] for line in bolt.journal()] == ["pinned", "arriving"]


def test_a_server_with_another_certificate_gets_nothing(two):
    acme, bolt = (server.company for server in two)
    acme.offers(bolt)
    acme.does("reach", "bolt", two[1].address.url, "--certificate", two[0].tls)
    done = acme.runs("send", run_of(acme))
    assert (done.exit_code, "certificate" in done.stderr) == (2, True), done.output
    assert inbox(bolt) == []


def test_an_address_without_tls_is_refused_and_one_where_nobody_is_fails(tmp_path):
    acme, bolt = Company(tmp_path, "acme", companies(0, 120)), Company(tmp_path, "bolt", companies(90, 230))
    acme.pins(bolt)
    assert "begins with https://" in acme.runs("reach", "bolt", "http://127.0.0.1:1").stderr
    acme.offers(bolt)
    assert "No address is known of bolt" in acme.runs("send", run_of(acme)).stderr
    acme.does("reach", "bolt", "https://127.0.0.1:1")
    assert acme.runs("send", run_of(acme)).exit_code == 1


def test_what_arrives_is_weighed_before_it_is_kept(tmp_path):
    acme, bolt = Company(tmp_path, "acme", companies(0, 120)), Company(tmp_path, "bolt", companies(90, 230))
    acme.pins(bolt)
    bolt.key()
    acme.offers(bolt)
    box, now = Mailbox(Folder(bolt.home)), datetime.now(UTC)
    signed = read((tmp_path / "offer.psi").read_bytes()).signed
    with pytest.raises(Refused, match="is not signed by a key that is pinned here"):
        box.announce(signed.spelled, now)
    bolt.pins(acme)
    with pytest.raises(Refused, match="is not signed by a key that is pinned here"):
        box.announce(signed.spelled[:-1] + bytes([signed.spelled[-1] ^ 1]), now)
    with pytest.raises(Refused, match="has 125 points"):
        bolt.pins(acme, "--most", "100")
        box.announce(signed.spelled, now)
    with pytest.raises(Refused, match="stood until"):
        bolt.pins(acme)
        box.announce(signed.spelled, now + timedelta(days=8))
    taken = box.announce(signed.spelled, now)
    with pytest.raises(Refused, match="is not what was signed"):
        box.append(taken.name, 0, b"x" * taken.size)
    assert list(box.place.iterdir()) == []
    for _ in range(3):
        acme.does("drop", run_of(acme))
        acme.offers(bolt)
        box.announce(read((tmp_path / "offer.psi").read_bytes()).signed.spelled, now)
    acme.does("drop", run_of(acme))
    acme.offers(bolt)
    with pytest.raises(Refused, match="3 messages of this sender wait"):
        box.announce(read((tmp_path / "offer.psi").read_bytes()).signed.spelled, now)
    assert box.waiting(now + timedelta(days=8)) == []
    assert list(box.place.iterdir()) == []
