"""What payouts announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class BankAccountEntered:
    account_id: UUID
    partner_id: UUID
    actor_id: UUID | None
    changed: bool
    at: datetime


@dataclass(frozen=True)
class BankAccountMoved:
    """It is being verified, verified or failed."""

    account_id: UUID
    partner_id: UUID
    state: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class TaxFormMoved:
    """It was submitted, accepted, rejected or has expired."""

    form_id: UUID
    partner_id: UUID
    state: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class TaxFormEnding:
    form_id: UUID
    partner_id: UUID
    days: int
    at: datetime


@dataclass(frozen=True)
class RunPrepared:
    run_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class RunApproved:
    run_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class PayoutHeld:
    """A run could not pay this partner, for a reason that the partner can cure."""

    run_id: UUID
    partner_id: UUID
    currency: str
    at: datetime


@dataclass(frozen=True)
class PayoutSent:
    payout_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class PayoutCompleted:
    payout_id: UUID
    partner_id: UUID
    at: datetime


@dataclass(frozen=True)
class PayoutFailed:
    """The money is back in the partner's balance."""

    payout_id: UUID
    partner_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True)
class PayoutClaimed:
    """A payment is booked as on its way and waits for the provider to be told."""

    payout_id: UUID
    at: datetime


@dataclass(frozen=True)
class PayoutBounced:
    """The bank sent the money back to the payee's account at the provider; it is fetched back from there."""

    payout_id: UUID
    reason: str
    at: datetime
