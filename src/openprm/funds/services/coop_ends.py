"""Co-op money that runs out: warned about in time, taken by a line of its own, never what is reserved."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Sum

from openprm.funds.models import AccrualLine, AccrualWarning, Allocation
from openprm.funds.proof_events import FundsExpired, FundsExpiring
from openprm.funds.rules.coop import Lot, left_of, to_expire, warning_due
from openprm.funds.services.coop import KIND, Booking, book, hold_pot
from openprm.kernel.events import publish

AT_ONCE = 200


def warn(*, at: datetime) -> int:
    """Tell partners of money that ends in 60, 30 or 7 days, once each. How many were told. System's scope."""
    return sum(_warn(pot, at) for pot in _pots())


def expire(*, at: datetime) -> int:
    """Take what ran out, each pot in a transaction of its own; how many lines. System's scope."""
    return sum(_expire(pot.pk, at) for pot in _pots())


def _pots() -> Iterable[Allocation]:
    held = AccrualLine.objects.filter(kind=KIND.ACCRUED).values("allocation")
    return Allocation.objects.filter(pk__in=held, is_closed=False, amount_minor__gt=0).order_by("pk").iterator(chunk_size=AT_ONCE)


def lots_of(pot_id: UUID) -> tuple[Lot, ...]:
    """The deals of a pot with their corrections. Two queries."""
    lines = AccrualLine.objects.filter(allocation=pot_id)
    changed = dict(lines.filter(kind=KIND.CORRECTED).order_by().values_list("lot").annotate(sum=Sum("amount_minor")))
    rows = lines.filter(kind=KIND.ACCRUED).order_by().annotate(warned=Min("warnings__given_on"))
    return tuple(Lot(row.pk, row.amount_minor + changed.get(row.pk, 0), row.expires_on, row.warned) for row in rows)


def used_of(pot: Allocation, lots: Iterable[Lot]) -> int:
    """What left the pot so far, by requests and by running out: everything that came in less what is free."""
    return max(0, sum(max(lot.minor, 0) for lot in lots) - pot.left_minor)


@transaction.atomic
def _warn(pot: Allocation, at: datetime) -> int:
    lots, today = lots_of(pot.pk), at.date()
    given: dict[Any, list[int]] = defaultdict(list)
    for lot_id, days in AccrualWarning.objects.filter(lot__allocation=pot).values_list("lot", "days"):
        given[lot_id].append(days)
    due: dict[tuple[int, date], int] = defaultdict(int)
    for one in left_of(lots, used_of(pot, lots)):
        days = warning_due(one.lot.expires_on, today, given[one.lot.id]) if one.left > 0 else None
        if days is not None:
            AccrualWarning.objects.create(partner_id=pot.partner_id, lot_id=one.lot.id, days=days, given_on=today)
            due[(days, one.lot.expires_on)] += one.left
    for (_threshold, ends), minor in due.items():
        left = max(0, (ends - today).days)
        publish(FundsExpiring(partner_id=pot.partner_id, amount_minor=minor, currency=pot.currency, days=left, expires_on=ends, at=at))
    return len(due)


@transaction.atomic
def _expire(pot_id: UUID, at: datetime) -> int:
    pot = hold_pot(pot_id)
    lots = lots_of(pot_id)
    ended = to_expire(lots, used=used_of(pot, lots), available=pot.left_minor, today=at.date())
    total = sum(-_end(pot, one.lot.id, one.left, at) for one in ended)
    if total:
        publish(FundsExpired(partner_id=pot.partner_id, amount_minor=total, currency=pot.currency, at=at))
    return len(ended) if total else 0


def _end(pot: Allocation, lot_id: UUID, minor: int, at: datetime) -> int:
    """The line that takes what is left of a lot; what it really took, negative."""
    lot = AccrualLine.objects.get(pk=lot_id)
    made = book(Booking.about(lot, pot), kind=KIND.EXPIRED, minor=-minor, cause=f"expired {at.date().isoformat()}", at=at)
    return AccrualLine.objects.get(pk=made).amount_minor if made else 0
