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
from openprm.rulebook import services as rulebook
from openprm.rulebook.rules.evaluation import Verdict

Journeys = Sequence[tuple[Deal, Sequence[Touch]]]


class Judge:
    """Asks each question once; `versions` are the published tables that answered.

    `instead` are versions that answer in place of those in force, by kind and program: drafts, for a what-if.
    """

    def __init__(self, at: datetime, instead: Mapping[tuple[str, UUID | None], UUID] = MappingProxyType({})) -> None:
        self._at, self._instead = at, instead
        self._answers: dict[tuple[Any, ...], tuple[Any, str]] = {}
        self._days: dict[tuple[Any, ...], tuple[int, str]] = {}
        self.versions: set[tuple[str, str, int]] = set()

    def judge(self, journeys: Journeys) -> list[tuple[Deal, tuple[Judged, ...]]]:
        """Every deal with its touches in the order of time, and what each counts as. Raises NoRulesInForce."""
        self._ask(TOUCHES, self._answers, {_asked(deal, touch) for deal, touches in journeys for touch in touches}, "counts")
        claimed = [deal for deal, touches in journeys if any(touch.claimed_at for touch in touches)]
        self._ask(CLAIM_WINDOW, self._days, {_window(deal) for deal in claimed}, "days")
        return [(deal, tuple(self._judged(deal, touch) for touch in _in_order(touches))) for deal, touches in journeys]

    def _judged(self, deal: Deal, touch: Touch) -> Judged:
        counts, clause = self._answers[_asked(deal, touch)]
        if touch.claimed_at and counts != Counts.NOTHING:
            days, window = self._days[_window(deal)]
            if days is not None and is_late(touch, deal, int(days)):
                return Judged(touch=touch, counts=Counts.LATE, clause=window)
        return Judged(touch=touch, counts=counts or Counts.NOTHING, clause=clause)

    def _ask(self, kind: str, answers: dict[tuple[Any, ...], tuple[Any, str]], questions: Iterable[tuple[Any, ...]], outcome: str) -> None:
        by_program: dict[UUID | None, list[tuple[Any, ...]]] = {}
        for question in sorted((one for one in questions if one not in answers), key=str):
            by_program.setdefault(question[0], []).append(question)
        for program_id, asked in by_program.items():
            verdicts = self._verdicts(kind, program_id, [_inputs(kind, one) for one in asked])
            for question, verdict in zip(asked, verdicts, strict=True):
                answers[question] = ((verdict.outcome or {}).get(outcome), verdict.clause)
                self.versions.add((kind, str(verdict.version_id), verdict.version or 0))

    def _verdicts(self, kind: str, program_id: UUID | None, inputs: list[dict[str, Any]]) -> tuple[Verdict, ...]:
        """By what is in force, or by what stands in for it: a program's own table is only replaced by a draft of its own."""
        draft = self._instead.get((kind, program_id))
        if draft is None and (kind, None) in self._instead:
            found = rules.find_in_force(kind=kind, program_id=program_id, at=self._at)
            draft = self._instead[kind, None] if found is None or found.rule_set.program_id is None else None
        if draft:
            return rulebook.evaluate_version(version_id=draft, inputs=inputs)
        return rulebook.evaluate_many(kind=kind, program_id=program_id, inputs=inputs, at=self._at)


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
