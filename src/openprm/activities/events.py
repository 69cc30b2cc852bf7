"""What activities announce, in the past tense: ids and plain values. Handlers may run twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class _Activity:
    activity_id: UUID
    account_id: UUID
    kind: str
    side: str
    direction: str
    partner_id: UUID | None
    about: UUID | None
    occurred_at: datetime
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRecorded(_Activity):
    """Somebody called, wrote, met, showed, proposed or visited. `purpose` is why, as it was told."""

    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityStruck(_Activity):
    """An entry was wrong and does not count any more."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityConfirmed(_Activity):
    """The vendor confirmed what a partner reported of itself."""
