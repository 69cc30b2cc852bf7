"""Which partner gets a lead (E1): values in, a decision with its reasons out. No clock, no chance of its own, whole numbers only.

The same field decides one lead or a hundred thousand: what depends on a lead's country, skills and terms alone is worked out
once and kept (`standings`), what changes with every offer (room, turn) is brought up to date as the offer is made.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from uuid import UUID

from openprm.leads.rules.methods import ANYWHERE, BOXES, METHODS, SAME_COUNTRY, Choice, best, draw, facts_of, heavier, ring_of
from openprm.leads.rules.parties import (
    KEEP_ALL,
    KEPT_BEST,
    KEPT_LEFT_OUT,
    MOST_OPEN,
    Candidate,
    Decision,
    LeadFacts,
    Method,
    Reach,
    Scored,
    Skills,
    Terms,
    WhyNot,
)
from openprm.leads.rules.standings import Pool, Standing

__all__ = [
    "ANYWHERE", "BOXES", "KEEP_ALL", "KEPT_BEST", "KEPT_LEFT_OUT", "MOST_OPEN", "SAME_COUNTRY", "Candidate", "Decision", "Field", "LeadFacts", "Method",
    "Reach", "Scored", "Skills", "Terms", "WhyNot", "draw", "heavier", "ring_of",
]  # fmt: skip


class Field:
    """All partners at one moment. `decide` chooses; `take` notes that somebody was chosen, so that the next decision knows it."""

    def __init__(self, candidates: Iterable[Candidate]):
        self.candidates = sorted(candidates, key=lambda one: one.partner_id)
        for place, one in enumerate(self.candidates):
            one.place = place
        self.by_id = {one.partner_id: one for one in self.candidates}
        self.top_rank = max((one.tier_rank for one in self.candidates), default=0) or 1
        self._pools: dict[tuple, Pool] = {}
        self._standings: dict[tuple, Standing] = {}
        self._standings_of: dict[UUID, list[Standing]] = defaultdict(list)

    def take(self, partner_id: UUID, turn: int, *, opens: int = 1) -> None:
        """A partner was offered a lead: its turn is over, and unless it must still claim it, one place is gone."""
        candidate = self.by_id[partner_id]
        candidate.turn = turn
        if opens:
            candidate.open_leads += opens
            for standing in self._standings_of.get(partner_id, ()):
                standing.settle(candidate)

    def decide(self, lead: LeadFacts, terms: Terms, seed: str) -> Decision:
        if lead.protected_by is not None:
            return self._for_holder(lead, terms)
        standing = self._standing(lead, terms)
        choice = Choice(lead, terms, seed, standing, standing.free_but(lead.barred), self.candidates, best(len(self.candidates)))
        ranked, chosen = METHODS[terms.method](choice)
        return self._decision(choice, ranked, chosen)

    def check(self, partner_id: UUID, lead: LeadFacts, terms: Terms) -> str:
        """Why this one partner may not get the lead by the rule; "" when it may."""
        one = self.by_id.get(partner_id)
        if one is None:
            return WhyNot.NOT_ACTIVE
        if lead.protected_by not in (None, partner_id):
            return WhyNot.PROTECTED
        why = lead.barred.get(partner_id) or self._why_not(one, lead, terms)
        return why or (WhyNot.FULL if one.is_full(terms.max_open) else "")

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
        chosen = Scored(holder.partner_id, 1000, "", facts_of(holder, terms, len(lead.skills & holder.skills)) | {"holds_protection": True})
        return Decision((chosen,), (chosen, *left), dict(tallies), 1)

    def _standing(self, lead: LeadFacts, terms: Terms) -> Standing:
        kind = (lead.country if terms.reach == Reach.COUNTRY else "", lead.skills, terms.skills, terms.min_tier, terms.reach)
        key = (*kind, terms.max_open)
        found = self._standings.get(key)
        if found is None:
            pool = self._pools.get(kind) or self._pools.setdefault(kind, self._make_pool(lead, terms))
            found = self._standings[key] = Standing(pool, terms.max_open)
            for one in pool.members:
                self._standings_of[one.partner_id].append(found)
        return found

    def _make_pool(self, lead: LeadFacts, terms: Terms) -> Pool:
        members, left_out, tallies = [], [], Counter()
        for one in self.candidates:
            if why := self._why_not(one, lead, terms):
                left_out.append((one, why))
                tallies[str(why)] += 1
            else:
                members.append(one)
        named = tuple(Scored(one.partner_id, 0, str(why), {}) for one, why in left_out[: _room_for(len(self.candidates))])
        matched = {one.partner_id: len(lead.skills & one.skills) for one in members}
        return Pool(tuple(members), matched, named, dict(tallies), len(lead.skills), self.top_rank)

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

    def _decision(self, choice: Choice, ranked: list[Scored], chosen: tuple[Scored, ...]) -> Decision:
        pool = choice.standing.pool
        tallies, left_out = dict(pool.tallies), pool.left_out
        if len(choice.free) < len(pool.members):
            most = _room_for(len(self.candidates))
            late, named = choice.standing.without_place(choice.lead.barred, most)
            for why, count in late.items():
                tallies[why] = tallies.get(why, 0) + count
            left_out = (*named, *left_out)[:most]
        return Decision(chosen, (*ranked, *left_out), tallies, len(choice.free))


def _room_for(total: int) -> int:
    return KEEP_ALL if total <= KEEP_ALL else KEPT_LEFT_OUT
