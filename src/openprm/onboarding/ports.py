"""What higher and lower domains tell onboarding: which milestones exist. Fill "onboarding.milestones" in a wiring,
and "onboarding.history" where milestones can be looked up that happened before anybody listened (imports)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happens once in the life of a partnership and ticks tasks off by itself.

    `code` is "<domain>.<what happened>"; `label` finishes "Done by itself when ..." ("the first deal is registered").
    Whoever fills the port calls `services.reach_milestone` when it happens.
    """

    code: str
    label: Any


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone that was reached once, with the first time it was."""

    partner_id: UUID
    code: str
    at: datetime
    evidence: str = ""


class History(Protocol):
    """Fills "onboarding.history": the first times of these partners. Called in the system's scope."""

    def __call__(self, partner_ids: Iterable[UUID]) -> Iterable[Reached]: ...
