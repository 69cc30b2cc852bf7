"""Deals that were won or lost, registered ones and those of the vendor's own people, and when each began: for rooms that ask who brought them.

Read in the system's scope. An opportunity that a registration became counts as the registration.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from openprm.deals.models import Opportunity, Registration
from openprm.deals.queries.boards import base_currency
from openprm.deals.rules.lifecycle import Status
from openprm.kernel.money import Money

_REGISTERED = (Status.CLOSED_WON, Status.CLOSED_LOST)
_SOLD = (Opportunity.Status.WON, Opportunity.Status.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedDeal:
    """`kind` is registration or opportunity. `base` is the amount at the rate of the day it was booked at; nothing where it never had one."""

    kind: str
    id: UUID
    number: str
    customer: str
    country: str
    account_id: UUID | None
    partner_id: UUID | None
    program_id: UUID | None
    deal_type: str
    is_won: bool
    opened_at: datetime
    closed_at: datetime
    amount: Money
    base: Money
    fx_rate: Decimal | None
    fx_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunDeal:
    """Who a deal was begun by, and when; `partner_id` is None where no partner is named."""

    id: UUID
    kind: str
    partner_id: UUID | None
    account_id: UUID | None
    began_at: datetime


def decided_deals(*, since: datetime, until: datetime, but: QuerySet | None = None) -> tuple[DecidedDeal, ...]:
    """Everything that was won or lost in [since, until), by the moment it closed, less the deals that the rows of `but` name (`deal_id`). Two queries."""
    registered = Registration.objects.filter(status__in=_REGISTERED, closed_at__gte=since, closed_at__lt=until)
    closed = Q(closed_at__gte=since, closed_at__lt=until) | Q(closed_at=None, close_date__gte=since.date(), close_date__lt=until.date())
    own = Opportunity.objects.filter(closed, status__in=_SOLD, registration=None)
    if but is not None:
        named = Exists(but.filter(deal_id=OuterRef("pk")))
        registered, own = registered.filter(~named), own.filter(~named)
    found = [*_registered(registered), *_own(own)]
    return tuple(sorted(found, key=lambda deal: (deal.closed_at, deal.id)))


def first_decided() -> datetime | None:
    """When the first deal of all was won or lost. Two queries."""
    registered = Registration.objects.filter(status__in=_REGISTERED).aggregate(at=Min("closed_at"))["at"]
    own = Opportunity.objects.filter(status__in=_SOLD, registration=None).aggregate(at=Min("closed_at"), day=Min("close_date"))
    return min((one for one in (registered, own["at"], _midnight(own["day"]) if own["day"] else None) if one), default=None)


def begun_deals(ids: Iterable[UUID]) -> dict[UUID, BegunDeal]:
    """Registrations that were sent in and opportunities among `ids`. Two queries."""
    wanted = list(ids)
    sent = Registration.objects.filter(pk__in=wanted, submitted_at__isnull=False).values_list("pk", "partner_id", "account_id", "submitted_at")
    found = {pk: BegunDeal(id=pk, kind="registration", partner_id=partner, account_id=account, began_at=began) for pk, partner, account, began in sent}
    for row in Opportunity.objects.filter(pk__in=wanted, registration=None):
        began = _midnight(row.opened_date) if row.opened_date else row.created_at
        found[row.pk] = BegunDeal(id=row.pk, kind="opportunity", partner_id=row.partner_id, account_id=row.account_id, began_at=began)
    return found


def _registered(rows: QuerySet) -> list[DecidedDeal]:
    return [
        DecidedDeal(
            kind="registration",
            id=row.pk,
            number=row.number,
            customer=row.customer_name,
            country=row.customer_country,
            account_id=row.account_id,
            partner_id=row.partner_id,
            program_id=row.program_id,
            deal_type=str(row.deal_type),
            is_won=row.status == Status.CLOSED_WON,
            opened_at=_opened(row),
            closed_at=row.closed_at,
            amount=Money(row.amount_minor, row.currency),
            base=_base(row.base_amount_minor, row.base_currency, row.amount_minor, row.currency),
            fx_rate=row.fx_rate,
            fx_date=row.fx_date,
        )
        for row in rows.select_related("opportunity")
    ]


def _opened(row: Registration) -> datetime:
    """When the deal began: an opportunity that the CRM knew before the registration came goes before it."""
    known = getattr(row, "opportunity", None)
    return min(row.submitted_at, _midnight(known.opened_date)) if known and known.opened_date else row.submitted_at


def _own(rows: QuerySet) -> list[DecidedDeal]:
    return [
        DecidedDeal(
            kind="opportunity",
            id=row.pk,
            number=row.external_id[:24],
            customer=row.account.name if row.account else row.name,
            country=row.account.country if row.account else "",
            account_id=row.account_id,
            partner_id=row.partner_id,
            program_id=None,
            deal_type="new",
            is_won=row.status == Opportunity.Status.WON,
            opened_at=_midnight(row.opened_date) if row.opened_date else row.created_at,
            closed_at=row.closed_at or _midnight(row.close_date),
            amount=Money(row.amount_minor or 0, row.currency or base_currency()),
            base=_base(row.base_amount_minor, row.base_currency, row.amount_minor, row.currency),
            fx_rate=row.fx_rate,
            fx_date=row.fx_date,
        )
        for row in rows.select_related("account")
    ]


def _base(booked: int | None, booked_in: str, minor: int | None, currency: str) -> Money:
    """What was booked in the reporting currency; the amount itself where it is in that currency and was never booked."""
    if booked is not None and booked_in == base_currency():
        return Money(booked, booked_in)
    return Money((minor or 0) if currency == base_currency() else 0, base_currency())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
