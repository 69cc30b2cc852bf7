"""The life of a risk case and of a verification: which state follows which, and what a case still needs. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class State(StrEnum):
    OPEN = "open"
    SENT = "questionnaire_sent"
    ANSWERED = "answered"
    SCREENING = "screening"
    CLEARED = "flags_cleared"
    APPROVED = "approved"
    DECLINED = "declined"
    RENEWAL = "renewal_due"
    LAPSED = "lapsed"


MOVES: Mapping[str, tuple[str, ...]] = {
    State.OPEN: (State.SENT, State.SCREENING, State.DECLINED),
    State.SENT: (State.ANSWERED, State.SCREENING, State.DECLINED),
    State.ANSWERED: (State.SENT, State.SCREENING, State.CLEARED, State.DECLINED),
    State.SCREENING: (State.SENT, State.CLEARED, State.DECLINED),
    State.CLEARED: (State.SENT, State.SCREENING, State.APPROVED, State.DECLINED),
    State.APPROVED: (State.SCREENING, State.RENEWAL, State.LAPSED),
    State.DECLINED: (State.OPEN,),
    State.RENEWAL: (State.SENT, State.SCREENING, State.LAPSED),
    State.LAPSED: (State.SENT, State.SCREENING),
}
WITH_VENDOR = (State.OPEN, State.ANSWERED, State.SCREENING, State.CLEARED, State.RENEWAL, State.LAPSED)
WORKED_ON = (State.SENT, State.ANSWERED, State.SCREENING, State.CLEARED)
IN_ORDER = (State.OPEN, State.SENT, State.ANSWERED, State.SCREENING, State.CLEARED, State.APPROVED)
RENEW_BEFORE = timedelta(days=60)
REMIND_DAYS = (60, 30, 7)


def can_move(before: str, after: str) -> bool:
    """Whether a case may go from one state to another. Staying is not a move."""
    return after in MOVES.get(before, ())


class Proof(StrEnum):
    """The states of a business or registrant verification (C5)."""

    STARTED = "started"
    SUBMITTED = "submitted"
    REVIEW = "review"
    APPROVED = "approved"
    DECLINED = "declined"
    RESUBMISSION = "resubmission"
    EXPIRED = "expired"


PROOF_MOVES: Mapping[str, tuple[str, ...]] = {
    Proof.STARTED: (Proof.SUBMITTED,),
    Proof.SUBMITTED: (Proof.REVIEW, Proof.APPROVED, Proof.DECLINED, Proof.RESUBMISSION),
    Proof.REVIEW: (Proof.APPROVED, Proof.DECLINED, Proof.RESUBMISSION),
    Proof.APPROVED: (Proof.EXPIRED, Proof.REVIEW),
    Proof.DECLINED: (Proof.STARTED,),
    Proof.RESUBMISSION: (Proof.SUBMITTED,),
    Proof.EXPIRED: (Proof.SUBMITTED,),
}
PROOF_WITH_PARTNER = (Proof.STARTED, Proof.RESUBMISSION, Proof.EXPIRED)
PROOF_WITH_VENDOR = (Proof.SUBMITTED, Proof.REVIEW)


def can_move_proof(before: str, after: str) -> bool:
    return after in PROOF_MOVES.get(before, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How deep a class of risk is looked into."""

    questionnaire: str = ""
    screening: bool = True
    references: int = 0
    approver: str = "partner_manager"
    renewal_months: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What was done on a case in this round."""

    answered: bool
    screened: bool
    references: int
    open_flags: int


def still_needs(depth: Depth, work: Work) -> tuple[str, ...]:
    """What stands between a case and its decision, by code: answers, screening, references, flags."""
    missing = {
        "answers": bool(depth.questionnaire) and not work.answered,
        "screening": depth.screening and not work.screened,
        "references": work.references < depth.references,
        "flags": work.open_flags > 0,
    }
    return tuple(code for code, lacks in missing.items() if lacks)


def has_four_eyes(approver: Any, resolvers: Iterable[Any]) -> bool:
    """Whether somebody else approves than cleared a flag."""
    return approver is None or approver not in set(resolvers)


def months_later(at: datetime, months: int) -> datetime:
    """The same day that many months later; the last of the month when it has no such day."""
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    for day in range(at.day, 27, -1):
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return at.replace(year=year, month=month + 1)


def reminder_due(days_left: int, told: Iterable[int]) -> int | None:
    """The reminder that is due now: the narrowest step passed, unless it or a narrower one was told."""
    passed = [step for step in REMIND_DAYS if days_left <= step]
    if not passed or days_left < 0:
        return None
    step = min(passed)
    return step if all(step < one for one in told) else None
