"""News of this room, to itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDue:
    """One person is due one mail of a saved dashboard."""

    mailing_id: UUID
    user_id: UUID
    due_at: datetime
    at: datetime
