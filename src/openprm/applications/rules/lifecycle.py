"""The life of an application, and when a company may apply again."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    UNCONFIRMED = "unconfirmed"
    HELD = "held"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


MOVES: Mapping[State, tuple[State, ...]] = {
    State.DRAFT: (State.UNCONFIRMED, State.SUBMITTED, State.WITHDRAWN),
    State.UNCONFIRMED: (State.DRAFT, State.SUBMITTED, State.HELD, State.WITHDRAWN),
    State.HELD: (State.SUBMITTED, State.REJECTED, State.WITHDRAWN),
    State.SUBMITTED: (State.RETURNED, State.APPROVED, State.REJECTED, State.WITHDRAWN),
    State.RETURNED: (State.SUBMITTED, State.REJECTED, State.WITHDRAWN),
    State.APPROVED: (),
    State.REJECTED: (),
    State.WITHDRAWN: (),
}
EDITABLE = frozenset({State.DRAFT, State.UNCONFIRMED})
DECIDABLE = frozenset({State.SUBMITTED})
OPEN = frozenset({State.HELD, State.SUBMITTED, State.RETURNED})

REASONS = ("needs_more_detail", "does_not_meet_requirements", "not_the_right_fit", "other")
REJECTED_BY_RULE = {"reject": "does_not_meet_requirements", "reject_fit": "not_the_right_fit", "reject_detail": "needs_more_detail"}
REAPPLY = ("instant", "standard", "never")


def can_move(before: str, after: str) -> bool:
    """Whether an application may go from one state to another. Staying is not a move."""
    return State(after) in MOVES[State(before)]


def reapply_from(*, decided_at: datetime, reapply: str, days: int) -> date | None:
    """The first day on which the company may apply again; None means never."""
    if reapply == "never":
        return None
    return decided_at.date() if reapply == "instant" else decided_at.date() + timedelta(days=days)


def may_reapply(*, reapply: str, from_date: date | None, at: datetime) -> bool:
    return reapply != "never" and (from_date is None or at.date() >= from_date)
