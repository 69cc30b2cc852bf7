"""Who can take leads of one kind, and who of them has room: worked out once, kept up to date as offers are made."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from uuid import UUID

from openprm.leads.rules.parties import ROOM_POINTS, SKILL_POINTS, TIER_POINTS, Candidate, Scored, WhyNot

SLACK = 0.001
"""Degrees by which a band is cut too wide, so that rounding leaves nobody out; the exact box is measured afterwards."""


def _place(one: Candidate) -> int:
    return one.place


@dataclass(frozen=True)
class Pool:
    """Who can take leads of one kind as long as there is room, with the matched skills of each and what can never change."""

    members: tuple[Candidate, ...]
    matched: Mapping[UUID, int]
    left_out: tuple[Scored, ...]
    tallies: Mapping[str, int]
    asked_skills: int
    top_rank: int

    @cached_property
    def by_latitude(self) -> tuple[list[float], list[Candidate]]:
        found = sorted((one for one in self.members if one.latitude is not None and one.longitude is not None), key=lambda one: (one.latitude, one.place))
        return [one.latitude for one in found], found

    @cached_property
    def lasting_points(self) -> Mapping[UUID, int]:
        """Points for skills and tier, which no offer changes."""
        return {one.partner_id: self._lasting(one) for one in self.members}

    def band(self, latitude: float, high: float) -> list[Candidate]:
        """Members that may stand within so many degrees to the north and south."""
        latitudes, members = self.by_latitude
        return members[bisect_left(latitudes, latitude - high - SLACK) : bisect_right(latitudes, latitude + high + SLACK)]

    def _lasting(self, one: Candidate) -> int:
        skill = SKILL_POINTS * self.matched[one.partner_id] // self.asked_skills if self.asked_skills else SKILL_POINTS
        return skill + TIER_POINTS * one.tier_rank // self.top_rank


class Standing:
    """A pool under one limit of open leads. Both lists are in the order of the partners' ids."""

    def __init__(self, pool: Pool, most: int):
        self.pool, self.most = pool, most
        self.free = [one for one in pool.members if not one.is_full(most)]
        self.full = [one for one in pool.members if one.is_full(most)]

    @cached_property
    def points(self) -> dict[UUID, int]:
        """How well each fits now: skills, tier and room."""
        return {one.partner_id: self._points(one) for one in self.pool.members}

    def settle(self, one: Candidate) -> None:
        """Somebody of the pool holds more than before."""
        if "points" in self.__dict__:
            self.points[one.partner_id] = self._points(one)
        at = bisect_left(self.free, one.place, key=_place)
        if one.is_full(self.most) and at < len(self.free) and self.free[at] is one:
            del self.free[at]
            insort(self.full, one, key=_place)

    def free_but(self, barred: Mapping[UUID, str]) -> list[Candidate]:
        return [one for one in self.free if one.partner_id not in barred] if barred else self.free

    def without_place(self, barred: Mapping[UUID, str], most_named: int) -> tuple[dict[str, int], list[Scored]]:
        """Why members of the pool cannot take this lead: counted, and the first of them by name."""
        if not barred:
            named = [Scored(one.partner_id, 0, WhyNot.FULL.value, {}) for one in islice(self.full, most_named)]
            return ({WhyNot.FULL.value: len(self.full)} if self.full else {}), named
        tallies: dict[str, int] = {}
        named = []
        for one, why in self._late(barred):
            tallies[why] = tallies.get(why, 0) + 1
            if len(named) < most_named:
                named.append(Scored(one.partner_id, 0, why, {}))
        return tallies, named

    def _late(self, barred: Mapping[UUID, str]) -> Iterator[tuple[Candidate, str]]:
        for one in self.pool.members:
            if why := barred.get(one.partner_id):
                yield one, str(why)
            elif one.is_full(self.most):
                yield one, WhyNot.FULL.value

    def _points(self, one: Candidate) -> int:
        return self.pool.lasting_points[one.partner_id] + ROOM_POINTS * one.room(self.most) // 1000
