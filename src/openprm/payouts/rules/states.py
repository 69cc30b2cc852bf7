"""The lives of an account, a form, a payment and a run: which state follows which."""

from collections.abc import Iterable
from enum import StrEnum


class Bank(StrEnum):
    ENTERED = "entered"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    FAILED = "failed"
    REPLACED = "replaced"


class Tax(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REPLACED = "replaced"


class Pay(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    PROCESSED = "processed"
    SENT = "sent"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"


class RunState(StrEnum):
    PREPARED = "prepared"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    SETTLED = "settled"
    CANCELED = "canceled"


BANK_MOVES = {
    Bank.ENTERED: {Bank.VERIFYING, Bank.VERIFIED, Bank.FAILED, Bank.REPLACED},
    Bank.VERIFYING: {Bank.VERIFIED, Bank.FAILED, Bank.REPLACED},
    Bank.VERIFIED: {Bank.FAILED, Bank.REPLACED},
    Bank.FAILED: set(),
    Bank.REPLACED: set(),
}
PAY_MOVES = {
    Pay.PENDING: {Pay.PROCESSING, Pay.CANCELED},
    Pay.PROCESSING: {Pay.PROCESSED, Pay.SENT, Pay.FAILED},
    Pay.PROCESSED: {Pay.SENT, Pay.COMPLETED, Pay.FAILED},
    Pay.SENT: {Pay.COMPLETED, Pay.FAILED},
    Pay.COMPLETED: {Pay.FAILED},
    Pay.FAILED: set(),
    Pay.CANCELED: set(),
}
RUN_MOVES = {
    RunState.PREPARED: {RunState.APPROVED, RunState.CANCELED},
    RunState.APPROVED: {RunState.SENDING, RunState.CANCELED},
    RunState.SENDING: {RunState.SENT, RunState.SETTLED},
    RunState.SENT: {RunState.SETTLED},
    RunState.SETTLED: set(),
    RunState.CANCELED: set(),
}
OVER = frozenset({Pay.COMPLETED, Pay.FAILED, Pay.CANCELED})
ON_THE_WAY = frozenset({Pay.PROCESSING, Pay.PROCESSED, Pay.SENT})


def can_move_bank(before: str, after: str) -> bool:
    return Bank(after) in BANK_MOVES[Bank(before)]


def can_move_payout(before: str, after: str) -> bool:
    return Pay(after) in PAY_MOVES[Pay(before)]


def can_move_run(before: str, after: str) -> bool:
    return RunState(after) in RUN_MOVES[RunState(before)]


def run_after(payouts: Iterable[str]) -> RunState:
    """Where a run that is being sent stands, by its payments."""
    states = {Pay(one) for one in payouts}
    if states <= OVER:
        return RunState.SETTLED
    return RunState.SENDING if Pay.PROCESSING in states or Pay.PENDING in states else RunState.SENT
