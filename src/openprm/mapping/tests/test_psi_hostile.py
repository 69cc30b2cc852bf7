"""What a peer with altered software, or somebody in between, may send: each is refused with a sentence, and no secret was used for it."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

pytest.importorskip("private_set_intersection", reason="openmined-psi has no wheel for this machine")

from openprm.mapping.engine.psi import protocol
from openprm.mapping.engine.psi.cipher import Cipher, no_points, values, xs
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.limits import COUNT, REVEAL
from openprm.mapping.engine.psi.messages import Message
from openprm.mapping.tests.sides import NOW, Side, companies, two_sides, whole_run

OURS, THEIRS = companies(0, 30), companies(12, 60)


@pytest.fixture
def nobody_computes(monkeypatch):
    """From here on no secret may touch anything."""

    def refuse():
        monkeypatch.setattr(Cipher, "again", lambda *_: pytest.fail("a secret was used"))
        monkeypatch.setattr(Cipher, "hide", lambda *_: pytest.fail("a secret was used"))

    return refuse


def begun(mode=COUNT):
    one, other = two_sides()
    offered = one.offer(OURS, mode)
    return one, other, offered, other.answer(offered.message, THEIRS, mode)


def test_a_repeated_offer_is_refused(nobody_computes):
    _one, other, offered, answered = begun()
    other.remember(protocol.drop(answered.run), THEIRS)
    nobody_computes()
    with pytest.raises(Refused, match="was taken already, and an offer is answered once"):
        other.answer(offered.message, THEIRS)


def test_a_repeated_answer_and_a_repeated_close_are_refused(nobody_computes):
    one, other, offered, answered = begun()
    finished = one.finish(offered, answered.message)
    closed = other.close(answered, finished.message)
    nobody_computes()
    for side, before, ended, message in ((one, offered, finished, answered.message), (other, answered, closed, finished.message)):
        with pytest.raises(Refused, match=r"is finished: no (answer|close) is read in it now"):
            (side.finish if side is one else side.close)(replace(before, run=ended.run), message)


def test_messages_out_of_order_are_refused(nobody_computes):
    one, other, offered, answered = begun()
    finished = one.finish(offered, answered.message)
    nobody_computes()
    with pytest.raises(Refused, match="is answered: no answer is read"):
        other.finish(answered, answered.message)
    with pytest.raises(Refused, match="is offered: no close is read"):
        one.close(offered, finished.message)
    with pytest.raises(Refused, match="The step of this message is 'close', and 'offer' is due"):
        other.answer(finished.message, THEIRS)


def test_our_own_message_sent_back_is_refused(nobody_computes):
    one, _other, offered, _answered = begun()
    nobody_computes()
    for read in (lambda: one.finish(offered, offered.message), lambda: one.answer(offered.message, OURS)):
        with pytest.raises(Refused, match="This message is our own"):
            read()


def test_the_answer_to_another_run_is_refused(nobody_computes):
    one, other, offered, _answered = begun()
    second = other.answer(one.offer(OURS).message, THEIRS)
    nobody_computes()
    with pytest.raises(Refused, match="does not follow what was last sent"):
        one.finish(offered, second.message)
    with pytest.raises(Refused, match="does not follow what was last sent"):
        one.finish(offered, other.says(second.message, run=offered.run.id))


def test_a_stranger_and_a_message_for_a_stranger_are_refused(nobody_computes):
    one, _other, offered, answered = begun()
    stranger = Side()
    stranger.meets(one)
    nobody_computes()
    with pytest.raises(Refused, match="not signed by the pinned key"):
        one.finish(offered, stranger.says(answered.message, sender=stranger.me.fingerprint))
    with pytest.raises(Refused, match="not signed by the pinned key"):
        one.finish(offered, stranger.says(answered.message))
    with pytest.raises(Refused, match="for somebody else"):
        stranger.answer(offered.message, THEIRS)


def test_points_without_the_signature_that_covers_them_are_refused(nobody_computes):
    one, _other, offered, answered = begun()
    head = replace(answered.message.head, points=125)
    nobody_computes()
    with pytest.raises(Refused, match="not signed"):
        one.finish(offered, Message(replace(answered.message.signed, head=head), answered.message.points, answered.message.tags))


def one_twice(points):
    changed = points.copy()
    changed[1] = changed[0]
    return changed


def opposite(points):
    """The same x with the other sign: the same secret shows in both."""
    changed = points.copy()
    changed[1] = changed[0]
    changed[1, 0] ^= 1
    return changed


def unsorted(points):
    return points[::-1].copy()


def uncompressed(points):
    changed = points.copy()
    changed[0, 0] = 4
    return changed


def off_the_curve(points):
    changed = points.copy()
    changed[-1, 1:] = 255
    return changed


@pytest.mark.parametrize("spoilt", [one_twice, opposite, unsorted, uncompressed, off_the_curve])
@pytest.mark.parametrize("step", ["offer", "answer"])
def test_points_that_honest_software_never_sends_are_refused(spoilt, step):
    one, other, offered, answered = begun()
    with pytest.raises(Refused, match="made by other software"):
        if step == "offer":
            other.answer(one.says(one.offer(OURS).message, points=spoilt(offered.message.points)), THEIRS)
        else:
            one.finish(offered, other.says(answered.message, points=spoilt(answered.message.points)))


def test_a_list_outside_the_buckets_is_refused(nobody_computes):
    one, other, offered, answered = begun()
    nobody_computes()
    for size in (0, 1, 99):
        with pytest.raises(Refused, match=f"has {size} points, and no list is padded to that"):
            other.answer(one.says(offered.message, points=offered.message.points[:size]), THEIRS)
        with pytest.raises(Refused, match=f"has {size} points, and no list is padded to that"):
            one.finish(offered, other.says(answered.message, points=answered.message.points[:size]))


def test_our_own_points_given_back_as_the_other_list_are_refused(nobody_computes):
    one, other, offered, answered = begun()
    mixed = np.concatenate([answered.message.points[:-1], offered.message.points[:1]])
    nobody_computes()
    for points in (offered.message.points, mixed[np.argsort(xs(mixed))]):
        with pytest.raises(Refused, match="gives back points of our own offer"):
            one.finish(offered, other.says(answered.message, points=points))


@pytest.mark.parametrize("mode", [COUNT, REVEAL])
def test_points_given_back_must_be_as_many_as_were_sent_and_none_twice(mode, nobody_computes):
    one, other, offered, answered = begun(mode)
    back = answered.message.tags
    twice = np.concatenate([back[:1], back[:-1]])
    nobody_computes()
    for tags, said in ((back[:-1], "gives 99 points back; 100 were sent"), (twice, "twice")):
        with pytest.raises(Refused, match=said):
            one.finish(offered, other.says(answered.message, tags=tags))


def test_a_count_whose_points_come_back_in_the_order_they_were_sent_is_refused():
    """That order would show which of our domains are common, though a count was agreed."""
    one, other, offered, answered = begun()
    in_order = other.says(answered.message, tags=answered.message.tags[np.random.default_rng(1).permutation(100)])
    with pytest.raises(Refused, match="not in their order"):
        one.finish(offered, in_order)


@pytest.mark.parametrize("changed", [{"mode": REVEAL}, {"purpose": "spam"}, {"expires": NOW + timedelta(days=30)}])
def test_nothing_agreed_changes_on_the_way(changed, nobody_computes):
    one, other, offered, answered = begun()
    nobody_computes()
    with pytest.raises(Refused, match="another mode, purpose or end"):
        one.finish(offered, other.says(answered.message, **changed))


def test_an_answer_from_the_future_or_with_a_count_is_refused(nobody_computes):
    one, other, offered, answered = begun()
    nobody_computes()
    for changed, said in (({"at": NOW + timedelta(hours=2)}, "dated in the future"), ({"common": 18}, "tells a count")):
        with pytest.raises(Refused, match=said):
            one.finish(offered, other.says(answered.message, **changed))


def test_an_offer_that_stands_for_ever_or_goes_on_from_something_is_refused(nobody_computes):
    one, other, offered, _answered = begun()
    nobody_computes()
    for changed in ({"expires": NOW + timedelta(days=32)}, {"previous": "1" * 64}, {"common": 0}):
        with pytest.raises(Refused, match=r"stands for more than 31 days|no first message"):
            other.answer(one.says(offered.message, **changed), THEIRS)


def test_a_close_that_tells_another_count_than_its_points_is_refused():
    one, other, offered, answered = begun()
    finished = one.finish(offered, answered.message)
    with pytest.raises(Refused, match="says that 17 domains are common, and what it sent says 18"):
        other.close(answered, one.says(finished.message, common=17))


def test_more_in_common_than_our_list_has_is_refused():
    one, other, offered, answered = begun()
    finished = one.finish(offered, answered.message)
    flattered = one.says(finished.message, tags=answered.message.tags, common=100)
    with pytest.raises(Refused, match="More is common than our list has domains"):
        other.close(answered, flattered)


def test_a_close_with_points_is_refused(nobody_computes):
    one, other, offered, answered = begun()
    finished = one.finish(offered, answered.message)
    nobody_computes()
    with pytest.raises(Refused, match="carries points"):
        other.close(answered, one.says(finished.message, points=offered.message.points))


def test_a_run_that_was_given_up_reads_nothing_more(nobody_computes):
    one, _other, offered, answered = begun()
    given_up = replace(offered, run=protocol.drop(offered.run))
    nobody_computes()
    with pytest.raises(Refused, match="is dropped"):
        one.finish(given_up, answered.message)
    with pytest.raises(Refused, match="is dropped already"):
        protocol.drop(given_up.run)


def test_what_a_count_sends_back_says_nothing_of_its_order():
    """Neither answer nor close keep the place of a point, so what is matched cannot be told from where it stands."""
    one, other = two_sides()
    _offered, answered, finished, _closed = whole_run(one, other, OURS, THEIRS)
    for message in (answered.message, finished.message):
        found = values(message.tags)
        assert np.all(found[1:] > found[:-1])
    assert finished.message.points.shape == no_points().shape
