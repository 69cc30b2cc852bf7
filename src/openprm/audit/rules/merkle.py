"""Merkle trees as in RFC 6962: a leaf and a node are hashed in different domains, and the tree of n leaves
splits at the largest power of two below n."""

import hashlib
from collections.abc import Sequence

SIZE = 32


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash over all `leaves`, which are leaf hashes in order. The empty tree is the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def _level_above(level: list[bytes]) -> list[bytes]:
    """Pair neighbours; an odd last one moves up as it is, which equals the split of RFC 6962."""
    above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return above + level[-1:] if len(level) % 2 else above


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root, nearest first. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    level, steps = list(leaves), []
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            steps.append(level[neighbour])
        level, index = _level_above(level), index // 2
    return steps


def root_from_path(leaf: bytes, index: int, size: int, steps: Sequence[bytes]) -> bytes | None:
    """The root that `steps` give for a leaf at `index` of `size`; None when the steps do not fit that place."""
    if not 0 <= index < size:
        return None
    node, last, left = leaf, size - 1, list(steps)
    while last:
        if index % 2 or index != last:
            if not left:
                return None
            step = left.pop(0)
            node = node_hash(step, node) if index % 2 else node_hash(node, step)
        index, last = index // 2, last // 2
    return None if left else node


def inserted_at(leaves: Sequence[bytes], expected: str, *, most: int = 4096) -> int | None:
    """Which single leaf must go so that the rest give the hexadecimal root `expected`; None when none does or the tree is too large to try."""
    if len(leaves) > most:
        return None
    for index in range(len(leaves)):
        if root([*leaves[:index], *leaves[index + 1 :]]).hex() == expected:
            return index
    return None
