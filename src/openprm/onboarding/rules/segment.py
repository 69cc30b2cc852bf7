"""Which template a new partner gets, and which manager: the most fitting, by rules that can be read aloud."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Whom a template is for. What is empty does not narrow."""

    program_id: UUID | None = None
    motion: str = ""
    type: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A partner, as a segment looks at it."""

    program_id: UUID | None
    motion: str
    type: str
    country: str


def fit(segment: Segment, partner: Candidate) -> int | None:
    """How closely a segment fits: program counts 8, country 4, type 2, motion 1; None when it does not fit."""
    total = 0
    for weight, wanted, fits in (
        (8, segment.program_id, segment.program_id == partner.program_id),
        (4, segment.countries, partner.country in segment.countries),
        (2, segment.type, segment.type == partner.type),
        (1, segment.motion, segment.motion == partner.motion),
    ):
        if wanted and not fits:
            return None
        total += weight if wanted else 0
    return total


def best(segments: Iterable[tuple[UUID, Segment]], partner: Candidate) -> UUID | None:
    """The closest fit; of equals the one that comes first."""
    found = [(score, -number, key) for number, (key, segment) in enumerate(segments) if (score := fit(segment, partner)) is not None]
    return max(found, key=lambda one: one[:2])[2] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerLoad:
    """A partner manager with the active partners it looks after: in all, in this region, in this program."""

    user_id: UUID
    name: str
    partners: int
    in_region: int
    in_program: int


def least_loaded(managers: Iterable[ManagerLoad]) -> UUID | None:
    """The manager with the fewest partners among those who know the region; if nobody does, who know the program; else all.

    Of equals the first by name, so that the choice can be explained.
    """
    pool = list(managers)
    near = [one for one in pool if one.in_region] or [one for one in pool if one.in_program] or pool
    return min(near, key=lambda one: (one.partners, one.name, str(one.user_id))).user_id if near else None
