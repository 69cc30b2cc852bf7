"""What a journal file is made from, and how an entry of many legs becomes bookings of two accounts."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class NotForThisFormat(ValueError):
    """A format cannot say this; `place` is the account, date or setting, `reason` a code."""

    def __init__(self, reason: str, place: str):
        self.reason, self.place = reason, place
        super().__init__(f"{reason}: {place}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLeg:
    code: str
    account: str
    amount_minor: int
    currency: str
    places: int = 2

    @property
    def amount(self) -> Decimal:
        return Decimal(self.amount_minor).scaleb(-self.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    number: str
    day: date
    kind: str
    memo: str
    partner: str
    legs: tuple[JournalLeg, ...]
    posted_at: datetime
    by: str = ""
    fx_rate: Decimal | None = None
    fx_currency: str = ""
    fx_to: str = ""

    @property
    def text(self) -> str:
        """What stands beside the booking: kind, partner and memo."""
        return ", ".join(filter(None, (self.kind, self.partner, self.memo)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The entries of a span and what the head of a file says."""

    since: date
    until: date
    entries: Sequence[JournalEntry]
    base_currency: str
    made_at: datetime
    made_by: str = ""
    is_closed: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One amount from a debited to a credited account."""

    amount_minor: int
    debit: JournalLeg
    credit: JournalLeg


def pairs(legs: Iterable[JournalLeg]) -> Iterator[Booking]:
    """The legs of an entry as bookings of two accounts each: in each currency, debits are matched with credits in their order.

    What the bookings debit and credit on each account is exactly what the legs do.
    """
    legs = list(legs)
    for currency in dict.fromkeys(leg.currency for leg in legs):
        debits = [[leg, leg.amount_minor] for leg in legs if leg.currency == currency and leg.amount_minor > 0]
        credits = [[leg, -leg.amount_minor] for leg in legs if leg.currency == currency and leg.amount_minor < 0]
        while debits and credits:
            amount = min(debits[0][1], credits[0][1])
            yield Booking(amount_minor=amount, debit=debits[0][0], credit=credits[0][0])
            for side in (debits, credits):
                side[0][1] -= amount
                if not side[0][1]:
                    side.pop(0)


def neutral(text: str) -> str:
    """Text that no spreadsheet will run."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def one_line(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest]


def plain(amount: Decimal, places: int) -> str:
    return f"{amount:.{places}f}" if amount else "0"


def table(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 CSV with a byte order mark, as spreadsheets and importers read it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heading)
    writer.writerows(rows)
    return ("\ufeff" + out.getvalue()).encode()
