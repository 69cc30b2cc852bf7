"""What the services answer: frozen values, safe to hand to a page or the API."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A lead that came in. `was_known` says that it is an earlier one, and nothing was written."""

    lead_id: UUID
    number: str
    version: int
    status: str
    was_known: bool = False
    offered_to: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    lead_id: UUID
    number: str
    version: int
    status: str
    offered_to: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedMany:
    """How many leads found a partner, how many did not, and how many offers were made."""

    offered: int
    unrouted: int
    offers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """`outcome` is what the rules said of the registration: "approve", "reject" or "review"."""

    lead_id: UUID
    number: str
    version: int
    registration_id: UUID
    registration_number: str
    outcome: str
