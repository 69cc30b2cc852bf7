"""What an activity can be, and when one can have happened. Values only."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    DEMO = "demo"
    PROPOSAL = "proposal"
    VISIT = "visit"
    OTHER = "other"


class Purpose(StrEnum):
    """Why it was done. The first three are exceptions of the sentinel that watches over protected customers."""

    SUPPORT = "support"
    PARTNER_INVITED = "partner_invited"
    CUSTOMER_ASKED = "customer_asked"
    SALES = "sales"
    OTHER = "other"


class Side(StrEnum):
    VENDOR = "vendor"
    PARTNER = "partner"


class Direction(StrEnum):
    OUT = "out"
    IN = "in"


class Struck(StrEnum):
    """Why an entry does not count: somebody says it is wrong, or the import that brought it was taken back."""

    WRONG = "wrong"
    UNDONE = "undone"


EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(minutes=5)


class When(StrEnum):
    FUTURE = "future"
    TOO_OLD = "too_old"


def why_not_then(occurred_at: datetime, at: datetime) -> When | None:
    """What speaks against a time. A clock of another machine may be a few minutes ahead; work in the future is refused."""
    if occurred_at > at + CLOCK_SKEW:
        return When.FUTURE
    return When.TOO_OLD if occurred_at < EARLIEST else None


def is_verified(*, self_reported: bool, confirmed: bool) -> bool:
    """What the vendor's own systems and people report is verified; what a partner reports of itself once the vendor confirms it."""
    return confirmed or not self_reported
