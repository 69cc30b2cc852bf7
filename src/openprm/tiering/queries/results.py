"""What tiering answers to its readers. The vendor and the partner get different types: a partner never sees stakes and exceptions' reasons of others."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.kernel.money import Money
from openprm.tiering.rules.progress import Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """One line of the tier standings."""

    id: UUID
    partner_id: UUID
    partner: str
    program_id: UUID
    program: str
    tier: str
    earned: str
    state: str
    state_label: str
    next_tier: str
    next_share: int | None
    lacks: tuple[str, ...]
    reasons: tuple[str, ...]
    at_stake: Money
    grace_until: datetime | None
    manager: str
    track: str
    refreshed_at: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """A promotion or demotion."""

    id: UUID
    partner_id: UUID
    partner: str
    program_id: UUID
    program: str
    before: str
    after: str
    direction: str
    state: str
    state_label: str
    is_automatic: bool
    clause: str
    clause_text: str
    rule_version_id: UUID | None
    rule_version: int | None
    facts: tuple[tuple[str, str], ...]
    at_stake: Money
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerMove:
    """A move as its partner reads it."""

    id: UUID
    before: str
    after: str
    direction: str
    state: str
    state_label: str
    clause: str
    clause_text: str
    rule_version_id: UUID | None
    opened_at: datetime
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionView:
    """Have, need, missing and by when, in words. `by` is the day until which it must be met, or on which it would be lost."""

    criterion: Criterion
    label: str
    have: str
    need: str
    missing: str
    share: int
    is_met: bool
    words: str
    by: date | None = None
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One tier of the ladder beside the partner: what it asks by the nearest way, and what it gives."""

    code: str
    name: str
    rank: int
    is_held: bool
    is_met: bool
    share: int
    clause: str
    criteria: tuple[CriterionView, ...]
    adds: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsView:
    """The points of one metric."""

    clause: str
    label: str
    have: str
    full_at: str
    points: str
    most: str
    share: int
    is_floored: bool
    is_short: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A partner's place in a program, as both sides see it."""

    partner_id: UUID
    program_id: UUID
    program: str
    tier: str
    tier_code: str
    since: datetime
    measured_at: datetime | None
    state: str
    state_label: str
    headline: str
    sentence: str
    held: StepView | None
    next: StepView | None
    ladder: tuple[StepView, ...]
    points: tuple[PointsView, ...]
    points_total: str
    points_most: str
    floors_met: bool
    warnings: tuple[str, ...]
    grace_until: datetime | None
    forgiven_until: date | None
    rule_version_id: UUID | None
    rule_version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthItem:
    """One requirement or one promised benefit: met, not met or pending, how grave that is and whose turn it is."""

    kind: str
    code: str
    label: str
    promised: str
    state: str
    severity: str
    owner: str
    detail: str
    by_name: str = ""
    at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Both sides of a tier: what the partner owes it and what the vendor promised with it."""

    partner_id: UUID
    program_id: UUID
    program: str
    tier: str
    requirements: tuple[HealthItem, ...]
    benefits: tuple[HealthItem, ...]

    @property
    def issues(self) -> tuple[HealthItem, ...]:
        """What is not as it should be, the gravest first."""
        found = [one for one in (*self.requirements, *self.benefits) if one.state == "not_met" or one.severity != "info"]
        return tuple(sorted(found, key=lambda one: ("blocker", "warning", "info").index(one.severity)))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptByHand:
    """A partner that keeps its tier by hand."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorProgress:
    """What only the vendor's people see beside the progress."""

    progress: Progress
    at_stake: Money
    track: str
    exempt: KeptByHand | None
    version: int
    pending_move_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """How a program moves its partners, with the state of its rules."""

    program_id: UUID
    program: str
    promotes_at_once: bool
    demotes_at_once: bool
    is_forgiving: bool
    grace_days: int
    warn_days: int
    ask_again_days: int
    version: int
    tiers: tuple[str, ...]
    has_own_rules: bool
    partners: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """A value that somebody entered."""

    id: UUID
    metric: str
    label: str
    amount: Any
    starts_on: date
    ends_on: date | None
    note: str
    by_name: str
