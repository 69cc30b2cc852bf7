"""Rates between any two currencies, over the one that all rates are kept against."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from openprm.ledger.rules.entries import FxUsed

_EXACT = Context(prec=60)
PLACES = Decimal("1.0000000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One unit of `currency` is `rate` units of `to`; `rate_date` is the older day of the rates it was made of."""

    currency: str
    to: str
    rate: Decimal
    rate_date: date
    source: str = ""

    def used(self) -> FxUsed:
        """The rate as an entry keeps it."""
        return FxUsed(currency=self.currency, to=self.to, rate=self.rate, rate_date=self.rate_date, source=self.source)


def cross(first: Rate, second: Rate) -> Rate:
    """From the first currency to the second, both known against the same base: exact division, kept to ten places."""
    rate = _EXACT.divide(first.rate, second.rate).quantize(PLACES, rounding=ROUND_HALF_EVEN, context=_EXACT)
    source = first.source if first.source == second.source else " / ".join(filter(None, (first.source, second.source)))
    return Rate(currency=first.currency, to=second.currency, rate=rate, rate_date=min(first.rate_date, second.rate_date), source=source[:60])


def convert_minor(minor: int, rate: Decimal, *, places: int, to_places: int) -> int:
    """`minor` units with `places` decimals as units with `to_places`, one rounding, halves to even."""
    exact = _EXACT.scaleb(_EXACT.multiply(Decimal(minor), rate), to_places - places)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN, context=_EXACT))
