"""Which direct touches the sentinel looks at, and which it has seen already."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

PURPOSES = ("", "support", "partner_invited", "customer_asked", "joint")
KINDS = ("call", "email", "meeting", "demo", "proposal", "visit", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """An activity at a customer, as the sentinel reads it."""

    activity_id: UUID
    account_id: UUID
    kind: str
    side: str
    direction: str
    partner_id: UUID | None
    about: UUID | None
    purpose: str
    occurred_at: datetime
    rep_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A live protection at the account when the touch happened."""

    registration_id: UUID
    partner_id: UUID
    program_id: UUID | None = None


def is_direct(touch: Touch) -> bool:
    """Outbound, by the vendor's side, by somebody we can ask."""
    return touch.side == "vendor" and touch.direction == "out" and touch.rep_id is not None


def purpose_of(touch: Touch, guarded: Guarded) -> str:
    """Why the person was there: as said, or joint when the record names the partner or its deal."""
    if touch.purpose in PURPOSES and touch.purpose:
        return touch.purpose
    return "joint" if touch.partner_id == guarded.partner_id or touch.about == guarded.registration_id else ""


def is_repeat(earlier_at: datetime, now_at: datetime, window_days: int) -> bool:
    """A further touch inside the window of a case belongs to that case."""
    return abs(now_at - earlier_at) <= timedelta(days=window_days)
