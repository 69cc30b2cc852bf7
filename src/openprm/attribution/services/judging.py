"""What the published rules say about the touches of many deals at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from openprm.attribution.rulekinds import CLAIM_WINDOW, CURRENCY, TOUCHES
from openprm.attribution.rules.journeys import Deal, Judged, Touch, day_number, is_late
from openprm.attribution.rules.words import Counts
from openprm.kernel.money import Money
from openprm.rulebook import queries as rules
from openprm.rulebook.services import Asker

Question = tuple[Any, ...]
Answers = dict[Question, tuple[Any, str]]
Journeys = Sequence[tuple[Deal, Sequence[Touch]]]


class Judge:
    """Asks each question once, those that no clause tells apart together; `versions` are the published tables that answered.

    `instead` are versions that answer in place of those in force, by kind and program: drafts, for a what-if.
    """

    def __init__(self, at: datetime, instead: Mapping[tuple[str, UUID | None], UUID] = MappingProxyType({})) -> None:
        self._at, self._instead = at, instead
        self._askers: dict[tuple[str, UUID | None], Asker] = {}
        self.versions: set[tuple[str, str, int]] = set()

    def judge(self, journeys: Journeys) -> list[tuple[Deal, tuple[Judged, ...]]]:
        """Every deal with its touches in the order of time, and what each counts as. Raises NoRulesInForce."""
        counts: dict[Question, Answers] = defaultdict(dict)
        days: Answers = {}
        return [(deal, self._judged(deal, touches, counts[deal.program_id, deal.kind, deal.deal_type], days)) for deal, touches in journeys]

    def _judged(self, deal: Deal, touches: Sequence[Touch], answers: Answers, windows: Answers) -> tuple[Judged, ...]:
        opened, closed = day_number(deal.opened_at), day_number(deal.closed_at)
        found = []
        for touch in _in_order(touches):
            day = day_number(touch.occurred_at)
            asked = (touch.kind, opened - day, closed - day, touch.is_verified)
            said = answers.get(asked) or answers.setdefault(asked, self._ask(TOUCHES, deal.program_id, _about_touch(deal, asked), "counts"))
            counts, clause = said[0] or Counts.NOTHING, said[1]
            if touch.claimed_at and (missed := self._window_missed(deal, touch, windows)) and counts != Counts.NOTHING:
                counts, clause = Counts.LATE, missed
            found.append(Judged(touch=touch, counts=counts, clause=clause))
        return tuple(found)

    def _window_missed(self, deal: Deal, touch: Touch, windows: Answers) -> str:
        """The clause by which a claim came too late; empty where it came in time."""
        asked = (deal.program_id, deal.base_minor, deal.kind, deal.deal_type)
        if asked not in windows:
            about = {"amount": Money(deal.base_minor, CURRENCY), "deal": deal.kind, "deal_type": deal.deal_type}
            windows[asked] = self._ask(CLAIM_WINDOW, deal.program_id, about, "days")
        most, clause = windows[asked]
        return clause if most is not None and is_late(touch, deal, int(most)) else ""

    def _ask(self, kind: str, program_id: UUID | None, about: dict[str, Any], outcome: str) -> tuple[Any, str]:
        said = self._asker(kind, program_id).answer(about)
        self.versions.add((kind, str(said.version_id), said.version or 0))
        return (said.outcome or {}).get(outcome), said.clause

    def _asker(self, kind: str, program_id: UUID | None) -> Asker:
        if (kind, program_id) not in self._askers:
            self._askers[kind, program_id] = Asker(kind=kind, program_id=program_id, at=self._at, version_id=self._instead_of(kind, program_id))
        return self._askers[kind, program_id]

    def _instead_of(self, kind: str, program_id: UUID | None) -> UUID | None:
        """A program's own table is only replaced by a draft of its own."""
        own, general = self._instead.get((kind, program_id)), self._instead.get((kind, None))
        if own or not general:
            return own
        found = rules.find_in_force(kind=kind, program_id=program_id, at=self._at)
        return general if found is None or found.rule_set.program_id is None else None


def _about_touch(deal: Deal, asked: Question) -> dict[str, Any]:
    names = ("kind", "days_before_creation", "days_before_close", "verified")
    return {**dict(zip(names, asked, strict=True)), "deal": deal.kind, "deal_type": deal.deal_type}


def _in_order(touches: Sequence[Touch]) -> list[Touch]:
    return sorted(touches, key=lambda touch: (touch.occurred_at, touch.id))
