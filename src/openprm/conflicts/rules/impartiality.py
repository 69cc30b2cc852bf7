"""Who may not judge a case, and whom the system proposes. Plain values in, a reason or a person out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Bias(StrEnum):
    """Why a person cannot judge, the strongest first."""

    NO_PERSON = "no_person"
    IS_PARTY = "is_party"
    DECIDED_FIRST = "decided_first"
    DECIDED_DEAL = "decided_deal"
    SPOKE = "spoke"
    OPENED = "opened"
    OWNS_ACCOUNT = "owns_account"
    MANAGES_PARTNER = "manages_partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """Who is bound to a case, by what."""

    parties: frozenset[UUID] = frozenset()
    earlier_judges: frozenset[UUID] = frozenset()
    deal_deciders: frozenset[UUID] = frozenset()
    speakers: frozenset[UUID] = frozenset()
    opener: UUID | None = None
    account_owner: UUID | None = None
    managers: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person who holds the right to judge, and how many cases they judge now."""

    user_id: UUID
    name: str
    load: int = 0
    bias: Bias | None = field(default=None)


def bias_of(user_id: UUID | None, ties: Ties) -> Bias | None:
    """The reason why this person cannot judge, or None."""
    if user_id is None:
        return Bias.NO_PERSON
    held = (
        (Bias.IS_PARTY, user_id in ties.parties),
        (Bias.DECIDED_FIRST, user_id in ties.earlier_judges),
        (Bias.DECIDED_DEAL, user_id in ties.deal_deciders),
        (Bias.SPOKE, user_id in ties.speakers),
        (Bias.OPENED, user_id == ties.opener),
        (Bias.OWNS_ACCOUNT, user_id == ties.account_owner),
        (Bias.MANAGES_PARTNER, user_id in ties.managers),
    )
    return next((bias for bias, holds in held if holds), None)


def weigh(people: Iterable[Candidate], ties: Ties) -> tuple[Candidate, ...]:
    """Everybody with the right, the free ones first: by load, then by name."""
    seen = [Candidate(user_id=one.user_id, name=one.name, load=one.load, bias=bias_of(one.user_id, ties)) for one in people]
    return tuple(sorted(seen, key=lambda one: (one.bias is not None, one.load, one.name, str(one.user_id))))


def proposed(candidates: Sequence[Candidate]) -> Candidate | None:
    """The free person with the fewest cases; None when everybody is bound."""
    return next((one for one in candidates if one.bias is None), None)
