"""What the ledger tells the rooms above it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksClosed:
    """A month was closed: nothing is booked into it any more."""

    month: date
    entry_count: int
