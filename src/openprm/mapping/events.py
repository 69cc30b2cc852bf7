"""What mapping announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class ListChanged:
    """Rows of a list came, went or changed."""

    population_id: UUID
    owner_id: UUID
    at: datetime


@dataclass(frozen=True)
class SharingChanged:
    """One side shows more or less to the other."""

    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class OverlapsFound:
    """Companies of the two lists turned out to be the same that were not before."""

    partner_id: UUID
    left_population_id: UUID
    right_population_id: UUID
    count: int
    at: datetime


@dataclass(frozen=True)
class DataRequested:
    ask_id: UUID
    at: datetime


@dataclass(frozen=True)
class DataAnswered:
    ask_id: UUID
    at: datetime


@dataclass(frozen=True)
class PrivateRunAgreed:
    """A person of ours agreed to a private comparison; its message is to be made."""

    run_id: UUID


@dataclass(frozen=True)
class PrivateMessageMade:
    """A message of ours waits to be brought to a peer."""

    message_id: UUID


@dataclass(frozen=True)
class PrivateMessageArrived:
    """The answer or the close of a peer is here, whole and signed."""

    message_id: UUID


@dataclass(frozen=True)
class PrivateRunTold:
    """People should hear of a private comparison: asked, finished, refused or expired."""

    run_id: UUID
    what: str


@dataclass(frozen=True)
class RuleChanged:
    """How sure a match must be has changed."""

    owner_id: UUID
    at: datetime


@dataclass(frozen=True)
class TargetChosen:
    """A company became a target of both sides."""

    target_id: UUID
    partner_id: UUID
    at: datetime
