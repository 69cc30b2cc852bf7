"""The figures of the homes and of the reports."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openprm.deals.queries.results.lists import Card
from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalSummary:
    open_deals: int
    open_value: Money
    asks_you: int
    next_ending: Card | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorSummary:
    waiting: int
    due_today: int
    late: int
    protected: int
    protected_value: Money
    won_this_quarter: Money
    won_count: int
    submitted_by_week: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationKpis:
    """KPIS.md, rows "Registration SLA" and "Registration quality". A rate is None when nothing counts."""

    submitted: int
    decided: int
    approved: int
    rejected: int
    returned: int
    with_conflict: int
    won: int
    expired: int
    within_promise: int
    measured: int
    median_hours: float | None
    p90_hours: float | None

    @property
    def acceptance_rate(self) -> float | None:
        return _share(self.approved, self.decided)

    @property
    def conflict_rate(self) -> float | None:
        return _share(self.with_conflict, self.submitted)

    @property
    def expiry_rate(self) -> float | None:
        return _share(self.expired, self.approved)

    @property
    def win_rate(self) -> float | None:
        return _share(self.won, self.approved)

    @property
    def sla_rate(self) -> float | None:
        return _share(self.within_promise, self.measured)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Registrations by the month of their submission, followed to their end."""

    month: date
    submitted: int
    decided: int
    approved: int
    with_conflict: int
    won: int
    expired: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WonByPartner:
    partner_id: UUID | None
    partner_name: str
    opportunities: int
    won: int
    won_minor: int
    currency: str
