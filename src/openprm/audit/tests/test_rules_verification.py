from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from openprm.audit.rules.entries import leaf_of
from openprm.audit.rules.seals import NO_SEAL, PublicKey, sign
from openprm.audit.rules.verification import Member, verify_log
from openprm.audit.tests.logs import KEY, PUBLIC, make_batch, make_entry, make_log


def with_members(batch, members):
    return replace(batch, members=list(members))


def renumbered(members):
    return [replace(member, position=index) for index, member in enumerate(members)]


def with_seal(batch, **values):
    seal = replace(batch.seal.seal, **values)
    return replace(batch, seal=replace(batch.seal, seal=seal))


def breaks(batches, **more):
    return [(found.code, found.seal, found.event_id, found.position) for found in verify_log(keys=[PUBLIC], batches=batches, **more).breaks]


def event_id(number):
    return str(UUID(int=number))


@given(st.lists(st.integers(1, 12), max_size=5))
def test_an_untouched_log_is_whole(sizes):
    report = verify_log(keys=[PUBLIC], batches=make_log(*sizes), waiting=3)

    assert report.is_whole
    assert (report.seals, report.events, report.waiting) == (len(sizes), sum(sizes), 3)


def test_an_empty_log_is_whole_and_has_no_head():
    report = verify_log(keys=[], batches=[])

    assert (report.is_whole, report.head, report.head_at) == (True, NO_SEAL, None)


def test_a_changed_event_is_named():
    first, second = make_log(3, 4)
    forged = leaf_of(make_entry(5, verb="deal.rejected"))
    members = [replace(member, computed=forged) if member.position == 1 else member for member in second.members]

    assert breaks([first, with_members(second, members)]) == [("event_changed", 2, event_id(5), 1)]


def test_a_changed_private_half_is_named_too():
    (batch,) = make_log(3)
    forged = leaf_of(make_entry(2, private={"score": [None, 73]}))
    members = [replace(member, computed=forged) if member.position == 1 else member for member in batch.members]

    assert breaks([with_members(batch, members)]) == [("event_changed", 1, event_id(2), 1)]


def test_a_deleted_event_is_named():
    (batch,) = make_log(3)
    members = [replace(member, computed=None) if member.position == 2 else member for member in batch.members]

    assert breaks([with_members(batch, members)]) == [("event_missing", 1, event_id(3), 2)]


def test_an_event_deleted_with_its_place_is_missed_at_its_position():
    (batch,) = make_log(4)

    assert breaks([with_members(batch, [batch.members[0], *batch.members[2:]])]) == [("event_missing", 1, "", 1)]


def test_an_event_deleted_with_its_place_and_the_gap_closed_is_missed_in_its_seal():
    (batch,) = make_log(4)

    assert breaks([with_members(batch, renumbered(batch.members[1:]))]) == [("event_missing", 1, "", None)]


def test_two_events_that_changed_places_are_noticed():
    (batch,) = make_log(4)
    one, two, three, four = batch.members

    assert breaks([with_members(batch, renumbered([one, three, two, four]))]) == [("order_changed", 1, event_id(2), 2)]


def test_an_event_appended_to_a_sealed_batch_is_named():
    (batch,) = make_log(3)
    leaf = leaf_of(make_entry(77))

    assert breaks([with_members(batch, [*batch.members, Member(3, event_id(77), leaf, leaf)])]) == [("event_inserted", 1, event_id(77), 3)]


def test_an_event_slipped_into_the_middle_is_named():
    (batch,) = make_log(6)
    leaf = leaf_of(make_entry(77))
    members = renumbered([*batch.members[:2], Member(2, event_id(77), leaf, leaf), *batch.members[2:]])

    assert breaks([with_members(batch, members)]) == [("event_inserted", 1, event_id(77), 2)]


def test_an_event_rewritten_with_its_stored_hash_breaks_the_root():
    (batch,) = make_log(3)
    forged = leaf_of(make_entry(2, verb="deal.rejected"))
    members = [replace(member, computed=forged, stored=forged) if member.position == 1 else member for member in batch.members]

    assert breaks([with_members(batch, members)]) == [("root_wrong", 1, "", None)]


