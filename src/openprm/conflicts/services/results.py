"""What the services answer: frozen, and the same for both sides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    case_id: UUID
    number: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    case_id: UUID
    number: str
    version: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    case_id: UUID
    number: str
    version: int
    state: str
    finding: str
    ruling_id: UUID
    appeal_until: datetime | None
