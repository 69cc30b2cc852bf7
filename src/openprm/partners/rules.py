"""The lifecycle of a partner, the benefits a tier can give, and what speaks against a change. Pure."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

TYPES = ("reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant")
MOTIONS = ("influence", "transact", "solution", "retain")
ENROLLMENT_STATES = ("draft", "pending", "approved", "rejected", "terminated", "expired")

MOVES: Mapping[str, tuple[str, ...]] = {
    "invited": ("applicant", "pending", "active", "declined", "archived"),
    "applicant": ("pending", "active", "declined", "banned", "offboarded"),
    "pending": ("active", "declined", "banned", "offboarded"),
    "declined": ("applicant", "banned", "archived"),
    "active": ("suspended", "deactivated", "banned", "offboarded"),
    "suspended": ("active", "deactivated", "banned", "offboarded"),
    "deactivated": ("active", "banned", "offboarded", "archived"),
    "banned": ("deactivated", "offboarded"),
    "offboarded": ("active", "archived"),
    "archived": ("applicant", "active"),
}
NEEDS_REASON = frozenset({"banned"})
BY_CHECKLIST = frozenset({"offboarded"})
"""States that a partner enters by the offboarding alone, so that nothing of it is left half-done."""
LIFTS_BAN = frozenset({"active", "deactivated"})
"""States that end a ban. A banned partner that is offboarded and archived stays banned, and so does its web domain."""
RESTING_ACTIONS = ("deals", "leads", "funds")
"""What is closed to a deactivated partner; its people still look."""

ENROLLMENT_MOVES: Mapping[str, tuple[str, ...]] = {
    "draft": ("pending", "approved"),
    "pending": ("approved", "rejected"),
    "approved": ("terminated", "expired"),
    "rejected": ("pending",),
    "terminated": ("approved",),
    "expired": ("approved", "terminated"),
}
REMINDER_DAYS = (60, 30, 7)
RENEWED_BY_RULE_BEFORE = timedelta(days=1)
RENEWAL_GUARDS = ("agreements", "compliance")
"""The sources of gates that must be open before a membership is renewed."""
STATES_RENEWED = ("active", "deactivated")
TERM_MONTHS_MOST = 60
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")


class BenefitKind(StrEnum):
    DAYS = "days"
    COUNT = "count"
    PERCENT = "percent"
    CHOICE = "choice"


@dataclass(frozen=True)
class Benefit:
    """One thing a tier can give. `default` holds for a tier that says nothing; None means no limit or none promised."""

    code: str
    kind: BenefitKind
    default: Any
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()


BENEFITS = (
    Benefit("protection_days", BenefitKind.DAYS, 90, least=0, most=365),
    Benefit("max_active_registrations", BenefitKind.COUNT, 25, least=0, most=10_000),
    Benefit("promise_class", BenefitKind.CHOICE, "standard", choices=("standard", "priority", "express")),
    Benefit("discount_percent", BenefitKind.PERCENT, 0, least=0, most=100),
    Benefit("market_fund_percent", BenefitKind.PERCENT, 0, least=0, most=100),
)
BENEFIT = {benefit.code: benefit for benefit in BENEFITS}


def benefits_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Every benefit with the value that a tier gives, or its default."""
    return {benefit.code: given.get(benefit.code, benefit.default) for benefit in BENEFITS}


def is_benefit_value(code: str, value: Any) -> bool:
    """Whether `value` is one that the benefit can have; False also for a benefit that is not in the library."""
    benefit = BENEFIT.get(code)
    if benefit is None:
        return False
    if benefit.kind is BenefitKind.CHOICE:
        return value in benefit.choices
    return isinstance(value, int) and not isinstance(value, bool) and benefit.least <= value <= benefit.most


def can_move(before: str, after: str) -> bool:
    """Whether a partner may go from one lifecycle state to another. Staying is not a move."""
    return after in MOVES.get(before, ())


def can_move_enrollment(before: str, after: str) -> bool:
    return after in ENROLLMENT_MOVES.get(before, ())


def moves_by_hand(before: str) -> tuple[str, ...]:
    """Where a person can move a partner by a button; leaving goes by its checklist."""
    return tuple(after for after in MOVES.get(before, ()) if after not in BY_CHECKLIST)


def after_months(moment: datetime, months: int) -> datetime:
    """The same day and hour that many months later; the 31st becomes the last day of a shorter month."""
    years, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(years, month + 1)[1])
    return moment.replace(year=years, month=month + 1, day=day)


def term_end(since: datetime, months: int | None) -> datetime | None:
    """When a membership that begins now ends; None for a program without a term."""
    return after_months(since, months) if months else None


def renewed_until(*, until: datetime, at: datetime, months: int) -> datetime:
    """The end after a renewal: an early one loses no day, a late one begins anew."""
    return after_months(max(until, at), months)


def reminder_due(*, until: datetime, at: datetime, reminded_days: int | None) -> int | None:
    """Which reminder (60, 30 or 7 days) is due now and not sent; None when none is."""
    left = until - at
    due = [days for days in REMINDER_DAYS if timedelta() < left <= timedelta(days=days)]
    nearest = min(due, default=None)
    return nearest if nearest is not None and (reminded_days is None or nearest < reminded_days) else None


def renewal_opens(until: datetime) -> datetime:
    """From when a partner can renew by itself."""
    return until - timedelta(days=REMINDER_DAYS[0])


def is_ending(status: str, until: datetime | None, at: datetime) -> bool:
    """Whether a running membership has an end that lies within the day."""
    return status == "approved" and until is not None and at < until <= at + RENEWED_BY_RULE_BEFORE


def days_left(until: datetime, at: datetime) -> int:
    """Whole days until the end, rounded up; zero and below once it has come."""
    return -((at - until) // timedelta(days=1))


def renewal_state(*, until: datetime, at: datetime, is_blocked: bool) -> str:
    """expired, blocked (something is closed that must be open), due (within 60 days) or running."""
    if until <= at:
        return "expired"
    if at < renewal_opens(until):
        return "running"
    return "blocked" if is_blocked else "due"


def host_of(address: str) -> str:
    """The bare host of a web address as people write it: https://www.kallio.fi/en becomes kallio.fi."""
    bare = address.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare.partition("/")[0]


def domain_and_above(domain: str) -> tuple[str, ...]:
    """A web domain with the domains it hangs under: shop.kallio.fi, kallio.fi."""
    labels = [label for label in domain.strip().lower().rstrip(".").removeprefix("www.").split(".") if label]
    return tuple(".".join(labels[place:]) for place in range(max(len(labels) - 1, 0)))


def is_code(text: str) -> bool:
    """Codes are for addresses and rules: lower-case letters, digits and hyphens, at most 39."""
    return bool(CODE.fullmatch(text))


def makes_circle(partner_id: Any, parent_id: Any, parent_of: Mapping[Any, Any]) -> bool:
    """Whether `parent_id` above `partner_id` would make a partner its own ancestor."""
    seen = {partner_id}
    while parent_id is not None:
        if parent_id in seen:
            return True
        seen.add(parent_id)
        parent_id = parent_of.get(parent_id)
    return False
