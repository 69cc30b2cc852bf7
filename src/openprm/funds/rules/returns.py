"""Return on funds, by both definitions of KPIS.md, and how a deal's revenue is shared among requests. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from openprm.ledger.rules.allocate import allocate

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Link:
    """A request's claim to `weight` percent of one deal. Several links of one request to one deal (a lead of it, and itself) count together."""

    request_id: UUID
    deal_id: UUID
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Deal:
    """What a deal brought, in the currency of the report. `won` False is open pipeline."""

    id: UUID
    minor: int
    won: bool


@dataclass(frozen=True, slots=True)
class Credit:
    request_id: UUID
    deal_id: UUID
    share: Decimal
    minor: int
    won: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """`multiple` = revenue / reimbursed. `roi` = (gross margin - reimbursed) / reimbursed. None where nothing was reimbursed, never 0 or infinity."""

    deals: int
    revenue: int
    pipeline: int
    margin: int
    cost: int
    multiple: Decimal | None
    roi: Decimal | None
    pipeline_per_unit: Decimal | None


def credits(links: Iterable[Link], deals: Iterable[Deal]) -> tuple[Credit, ...]:
    """Each request's part of each deal. More than 100 % over all requests is cut to 100 % in proportion, so that no euro counts twice."""
    known = {deal.id: deal for deal in deals}
    weights: dict[UUID, dict[UUID, Decimal]] = {}
    for link in links:
        if link.deal_id in known and link.weight > 0:
            row = weights.setdefault(link.deal_id, {})
            row[link.request_id] = row.get(link.request_id, Decimal(0)) + link.weight
    return tuple(credit for deal_id in weights for credit in _shares(known[deal_id], weights[deal_id]))


def _shares(deal: Deal, weights: dict[UUID, Decimal]) -> list[Credit]:
    """To the minor unit by largest remainder; what no request has stays with nobody."""
    order = sorted(weights, key=str)
    total = sum(weights.values(), Decimal(0))
    parts = allocate(deal.minor, [*(weights[one] for one in order), max(WHOLE - total, Decimal(0))])
    whole = max(total, WHOLE)
    return [Credit(one, deal.id, weights[one] / whole * WHOLE, minor, deal.won) for one, minor in zip(order, parts, strict=False)]


def returned(credits: Iterable[Credit], *, cost: int, margin_percent: Mapping[UUID, Decimal]) -> Returned:
    """The figures of one request, partner, program or kind of activity. `cost` is what was reimbursed, in the same currency.

    `margin_percent` is the assumed gross margin of each request: its program's own, or the general one. Rounded once for each percentage.
    """
    rows = tuple(credits)
    won: dict[Decimal, int] = {}
    for one in rows:
        if one.won:
            won[margin_percent[one.request_id]] = won.get(margin_percent[one.request_id], 0) + one.minor
    revenue = sum(won.values())
    pipeline = sum(one.minor for one in rows if not one.won)
    margin = sum(int((Decimal(minor) * percent / 100).to_integral_value(rounding="ROUND_HALF_EVEN")) for percent, minor in won.items())
    return Returned(
        deals=len({one.deal_id for one in rows if one.won}),
        revenue=revenue,
        pipeline=pipeline,
        margin=margin,
        cost=cost,
        multiple=_ratio(revenue, cost),
        roi=_ratio(margin - cost, cost),
        pipeline_per_unit=_ratio(pipeline, cost),
    )


def _ratio(above: int, below: int) -> Decimal | None:
    return None if below <= 0 else (Decimal(above) / Decimal(below)).quantize(Decimal("0.0001"))
