"""What is earned by the calendar: usage, retainers of a month, rebates of a quarter."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.earnings.models import SourceEvent
from openprm.earnings.rules.months import first_of, next_month, quarter_name, quarter_of
from openprm.earnings.services.accrual import Accrued, Happening, accrue_what_can
from openprm.identity import queries as identity
from openprm.incentives import queries as incentives
from openprm.incentives.rules.model import EarnEvent
from openprm.kernel.actor import SYSTEM
from openprm.kernel.money import Money
from openprm.partners import queries as partners


def accrue_usage(
    *,
    line_id: UUID,
    partner_id: UUID,
    customer: str,
    customer_key: str,
    product_line_id: UUID | None,
    service_month: date,
    booked_month: date,
    money: Money,
    at: datetime,
) -> Accrued:
    """Earn what one credited piece of usage pays; a correction of usage is a piece of its own, perhaps below zero. Safe to repeat.

    It counts on the last day of the month of use, whenever it is told: a correction meets the terms, the bands and the limits of what it corrects.
    """
    enrollment = partners.enrollment(partner_id, at)
    event = EarnEvent(
        code="usage", source_id=line_id, source_key=f"usage:{line_id}", partner_id=partner_id, occurred_on=next_month(service_month) - timedelta(days=1),
        program_id=enrollment.program_id if enrollment else None, tier=enrollment.tier_code if enrollment else "", net=money, list=money,
        product_lines=(product_line_id,) if product_line_id else (),
        facts={
            "customer": customer, "customer_key": customer_key, "service_month": service_month.isoformat(),
            "booked_month": booked_month.isoformat(), "channel": "consumption",
            "partner_type": partners.partner(SYSTEM, partner_id).type,
        },
    )  # fmt: skip
    about = f"{customer} {service_month:%Y-%m}"
    return accrue_what_can(actor=SYSTEM, happenings=(Happening(event=event, about=about[:200]),), at=at)


def catch_up_usage(*, at: datetime, days: int = 120) -> Accrued:
    """Earn what usage of the last months has not earned yet, whatever the reason was: a currency without a rate on its day, for one."""
    told = {f"usage:{one.credit_id}": one for one in incentives.told_since(at - timedelta(days=days))}
    known = set(SourceEvent.objects.filter(source_key__in=list(told)).values_list("source_key", flat=True))
    done = Accrued()
    for one in (one for key, one in told.items() if key not in known):
        done += accrue_usage(
            line_id=one.credit_id, partner_id=one.partner_id, customer=one.customer_name, customer_key=one.customer_key,
            product_line_id=one.product_line_id, service_month=one.service_month, booked_month=one.booked_month,
            money=Money(one.amount_minor, one.currency), at=at,
        )  # fmt: skip
    return done


def accrue_retainers(*, month: date, at: datetime) -> Accrued:
    """A month of every retainer that is in force on its first day, for each partner that it is for. Safe to repeat."""
    month = first_of(month)
    found = _for_every_partner("retainer", f"{month:%Y-%m}", f"{month:%Y-%m}", month, at)
    return accrue_what_can(actor=SYSTEM, happenings=list(found), at=at)


def settle_quarter(*, day: date, at: datetime) -> Accrued:
    """The rebates of the quarter that `day` lies in; nothing before it is over. Safe to repeat."""
    first, after = quarter_of(day)
    if at.date() < after:
        return Accrued()
    name = quarter_name(first)
    found = _for_every_partner("period", name, name, after - timedelta(days=1), at)
    return accrue_what_can(actor=SYSTEM, happenings=list(found), at=at)


def accrue_past(*, at: datetime) -> Accrued:
    """This month's retainers and the last quarter's rebates."""
    first, _after = quarter_of(at.date())
    return accrue_retainers(month=at.date(), at=at) + settle_quarter(day=first - timedelta(days=1), at=at)


def _for_every_partner(code: str, key: str, about: str, on: date, at: datetime) -> Iterator[Happening]:
    """One happening for each active partner that a plan of this kind is open to."""
    ids = [UUID(value) for value, _name in partners.partner_choices(SYSTEM)]
    enrollments = partners.enrollments(ids, at)
    for partner_id in sorted(ids):
        enrollment = enrollments.get(partner_id)
        if enrollment is None or identity.organization(SYSTEM, partner_id).status != "active":
            continue
        if incentives.plans_in_force(program_id=enrollment.program_id, partner_id=partner_id, event_code=code, on=on):
            yield Happening(event=_by_calendar(code, key, partner_id, enrollment, on), about=about)


def _by_calendar(code: str, key: str, partner_id: UUID, enrollment: Any, on: date) -> EarnEvent:
    return EarnEvent(
        code=code, source_id=partner_id, source_key=f"{code}:{key}:{partner_id}", partner_id=partner_id, occurred_on=on, program_id=enrollment.program_id,
        tier=enrollment.tier_code, facts={"partner_type": partners.partner(SYSTEM, partner_id).type, "period": key},
    )  # fmt: skip
