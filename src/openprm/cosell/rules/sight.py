"""Who sees whom in an engagement: the one rule behind every query, row-level security, mail and count (L6).

The host and the vendor see everybody and are seen by everybody. Two other members see each other unless one of them is
hidden. A member that left sees nothing any more; what it said stays with those who could see it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Party = TypeVar("Party")


@dataclass(frozen=True, slots=True)
class Standing(Generic[Party]):
    party: Party
    is_host: bool = False
    is_vendor: bool = False
    hidden: bool = False
    full: bool = True
    left: bool = False

    @property
    def is_open(self) -> bool:
        """Seen by all and seeing all."""
        return self.is_host or self.is_vendor


def sees(viewer: Standing, other: Standing) -> bool:
    if viewer.left:
        return False
    if viewer.party == other.party or viewer.is_open or other.is_open:
        return True
    return not viewer.hidden and not other.hidden


def seen_by(viewer: Standing[Party], members: Iterable[Standing[Party]]) -> frozenset[Party]:
    return frozenset(other.party for other in members if sees(viewer, other))


def may_read(viewer: Standing, author: Standing, audience: str) -> bool:
    """Whether a note, task or file of `author` for `audience` is the viewer's to read."""
    if viewer.left or viewer.party == author.party:
        return not viewer.left
    if audience == "private" or not sees(viewer, author):
        return False
    return audience == "shared" or viewer.full or viewer.is_host
