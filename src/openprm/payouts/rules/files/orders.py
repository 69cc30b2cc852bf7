"""One payment as the files take it, and the words in which files are written."""

from dataclasses import dataclass
from datetime import date, datetime

from anyascii import anyascii

SEPA_SIGNS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A payment to one account. `reference` is its own number and comes back on the statement."""

    reference: str
    amount_minor: int
    currency: str
    name: str
    account: str
    bic: str = ""
    routing: str = ""
    country: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    is_company: bool = True
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The vendor's account that pays. For ACH `account` is the immediate origin and `routing` its bank's number."""

    name: str
    account: str = ""
    bic: str = ""
    routing: str = ""
    bank_name: str = ""
    company_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """All payments of one run in one file. `number` is the run's, `made_at` and `pay_on` its times."""

    number: str
    made_at: datetime
    pay_on: date
    payer: Payer
    orders: tuple[Order, ...]

    @property
    def total(self) -> int:
        return sum(order.amount_minor for order in self.orders)


def plain(text: str, most: int) -> str:
    """Text in the signs that every bank reads (the basic Latin set of the SEPA rulebooks), at most `most` long."""
    signs = "".join(sign if sign in SEPA_SIGNS else " " for sign in anyascii(text))
    return " ".join(signs.split()).strip("/")[:most].strip()


def decimal_text(minor: int, places: int = 2) -> str:
    whole, part = divmod(minor, 10**places)
    return f"{whole}.{part:0{places}d}" if places else str(whole)
