"""What one person may decide: the chain of steps, each person once, each within a limit of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

THEN = ">"
APPROVERS = ("partner_manager", "marketing_manager", "finance_manager", "vendor_admin")
MAX_STEPS = 4
NOBODY = "nobody"


class StepState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    SKIPPED = "skipped"


class BadChain(ValueError):
    """The text of a chain names an approver that does not exist, the same one twice, or too many."""


@dataclass(frozen=True, slots=True)
class Step:
    """One level of approval. `decided_by` is the person who took it."""

    position: int
    role: str
    state: str = StepState.WAITING
    decided_by: object = None


def parse_chain(text: str) -> tuple[str, ...]:
    """The roles that are asked one after the other: "partner_manager > finance_manager". Raises BadChain."""
    if text.strip() == NOBODY:
        return ()
    roles = tuple(part.strip() for part in text.split(THEN))
    unknown = sorted(set(roles) - set(APPROVERS))
    if unknown or len(set(roles)) < len(roles) or len(roles) > MAX_STEPS:
        raise BadChain(f"“{text}” is not a chain: name each of {', '.join(APPROVERS)} once at most, with {THEN} between them")
    return roles


def open_step(steps: Sequence[Step]) -> Step | None:
    """The step whose turn it is; None when all are done."""
    return min((step for step in steps if step.state == StepState.WAITING), key=lambda step: step.position, default=None)


def may_take(step: Step, roles: Iterable[str]) -> bool:
    """An administrator stands in for anybody."""
    return step.role in roles or "vendor_admin" in roles


def has_decided(steps: Sequence[Step], user_id: object) -> bool:
    """One person takes one step at most: the next level is another pair of eyes."""
    return any(step.decided_by == user_id and step.state == StepState.APPROVED for step in steps)


def is_within(limit_minor: int | None, amount_minor: int) -> bool:
    """A person without a limit is bound by the chain alone."""
    return limit_minor is None or amount_minor <= limit_minor
