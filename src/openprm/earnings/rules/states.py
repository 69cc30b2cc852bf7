"""The life of an earning (G8), and which step may follow which."""

from enum import StrEnum


class State(StrEnum):
    NEW = "new"
    HELD = "held"
    APPROVED = "approved"
    IN_PAYOUT = "in_payout"
    PAID = "paid"
    DECLINED = "declined"
    CLAWED_BACK = "clawed_back"
    FORFEITED = "forfeited"


class Kind(StrEnum):
    """Why the line is there. Only accruals and corrections are calculated from a plan."""

    ACCRUAL = "accrual"
    CORRECTION = "correction"
    CLAWBACK = "clawback"
    ADJUSTMENT = "adjustment"
    OPENING = "opening"


CALCULATED = frozenset({Kind.ACCRUAL, Kind.CORRECTION})
OPEN = frozenset({State.NEW, State.HELD})
OWED = frozenset({State.APPROVED, State.IN_PAYOUT})
COUNTED = frozenset({State.NEW, State.HELD, State.APPROVED, State.IN_PAYOUT, State.PAID})
NEXT: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.HELD, State.APPROVED, State.DECLINED, State.CLAWED_BACK}),
    State.HELD: frozenset({State.NEW, State.APPROVED, State.DECLINED, State.CLAWED_BACK}),
    State.APPROVED: frozenset({State.IN_PAYOUT, State.FORFEITED}),
    State.IN_PAYOUT: frozenset({State.APPROVED, State.PAID}),
    State.PAID: frozenset({State.APPROVED}),
    State.DECLINED: frozenset(),
    State.CLAWED_BACK: frozenset(),
    State.FORFEITED: frozenset(),
}


def may_follow(before: str, after: str) -> bool:
    """Whether a line may go from one state to the other. A payout that bounced makes a paid line owed again."""
    return State(after) in NEXT[State(before)]


class AlertState(StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"
    CONFIRMED = "confirmed"


class Asked(StrEnum):
    """The life of what one person proposes and another decides: adjustments and bounty submissions."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class BountyReject(StrEnum):
    INVALID_PROOF = "invalid_proof"
    DUPLICATE = "duplicate"
    OUT_OF_WINDOW = "out_of_window"
    CRITERIA = "criteria"
