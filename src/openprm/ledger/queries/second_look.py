"""Months: what is open, what was closed, and what is seen before one closes."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.kernel.registry import registry
from openprm.ledger.models import Entry, Leg, Period
from openprm.ledger.queries.results import Closing, PeriodView, TrialTotal, UnpostedGroup
from openprm.ledger.queries.trial import moved_in
from openprm.ledger.rules.periods import last_day, month_of, next_month


def periods(actor: Actor, at: datetime) -> tuple[PeriodView, ...]:
    """Every month something was booked in, newest first. Raises NotFound for who may not read the books."""
    _check(actor)
    rows = list(Period.objects.order_by("-month"))
    first_open = min((row.month for row in rows if row.state == Period.State.OPEN), default=None)
    return tuple(_view(row, first_open, at) for row in rows)


def period(actor: Actor, month: date, at: datetime) -> PeriodView:
    return next((one for one in periods(actor, at) if one.month == month), None) or _raise()


def closing(actor: Actor, month: date, at: datetime) -> Closing:
    """What stands in a month and what does not yet, for the second look before it closes. Raises NotFound."""
    _check(actor)
    rows = {row.month: row.state for row in Period.objects.all()}
    if month not in rows:
        raise NotFound()
    groups = tuple(group for source in registry.filling("ledger.unposted") if (group := _group(source, month, at)).items)
    earlier = min((one for one, state in rows.items() if state == Period.State.OPEN and one < month), default=None)
    count = Entry.objects.filter(value_date__gte=month, value_date__lt=next_month(month)).count()
    totals = moved_in(month, last_day(month))
    return Closing(month=month, groups=groups, entry_count=count, totals=totals, earlier_open=earlier, seen=_seen(month, groups, count))


def seal_of(month: date) -> str:
    """A fingerprint of every leg of a month, in order: the same for ever after it is closed."""
    digest = hashlib.sha256()
    legs = Leg.objects.filter(value_date__gte=month, value_date__lt=next_month(month)).order_by("entry__number", "id")
    for values in legs.values_list("entry__number", "entry__key", "value_date", "account_id", "currency", "amount_minor").iterator(chunk_size=5000):
        digest.update(("|".join(map(str, values)) + "\n").encode())
    return digest.hexdigest()


def broken_seals() -> tuple[date, ...]:
    """The closed months whose legs are not what they were when they were closed. Reads every leg of every closed month."""
    closed = Period.objects.filter(state=Period.State.CLOSED).order_by("month").values_list("month", "sha256")
    return tuple(month for month, kept in closed if seal_of(month) != kept)


def _group(source: Any, month: date, at: datetime) -> UnpostedGroup:
    return UnpostedGroup(label=str(source.label), items=tuple(source.unposted(month=month, at=at)))


def _seen(month: date, groups: tuple[UnpostedGroup, ...], count: int) -> str:
    items = sorted(str(item.id) for group in groups for item in group.items)
    return hashlib.sha256(json.dumps([month.isoformat(), count, items]).encode()).hexdigest()[:32]


def _view(row: Period, first_open: date | None, at: datetime) -> PeriodView:
    is_over = next_month(row.month) <= month_of(at.date())
    totals = tuple(TrialTotal(debit=Money(debit, currency), credit=Money(credit, currency)) for currency, (debit, credit) in sorted(row.totals.items()))
    return PeriodView(
        month=row.month, state=row.state, is_over=is_over, may_close=is_over and row.month == first_open, entry_count=row.entry_count,
        closed_at=row.closed_at, closed_by=row.closed_by_name, note=row.note, unposted_count=row.unposted_count, totals=totals, sha256=row.sha256,
    )  # fmt: skip


def _check(actor: Actor) -> None:
    if not (actor.sees_all_partners and actor.can("ledger.view")):
        raise NotFound()


def _raise() -> PeriodView:
    raise NotFound()
