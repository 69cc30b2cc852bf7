"""What higher rooms know about an event: the answers to the conditions of plans."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from openprm.incentives.ports import ConditionSource
from openprm.incentives.rules.model import Condition, EarnEvent, PlanTerms
from openprm.kernel.registry import registry


def with_conditions(plans: Iterable[PlanTerms], event: EarnEvent, at: datetime) -> EarnEvent:
    """The event with an answer to every condition that the plans ask: true, false, or None when nobody knows."""
    asked = {condition.key: condition for plan in plans for condition in plan.terms.conditions}
    if not asked:
        return event
    return replace(event, facts={**event.facts, **{key: _answer(condition, event, at) for key, condition in asked.items()}})


def condition_choices() -> tuple[tuple[str, str], ...]:
    """What can be asked for today: (code:argument, words)."""
    return tuple((f"{one.code}:{value}" if value else one.code, f"{one.label}: {words}") for one in _sources() for value, words in one.options())


def _answer(condition: Condition, event: EarnEvent, at: datetime) -> bool | None:
    source = next((one for one in _sources() if one.code == condition.code), None)
    return source.answer(argument=condition.argument, event=event, at=at) if source else None


def _sources() -> tuple[ConditionSource, ...]:
    return registry.filling("incentives.conditions")
