"""Which partner gets a lead (E1): values in, a decision with its reasons out. No clock, no chance of its own, whole numbers only.

The same field decides one lead or a hundred thousand: what depends on a lead's country, skills and terms alone is worked out
once and kept, what changes with every offer (room, turn) is read anew each time.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import nsmallest
from typing import Any
from uuid import UUID

KEPT_BEST = 10
KEPT_LEFT_OUT = 5
KEEP_ALL = 25
"""Up to so many candidates are written down one by one; of more, the best ones, some of those left out, and how many for each reason."""
MOST_OPEN = 100_000
BOXES = ((2.0, 1.5), (4.0, 3.0), (8.0, 8.0))
"""Degrees of latitude and longitude on each side of the customer, widened until somebody stands inside."""
SAME_COUNTRY, ANYWHERE = len(BOXES) + 1, len(BOXES) + 2
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


@dataclass(frozen=True, slots=True)
class _Pool:
    """Who can take leads of one kind as long as there is room, with the matched skills of each."""

    members: tuple[Candidate, ...]
    matched: dict[UUID, int]
    left_out: tuple[tuple[Candidate, str], ...]
    tallies: Counter


class Field:
    """All partners at one moment. `decide` chooses; `take` notes that somebody was chosen, so that the next decision knows it."""

    def __init__(self, candidates: Iterable[Candidate]):
        self.candidates = sorted(candidates, key=lambda one: one.partner_id)
        self.by_id = {one.partner_id: one for one in self.candidates}
        self.top_rank = max((one.tier_rank for one in self.candidates), default=0) or 1
        self._pools: dict[tuple, _Pool] = {}

    def take(self, partner_id: UUID, turn: int, *, opens: int = 1) -> None:
        """A partner was offered a lead: its turn is over, and unless it must still claim it, one place is gone."""
        candidate = self.by_id[partner_id]
        candidate.turn = turn
        candidate.open_leads += opens

    def decide(self, lead: LeadFacts, terms: Terms, seed: str) -> Decision:
        if lead.protected_by is not None:
            return self._for_holder(lead, terms)
        pool = self._pool(lead, terms)
        barred, most = lead.barred, terms.max_open
        free = [one for one in pool.members if one.open_leads < one.max_open and one.open_leads < most and one.partner_id not in barred]
        ranked, chosen = _METHODS[terms.method](self, free, lead, terms, pool.matched, seed)
        return self._decision(pool, free, ranked, chosen, lead, terms)

    def check(self, partner_id: UUID, lead: LeadFacts, terms: Terms) -> str:
        """Why this one partner may not get the lead by the rule; "" when it may."""
        one = self.by_id.get(partner_id)
        if one is None:
            return WhyNot.NOT_ACTIVE
        if lead.protected_by not in (None, partner_id):
            return WhyNot.PROTECTED
        why = lead.barred.get(partner_id) or self._why_not(one, lead, terms)
        return why or (WhyNot.FULL if one.open_leads >= min(one.max_open, terms.max_open) else "")

    def _for_holder(self, lead: LeadFacts, terms: Terms) -> Decision:
        """A customer that is protected for one partner goes to that partner, or to nobody without a person's word."""
        holder = self.by_id.get(lead.protected_by) if lead.protected_by else None
        why = (holder.barrier or lead.barred.get(holder.partner_id, "")) if holder else WhyNot.NOT_ACTIVE
        others = [one for one in self.candidates if one is not holder]
        left = [Scored(one.partner_id, 0, WhyNot.PROTECTED, {}) for one in others[: _room_for(len(self.candidates))]]
        tallies = Counter({WhyNot.PROTECTED.value: len(others)}) if others else Counter()
        if holder is None or why:
            tallies[str(why)] += 1
            own = [Scored(holder.partner_id, 0, str(why), {})] if holder else []
            return Decision((), (*own, *left), dict(tallies), 0)
        chosen = Scored(holder.partner_id, 1000, "", self._facts(holder, lead, terms, len(lead.skills & holder.skills)) | {"holds_protection": True})
        return Decision((chosen,), (chosen, *left), dict(tallies), 1)

    def _pool(self, lead: LeadFacts, terms: Terms) -> _Pool:
        key = (lead.country if terms.reach == Reach.COUNTRY else "", lead.skills, terms.skills, terms.min_tier, terms.reach)
        found = self._pools.get(key)
        if found is None:
            found = self._pools[key] = self._make_pool(lead, terms)
        return found

    def _make_pool(self, lead: LeadFacts, terms: Terms) -> _Pool:
        members, left_out, tallies = [], [], Counter()
        for one in self.candidates:
            if why := self._why_not(one, lead, terms):
                left_out.append((one, why))
                tallies[why] += 1
            else:
                members.append(one)
        matched = {one.partner_id: len(lead.skills & one.skills) for one in members}
        return _Pool(tuple(members), matched, tuple(left_out[:KEEP_ALL]), tallies)

    @staticmethod
    def _why_not(one: Candidate, lead: LeadFacts, terms: Terms) -> str:
        if one.barrier:
            return one.barrier
        if one.tier_rank < terms.min_tier:
            return WhyNot.TIER.value
        if terms.reach == Reach.COUNTRY and lead.country and one.countries and lead.country not in one.countries:
            return WhyNot.COUNTRY.value
        if terms.skills != Skills.NONE and lead.skills:
            matched = len(lead.skills & one.skills)
            if matched < (len(lead.skills) if terms.skills == Skills.ALL else 1):
                return WhyNot.SKILLS.value
        return ""

    def _decision(self, pool: _Pool, free: list[Candidate], ranked: list[Scored], chosen: tuple[Scored, ...], lead: LeadFacts, terms: Terms) -> Decision:
        tallies = Counter(pool.tallies)
        left_out = [Scored(one.partner_id, 0, why, {}) for one, why in pool.left_out]
        if len(free) < len(pool.members):
            stands = {id(one) for one in free}
            late = [(one, lead.barred.get(one.partner_id) or WhyNot.FULL.value) for one in pool.members if id(one) not in stands]
            tallies.update(str(why) for _one, why in late)
            left_out = [Scored(one.partner_id, 0, str(why), {}) for one, why in late[:KEEP_ALL]] + left_out
        kept = left_out[: _room_for(len(self.candidates))]
        return Decision(chosen, (*ranked, *kept), dict(tallies), len(free))

    def _facts(self, one: Candidate, lead: LeadFacts, terms: Terms, matched: int) -> dict[str, Any]:
        return {"tier": one.tier_rank, "skills": matched, "open": one.open_leads, "most": min(one.max_open, terms.max_open)}

    def _fit(self, one: Candidate, lead: LeadFacts, terms: Terms, matched: int) -> int:
        skill = SKILL_POINTS * matched // len(lead.skills) if lead.skills else SKILL_POINTS
        return skill + TIER_POINTS * one.tier_rank // self.top_rank + ROOM_POINTS * _room(one, terms) // 1000


