"""What mapping asks of rooms above it: `ports={"mapping.deals": (fn,), "mapping.subjects": (made,), "mapping.attach": (made,)}`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.registry import registry

DEALS, SUBJECTS, ATTACH = "mapping.deals", "mapping.subjects", "mapping.attach"


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
    program: str = ""
    closes_on: date | None = None


DealSource = Callable[[UUID | None], Iterable[DealRow]]
"""The deals of one partner, or with None all of the vendor's, in the system's scope."""


def deals(partner_id: UUID | None) -> tuple[DealRow, ...]:
    return tuple(row for source in registry.filling(DEALS) for row in source(partner_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The company that a deal or a lead is about, as the asking person may know it."""

    id: UUID
    title: str
    account_id: UUID | None
    domain: str
    partner_id: UUID | None = None


class Subjects(Protocol):
    """Who knows the things of one `target` ("registration", "lead"). `subject` raises NotFound for whoever may not see it."""

    target: str

    def subject(self, actor: Actor, object_id: UUID, at: datetime) -> Subject: ...


class Attaching(Protocol):
    """Who brings a partner into a deal or lead, and says at which address that is worked on."""

    def why_not(self, actor: Actor, target: str) -> str | None: ...

    def attach(self, actor: Actor, target: str, object_id: UUID, partner_id: UUID, at: datetime) -> str: ...


def subject(actor: Actor, target: str, object_id: UUID, at: datetime) -> Subject:
    """Raises NotFound."""
    for one in registry.filling(SUBJECTS):
        if one.target == target:
            return one.subject(actor, object_id, at)
    raise NotFound()


def attaching() -> Attaching | None:
    return next(iter(registry.filling(ATTACH)), None)
