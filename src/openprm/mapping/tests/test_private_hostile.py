"""What a peer with altered software may try against an installation: a clear sentence, nothing leaked, nothing half-written.

One real server with TLS; its jobs run here, so that each test sees what is kept in between. The peer is code of the test with a real key.
"""

import base64
import http.client
import json
import ssl
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network

import numpy as np
import pytest

pytest.importorskip("private_set_intersection", reason="openmined-psi has no wheel for this machine")

from django.db import DatabaseError, transaction

from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.scope import system_scope
from openprm.mapping import services as lists
from openprm.mapping.engine.psi import web
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.limits import Limits
from openprm.mapping.engine.psi.messages import SignedHead
from openprm.mapping.engine.psi.protocol import Peer
from openprm.mapping.privatemodels import PsiKey, PsiMessage, PsiPast, PsiPeer, PsiPiece, PsiRow, PsiRun, PsiWork
from openprm.mapping.queries import private as queries
from openprm.mapping.services import private
from openprm.mapping.services.private import keeping
from openprm.mapping.tests.private_house import FREE, Installation, domains, line_of, now
from openprm.mapping.tests.sides import Side

pytestmark = pytest.mark.timeout(280)
NOBODY_THERE = "https://127.0.0.1:9"


@pytest.fixture(scope="module")
def acme(tmp_path_factory, cluster, template_database, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        acme = Installation(tmp_path_factory.mktemp("private"), "acme", cluster, template_database)
        try:
            acme.serves()
            acme.key()
            acme.ours = acme.list_of(domains(0, 120))
            acme.is_up()
            yield acme
        finally:
            acme.stop()


@pytest.fixture
def mallory(acme, settings):
    """A pinned peer that does as a test likes; everything of it is gone after the test."""
    settings.OPENPRM_PEER_NETWORKS = ("127.0.0.0/8",)
    side, ours = Side(limits=Limits(least=10, runs=100, few=10)), acme.key()
    side.peer = Peer(base64.b64decode(ours.line), side.limits)
    with acme.acting(acme.admin):
        names = len(queries.peers(acme.admin, now()))
    side.id = acme.adds(f"Mallory {names}", line_of(side), NOBODY_THERE, limits=FREE)
    return side


def sends(acme, message):
    web.send(message.to_bytes(), acme.address, lambda _done, _all: None)


def asks(acme, method, path, body=b""):
    connection = http.client.HTTPSConnection("127.0.0.1", acme.port, context=ssl.create_default_context(cadata=acme.tls.read_text()))
    connection.request(method, path, body)
    got = connection.getresponse()
    return got.status, json.loads(got.read())


@contextmanager
def unchanged(acme):
    """Nothing is kept of what is tried inside: no message, no run, no work, no name."""
    before = kept(acme)
    yield
    assert kept(acme) == before


def kept(acme):
    with acme.here(), system_scope():
        counts = [model.objects.count() for model in (PsiMessage, PsiPiece, PsiRun, PsiWork, PsiPast, PsiRow)]
        return counts, sorted(PsiRun.objects.values_list("pk", "state", "common"))


def offer_of(acme, mallory, *, mode="count"):
    """Ours to mallory: the run, and the message as it was signed."""
    run_id = acme.starts(mallory.id, acme.ours, mode=mode)
    acme.works_now()
    with acme.here(), system_scope():
        kept_message = PsiMessage.objects.get(run=run_id, step="offer")
        return run_id, keeping.whole(kept_message)


def answers(mallory, offer, found, mode="count"):
    return mallory.answer(offer, found, consent=mode, at=now())


def gone(acme, run_id):
    with acme.here(), system_scope():
        return (
            not PsiWork.objects.filter(run=run_id).exists()
            and not PsiMessage.objects.filter(run=run_id).exists()
            and not PsiRow.objects.filter(run=run_id).exists()
        )


def test_a_stranger_a_false_signature_and_a_key_not_yet_compared_hear_the_same_and_nothing_is_kept(acme, mallory):
    stranger, invited = Side(peer=mallory.peer), Side(peer=mallory.peer)
    acme.adds("Not compared", line_of(invited), NOBODY_THERE, pinned=False)
    good = mallory.offer(domains(0, 150), at=now()).message
    forged = SignedHead(good.head, good.signed.signature[:-1] + bytes([good.signed.signature[-1] ^ 1]))
    steps = acme.verbs()
    said = set()
    with unchanged(acme):
        for head in (stranger.offer(domains(0, 150), at=now()).message.signed, invited.offer(domains(0, 150), at=now()).message.signed, forged):
            status, told = asks(acme, "POST", web.HEADS, head.spelled)
            said.add((status, told["refused"]))
    assert said == {(409, "The message is not signed by a key that is pinned here.")}
    assert acme.verbs() == steps


def test_noise_at_the_door_is_refused_with_a_sentence(acme, mallory):
    good = mallory.offer(domains(0, 150), at=now()).message
    with unchanged(acme):
        for path, body, method in (
            (web.HEADS, b"", "POST"),
            (web.HEADS, b"x" * 100, "POST"),
            (web.HEADS, b"x" * 9_000, "POST"),
            (web.HEADS, good.to_bytes()[:2_000], "POST"),
            (f"{web.PIECES}{good.signed.hash}/0", b"x", "PUT"),
            (f"{web.PIECES}{'0' * 64}/{10**30}", b"x", "PUT"),
            (f"{web.PIECES}{'0' * 64}/0", b"x" * (web.PIECE + 1), "PUT"),
        ):
            status, told = asks(acme, method, path, body)
            assert (status, list(told)) == (409, ["refused"]), path


def test_an_offer_waits_for_a_person_and_is_read_once(acme, mallory):
    begun = mallory.offer(domains(100, 230), at=now())
    sends(acme, begun.message)
    sends(acme, begun.message)
    (asked, *_) = acme.runs(mallory.id)
    assert (asked.state, asked.their_points, len(acme.runs(mallory.id))) == ("asked", 160, 1)
    with acme.here(), system_scope():
        assert not PsiWork.objects.filter(run=asked.id).exists()
    acme.agrees(asked.id, acme.ours)
    acme.works_now()
    status, told = asks(acme, "POST", web.HEADS, begun.message.signed.spelled)
    assert (status, told["refused"], told["here"]) == (409, f"This offer of run {begun.run.id[:8]} was taken already, and a message is read once.", True)
    assert acme.verbs()[-1] == "message_refused"
    with acme.here(), system_scope():
        answer = keeping.whole(PsiMessage.objects.get(run=asked.id, step="answer"))
    finished = mallory.finish(begun, answer, at=now())
    sends(acme, finished.message)
    acme.works_now()
    assert (acme.run(asked.id).state, acme.run(asked.id).common, finished.common) == ("finished", 20, 20)
    assert gone(acme, asked.id)
    with unchanged(acme):
        assert asks(acme, "POST", web.HEADS, finished.message.signed.spelled)[0] == 409


def test_pieces_out_of_order_change_nothing_and_a_damaged_message_is_thrown_away(acme, mallory):
    message = mallory.offer(domains(0, 150), at=now()).message
    body, name = message.to_bytes()[len(message.signed.spelled) :], message.signed.hash
    assert asks(acme, "POST", web.HEADS, message.signed.spelled) == (200, {"name": name, "received": 0, "size": len(body)})
    assert asks(acme, "PUT", f"{web.PIECES}{name}/0", body[:1000])[1]["received"] == 1000
    with unchanged(acme):
        for offset, piece in ((0, body[:1000]), (500, body[500:700]), (2000, body[2000:])):
            assert asks(acme, "PUT", f"{web.PIECES}{name}/{offset}", piece)[1]["received"] == 1000
        status, told = asks(acme, "PUT", f"{web.PIECES}{name}/1000", body)
        assert (status, told["refused"]) == (409, f"The message has {len(body):,} bytes; more were sent.")
    status, told = asks(acme, "PUT", f"{web.PIECES}{name}/1000", b"x" * (len(body) - 1000))
    assert (status, told["refused"]) == (409, "What arrived is not what was signed. Send the message anew.")
    assert acme.runs(mallory.id) == ()
    with acme.here(), system_scope():
        assert not PsiMessage.objects.filter(name=name).exists()
    sends(acme, message)
    assert [run.state for run in acme.runs(mallory.id)] == ["asked"]


def test_sizes_beyond_what_is_agreed_are_refused_before_a_byte_is_taken(acme, mallory):
    with acme.acting(acme.admin):
        private.set_limits(actor=acme.admin, peer_id=mallory.id, limits=Limits(least=100, most=125, runs=2, few=20), at=now())
    with unchanged(acme):
        for size, said in ((150, "The other list has 160 points; at most 125 are agreed with this peer."), (10, "list")):
            loose = Side(limits=Limits(least=10, few=10), me=mallory.me, peer=Peer(mallory.peer.public, Limits(least=10, few=10)))
            if size == 10:
                message = loose.says(loose.offer(domains(0, 20), at=now()).message, points=loose.offer(domains(0, 20), at=now()).message.points[:1])
                said = "The other list has 1 points, and no list is padded to that. The message was made by other software."
            else:
                message = loose.offer(domains(0, size), at=now()).message
            status, told = asks(acme, "POST", web.HEADS, message.signed.spelled)
            assert (status, told["refused"]) == (409, said)


def test_a_list_of_one_company_is_never_compared(acme, mallory):
    alone = acme.list_of(domains(0, 1), name="One")
    with unchanged(acme), pytest.raises(Conflict, match="The list has 1 domains; at least 10 are needed"):
        acme.starts(mallory.id, alone)
    many_rows = acme.list_of(domains(0, 12), name="Rows without domains")
    with acme.acting():
        rows = [lists.Row(key=f"r{number}", name="Same", domain="same.com") for number in range(12)]
        lists.replace_rows(actor=acme.manager, population_id=many_rows, rows=rows, at=now())
    run_id = acme.starts(mallory.id, many_rows)
    acme.works_now()
    refused = acme.run(run_id)
    assert (refused.state, refused.problem[:26]) == ("refused", "The list has 1 domains; at")
    assert gone(acme, run_id)


def test_two_lists_that_differ_in_one_company_are_not_both_counted(acme, mallory):
    run_id, offer = offer_of(acme, mallory)
    sends(acme, answers(mallory, offer, domains(100, 230)).message)
    acme.works_now()
    assert (acme.run(run_id).state, acme.run(run_id).common) == ("finished", 20)
    one_more = acme.list_of(domains(0, 121), name=f"One more {mallory.id}")
    second = acme.starts(mallory.id, one_more)
    acme.works_now()
    refused = acme.run(second)
    assert refused.state == "refused"
    assert refused.problem.startswith("This list differs in 1 domains from the one of run")
    assert gone(acme, second)
    same = acme.starts(mallory.id, acme.ours)
    acme.works_now()
    assert acme.run(same).state == "offered"


def test_no_more_comparisons_than_are_agreed_in_a_period(acme, mallory):
    with acme.acting(acme.admin):
        private.set_limits(actor=acme.admin, peer_id=mallory.id, limits=Limits(least=10, runs=1, few=10), at=now())
    _run_id, offer = offer_of(acme, mallory)
    with pytest.raises(Conflict, match="still open"):
        acme.starts(mallory.id, acme.ours)
    sends(acme, answers(mallory, offer, domains(100, 230)).message)
    acme.works_now()
    with pytest.raises(Conflict, match="1 runs with this peer in 30 days; 1 are agreed"):
        acme.starts(mallory.id, acme.ours)
    status, told = asks(acme, "POST", web.HEADS, mallory.offer(domains(0, 130), at=now()).message.signed.spelled)
    assert (status, told["refused"][:50]) == (409, "1 runs with this peer in 30 days; 1 are agreed. Th")


@pytest.mark.parametrize("what", ["our own points", "points in disorder", "tags twice", "too few tags", "another purpose", "a close instead"])
def test_a_wrong_answer_ends_the_run_with_a_sentence_and_without_a_trace(acme, mallory, what):
    run_id, offer = offer_of(acme, mallory, mode="reveal")
    good = answers(mallory, offer, domains(100, 230), "reveal")
    message = good.message
    wrong = {
        "our own points": lambda: mallory.says(message, points=offer.points),
        "points in disorder": lambda: mallory.says(message, points=message.points[::-1].copy()),
        "tags twice": lambda: mallory.says(message, tags=np.repeat(message.tags[:1], len(message.tags), axis=0)),
        "too few tags": lambda: mallory.says(message, tags=message.tags[:-1]),
        "another purpose": lambda: mallory.says(message, purpose="something else"),
        "a close instead": lambda: mallory.says(message, points=message.points[:0], step="close", common=3),
    }[what]()
    if what in ("too few tags", "another purpose", "a close instead"):
        with unchanged(acme):
            assert asks(acme, "POST", web.HEADS, wrong.signed.spelled)[0] == 409
        sends(acme, message)
        acme.works_now()
        assert (acme.run(run_id).state, len(acme.names(run_id))) == ("finished", 20)
        return
    sends(acme, wrong)
    acme.works_now()
    ended = acme.run(run_id)
    assert (ended.state, ended.common, bool(ended.problem)) == ("refused", None, True)
    assert gone(acme, run_id)
    with acme.here(), system_scope():
        assert not PsiPast.objects.filter(run=run_id).exists()
    assert asks(acme, "POST", web.HEADS, message.signed.spelled) == (409, {"refused": f"Run {offer.head.run[:8]} is refused here."})


def test_a_close_that_says_another_number_is_refused_and_the_run_counts(acme, mallory):
    begun = mallory.offer(domains(100, 230), at=now())
    sends(acme, begun.message)
    asked = acme.runs(mallory.id)[0]
    acme.agrees(asked.id, acme.ours)
    acme.works_now()
    with acme.here(), system_scope():
        answer = keeping.whole(PsiMessage.objects.get(run=asked.id, step="answer"))
    finished = mallory.finish(begun, answer, at=now())
    sends(acme, mallory.says(finished.message, common=finished.common + 1))
    acme.works_now()
    ended = acme.run(asked.id)
    assert (ended.state, ended.common) == ("refused", None)
    assert ended.problem.startswith("The other side says that 21 domains are common")
    with acme.here(), system_scope():
        assert PsiPast.objects.filter(run=asked.id).exists()


def test_a_changed_key_a_revoked_peer_and_a_run_of_somebody_else_get_nothing(acme, mallory):
    _run, offer = offer_of(acme, mallory)
    other = Side(peer=mallory.peer, limits=mallory.limits)
    other.id = acme.adds(f"Other {mallory.id}", line_of(other), NOBODY_THERE, limits=FREE)
    with unchanged(acme):
        stolen = other.says(answers(mallory, offer, domains(100, 230)).message, sender=other.me.fingerprint)
        assert asks(acme, "POST", web.HEADS, stolen.signed.spelled) == (409, {"refused": "Nobody here waits for this message."})
    good = answers(mallory, offer, domains(100, 230)).message
    with acme.acting(acme.admin):
        private.revoke_peer(actor=acme.admin, peer_id=mallory.id, at=now())
    with unchanged(acme):
        assert asks(acme, "POST", web.HEADS, good.signed.spelled) == (409, {"refused": "The message is not signed by a key that is pinned here."})
    assert [run.state for run in acme.runs(mallory.id)] == ["dropped"]
    renewed = Side(peer=mallory.peer)
    with acme.acting(acme.admin):
        found = queries.peer(acme.admin, mallory.id, now())
        draft = private.PeerDraft(name=found.name, url=found.url, public=line_of(renewed))
        private.change_peer(actor=acme.admin, peer_id=mallory.id, draft=draft, at=now())
        with pytest.raises(Invalid, match="These are not the words of the key you entered"):
            private.pin_peer(actor=acme.admin, peer_id=mallory.id, words="acorn " * 12, at=now())
        assert queries.peer(acme.admin, mallory.id, now()).state == "invited"


def test_an_offer_that_ran_out_is_answered_no_more(acme, mallory):
    begun = mallory.offer(domains(100, 230), at=now(), life=timedelta(days=1))
    sends(acme, begun.message)
    asked = acme.runs(mallory.id)[0]
    later = now() + timedelta(days=2)
    with acme.acting(), pytest.raises(Conflict, match="The offer can be answered no more"):
        private.agree(actor=acme.manager, run_id=asked.id, population_id=acme.ours, mode="count", at=later)
    with acme.here(), system_scope():
        private.end_due(at=later)
    assert acme.run(asked.id).state == "expired"
    assert gone(acme, asked.id)
    old = mallory.offer(domains(100, 230), at=now() - timedelta(days=3), life=timedelta(days=1))
    status, told = asks(acme, "POST", web.HEADS, old.message.signed.spelled)
    assert (status, told["refused"][:21]) == (409, "The offer stood until")


def test_names_are_kept_only_where_both_agreed_and_secrets_are_no_persons(acme, mallory):
    run_id, _offer = offer_of(acme, mallory)
    with acme.acting():
        assert PsiMessage.objects.filter(run=run_id).count() == 1
        assert (PsiWork.objects.count(), PsiPiece.objects.count()) == (0, 0)
    with acme.here(), system_scope(), pytest.raises(DatabaseError), transaction.atomic():
        PsiRow(run_id=run_id, domain="company1.com", keys=["x"]).save(force_insert=True)
    with acme.here(), system_scope():
        assert PsiWork.objects.get(run=run_id).sealed.startswith("gAAAA")
        assert PsiKey.objects.get().sealed.startswith("gAAAA")
    begun = mallory.offer(domains(100, 230), "reveal", at=now())
    with acme.acting():
        private.drop(actor=acme.manager, run_id=run_id, at=now())
    sends(acme, begun.message)
    asked = acme.runs(mallory.id)[0]
    with acme.acting(), pytest.raises(Invalid, match="something else than you agree to"):
        private.agree(actor=acme.manager, run_id=asked.id, population_id=acme.ours, mode="count", at=now())
    with acme.acting():
        private.decline(actor=acme.manager, run_id=asked.id, at=now())
    assert gone(acme, asked.id)
    assert asks(acme, "POST", web.HEADS, begun.message.signed.spelled)[1] == {"refused": f"Run {begun.run.id[:8]} was declined by a person."}
    with acme.here(), system_scope(), pytest.raises(DatabaseError), transaction.atomic():
        PsiPast.objects.all().delete()


def test_a_peer_that_is_not_reached_is_tried_again_and_later_less_often(acme, mallory):
    run_id, _offer = offer_of(acme, mallory)
    with acme.acting():
        way = queries.way(acme.manager, run_id)
    assert (way.tries, bool(way.problem)) == (1, True)
    with acme.here(), system_scope():
        message = PsiMessage.objects.get(run=run_id)
        assert private.due_messages(at=now()) == ()
        later = now() + timedelta(minutes=5)
        assert message.pk in private.due_messages(at=later)
        private.deliver(message_id=message.pk, at=later)
        message.refresh_from_db()
        assert (message.tries, message.next_try_at - later) == (2, timedelta(minutes=1))
        assert private.deliver(message_id=message.pk, at=later + timedelta(days=8)) is False
    assert acme.run(run_id).state == "refused"


@pytest.mark.parametrize("url", ["https://10.1.2.3", "https://169.254.169.254/latest", "https://[::1]:8443", "https://[::ffff:10.0.0.1]", "https://localhost"])
def test_a_server_is_never_sent_into_a_network_of_its_own(url):
    parts = web.urlsplit(url)
    with pytest.raises(Refused, match="is no address in the public network"):
        web.allowed_addresses(parts.hostname, 443, ())


def test_the_addresses_of_a_network_that_the_operator_named_are_allowed():
    assert web.allowed_addresses("127.0.0.1", 443, [ip_network("127.0.0.0/8")]) == ("127.0.0.1",)


def test_what_our_key_signed_long_ago_is_opened_only_under_our_secret(acme, mallory, settings):
    settings.SECRET_KEY = "another secret that is long enough to be one"
    run_id = acme.starts(mallory.id, acme.ours)
    acme.works_now()
    assert acme.run(run_id).problem.startswith("This was sealed under another secret. Restore")


def test_peers_are_looked_up_by_their_key_alone(acme, mallory):
    with acme.here(), system_scope():
        assert PsiPeer.objects.filter(fingerprint=mallory.me.fingerprint).count() == 1
    with pytest.raises(Conflict, match="This key is another peer's"):
        acme.adds("Twice", line_of(mallory), NOBODY_THERE)
    with pytest.raises(Conflict, match="It begins with https://"):
        acme.adds("Plain", line_of(Side()), "http://127.0.0.1")
