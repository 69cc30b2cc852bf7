"""What the API of tiers takes and answers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, WithJsonSchema

from openprm.kernel.api import In, Out, PageQuery

State = Literal["safe", "rising", "at_risk", "grace", "exempt"]
MoveState = Literal["pending", "done", "declined", "superseded"]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Days = Annotated[int, Field(ge=0, le=730)]


class StandingQuery(PageQuery):
    program_id: UUID | None = None
    partner_id: UUID | None = None
    state: State | None = None


class StandingOut(Out):
    """Where a partner stands in a program. On the partner's own side `at_stake_minor` is null."""

    id: UUID
    partner_id: UUID
    partner: str
    program_id: UUID
    program: str
    tier: str
    earned: str = Field(description="The tier that the facts earn today; empty when no rule speaks.")
    state: State
    next_tier: str
    next_share: int | None
    lacks: list[str]
    reasons: list[str]
    at_stake_minor: int | None
    currency: str
    grace_until: datetime | None
    track: str
    refreshed_at: datetime | None
    created_at: datetime
    version: int


class CriterionOut(Out):
    fact: str
    label: str
    words: str
    have: str
    need: str
    missing: str
    share: int
    is_met: bool
    by: date | None
    warning: str


class StepOut(Out):
    code: str
    name: str
    rank: int
    is_held: bool
    is_met: bool
    share: int
    clause: str
    criteria: list[CriterionOut]


class HealthItemOut(Out):
    kind: str
    code: str
    label: str
    promised: str
    state: str
    severity: str
    owner: str
    detail: str


class ProgressOut(Out):
    """A partner's progress in a program, with what both sides owe each other."""

    partner_id: UUID
    program_id: UUID
    program: str
    tier: str
    state: str
    headline: str
    sentence: str
    measured_at: datetime | None
    grace_until: datetime | None
    forgiven_until: date | None
    ladder: list[StepOut]
    requirements: list[HealthItemOut]
    benefits: list[HealthItemOut]


class ProgressListOut(Out):
    items: list[ProgressOut]


class MoveQuery(PageQuery):
    program_id: UUID | None = None
    partner_id: UUID | None = None
    state: MoveState | None = None


class MoveOut(Out):
    """A promotion or demotion. A partner reads its own decided ones."""

    id: UUID
    partner_id: UUID
    partner: str
    program_id: UUID
    before: str
    after: str
    direction: str
    state: MoveState
    is_automatic: bool
    clause: str
    clause_text: str
    rule_version: int | None
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str


class ApproveIn(In):
    reason: Reason = ""


class DeclineIn(In):
    reason: Reason = Field(min_length=1, description="The partner reads it.")


class KeepIn(In):
    until: date | None = Field(description="Null ends the exception.")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class TrackIn(In):
    track: Literal["small", "medium", "large"]


class PolicyOut(Out):
    program_id: UUID
    program: str
    promotes_at_once: bool
    demotes_at_once: bool
    is_forgiving: bool
    grace_days: int
    warn_days: int
    ask_again_days: int
    has_own_rules: bool
    version: int


class PolicyListOut(Out):
    items: list[PolicyOut]


class PolicyIn(In):
    promotes_at_once: bool
    demotes_at_once: bool
    is_forgiving: bool
    grace_days: Days
    warn_days: Annotated[int, Field(ge=0, le=365)]
    ask_again_days: Days


class MetricOut(Out):
    id: UUID
    code: str
    label: str
    about: str
    kind: str
    unit: str
    formula: str
    is_retired: bool
    version: int


class MetricListOut(Out):
    items: list[MetricOut]


class MetricIn(In):
    code: Code = Field(examples=["attach_rate"])
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    kind: Literal["entered", "computed"] = "entered"
    unit: Literal["number", "money"] = "number"
    formula: Short = Field("", examples=["won_deals / registrations * 100"])
    about: Short = ""


class MetricChangeIn(In):
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    formula: Short = ""
    about: Short = ""
    is_retired: bool = False


class ValueIn(In):
    partner_id: UUID
    metric: Code
    amount: Annotated[Decimal, Field(max_digits=19, decimal_places=4), WithJsonSchema({"type": "number", "minimum": -1e15, "maximum": 1e15})]
    starts_on: date
    ends_on: date | None = None
    note: Short = ""


class BenefitIn(In):
    """The partner's or the vendor's word on a promised benefit; nobody can change it afterwards."""

    partner_id: UUID
    program_id: UUID
    benefit: Annotated[str, StringConstraints(max_length=40)] = Field(examples=["market_fund_percent"])
    said: Literal["met", "not_met"]
    note: Reason = Field(min_length=1)
