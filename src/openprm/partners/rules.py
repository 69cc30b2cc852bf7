"""The lifecycle of a partner, the benefits a tier can give, and what speaks against a change. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

TYPES = ("reseller", "distributor", "var", "msp", "si", "isv", "referral", "affiliate", "consultant")
MOTIONS = ("influence", "transact", "solution", "retain")
ENROLLMENT_STATES = ("draft", "pending", "approved", "rejected", "terminated")

MOVES: Mapping[str, tuple[str, ...]] = {
    "applicant": ("pending", "active", "offboarded"),
    "pending": ("active", "offboarded"),
    "active": ("suspended", "offboarded"),
    "suspended": ("active", "offboarded"),
    "offboarded": ("active",),
}
ENROLLMENT_MOVES: Mapping[str, tuple[str, ...]] = {
    "draft": ("pending", "approved"),
    "pending": ("approved", "rejected"),
    "approved": ("terminated",),
    "rejected": ("pending",),
    "terminated": ("approved",),
}
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
