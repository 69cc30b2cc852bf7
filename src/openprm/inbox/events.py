"""What the inbox tells, today only to itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDue:
    """A notification that leaves as a mail of its own."""

    notification_id: UUID
    at: datetime
