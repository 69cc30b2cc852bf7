"""Numbers as they were told at the end of each month, and what they should be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.deals.queries import base_currency
from openprm.kernel.actor import Actor
from openprm.kernel.money import minor_units
from openprm.kpis import policies, wording
from openprm.kpis.definitions import registry
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
    updated_at: datetime


def history(actor: Actor, name: str, *, period: str = "month", segment: str = "") -> tuple[Kept, ...]:
    """The kept numbers, oldest first; of two configurations in one month the one told last."""
    visible(actor, name)
    found = policies.reach_snapshots(actor).filter(kpi=name, period=period, segment=segment).order_by("-as_of", "-created_at", "-pk")[:AT_MOST]
    newest: dict[date, Any] = {}
    for row in found:
        newest.setdefault(row.as_of, row)
    columns = ("as_of", "value", "n", "why", "currency", "configuration")
    return tuple(Kept(**{name: getattr(row, name) for name in columns}) for row in reversed(newest.values()))


TARGET = ("id", "kpi", "period", "starts_on", "value", "set_by_name", "version", "updated_at")


def targets(actor: Actor, name: str | None = None) -> tuple[TargetView, ...]:
    """The newest five hundred."""
    rows = policies.reach_targets(actor)
    rows = rows.filter(kpi=name) if name else rows
    return tuple(_target(row) for row in rows.order_by("kpi", "-starts_on", "pk")[:500])


def target(actor: Actor, target_id: UUID) -> TargetView:
    """Raises NotFound."""
    return _target(policies.reach_targets(actor).one(target_id))


def _target(row: Any) -> TargetView:
    return TargetView(**{column: getattr(row, column) for column in TARGET})


@dataclass(frozen=True, slots=True, kw_only=True)
class CostView:
    id: UUID
    month: date
    kind: str
    partner_id: UUID | None
    partner: str
    amount_minor: int
    currency: str
    note: str
    entered_by_name: str
    version: int
    created_at: datetime


COST = ("id", "month", "kind", "partner_id", "amount_minor", "currency", "note", "entered_by_name", "version", "created_at")


def costs(actor: Actor) -> tuple[CostView, ...]:
    """The newest thousand."""
    return tuple(_cost(row) for row in policies.reach_costs(actor).select_related("partner").order_by("-month", "-id")[:1000])


def cost(actor: Actor, cost_id: UUID) -> CostView:
    """Raises NotFound."""
    return _cost(policies.reach_costs(actor).select_related("partner").one(cost_id))


def _cost(row: Any) -> CostView:
    return CostView(**{name: getattr(row, name) for name in COST}, partner=row.partner.name if row.partner else "")


def costs_by_external_ids(actor: Actor, source: str, external_ids: Sequence[str]) -> dict[str, UUID]:
    """Which cost each id of a source means."""
    return dict(policies.reach_costs(actor).filter(external_source=source, external_id__in=list(external_ids)).values_list("external_id", "pk"))


def imported_costs(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The present values of costs, as an import compares them."""
    names = ("external_id", "month", "kind", "amount_minor", "currency", "partner_id", "note")
    return {row.pk: {name: getattr(row, name) for name in names} for row in policies.reach_costs(actor).filter(pk__in=list(ids))}


def target_in_words(kpi: str, value: Decimal) -> Decimal:
    """A target as people write it: money in whole units of the reporting currency."""
    return wording.major(value, base_currency()) if _is_money(kpi) else value


def target_from_words(kpi: str, value: Decimal) -> Decimal:
    """A target as it is kept: money in minor units."""
    return value.scaleb(minor_units(base_currency())) if _is_money(kpi) else value


def _is_money(kpi: str) -> bool:
    return registry.find(kpi).unit in wording.MONEY
