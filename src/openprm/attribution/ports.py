"""What attribution asks of rooms above it: touches that only they know, and a place for credit that is final."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTouch:
    """A touch that another room tells of. `key` is its id there and makes it count once; `kind` is a word of `rules.words.Kind`."""

    key: str
    partner_id: UUID
    kind: str
    occurred_at: datetime
    account_id: UUID | None = None
    about: UUID | None = None
    summary: str = ""


class TouchSource(Protocol):
    """The port "attribution.touches": a room (campaigns, for one) that knows of touches. What it told before may be told again."""

    name: str

    def touches(self, *, since: datetime, until: datetime) -> Iterable[ToldTouch]:
        """Everything that became known in [since, until), in the system's scope."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalCredit:
    """One partner's part of one deal in a locked month."""

    run_id: UUID
    month: date
    deal_kind: str
    deal_id: UUID
    number: str
    customer: str
    account_id: UUID | None
    partner_id: UUID
    closed_on: date
    outcome: str
    basis_points: int
    credit_minor: int
    currency: str


class CreditSink(Protocol):
    """The port "attribution.sinks": a room or a CRM that is told the credit of a locked month. It may be told the same twice."""

    name: str

    def take(self, credits: Sequence[FinalCredit], at: datetime) -> None: ...
