"""What rooms beside and below say about the things a case can be about."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from openprm.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A lead or an engagement as a case names it. `partner_id` is the partner whose side it is seen from, `partners` are all that
    take part as far as the actor may know of them, and `why_not` says why no case can be about it.
    """

    id: UUID
    label: str
    partner_id: UUID | None
    account_id: UUID | None = None
    url: str = ""
    partners: tuple[tuple[UUID, str], ...] = ()
    why_not: str = ""


class SubjectKind(Protocol):
    """The port "conflicts.subjects": `code` is "lead" or "engagement"."""

    code: str
    label: Any

    def find(self, actor: Actor, subject_id: UUID) -> Subject | None:
        """The thing as this actor may see it; None for a stranger, as for a thing that is not there."""
        ...
