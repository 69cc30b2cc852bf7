"""Co-op money as people read it: the published rates, and every line with the deal, the rate and the day it ends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openprm.funds import proof_policies as policies
from openprm.funds.models import AccrualLine, AccrualRate
from openprm.funds.wording_proofs import LINE_KIND
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ui.listspec import Range
from openprm.ui.paging import PageRequest, Slice, slice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RateView:
    id: UUID
    program_id: UUID
    program: str
    tier_id: UUID | None
    tier: str
    percent: Decimal
    expires_after_days: int
    effective_from: date
    ended_on: date | None
    is_current: bool
    is_ahead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line of a pot: `revenue` times `percent` in the pot's currency, at the rate of `fx_date`."""

    id: UUID
    partner_id: UUID
    partner: str
    allocation_id: UUID
    kind: str
    kind_label: str
    lot_id: UUID | None
    registration_id: UUID
    registration_number: str
    deal: Money
    fx_rate: Decimal
    fx_date: date
    revenue: Money
    percent: Decimal
    amount: Money
    occurred_on: date
    expires_on: date
    cause: str
    note: str
    booked_at: datetime
    created_at: datetime
    entry_id: UUID


def rates(actor: Actor, at: datetime, *, program_id: UUID | None = None) -> tuple[RateView, ...]:
    """Every published rate, what is in force first."""
    rows = policies.reach_rates(actor).select_related("program", "tier").order_by("program__name", "tier__rank", "-effective_from")
    rows = rows.filter(program=program_id) if program_id else rows
    today = at.date()
    return tuple(sorted((_rate(row, today) for row in rows), key=lambda one: (not one.is_current, one.program)))


def rate(actor: Actor, rate_id: UUID, at: datetime) -> RateView:
    return _rate(policies.reach_rates(actor).select_related("program", "tier").one(rate_id), at.date())


def _rate(row: AccrualRate, today: date) -> RateView:
    ahead = row.effective_from > today
    return RateView(
        id=row.pk, program_id=row.program_id, program=row.program.name, tier_id=row.tier_id, tier=row.tier.name if row.tier else "", percent=row.percent,
        expires_after_days=row.expires_after_days, effective_from=row.effective_from, ended_on=row.ended_on, is_ahead=ahead,
        is_current=not ahead and (row.ended_on is None or row.ended_on >= today),
    )  # fmt: skip


def newest_lines(actor: Actor, *, partner_id: UUID | None = None, kind: str = "") -> QuerySet:
    rows = policies.reach_lines(actor)
    rows = rows.filter(partner_id=partner_id) if partner_id else rows
    return rows.filter(kind=kind) if kind else rows


SORTS = {"kind": "kind", "amount": "amount_minor", "expires": "expires_on", "booked": "booked_at"}


def listed_lines(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    """A page of the list of lines. Three queries."""
    found = slice_of(_narrowed(actor, search, filters).select_related("partner"), page, order_by=SORTS)
    return found.map(lambda row: line_view(row, row.partner.name))


def export_lines(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[LineView]:
    for row in _narrowed(actor, search, filters).select_related("partner").order_by("booked_at", "pk").iterator(chunk_size=1000):
        yield line_view(row, row.partner.name)


def _narrowed(actor: Actor, search: str, filters: Mapping[str, Any]) -> QuerySet:
    rows = policies.reach_lines(actor)
    rows = rows.filter(registration_number__icontains=search) if search else rows
    if kinds := filters.get("kind"):
        rows = rows.filter(kind__in=kinds)
    for name, column in (("expires", "expires_on"), ("booked", "booked_at__date")):
        span = filters.get(name)
        if isinstance(span, Range):
            rows = rows.filter(**{f"{column}__gte": span.low} if span.low else {}).filter(**{f"{column}__lte": span.high} if span.high else {})
    return rows


def lines(actor: Actor, *, partner_id: UUID | None = None, most: int = 200) -> tuple[LineView, ...]:
    """The newest lines first. Two queries."""
    return line_views(newest_lines(actor, partner_id=partner_id).order_by("-booked_at", "-id")[:most])


def line(actor: Actor, line_id: UUID) -> LineView:
    return line_views([policies.reach_lines(actor).one(line_id)])[0]


def line_views(rows: QuerySet | list[AccrualLine]) -> tuple[LineView, ...]:
    found = list(rows)
    names = identity.organization_names({row.partner_id for row in found})
    return tuple(line_view(row, names.get(row.partner_id, "")) for row in found)


def line_view(row: AccrualLine, partner: str) -> LineView:
    return LineView(
        id=row.pk, partner_id=row.partner_id, partner=partner, allocation_id=row.allocation_id, kind=row.kind, kind_label=str(LINE_KIND[row.kind]),
        lot_id=row.lot_id, registration_id=row.registration_id, registration_number=row.registration_number, deal=Money(row.deal_minor, row.deal_currency),
        fx_rate=row.fx_rate, fx_date=row.fx_date, revenue=Money(row.revenue_minor, row.currency), percent=row.percent,
        amount=Money(row.amount_minor, row.currency), occurred_on=row.occurred_on, expires_on=row.expires_on, cause=row.cause, note=row.note,
        booked_at=row.booked_at, created_at=row.created_at, entry_id=row.entry_id,
    )  # fmt: skip
