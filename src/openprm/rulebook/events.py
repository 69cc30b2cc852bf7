"""What the rulebook tells others."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RuleVersionPublished:
    """A new version was announced; it takes effect at `effective_at`. Partners are told when `for_partners`."""

    version_id: UUID
    kind: str
    program_id: UUID | None
    number: int
    effective_at: datetime
    for_partners: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RuleVersionWithdrawn:
    """An announced version was taken back before it took effect."""

    version_id: UUID
    kind: str
    program_id: UUID | None
    number: int
    effective_at: datetime
    for_partners: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ReplayRequested:
    """Somebody asks what a draft would have done; the worker replays it part by part."""

    replay_id: UUID
    at: datetime
