"""What the services of funds give back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A row after what was done to it. `final` is False while another level decides, `next_role` is then asked."""

    id: UUID
    number: str
    status: str = ""
    version: int = 1
    final: bool = True
    next_role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetDraft:
    name: str
    currency: str = ""
    amount_minor: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    kind: str = "mdf"
    parent_id: UUID | None = None
    program_id: UUID | None = None
    partner_id: UUID | None = None
    about: str = ""
    external_source: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundDraft:
    """What one partner is given; days that are not named are those of the budget."""

    budget_id: UUID
    partner_id: UUID
    amount_minor: int
    currency: str = ""
    name: str = ""
    vendor_percent: int = 100
    plan_by: date | None = None
    claim_by: date | None = None
    ends_on: date | None = None
    external_source: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityDraft:
    """One activity: what it costs (`planned_minor`), and how much of that is asked for."""

    activity_type_id: UUID
    title: str
    starts_on: date
    ends_on: date
    planned_minor: int
    asked_minor: int
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDraft:
    allocation_id: UUID
    title: str
    currency: str = ""
    purpose: str = ""
    expected: str = ""
    activities: tuple[ActivityDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One instalment of what is owed, in the fund's currency."""

    amount_minor: int
    payable_from: date
