"""Whose invitations a partner takes, and what the members' shares may sum to."""

from collections.abc import Collection, Iterable
from uuid import UUID

WHOLE = 10_000


def takes_invitations(mode: str, exceptions: Collection[UUID], sender: UUID) -> bool:
    """By the partner's own connection rule. The vendor is not asked here: it is a partner of everybody."""
    if mode == "deny_all":
        return False
    return mode == "allow_all" or sender not in exceptions


def left_to_give(shares: Iterable[int]) -> int:
    """What is left of the whole, in basis points; never below nothing."""
    return max(0, WHOLE - sum(shares))


def fits(shares: Iterable[int]) -> bool:
    shares = tuple(shares)
    return all(0 <= share <= WHOLE for share in shares) and sum(shares) <= WHOLE
