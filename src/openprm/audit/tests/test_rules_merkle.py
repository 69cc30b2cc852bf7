import hashlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openprm.audit.rules import merkle

# The reference tree of the certificate transparency log tests (RFC 6962, eight inputs).
INPUTS = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_that_of_the_reference_log(size):
    assert merkle.root([merkle.leaf_hash(data) for data in INPUTS[:size]]).hex() == ROOTS[size - 1]


def test_the_empty_tree_is_the_hash_of_nothing():
    assert merkle.root([]) == hashlib.sha256(b"").digest()


def _split_root(leaves):
    """RFC 6962 section 2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(_split_root(leaves[:k]), _split_root(leaves[k:]))


@given(LEAVES)
def test_the_root_equals_the_recursive_definition(leaves):
    assert merkle.root(leaves) == _split_root(leaves)


@given(LEAVES, st.data())
def test_every_path_leads_to_the_root(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))

    steps = merkle.path(leaves, index)

    assert merkle.root_from_path(leaves[index], index, len(leaves), steps) == merkle.root(leaves)
    assert len(steps) <= (len(leaves) - 1).bit_length()


@given(LEAVES, st.data())
def test_a_path_does_not_carry_another_leaf(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    forged = data.draw(st.binary(min_size=32, max_size=32))
    assume(forged != leaves[index])

    assert merkle.root_from_path(forged, index, len(leaves), merkle.path(leaves, index)) != merkle.root(leaves)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=70, unique=True), st.data())
def test_a_path_does_not_carry_its_leaf_to_another_place(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    elsewhere = data.draw(st.integers(0, len(leaves) - 1))
    assume(elsewhere != index)

    assert merkle.root_from_path(leaves[index], elsewhere, len(leaves), merkle.path(leaves, index)) != merkle.root(leaves)


@given(LEAVES, st.data())
def test_a_path_that_is_too_long_or_too_short_leads_nowhere(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    steps = merkle.path(leaves, index)

    assert merkle.root_from_path(leaves[index], index, len(leaves), [*steps, b"\0" * 32]) is None
    assert not steps or merkle.root_from_path(leaves[index], index, len(leaves), steps[:-1]) is None


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_place_outside_the_tree_leads_nowhere(index, size):
    assert merkle.root_from_path(b"\0" * 32, index, size, []) is None


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=30, unique=True), st.data())
def test_the_leaf_that_was_slipped_in_is_found(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))

    assert merkle.inserted_at(leaves, merkle.root(leaves[:index] + leaves[index + 1 :]).hex()) == index
