"""How a version stands, derived from its dates; how an acceptance stands. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

DEFAULT_SIGNERS = ("partner_admin",)
SIGNER_ROLES = ("partner_admin", "partner_sales", "partner_marketer", "partner_technical")
BLOCKS = ("deals", "leads", "funds", "payouts")
OPEN = ("sent", "declined")


class Dated(Protocol):
    """A published version: its number and when it takes effect."""

    number: int | None
    effective_at: datetime | None
    state: str


V = TypeVar("V", bound=Dated)


def in_force(versions: Iterable[V], at: datetime) -> V | None:
    """The published version with the highest number that has taken effect."""
    effective = [one for one in versions if one.state == "published" and one.effective_at is not None and one.effective_at <= at]
    return max(effective, key=lambda one: one.number or 0, default=None)


def announced(versions: Iterable[V], at: datetime) -> list[V]:
    """Published versions that take effect later, the next one first."""
    ahead = [one for one in versions if one.state == "published" and one.effective_at is not None and one.effective_at > at]
    return sorted(ahead, key=lambda one: one.number or 0)


def standing(version: Dated, current: Dated | None, at: datetime) -> str:
    """draft, withdrawn, announced, in_force or superseded."""
    if version.state != "published":
        return version.state
    if version.effective_at is not None and version.effective_at > at:
        return "announced"
    return "in_force" if current is not None and version.number == current.number else "superseded"


@dataclass(frozen=True, slots=True)
class Held:
    """What a partner has of one document: the number and status of each version that was put before it."""

    number: int
    status: str


def numbers_to_ask(versions: Sequence[Dated], needs_reacceptance: dict[int, bool], held: Sequence[Held], at: datetime) -> list[int]:
    """The version numbers to put before a partner now: the one in force and those announced, as far as they ask it anew.

    A partner that accepted an earlier version is asked again only when a version since then wants that; one that accepted
    nothing is asked for the version in force in any case.
    """
    current = in_force(versions, at)
    wanted = [one.number for one in ([current] if current else []) + announced(versions, at) if one and one.number]
    asked = {one.number for one in held}
    return [number for number in wanted if number not in asked and _asks(number, current, needs_reacceptance, held)]


def _asks(number: int, current: Dated | None, needs_reacceptance: dict[int, bool], held: Sequence[Held]) -> bool:
    accepted = max((one.number for one in held if one.status == "accepted"), default=0)
    if accepted > number:
        return False
    if not accepted and (current is None or current.number == number):
        return True
    return any(needs_reacceptance.get(between, True) for between in range(accepted + 1 if accepted else number, number + 1))
