"""What higher and lower domains tell onboarding: which milestones exist. Fill "onboarding.milestones" in a wiring."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happens once in the life of a partnership and ticks tasks off by itself.

    `code` is "<domain>.<what happened>"; `label` finishes "Done by itself when ..." ("the first deal is registered").
    Whoever fills the port calls `services.reach_milestone` when it happens.
    """

    code: str
    label: Any
