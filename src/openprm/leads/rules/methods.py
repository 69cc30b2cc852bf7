"""The methods by which one of several partners is chosen. Each gives the ranked table and who is chosen from it."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from math import asin, cos, radians, sin, sqrt
from typing import Any

from openprm.leads.rules.parties import KEEP_ALL, KEPT_BEST, Candidate, LeadFacts, Method, Scored, Terms
from openprm.leads.rules.standings import Standing

BOXES = ((2.0, 1.5), (4.0, 3.0), (8.0, 8.0))
"""Degrees of latitude and longitude on each side of the customer, widened until somebody stands inside."""
EARTH_KM = 6371
SAME_COUNTRY, ANYWHERE = len(BOXES) + 1, len(BOXES) + 2

Ranked = tuple[list[Scored], tuple[Scored, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One lead before those who may have it. `most_named` is how many are written down one by one."""

    lead: LeadFacts
    terms: Terms
    seed: str
    standing: Standing
    free: list[Candidate]
    by_place: list[Candidate]
    most_named: int

    def facts(self, one: Candidate) -> dict[str, Any]:
        return facts_of(one, self.terms, self.standing.pool.matched[one.partner_id])

    def is_free(self, one: Candidate) -> bool:
        return not one.is_full(self.terms.max_open) and one.partner_id not in self.lead.barred


def facts_of(one: Candidate, terms: Terms, matched: int) -> dict[str, Any]:
    return {"tier": one.tier_rank, "skills": matched, "open": one.open_leads, "most": min(one.max_open, terms.max_open)}


def best(total: int) -> int:
    return KEEP_ALL if total <= KEEP_ALL else KEPT_BEST


def by_turn(choice: Choice) -> Ranked:
    """Round robin: whoever waits longest."""
    first = nsmallest(choice.most_named, ((one.turn, one.place) for one in choice.free))
    ranked = []
    for rank, (_turn, place) in enumerate(first):
        one = choice.by_place[place]
        ranked.append(Scored(one.partner_id, 1000 - rank, "", choice.facts(one)))
    return ranked, tuple(ranked[:1])


def by_room(choice: Choice) -> Ranked:
    """Capacity: whoever has the largest free part of its places, then whoever waits longest."""
    most = choice.terms.max_open
    first = nsmallest(choice.most_named, ((-one.room(most), one.turn, one.place) for one in choice.free))
    ranked = [Scored(choice.by_place[place].partner_id, -room, "", choice.facts(choice.by_place[place])) for room, _turn, place in first]
    return ranked, tuple(ranked[:1])


def by_fit(choice: Choice) -> Ranked:
    """Skill and tier: the best fit, then whoever waits longest."""
    width = max(choice.most_named, choice.terms.width if choice.terms.method == Method.CLAIM else 0)
    points = choice.standing.points
    first = nsmallest(width, [(-points[one.partner_id], one.turn, one.place) for one in choice.free])
    ranked = [Scored(choice.by_place[place].partner_id, -score, "", choice.facts(choice.by_place[place])) for score, _turn, place in first]
    return ranked, tuple(ranked[:1])


def by_claim(choice: Choice) -> Ranked:
    """First claim: offered to the best fitting ones at once; the first to take it has it."""
    ranked, _first = by_fit(choice)
    return ranked, tuple(ranked[: choice.terms.width])


def by_hand(choice: Choice) -> Ranked:
    """A person decides; the table shows who would fit."""
    ranked, _first = by_fit(choice)
    return ranked, ()


def by_place(choice: Choice) -> Ranked:
    """Geography: the nearest circle that holds anybody, and outside of all the nearest partner; chance decides by weight, the same for the same seed."""
    nearest, inside = _inside(choice)
    drawn = draw(choice.seed, [one.weight for one in inside])
    if drawn is None:
        return [], ()
    total = sum(one.weight for one in inside) or len(inside)
    winner = inside[drawn]
    ranked = []
    for one in (winner, *heavier(inside, choice.most_named, winner)):
        chance = 1000 * one.weight // total if one.weight or total != len(inside) else 1000 // total
        ranked.append(Scored(one.partner_id, chance, "", choice.facts(one) | {"ring": nearest, "weight": one.weight}))
    return ranked, tuple(ranked[:1])


def _inside(choice: Choice) -> tuple[int, list[Candidate]]:
    """The nearest circle that holds anybody, and who stands in it. The boxes are looked up by latitude; beyond them everybody is measured."""
    lead = choice.lead
    if lead.latitude is not None and lead.longitude is not None:
        for ring, (high, _wide) in enumerate(BOXES, start=1):
            near = choice.standing.pool.band(lead.latitude, high)
            if inside := [one for one in near if ring_of(one, lead) == ring and choice.is_free(one)]:
                return ring, sorted(inside, key=lambda one: one.place)
    rings = [ring_of(one, lead) for one in choice.free]
    nearest = min(rings, default=ANYWHERE)
    inside = [one for one, ring in zip(choice.free, rings, strict=True) if ring == nearest]
    return nearest, closest(inside, lead) if nearest == ANYWHERE else inside


def closest(inside: list[Candidate], lead: LeadFacts) -> list[Candidate]:
    """Beyond the country: whoever stands nearest to the customer; all of them where no place is known."""
    far = {one.partner_id: distance for one in inside if (distance := distance_between(one, lead)) is not None}
    least = min(far.values(), default=None)
    return inside if least is None else [one for one in inside if far.get(one.partner_id) == least]


def distance_between(one: Candidate, lead: LeadFacts) -> int | None:
    """Whole kilometres over the globe between a partner and a customer; None when the place of either is not known."""
    if one.latitude is None or one.longitude is None or lead.latitude is None or lead.longitude is None:
        return None
    north, south = radians(one.latitude), radians(lead.latitude)
    arc = sin((north - south) / 2) ** 2 + cos(north) * cos(south) * sin(radians(one.longitude - lead.longitude) / 2) ** 2
    return round(2 * EARTH_KM * asin(min(1.0, sqrt(arc))))


def heavier(inside: Collection[Candidate], most: int, winner: Candidate) -> list[Candidate]:
    others = (one for one in inside if one is not winner)
    return nsmallest(most - 1, others, key=lambda one: (-one.weight, one.place))


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


METHODS: Mapping[str, Callable[[Choice], Ranked]] = {
    Method.ROUND_ROBIN: by_turn,
    Method.CLAIM: by_claim,
    Method.GEOGRAPHY: by_place,
    Method.FIT: by_fit,
    Method.CAPACITY: by_room,
    Method.MANUAL: by_hand,
}
