"""Usage lines, the credits they gave, the shares by which they were given, and the months."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from openprm.incentives import policies
from openprm.incentives.events import UsageBooked
from openprm.incentives.models import UsageCredit, UsageLine, UsageMonth, UsageShare
from openprm.incentives.rules import usage as rules
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.money import Money
from openprm.ui.paging import PageRequest, Slice, slice_of

LINE_SORTS = {"booked_at": "booked_at", "service_month": "service_month", "amount": "amount_minor", "customer": "customer_name"}
CREDIT_SORTS = {"booked_at": "booked_at", "service_month": "service_month", "amount": "amount_minor", "customer": "customer_name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A usage line. `corrects` is the closed month that it corrects; `unshared` what no partner was credited with."""

    id: UUID
    source: str
    external_id: str
    revision: int
    customer_key: str
    customer_name: str
    product_line: str
    service_month: date
    booked_month: date
    corrects: date | None
    quantity: Decimal
    amount: Money
    credited: Money
    booked_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRow:
    """What a partner was credited with."""

    id: UUID
    line_id: UUID
    partner_id: UUID
    partner: str
    customer_name: str
    service_month: date
    booked_month: date
    corrects: date | None
    percent: Decimal
    amount: Money
    booked_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """A share as it was recorded. `superseded_at` is when another took its place; None while it stands."""

    id: UUID
    customer_key: str
    partner_id: UUID
    partner: str
    percent: Decimal
    from_month: date
    until_month: date | None
    recorded_at: datetime
    recorded_by: str
    superseded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """One month of usage by the month in which it counts."""

    month: date
    lines: int
    corrections: int
    amounts: tuple[Money, ...]
    closed_at: datetime | None
    closed_by: str
    why_not_close: str | None


