"""What routing decides with and what it answers: partners, leads, terms, decisions. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

KEPT_BEST = 10
KEPT_LEFT_OUT = 5
KEEP_ALL = 25
"""Up to so many candidates are written down one by one; of more, the best ones, some of those left out, and how many for each reason."""
MOST_OPEN = 100_000
SKILL_POINTS, TIER_POINTS, ROOM_POINTS = 600, 250, 150


class Method(StrEnum):
    ROUND_ROBIN = "round_robin"
    CLAIM = "claim"
    GEOGRAPHY = "geography"
    FIT = "fit"
    CAPACITY = "capacity"
    MANUAL = "manual"


class Skills(StrEnum):
    ALL = "all"
    ANY = "any"
    NONE = "none"


class Reach(StrEnum):
    COUNTRY = "country"
    ANYWHERE = "anywhere"


class WhyNot(StrEnum):
    NOT_ACTIVE = "not_active"
    CLOSED = "closed"
    PAUSED = "paused"
    KEPT_FROM = "kept_from"
    DECLINED = "declined"
    PASSED = "passed"
    HAS_IT = "has_it"
    PROTECTED = "protected"
    TIER = "tier"
    COUNTRY = "country"
    SKILLS = "skills"
    FULL = "full"


@dataclass(slots=True)
class Candidate:
    """A partner as routing sees it. `turn` grows with the moment of its last offer, 0 for never; `barrier` closes it for every lead."""

    partner_id: UUID
    countries: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    latitude: float | None = None
    longitude: float | None = None
    tier_rank: int = 0
    weight: int = 1
    open_leads: int = 0
    max_open: int = MOST_OPEN
    turn: int = 0
    barrier: str = ""
    barrier_text: str = ""
    place: int = 0
    """Its place among all partners by id, set by the field: what breaks a tie."""

    def is_full(self, most: int) -> bool:
        return self.open_leads >= self.max_open or self.open_leads >= most

    def room(self, most: int) -> int:
        """The free part of what it may hold, in thousandths."""
        most = min(self.max_open, most)
        return 1000 * (most - self.open_leads) // most if most else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFacts:
    """What routing reads of a lead. `barred` are partners that may not get this one; `protected_by` holds its customer."""

    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    skills: frozenset[str] = frozenset()
    barred: Mapping[UUID, str] = field(default_factory=dict)
    protected_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the rule says about a lead. `width` is how many partners a first-claim lead is offered to at once."""

    method: Method = Method.GEOGRAPHY
    min_tier: int = 0
    skills: Skills = Skills.ANY
    reach: Reach = Reach.COUNTRY
    max_open: int = MOST_OPEN
    width: int = 10
    open_days: int = 3
    pace: str = "standard"


@dataclass(frozen=True, slots=True)
class Scored:
    """One candidate of one decision: its score and what made it, or why it was left out."""

    partner_id: UUID
    score: int
    why_not: str
    facts: dict[str, Any]

    def plain(self) -> dict[str, Any]:
        return {"partner": str(self.partner_id), "score": self.score, "why_not": self.why_not, **self.facts}


@dataclass(frozen=True, slots=True)
class Decision:
    """`chosen` in the order of their rank; `kept` is the table that is written down; `tallies` counts all reasons for leaving out."""

    chosen: tuple[Scored, ...]
    kept: tuple[Scored, ...]
    tallies: dict[str, int]
    eligible: int
