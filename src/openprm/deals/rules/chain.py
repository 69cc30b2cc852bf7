"""Approval chains (D6): "partner_manager > finance_manager + vendor_admin" is one step, then two side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

THEN, BESIDE = ">", "+"
APPROVERS = ("partner_manager", "regional_reviewer", "finance_manager", "marketing_manager", "vendor_admin")
MAX_STEPS = 8


class StepState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One approver. Steps with the same position are asked side by side; a position opens when the one before is done."""

    position: int
    role: str


class BadChain(ValueError):
    """The text of a chain names an approver that does not exist, or none, or too many."""


def parse_chain(text: str) -> tuple[ChainStep, ...]:
    """The steps that a rule's approvers cell means. Raises BadChain."""
    groups = [[name.strip() for name in group.split(BESIDE)] for group in text.split(THEN)]
    steps = tuple(ChainStep(position, role) for position, group in enumerate(groups, start=1) for role in group)
    unknown = sorted({step.role for step in steps} - set(APPROVERS))
    if unknown:
        raise BadChain(f"unknown approver {', '.join(map(repr, unknown))}; choose from {', '.join(APPROVERS)}")
    if len(steps) > MAX_STEPS:
        raise BadChain(f"{len(steps)} steps; at most {MAX_STEPS} are allowed")
    if len({(step.position, step.role) for step in steps}) < len(steps):
        raise BadChain("the same approver stands twice side by side")
    return steps


def open_position(states: Iterable[tuple[int, str]]) -> int | None:
    """The position whose turn it is, from (position, state) pairs; None when every step is done."""
    return min((position for position, state in states if state == StepState.WAITING), default=None)
