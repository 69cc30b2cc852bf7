"""Numbers as they were told at the end of each month, and what they should be."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kpis import policies
from openprm.kpis.queries.figures import visible

AT_MOST = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    as_of: date
    value: Decimal | None
    n: int
    why: str
    currency: str
    configuration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    id: UUID
    kpi: str
    period: str
    starts_on: date
    value: Decimal
    set_by_name: str
    version: int


def history(actor: Actor, name: str, *, period: str = "month", segment: str = "") -> tuple[Kept, ...]:
    """The kept numbers, oldest first; of two configurations in one month the one told last."""
    visible(actor, name)
    found = policies.reach_snapshots(actor).filter(kpi=name, period=period, segment=segment).order_by("-as_of", "-created_at", "-pk")[:AT_MOST]
    newest: dict[date, Any] = {}
    for row in found:
        newest.setdefault(row.as_of, row)
    columns = ("as_of", "value", "n", "why", "currency", "configuration")
    return tuple(Kept(**{name: getattr(row, name) for name in columns}) for row in reversed(newest.values()))


def targets(actor: Actor, name: str | None = None) -> tuple[TargetView, ...]:
    rows = policies.reach_targets(actor)
    rows = rows.filter(kpi=name) if name else rows
    columns = ("id", "kpi", "period", "starts_on", "value", "set_by_name", "version")
    return tuple(TargetView(**{column: getattr(row, column) for column in columns}) for row in rows.order_by("kpi", "-starts_on", "pk")[:500])


@dataclass(frozen=True, slots=True, kw_only=True)
class CostView:
    id: UUID
    month: date
    kind: str
    partner_id: UUID | None
    amount_minor: int
    currency: str
    note: str
    entered_by_name: str
    created_at: datetime


def costs(actor: Actor) -> tuple[CostView, ...]:
    """The newest thousand."""
    columns = ("id", "month", "kind", "partner_id", "amount_minor", "currency", "note", "entered_by_name", "created_at")
    return tuple(CostView(**{name: getattr(row, name) for name in columns}) for row in policies.reach_costs(actor).order_by("-month", "-id")[:1000])
