import json
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("private_set_intersection", reason="openmined-psi has no wheel for this machine")

import itertools

from openprm.mapping.engine.psi import protocol, transcripts
from openprm.mapping.engine.psi.cipher import POINT, TAG, Cipher
from openprm.mapping.engine.psi.errors import Refused
from openprm.mapping.engine.psi.limits import BUCKETS, COUNT, REVEAL, Limits, bucket
from openprm.mapping.engine.psi.messages import read
from openprm.mapping.tests.sides import NOW, companies, two_sides, whole_run


def test_both_sides_count_what_is_common_and_neither_learns_which():
    one, other = two_sides()
    _offered, answered, finished, closed = whole_run(one, other, companies(0, 30), companies(12, 60))
    assert (finished.common, closed.common) == (18, 18)
    assert (finished.found, closed.found) == (None, None)
    assert (finished.run.secret, closed.run.secret) == (b"", b"")
    tags = (answered.message.tags, finished.message.tags)
    assert all(rows.tobytes() == b"".join(sorted(rows[place].tobytes() for place in range(len(rows)))) for rows in tags)


def test_both_sides_get_their_own_names_of_what_is_common():
    one, other = two_sides()
    ours, theirs = companies(0, 30), companies(12, 60)
    offered, answered, finished, closed = whole_run(one, other, ours, theirs, REVEAL)
    assert {ours[offered.places[place]] for place in finished.found} == set(companies(12, 30))
    assert {theirs[answered.places[place]] for place in closed.found} == set(companies(12, 30))


@settings(max_examples=8, deadline=None)
@given(st.sets(st.integers(0, 200), min_size=10, max_size=90), st.sets(st.integers(0, 200), min_size=10, max_size=90), st.sampled_from([COUNT, REVEAL]))
def test_the_count_is_that_of_the_sets(left, right, mode):
    one, other = two_sides()
    named = [tuple(f"c{number}.com" for number in sorted(side)) for side in (left, right)]
    *_begun, finished, closed = whole_run(one, other, *named, mode)
    assert finished.common == closed.common == len(left & right)


def test_messages_have_the_size_of_the_bucket_and_not_of_the_list():
    sizes = []
    for count in (26, 99):
        one, other = two_sides()
        offered, answered, finished, _closed = whole_run(one, other, companies(0, count), companies(0, 50))
        sizes.append([(len(step.message.points), len(step.message.tags)) for step in (offered, answered, finished)])
    assert sizes == [[(100, 0), (100, 100), (0, 100)]] * 2
    assert len(offered.message.points.tobytes()) == 100 * POINT
    assert len(finished.message.tags.tobytes()) == 100 * TAG


def test_a_list_is_padded_by_less_than_a_third():
    assert [bucket(count) for count in (1, 100, 101, 10_000, 10_001, 1_000_000, 5_000_000)] == [100, 100, 125, 10_000, 12_500, 1_000_000, 5_000_000]
    assert max(after / before for before, after in itertools.pairwise(BUCKETS)) < 1.3


def test_the_same_list_looks_different_in_every_run():
    one, _other = two_sides()
    first, second = (set(map(bytes, one.offer(companies(0, 30)).message.points)) for _ in range(2))
    assert not first & second


def test_secrets_commute_and_a_point_that_is_none_is_refused():
    ours, theirs = Cipher(Cipher.new_secret()), Cipher(Cipher.new_secret())
    texts = ["acme.com", "xn--bcher-kva.de"]
    assert np.array_equal(theirs.again(ours.hide(texts)), ours.again(theirs.hide(texts)))
    with pytest.raises(Refused, match="no point of the curve"):
        ours.again(np.full((1, POINT), 255, np.uint8))


@pytest.mark.parametrize(
    ("count", "said"),
    [(9, r"has 9 domains; at least 10 are needed, because a count over few of them says who"), (51, "has 51 domains; at most 50 are agreed")],
)
def test_a_list_that_is_too_short_or_too_long_is_refused_on_either_side(count, said):
    one, other = two_sides(limits=Limits(least=10, most=50, few=10))
    with pytest.raises(Refused, match=said):
        one.offer(companies(0, count))
    asked = one.offer(companies(0, 20)).message
    with pytest.raises(Refused, match=said):
        other.answer(asked, companies(0, count))


def test_the_stricter_limits_count():
    one, other = two_sides()
    other.limits = Limits(least=101, most=200)
    other.meets(one)
    with pytest.raises(Refused, match="has 100 points; lists of less than 125 are refused"):
        other.answer(one.offer(companies(0, 100)).message, companies(0, 150))
    with pytest.raises(Refused, match="has 250 points; at most 200 are agreed"):
        other.answer(one.offer(companies(0, 201)).message, companies(0, 150))


@pytest.mark.parametrize(
    "agreed", [{"least": 9}, {"most": 5_000_001}, {"least": 200, "most": 100}, {"runs": 0}, {"runs": 101}, {"days": 0}, {"few": 9}, {"few": 1}]
)
def test_no_setting_goes_beyond_what_protects(agreed):
    with pytest.raises(Refused):
        Limits(**agreed)


def test_so_many_runs_in_a_period_and_no_more():
    one, other = two_sides()
    for day in (0, 10):
        whole_run(one, other, companies(0, 30), companies(0, 50), at=NOW + timedelta(days=day))
    with pytest.raises(Refused, match=r"2 runs with this peer in 30 days; 2 are agreed. The next can be on 2026-12-23"):
        one.offer(companies(0, 30), at=NOW + timedelta(days=29))
    assert whole_run(one, other, companies(0, 30), companies(0, 50), at=NOW + timedelta(days=30, seconds=1))[2].common == 30


