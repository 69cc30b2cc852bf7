"""What the books ask of rooms above: `ports={"profitability.training": (fn,)}`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry

TRAINING = "profitability.training"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """Time that the partner's people spent learning in one month."""

    month: date
    minutes: int
    program_id: UUID | None = None


TrainingSource = Callable[[Actor, date, date], Sequence[Trained]]
"""What people of the actor's own partner learned in [since, until), by month and program; both are first days of months."""


def knows_training() -> bool:
    return bool(registry.filling(TRAINING))


def trained(actor: Actor, since: date, until: date) -> tuple[Trained, ...]:
    return tuple(one for source in registry.filling(TRAINING) for one in source(actor, since, until))
