"""What this room announces, to itself: work that a worker takes over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PackAsked:
    """Somebody wants a pack that is too large to wait for."""

    pack_id: UUID
    at: datetime
