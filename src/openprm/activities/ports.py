"""What activities ask of the domains above: `ports={"activities.subjects": (fn,)}`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What work can be logged on (a registration, an engagement), as this actor sees it. `url` is its page on the actor's side."""

    id: UUID
    account_id: UUID | None
    partner_id: UUID | None
    title: str
    url: str


SubjectSource = Callable[[Actor, UUID, datetime], Subject | None]
"""The subject with this id when it is one of the source's own and the actor reaches it; None otherwise."""


def subject_of(actor: Actor, subject_id: UUID, at: datetime) -> Subject | None:
    return next((found for source in registry.filling("activities.subjects") if (found := source(actor, subject_id, at))), None)