def test_one_run_at_a_time_and_one_that_was_answered_counts_even_when_given_up():
    one, other = two_sides()
    asked = one.offer(companies(0, 30)).message
    answered = other.answer(asked, companies(0, 50))
    other.remember(answered.run, companies(0, 50))
    with pytest.raises(Refused, match="is still open"):
        other.answer(one.offer(companies(0, 30)).message, companies(0, 50))
    for _ in range(2):
        other.remember(protocol.drop(answered.run), companies(0, 50))
        if len(other.past) == 1:
            answered = other.answer(one.offer(companies(0, 30)).message, companies(0, 50))
    with pytest.raises(Refused, match="2 runs with this peer in 30 days"):
        other.answer(one.offer(companies(0, 30)).message, companies(0, 50))


def test_an_offer_that_was_given_up_before_its_answer_costs_nothing():
    one, _other = two_sides()
    for _ in range(3):
        given_up = protocol.drop(one.offer(companies(0, 30)).run)
        one.remember(given_up, companies(0, 30))
    assert (given_up.stage, given_up.secret) == ("dropped", b"")
    assert one.offer(companies(0, 30)).run.stage == "offered"


@pytest.mark.parametrize(("theirs", "refused"), [((0, 50), False), ((0, 51), True), ((1, 50), True), ((5, 54), True), ((0, 60), False)])
def test_two_counts_over_lists_that_differ_in_few_domains_are_refused(theirs, refused):
    one, other = two_sides()
    whole_run(one, other, companies(0, 30), companies(0, 50))
    asked = one.offer(companies(0, 30)).message
    if refused:
        with pytest.raises(Refused, match=r"differs in \d domains from the one of run .*: the two counts together would say who they are"):
            other.answer(asked, companies(*theirs))
    else:
        assert other.answer(asked, companies(*theirs)).run.stage == "answered"


def test_the_offering_side_is_kept_from_differencing_too():
    one, other = two_sides()
    whole_run(one, other, companies(0, 30), companies(0, 50))
    with pytest.raises(Refused, match="differs in 1 domains"):
        one.offer(companies(0, 31))


def test_a_name_run_after_a_count_is_kept_from_differencing_and_two_name_runs_are_not():
    one, other = two_sides()
    whole_run(one, other, companies(0, 30), companies(0, 50))
    with pytest.raises(Refused, match="differs in 1 domains"):
        one.offer(companies(0, 31), REVEAL)
    one, other = two_sides()
    whole_run(one, other, companies(0, 30), companies(0, 50), REVEAL)
    assert one.offer(companies(0, 31), REVEAL).run.stage == "offered"


@pytest.mark.parametrize(("asked", "consent"), [(REVEAL, COUNT), (COUNT, REVEAL)])
def test_names_are_shown_only_when_both_sides_want_it(asked, consent):
    one, other = two_sides()
    with pytest.raises(Refused, match="Both sides must want the same"):
        other.answer(one.offer(companies(0, 30), asked).message, companies(0, 50), consent)


@pytest.mark.parametrize(("purpose", "life"), [("", 7), ("two\nlines", 7), ("x" * 201, 7), ("plan", 0), ("plan", 32)])
def test_an_offer_says_what_for_and_how_long(purpose, life):
    one, _other = two_sides()
    with pytest.raises(Refused):
        one.offer(companies(0, 30), purpose=purpose, life=timedelta(days=life))


def test_an_offer_is_not_answered_after_its_time_nor_before_it():
    one, other = two_sides()
    asked = one.offer(companies(0, 30), life=timedelta(days=1)).message
    for at, said in ((NOW + timedelta(days=1), "stood until 24 November 2026, 10:00 UTC"), (NOW - timedelta(hours=2), "dated in the future")):
        with pytest.raises(Refused, match=said):
            other.answer(asked, companies(0, 50), at=at)


def test_the_transcript_shows_who_sent_what_and_a_changed_one_is_seen():
    one, other = two_sides()
    *_begun, finished, closed = whole_run(one, other, companies(0, 30), companies(12, 60))
    assert [head.hash for head in finished.run.heads] == [head.hash for head in closed.run.heads]
    text = transcripts.written(finished.run.heads, (one.peer.public, other.peer.public))
    heads = transcripts.verify(text)
    assert [(head.step, head.sender, head.common) for head in heads] == [
        ("offer", one.me.fingerprint, -1),
        ("answer", other.me.fingerprint, -1),
        ("close", one.me.fingerprint, 18),
    ]
    assert "company" not in text
    told = json.loads(text)
    told["messages"][2]["head"]["common"] = 19
    with pytest.raises(Refused, match="Message 3 is not signed"):
        transcripts.verify(json.dumps(told))
    told["messages"] = [told["messages"][0], *told["messages"][2:]]
    with pytest.raises(Refused, match="Message 2"):
        transcripts.verify(json.dumps(told))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_message_with_any_byte_changed_is_refused(data):
    raw = bytearray(RAW)
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refused):
        OTHER.answer(read(bytes(raw)), companies(0, 50))


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.integers(0, 5000).map(lambda cut: RAW[:cut]), st.binary(min_size=1, max_size=9).map(lambda more: RAW + more)))
def test_noise_and_cut_off_messages_are_refused(raw):
    if raw != RAW:
        with pytest.raises(Refused):
            read(raw)


ONE, OTHER = two_sides()
RAW = ONE.offer(companies(0, 30)).message.to_bytes()
