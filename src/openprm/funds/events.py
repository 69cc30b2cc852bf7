"""What happened to funds: ids and plain values, past tense. Handlers may run twice."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fund:
    partner_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FundAllocated(_Fund):
    """A partner was given a fund, or its fund was changed by `delta_minor`."""

    allocation_id: UUID
    number: str
    delta_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request(_Fund):
    request_id: UUID
    number: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsRequested(_Request):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsStepTaken(_Request):
    """One level said yes; `role` is asked next."""

    role: str
    claim_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsApproved(_Request):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsRefused(_Request):
    """`final` is declined, otherwise rejected and may be sent again."""

    final: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsReleased(_Request):
    """What was reserved and is not claimed went back into the fund; `expired` when the deadline passed."""

    expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim(_Request):
    claim_id: UUID
    claim_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSubmitted(_Claim):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimApproved(_Claim):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRefused(_Claim):
    final: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPaid(_Claim):
    """One instalment was paid; `rest_minor` is still owed."""

    rest_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineNears(_Fund):
    """Money goes back on `ends_on` unless it is used: `what` is "claim" for an activity, "plan" for a fund."""

    what: str
    subject_id: UUID
    title: str
    left_minor: int
    currency: str
    ends_on: date