def _room_for(total: int) -> int:
    return KEEP_ALL if total <= KEEP_ALL else KEPT_LEFT_OUT


def _best(total: int) -> int:
    return KEEP_ALL if total <= KEEP_ALL else KEPT_BEST


def _room(one: Candidate, terms: Terms) -> int:
    """The free part of what a partner may hold, in thousandths."""
    most = min(one.max_open, terms.max_open)
    return 1000 * (most - one.open_leads) // most if most else 0


Ranked = tuple[list[Scored], tuple[Scored, ...]]


def _by_turn(field_: Field, free: list[Candidate], lead: LeadFacts, terms: Terms, matched: Mapping[UUID, int], seed: str) -> Ranked:
    """Round robin: whoever waits longest."""
    best = nsmallest(_best(len(field_.candidates)), free, key=lambda one: (one.turn, one.partner_id))
    ranked = [Scored(one.partner_id, 1000 - place, "", field_._facts(one, lead, terms, matched[one.partner_id])) for place, one in enumerate(best)]
    return ranked, tuple(ranked[:1])


def _by_room(field_: Field, free: list[Candidate], lead: LeadFacts, terms: Terms, matched: Mapping[UUID, int], seed: str) -> Ranked:
    """Capacity: whoever has the largest free part of its places, then whoever waits longest."""
    best = nsmallest(_best(len(field_.candidates)), free, key=lambda one: (-_room(one, terms), one.turn, one.partner_id))
    ranked = [Scored(one.partner_id, _room(one, terms), "", field_._facts(one, lead, terms, matched[one.partner_id])) for one in best]
    return ranked, tuple(ranked[:1])


