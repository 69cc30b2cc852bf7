"""Two real installations that find common customers: real servers with TLS, real workers, two databases."""

import json
import time
from datetime import timedelta

import pytest

pytest.importorskip("private_set_intersection", reason="openmined-psi has no wheel for this machine")

from openprm.kernel.scope import system_scope
from openprm.mapping import privatejobs
from openprm.mapping.engine.psi import transcripts
from openprm.mapping.queries import private as queries
from openprm.mapping.services import private
from openprm.mapping.tests.private_house import FREE, Installation, Pair, domains, now

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def pair(tmp_path_factory, cluster, template_database, django_db_setup, django_db_blocker):
    folder = tmp_path_factory.mktemp("private")
    with django_db_blocker.unblock():
        pair = Pair(*(Installation(folder, name, cluster, template_database) for name in ("acme", "bolt")))
        try:
            for one in (pair.one, pair.other):
                one.serves()
                one.works()
            for one in (pair.one, pair.other):
                one.is_up()
            yield pair
        finally:
            for one in (pair.one, pair.other):
                one.stop()


def test_two_installations_count_and_then_tell_each_other_the_names(pair):
    acme, bolt = pair.one, pair.other
    to_bolt, _to_acme = pair.meet(FREE)
    ours, theirs = acme.list_of(domains(0, 120)), bolt.list_of(domains(90, 230))

    counting = acme.starts(to_bolt, ours)
    asked = bolt.waits_for(lambda runs: bool(runs) and runs[0].waits_for_us)
    assert (asked.peer, asked.mode, asked.purpose, asked.their_points, asked.size) == ("Acme", "count", "Joint plan 2027", 125, None)
    bolt.agrees(asked.id, theirs)
    told, heard = acme.waits_until(counting, "finished"), bolt.waits_until(asked.id, "finished")
    assert (told.common, heard.common) == (30, 30)
    assert (told.size, told.their_points, heard.size, heard.their_points) == (120, 160, 140, 125)
    assert (acme.names(counting), bolt.names(asked.id)) == ([], [])

    with acme.acting():
        naming = private.ask_names(actor=acme.manager, run_id=counting, at=now())
    wish = bolt.waits_for(lambda runs: runs[0].waits_for_us)
    assert (wish.mode, acme.run(naming).follows_id) == ("reveal", counting)
    bolt.agrees(wish.id, theirs, mode="reveal")
    acme.waits_until(naming, "finished")
    bolt.waits_until(wish.id, "finished")
    common = sorted(domains(90, 120))
    assert acme.names(naming) == [(domain, (f"acme-{domain}",), domain.split(".")[0].title()) for domain in common]
    assert bolt.names(wish.id) == [(domain, (f"bolt-{domain}",), domain.split(".")[0].title()) for domain in common]

    with acme.acting():
        text = queries.transcript(acme.manager, naming)
    heads = transcripts.verify(text)
    assert [(head.step, head.common) for head in heads] == [("offer", -1), ("answer", -1), ("close", 30)]
    assert heads[-1].mode == "reveal"
    assert not any(domain in text for domain in common)
    forged = json.loads(text)
    forged["messages"][2]["head"]["common"] = 31
    with acme.acting(), pytest.raises(Exception, match="is not signed by the key it names"):
        queries.checked(json.dumps(forged))

    steps = ["key_made", "peer_added", "pinned", "limits_set"]
    once = ["started", "offered", "sent", "arriving", "finished", "sent"]
    assert acme.verbs() == [*steps, *once, *once]
    once = ["arriving", "asked", "agreed", "answered", "sent", "arriving", "finished"]
    assert bolt.verbs() == [*steps, *once, *once]


def test_who_asked_hears_that_a_person_declined(pair):
    acme, bolt = pair.one, pair.other
    to_bolt, _to_acme = pair.meet(FREE)
    run_id = acme.starts(to_bolt, acme.list_of(domains(0, 110), name="Not for them"), purpose="No, thank you")
    asked = bolt.waits_for(lambda runs: bool(runs) and runs[0].waits_for_us)
    acme.waits_for(lambda _runs: acme.verbs()[-1] == "sent")
    with bolt.acting():
        private.decline(actor=bolt.manager, run_id=asked.id, at=now())
    with acme.here(), system_scope():
        privatejobs.ask_after_due(at=now() + timedelta(hours=1))
    refused = acme.waits_until(run_id, "refused")
    assert refused.problem.endswith("was declined by a person.")
    assert bolt.run(asked.id).state == "declined"


def test_what_is_killed_goes_on_and_nothing_left_the_house_meanwhile(pair):
    acme, bolt = pair.one, pair.other
    to_bolt, _to_acme = pair.meet(FREE)
    ours, theirs = acme.list_of(domains(0, 15_000), name="Large"), bolt.list_of(domains(14_000, 15_500), name="Other")
    bolt.kills("web")
    run_id = acme.starts(to_bolt, ours, purpose="After a power cut")
    time.sleep(0.5)
    acme.kills("worker")
    assert acme.run(run_id).state in ("preparing", "offered")
    acme.works()
    acme.waits_until(run_id, "offered")
    assert acme.waits_for(lambda _runs: acme.way(run_id).tries >= 1).state == "offered"
    assert [run.purpose for run in bolt.runs() if run.waits_for_us] == []

    bolt.serves()
    bolt.is_up()
    with acme.here(), system_scope():
        privatejobs.deliver_due(at=now() + timedelta(hours=1))
    asked = bolt.waits_for(lambda runs: bool(runs) and runs[0].waits_for_us)
    assert (asked.purpose, asked.their_points) == ("After a power cut", 16_000)
    bolt.agrees(asked.id, theirs)
    assert acme.waits_until(run_id, "finished").common == 1_000
    assert bolt.waits_until(asked.id, "finished").common == 1_000
