"""Months and shares of usage, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from openprm.ledger.rules.allocate import allocate
from openprm.rulebook.rules.language import gettext as _

from .windows import add_months

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Share:
    """A partner's part of a customer's usage, from a month until (and with) another; without an end it goes on."""

    partner_id: UUID
    percent: Decimal
    from_month: date
    until_month: date | None = None

    def covers(self, month: date) -> bool:
        return self.from_month <= month and (self.until_month is None or month <= self.until_month)


def first_of(day: date) -> date:
    return day.replace(day=1)


def open_month(month: date, closed: Iterable[date]) -> date:
    """The month itself, or when it is closed the first later one that is not."""
    shut = set(closed)
    while month in shut:
        month = add_months(month, 1)
    return month


def shares_in(shares: Iterable[Share], month: date) -> dict[UUID, Decimal]:
    found: dict[UUID, Decimal] = {}
    for one in shares:
        if one.covers(month):
            found[one.partner_id] = found.get(one.partner_id, Decimal(0)) + one.percent
    return found


def over_cap(shares: Sequence[Share]) -> tuple[date, Decimal] | None:
    """The first month in which the shares of all partners come to more than the whole, and what they come to."""
    for month in sorted({one.from_month for one in shares}):
        total = sum(shares_in(shares, month).values(), Decimal(0))
        if total > WHOLE:
            return month, total
    return None


def without(share: Share, from_month: date, until_month: date | None) -> tuple[Share, ...]:
    """What is left of a share when a span of months is taken out of it."""
    rest = []
    if share.from_month < from_month:
        rest.append(replace(share, until_month=_earlier(share.until_month, add_months(from_month, -1))))
    if until_month is not None and (share.until_month is None or share.until_month > until_month):
        rest.append(replace(share, from_month=max(share.from_month, add_months(until_month, 1))))
    return tuple(rest)


def overlaps(share: Share, from_month: date, until_month: date | None) -> bool:
    return (until_month is None or share.from_month <= until_month) and (share.until_month is None or share.until_month >= from_month)


def credited(minor: int, shares: Mapping[UUID, Decimal]) -> dict[UUID, int]:
    """What each partner is credited of an amount: by largest remainder, what nobody has a share in stays with the vendor."""
    if not shares:
        return {}
    ordered = sorted(shares)
    parts = allocate(minor, [*(shares[one] for one in ordered), WHOLE - sum(shares.values(), Decimal(0))])
    return dict(zip(ordered, parts, strict=False))


def why_not_close(month: date, *, closed: Iterable[date], first_used: date | None, today: date) -> str | None:
    """Months close in order, and only when they are over."""
    shut = set(closed)
    if month in shut:
        return _("%(month)s is closed already.") % {"month": f"{month:%Y-%m}"}
    if add_months(month, 1) > today:
        return _("%(month)s is not over yet.") % {"month": f"{month:%Y-%m}"}
    before = add_months(month, -1)
    if first_used and first_used < month and before not in shut:
        return _("Close %(before)s first: months are closed in order.") % {"before": f"{open_month(first_used, shut):%Y-%m}"}
    return None


def _earlier(one: date | None, other: date) -> date:
    return other if one is None else min(one, other)