@pytest.mark.parametrize("change", [{"root": "00" * 32}, {"size": 2}, {"number": 1, "at": make_entry(5).at}, {"previous": "11" * 32}])
def test_a_rewritten_seal_is_named(change):
    batch = make_log(3)[0]

    found = breaks([with_seal(batch, **change)])

    assert ("seal_changed", 1, "", None) in found


def test_a_seal_rewritten_with_its_stored_hash_still_lacks_the_signature():
    first, second = make_log(3, 2)
    forged = with_seal(first, at=make_entry(5).at)
    forged = replace(forged, stored_hash=forged.seal.seal.hash)

    assert [found[:2] for found in breaks([forged, second])] == [("seal_changed", 1), ("chain_broken", 2)]


def test_a_missing_seal_is_named():
    first, _second, third = make_log(2, 2, 2)

    assert breaks([first, third]) == [("seal_missing", 2, "", None)]


def test_an_event_behind_the_back_of_the_log_is_named():
    assert breaks(make_log(2), strays=[event_id(55)]) == [("event_unlisted", None, event_id(55), None)]


def test_a_log_sealed_anew_by_another_key_is_noticed():
    other = Ed25519PrivateKey.generate()
    public = PublicKey(public=other.public_key().public_bytes_raw())
    anew = make_batch([make_entry(1)], key=other)

    report = verify_log(keys=[public], batches=[anew], trusted_key=PUBLIC.fingerprint)

    assert [found.code for found in report.breaks] == ["key_not_trusted"]


def test_a_key_that_nobody_published_is_refused():
    assert breaks([make_batch([make_entry(1)], key=Ed25519PrivateKey.generate())]) == [("key_unknown", 1, "", None)]


def test_a_log_that_was_cut_off_misses_the_copy_kept_outside():
    first, second = make_log(2, 2)

    assert breaks([first], checkpoints=[second.seal]) == [("checkpoint_lost", 2, "", None)]


def test_a_log_written_anew_differs_from_the_copy_kept_outside():
    kept = make_log(2)[0].seal
    anew = make_batch([make_entry(1), make_entry(3)])

    assert breaks([anew], checkpoints=[kept]) == [("checkpoint_differs", 1, "", None)]


def test_a_new_key_endorsed_by_the_old_one_is_no_news():
    new = Ed25519PrivateKey.generate()
    raw = new.public_key().public_bytes_raw()
    public = PublicKey(public=raw, endorsed_by=PUBLIC.fingerprint, endorsement=KEY.sign(raw))
    first = make_log(2)[0]
    second = make_batch([make_entry(9)], after=first, key=new)

    report = verify_log(keys=[PUBLIC, public], batches=[first, second])

    assert (report.breaks, report.notices) == ((), ())


def test_a_new_key_without_endorsement_is_a_notice():
    new = Ed25519PrivateKey.generate()
    first = make_log(2)[0]
    second = make_batch([make_entry(9)], after=first, key=new)

    report = verify_log(keys=[PUBLIC, PublicKey(public=new.public_key().public_bytes_raw())], batches=[first, second])

    assert report.is_whole
    assert [(found.code, found.seal) for found in report.notices] == [("key_not_endorsed", 2)]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.data())
def test_any_single_change_of_a_leaf_is_found_at_its_row(sizes, data):
    batches = make_log(*sizes)
    which = data.draw(st.integers(0, len(batches) - 1))
    index = data.draw(st.integers(0, sizes[which] - 1))
    forged = data.draw(st.binary(min_size=32, max_size=32))
    members = list(batches[which].members)
    members[index] = replace(members[index], computed=forged)
    batches[which] = with_members(batches[which], members)

    report = verify_log(keys=[PUBLIC], batches=batches)

    assert (report.first_break.code, report.first_break.seal, report.first_break.position) == ("event_changed", which + 1, index)


def test_a_seal_signed_for_another_log_does_not_fit():
    batch = make_log(2)[0]
    foreign = sign(replace(batch.seal.seal, root="22" * 32), KEY)

    assert breaks([replace(batch, seal=replace(batch.seal, signature=foreign.signature))]) == [("seal_changed", 1, "", None)]
