import copy
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from openprm.audit.rules.entries import leaf_of
from openprm.audit.rules.proofs import NotAProof, proof_document, read_proof, verify_proof
from openprm.audit.tests.logs import PUBLIC, make_batch, make_entry


def make_proof(position=2, size=5, **more):
    entries = [make_entry(number) for number in range(1, size + 1)]
    batch = make_batch(entries)
    leaves = [leaf_of(entry) for entry in entries]
    return proof_document(entry=entries[position], leaves=leaves, position=position, seal=batch.seal, public=PUBLIC.public, **more)


def changed(document, *path, to):
    forged = copy.deepcopy(document)
    place = forged
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return forged


@given(st.integers(1, 40), st.data())
def test_a_proof_holds_after_a_trip_through_a_file(size, data):
    position = data.draw(st.integers(0, size - 1))
    raw = json.dumps(make_proof(position, size), indent=2).encode()

    verdict = verify_proof(read_proof(raw), trusted_key=PUBLIC.fingerprint)

    assert verdict.holds, verdict.first_failure


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("event", "at"), "2026-11-20T10:00:00.000000Z", "event_matches_leaf"),
        (("event", "changes"), {"status": ["submitted", "rejected"]}, "event_matches_leaf"),
        (("event", "private_digest"), "00" * 32, "event_matches_leaf"),
        (("position",), 3, "leaf_under_root"),
        (("path", 0), "00" * 32, "leaf_under_root"),
        (("seal", "root"), "00" * 32, "leaf_under_root"),
        (("seal", "at"), "2026-11-20T10:00:00.000000Z", "seal_hash"),
        (("seal_hash",), "00" * 32, "seal_hash"),
        (("signature",), "AAAA", "signature"),
    ],
)
def test_a_changed_proof_fails_at_the_step_that_was_changed(path, value, code):
    verdict = verify_proof(changed(make_proof(), *path, to=value))

    assert verdict.first_failure.code == code


def test_a_seal_made_by_somebody_else_is_not_trusted():
    verdict = verify_proof(make_proof(), trusted_key="ab" * 32)

    assert verdict.first_failure.code == "trusted_key"


def test_the_key_of_somebody_else_does_not_fit_the_seal():
    import base64

    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    verdict = verify_proof(changed(make_proof(), "public_key", to=base64.b64encode(other).decode()))

    assert verdict.first_failure.code == "key_matches_seal"


def test_a_proof_says_nothing_of_the_private_half():
    text = json.dumps(make_proof())

    assert "score" not in text
    assert "visible_to" not in text


def test_the_vendor_can_open_the_private_half_and_it_is_checked():
    proof = make_proof(with_private=True)

    assert verify_proof(proof).holds
    assert proof["private"]["content"]["private"] == {"score": [None, 72]}
    forged = changed(proof, "private", "content", "private", to={"score": [None, 99]})
    assert verify_proof(forged).first_failure.code == "private_half"


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"kind":"openprm-audit-proof","v":2}', b"\xff\xfe", b"[" * 100_000, b"0" * (5 * 1024 * 1024)])
def test_a_file_that_is_no_proof_is_refused(raw):
    with pytest.raises(NotAProof):
        read_proof(raw)


@given(st.data())
def test_any_missing_or_foreign_field_is_refused_and_never_crashes(data):
    proof = make_proof(with_private=True)
    name = data.draw(st.sampled_from([name for name in proof if name not in ("kind", "v", "seal_hash", "private")]))
    value = data.draw(st.none() | st.booleans() | st.floats() | st.lists(st.integers()) | st.text())

    try:
        verdict = verify_proof(changed(proof, name, to=value))
    except NotAProof:
        return
    assert not verdict.holds
