"""What incentives tell higher rooms."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPublished:
    """A plan's terms were published and take effect on a day."""

    plan_id: UUID
    version_id: UUID
    number: int
    starts_on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEnded:
    """A plan pays nothing for what happens from `ended_on` on."""

    plan_id: UUID
    ended_on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageBooked:
    """A customer's usage was credited to a partner: `amount_minor` is its share, negative for a correction downwards.

    `credit_id` is unique and never told twice. `service_month` is when it was used, `booked_month` where it counts;
    they differ when it corrects a closed month.
    """

    credit_id: UUID
    line_id: UUID
    partner_id: UUID
    customer_key: str
    customer_name: str
    product_line_id: UUID | None
    service_month: date
    booked_month: date
    percent: str
    amount_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageMonthClosed:
    """A month of usage is closed: what belongs to it and comes later is booked in the first open month."""

    month: date
    at: datetime
