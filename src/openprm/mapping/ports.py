"""What mapping asks of rooms above it: `ports={"mapping.deals": (fn,), "mapping.worth": (fn,)}`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from openprm.kernel.registry import registry

DEALS = "mapping.deals"


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRow:
    """A deal with the company that it is about; `state` says whether it is decided."""

    id: str
    account_id: UUID | None
    partner_id: UUID | None
    name: str
    domain: str
    country: str
    city: str
    minor: int
    currency: str
    stage: str
    state: Literal["open", "won", "lost"]
    decided_at: datetime | None


DealSource = Callable[[UUID | None], Iterable[DealRow]]
"""The deals of one partner, or with None all of the vendor's, in the system's scope."""


def deals(partner_id: UUID | None) -> tuple[DealRow, ...]:
    return tuple(row for source in registry.filling(DEALS) for row in source(partner_id))