def list_lines(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    return slice_of(newest_lines(actor, search=search, filters=filters), page, order_by=LINE_SORTS).map(usage_line)


def export_lines(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[LineRow]:
    return (usage_line(row) for row in newest_lines(actor, search=search, filters=filters).iterator(chunk_size=500))


def newest_lines(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> ScopedQuerySet:
    rows = policies.reach_lines(actor).select_related("product_line").annotate(given=Sum("credits__amount_minor"))
    if search:
        rows = rows.filter(Q(customer_name__icontains=search) | Q(customer_key__icontains=search) | Q(external_id__icontains=search))
    if filters.get("month"):
        rows = rows.filter(booked_month__in=filters["month"])
    if filters.get("kind"):
        is_late = ~Q(booked_month=F("service_month"))
        rows = rows.filter(is_late if "correction" in filters["kind"] else ~is_late)
    return rows.order_by("-created_at", "-pk")


def one_line(actor: Actor, line_id: UUID) -> LineRow:
    """Raises NotFound."""
    return usage_line(newest_lines(actor, filters={}).one(line_id))


def list_credits(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    return slice_of(newest_credits(actor, search=search, filters=filters), page, order_by=CREDIT_SORTS).map(credit_row)


def export_credits(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[CreditRow]:
    return (credit_row(row) for row in newest_credits(actor, search=search, filters=filters).iterator(chunk_size=500))


def newest_credits(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> ScopedQuerySet:
    rows = policies.reach_credits(actor).select_related("partner")
    if search:
        rows = rows.filter(customer_name__icontains=search)
    if filters.get("month"):
        rows = rows.filter(service_month__in=filters["month"])
    if filters.get("partner"):
        rows = rows.filter(partner_id__in=filters["partner"])
    return rows.order_by("-created_at", "-pk")


def credits(actor: Actor, *, line_id: UUID | None = None, partner_id: UUID | None = None) -> tuple[CreditRow, ...]:
    rows = newest_credits(actor, filters={"partner": (partner_id,)} if partner_id else {})
    return tuple(credit_row(row) for row in (rows.filter(line_id=line_id) if line_id else rows)[:1000])


def shares(actor: Actor, *, customer_key: str = "", month: date | None = None, as_of: datetime | None = None) -> tuple[ShareRow, ...]:
    """The shares as they stood at any moment; without one as they stand now. A partner reads its own."""
    rows = policies.reach_shares(actor).select_related("partner")
    if customer_key:
        rows = rows.filter(customer_key=customer_key)
    rows = rows.filter(superseded_at=None) if as_of is None else rows.filter(recorded_at__lte=as_of).filter(Q(superseded_at=None) | Q(superseded_at__gt=as_of))
    if month:
        rows = rows.filter(from_month__lte=month).filter(Q(until_month=None) | Q(until_month__gte=month))
    return tuple(_share(row) for row in rows.order_by("customer_key", "from_month", "partner__name", "recorded_at")[:2000])


def known_lines(source: str, ids: Iterable[str]) -> dict[str, tuple[UUID, int, Decimal]]:
    """What was told of these ids in all: the last line, the amount in minor units and the quantity. In the current scope."""
    rows = UsageLine.objects.filter(source=source, external_id__in=list(ids)).order_by("revision")
    found: dict[str, tuple[UUID, int, Decimal]] = {}
    for row in rows:
        _last, minor, quantity = found.get(row.external_id, (None, 0, Decimal(0)))
        found[row.external_id] = (row.pk, minor + row.amount_minor, quantity + row.quantity)
    return found


def by_ids(actor: Actor, ids: Iterable[UUID]) -> tuple[LineRow, ...]:
    return tuple(usage_line(row) for row in newest_lines(actor, filters={}).filter(pk__in=list(ids)))


def months(actor: Actor, at: datetime) -> tuple[MonthRow, ...]:
    """Every month in which something counts or that is closed, newest first."""
    booked: dict[date, dict[str, Any]] = {}
    rows = policies.reach_lines(actor).values("booked_month", "currency")
    found = rows.annotate(lines=Count("pk"), late=Count("pk", filter=~Q(service_month=F("booked_month"))), minor=Sum("amount_minor"))
    for row in found.order_by("currency"):
        held = booked.setdefault(row["booked_month"], {"lines": 0, "late": 0, "amounts": []})
        held["lines"], held["late"] = held["lines"] + row["lines"], held["late"] + row["late"]
        held["amounts"].append(Money(row["minor"], row["currency"]))
    closed = {row.month: row for row in UsageMonth.objects.all()}
    first = min(booked, default=None)
    return tuple(_month(month, booked.get(month), closed, first, at) for month in sorted({*booked, *closed}, reverse=True))


def told_since(since: datetime) -> tuple[UsageBooked, ...]:
    """Every credit that was booked since then, as it was told when it was booked. In the system's scope."""
    rows = UsageCredit.objects.filter(booked_at__gte=since).select_related("line").order_by("booked_at", "pk")
    return tuple(
        UsageBooked(
            credit_id=row.pk, line_id=row.line_id, partner_id=row.partner_id, customer_key=row.line.customer_key, customer_name=row.customer_name,
            product_line_id=row.line.product_line_id, service_month=row.service_month, booked_month=row.booked_month, percent=str(row.percent),
            amount_minor=row.amount_minor, currency=row.currency, at=row.booked_at,
        )
        for row in rows.iterator(chunk_size=1000)
    )  # fmt: skip


def open_month(month: date) -> date:
    """Where usage of this month would be booked today."""
    return rules.open_month(rules.first_of(month), UsageMonth.objects.values_list("month", flat=True))


def usage_line(row: Any) -> LineRow:
    return LineRow(
        id=row.pk, source=row.source, external_id=row.external_id, revision=row.revision, customer_key=row.customer_key, customer_name=row.customer_name,
        product_line=row.product_line.name if row.product_line else "", service_month=row.service_month, booked_month=row.booked_month,
        corrects=row.corrects, quantity=row.quantity, amount=Money(row.amount_minor, row.currency),
        credited=Money(getattr(row, "given", None) or 0, row.currency), booked_at=row.booked_at, created_at=row.created_at,
    )  # fmt: skip


def credit_row(row: UsageCredit) -> CreditRow:
    return CreditRow(
        id=row.pk, line_id=row.line_id, partner_id=row.partner_id, partner=row.partner.name, customer_name=row.customer_name,
        service_month=row.service_month, booked_month=row.booked_month, corrects=row.service_month if row.booked_month != row.service_month else None,
        percent=row.percent, amount=Money(row.amount_minor, row.currency), booked_at=row.booked_at, created_at=row.created_at,
    )  # fmt: skip


def _share(row: UsageShare) -> ShareRow:
    return ShareRow(
        id=row.pk, customer_key=row.customer_key, partner_id=row.partner_id, partner=row.partner.name, percent=row.percent, from_month=row.from_month,
        until_month=row.until_month, recorded_at=row.recorded_at, recorded_by=row.recorded_by_name, superseded_at=row.superseded_at,
    )  # fmt: skip


def _month(month: date, held: Mapping[str, Any] | None, closed: Mapping[date, UsageMonth], first: date | None, at: datetime) -> MonthRow:
    row = closed.get(month)
    return MonthRow(
        month=month, lines=held["lines"] if held else 0, corrections=held["late"] if held else 0, amounts=tuple(held["amounts"]) if held else (),
        closed_at=row.closed_at if row else None, closed_by=row.closed_by_name if row else "",
        why_not_close=rules.why_not_close(month, closed=closed, first_used=first, today=at.date()),
    )  # fmt: skip
