"""What services answer."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one row of a push: recorded, known (told before) or refused with the reason."""

    position: int
    state: str
    activity_id: UUID | None = None
    reason: str = ""
    field: str = ""
