"""What the published rules say about the touches of many deals at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from openprm.attribution.rulekinds import CLAIM_WINDOW, CURRENCY, TOUCHES
from openprm.attribution.rules.journeys import Deal, Judged, Touch, days_before, is_late
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
        answers = self._ask(TOUCHES, {_asked(deal, touch) for deal, touches in journeys for touch in touches}, "counts")
        claimed = [deal for deal, touches in journeys if any(touch.claimed_at for touch in touches)]
        days = self._ask(CLAIM_WINDOW, {_window(deal) for deal in claimed}, "days")
        return [(deal, tuple(_judged(deal, touch, answers, days) for touch in _in_order(touches))) for deal, touches in journeys]

    def _ask(self, kind: str, questions: Iterable[Question], outcome: str) -> Answers:
        answers: Answers = {}
        for question in questions:
            said = self._asker(kind, question[0]).answer(_inputs(kind, question))
            answers[question] = ((said.outcome or {}).get(outcome), said.clause)
            self.versions.add((kind, str(said.version_id), said.version or 0))
        return answers

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


def _judged(deal: Deal, touch: Touch, answers: Answers, days: Answers) -> Judged:
    counts, clause = answers[_asked(deal, touch)]
    if touch.claimed_at and counts != Counts.NOTHING:
        most, window = days[_window(deal)]
        if most is not None and is_late(touch, deal, int(most)):
            return Judged(touch=touch, counts=Counts.LATE, clause=window)
    return Judged(touch=touch, counts=counts or Counts.NOTHING, clause=clause)


def _asked(deal: Deal, touch: Touch) -> tuple[Any, ...]:
    days = (days_before(deal.opened_at, touch), days_before(deal.closed_at, touch))
    return (deal.program_id, touch.kind, *days, touch.is_verified, deal.kind, deal.deal_type)


def _window(deal: Deal) -> tuple[Any, ...]:
    return (deal.program_id, deal.base_minor, deal.kind, deal.deal_type)


def _inputs(kind: str, question: tuple[Any, ...]) -> dict[str, Any]:
    if kind == CLAIM_WINDOW:
        return {"amount": Money(question[1], CURRENCY), "deal": question[2], "deal_type": question[3]}
    names = ("kind", "days_before_creation", "days_before_close", "verified", "deal", "deal_type")
    return dict(zip(names, question[1:], strict=True))


def _in_order(touches: Sequence[Touch]) -> list[Touch]:
    return sorted(touches, key=lambda touch: (touch.occurred_at, touch.id))