def _by_fit(field_: Field, free: list[Candidate], lead: LeadFacts, terms: Terms, matched: Mapping[UUID, int], seed: str) -> Ranked:
    """Skill and tier: the best fit, then whoever waits longest."""
    width = max(_best(len(field_.candidates)), terms.width if terms.method == Method.CLAIM else 0)
    best = nsmallest(width, ((-field_._fit(one, lead, terms, matched[one.partner_id]), one.turn, one.partner_id) for one in free))
    ranked = []
    for points, _turn, partner_id in best:
        ranked.append(Scored(partner_id, -points, "", field_._facts(field_.by_id[partner_id], lead, terms, matched[partner_id])))
    return ranked, tuple(ranked[:1])


def _by_claim(field_: Field, free: list[Candidate], lead: LeadFacts, terms: Terms, matched: Mapping[UUID, int], seed: str) -> Ranked:
    """First claim: offered to the best fitting ones at once; the first to take it has it."""
    ranked, _first = _by_fit(field_, free, lead, terms, matched, seed)
    return ranked, tuple(ranked[: terms.width])


def _by_hand(field_: Field, free: list[Candidate], lead: LeadFacts, terms: Terms, matched: Mapping[UUID, int], seed: str) -> Ranked:
    """A person decides; the table shows who would fit."""
    ranked, _first = _by_fit(field_, free, lead, terms, matched, seed)
    return ranked, ()


def _by_place(field_: Field, free: list[Candidate], lead: LeadFacts, terms: Terms, matched: Mapping[UUID, int], seed: str) -> Ranked:
    """Geography: the nearest circle that holds anybody; inside of it chance decides by weight, the same for the same seed."""
    rings = [ring_of(one, lead) for one in free]
    nearest = min(rings, default=ANYWHERE)
    inside = [one for one, ring in zip(free, rings, strict=True) if ring == nearest]
    drawn = draw(seed, [one.weight for one in inside])
    if drawn is None:
        return [], ()
    total = sum(one.weight for one in inside) or len(inside)
    winner = inside[drawn]
    first = heavier(inside, _best(len(field_.candidates)), winner)
    ranked = []
    for one in (winner, *first):
        chance = 1000 * one.weight // total if one.weight or total != len(inside) else 1000 // total
        facts = field_._facts(one, lead, terms, matched[one.partner_id])
        ranked.append(Scored(one.partner_id, chance, "", facts | {"ring": nearest, "weight": one.weight}))
    return ranked, tuple(ranked[:1])


def heavier(inside: Collection[Candidate], most: int, winner: Candidate) -> list[Candidate]:
    others = (one for one in inside if one is not winner)
    return nsmallest(most - 1, others, key=lambda one: (-one.weight, one.partner_id))


def ring_of(one: Candidate, lead: LeadFacts) -> int:
    """1 to 3 for the boxes around the customer, 4 for the same country, 5 for everywhere else."""
    if one.latitude is not None and lead.latitude is not None and one.longitude is not None and lead.longitude is not None:
        north, east = abs(one.latitude - lead.latitude), abs(one.longitude - lead.longitude)
        east = min(east, 360.0 - east)
        for ring, (high, wide) in enumerate(BOXES, start=1):
            if north <= high and east <= wide:
                return ring
    return SAME_COUNTRY if lead.country and lead.country in one.countries else ANYWHERE


def draw(seed: str, weights: list[int]) -> int | None:
    """The place that chance picks by weight; the same for the same seed. Weights that are all zero count as equal."""
    if not weights:
        return None
    total = sum(weights)
    lot = int(hashlib.md5(seed.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    if not total:
        return lot % len(weights)
    lot %= total
    for place, weight in enumerate(weights):
        if lot < weight:
            return place
        lot -= weight
    raise AssertionError("the lot is below the sum of the weights")


_METHODS: dict[str, Callable[..., Ranked]] = {
    Method.ROUND_ROBIN: _by_turn,
    Method.CLAIM: _by_claim,
    Method.GEOGRAPHY: _by_place,
    Method.FIT: _by_fit,
    Method.CAPACITY: _by_room,
    Method.MANUAL: _by_hand,
}
