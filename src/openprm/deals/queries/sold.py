"""What pay is calculated from: deals with their amounts, dates and customers, many at once. Read in the system's scope."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from openprm.analytics.datasets import Dataset
from openprm.deals.models import Line, Registration
from openprm.deals.rules.lifecycle import BEFORE_DECISION, Status
from openprm.deals.won_facts import REGISTERED, WON
from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldDeal:
    """`list` is the price of the catalogue where every line's product has one in the deal's currency."""

    id: UUID
    number: str
    title: str
    partner_id: UUID
    program_id: UUID | None
    seller_id: UUID | None
    deal_type: str
    is_won: bool
    is_decided: bool
    net: Money
    list: Money | None
    product_lines: tuple[UUID, ...]
    account_id: UUID | None
    customer: str
    customer_domain: str
    customer_country: str
    contact_email: str
    submitted_on: date | None
    decided_on: date | None
    closed_on: date | None


def sold_deals(ids: Iterable[UUID]) -> dict[UUID, SoldDeal]:
    """Deals by id, in two queries."""
    rows = list(Registration.objects.filter(pk__in=list(ids)))
    lines: dict[UUID, list[Line]] = {row.pk: [] for row in rows}
    for line in Line.objects.filter(registration__in=rows).select_related("product").order_by("position"):
        lines[line.registration_id].append(line)
    return {row.pk: _sold(row, lines[row.pk]) for row in rows}


def history_of(*, won: bool, partner_ids: Iterable[UUID], until: datetime) -> Dataset:
    """Every deal of these partners that was won, or every registration that was approved, as columns."""
    return replace(WON if won else REGISTERED, parameters={"partner_ids": list(partner_ids), "until": until})


def won_between(since: datetime, until: datetime) -> list[UUID]:
    """Won deals by the moment of closing, the oldest first."""
    rows = Registration.objects.filter(status=Status.CLOSED_WON, closed_at__gte=since, closed_at__lt=until)
    return list(rows.order_by("closed_at", "pk").values_list("pk", flat=True))


def _sold(row: Registration, lines: list[Line]) -> SoldDeal:
    return SoldDeal(
        id=row.pk,
        number=row.number,
        title=row.title,
        partner_id=row.partner_id,
        program_id=row.program_id,
        seller_id=row.submitter_id,
        deal_type=str(row.deal_type),
        is_won=row.status == Status.CLOSED_WON,
        is_decided=row.status not in BEFORE_DECISION,
        net=Money(row.amount_minor, row.currency),
        list=_list_price(row.currency, lines),
        product_lines=tuple(dict.fromkeys(line.product_line_id for line in lines)),
        account_id=row.account_id,
        customer=row.customer_name,
        customer_domain=row.customer_domain,
        customer_country=row.customer_country,
        contact_email=row.contact_email,
        submitted_on=_day(row.submitted_at),
        decided_on=_day(row.decided_at),
        closed_on=_day(row.closed_at),
    )


def _list_price(currency: str, lines: list[Line]) -> Money | None:
    if not lines or any(line.product.list_price_minor is None or line.product.currency != currency for line in lines):
        return None
    return Money(sum(line.quantity * line.product.list_price_minor for line in lines), currency)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
