"""Exact currency conversion: integer minor units in, integer minor units out, one rounding, halves to even."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `currency` is `rate` units of the base currency from `rate_date` on."""

    currency: str
    rate: Decimal
    rate_date: date


@dataclass(frozen=True, slots=True)
class Booked:
    """An amount in the base currency with the rate and date that made it: later rates never move it."""

    base_minor: int
    rate: Decimal
    rate_date: date


def convert_minor(minor: int, *, rate: Decimal, places: int, base_places: int) -> int:
    """`minor` units with `places` decimals, at `rate`, as minor units with `base_places` decimals."""
    major = _EXACT.scaleb(Decimal(minor), -places)
    base = _EXACT.scaleb(_EXACT.multiply(major, rate), base_places)
    return int(base.quantize(Decimal(1), rounding=ROUND_HALF_EVEN, context=_EXACT))


def rate_on(rates: Iterable[Rate], currency: str, day: date) -> Rate | None:
    """The latest rate known on `day`; a rate of the future does not count."""
    known = [rate for rate in rates if rate.currency == currency and rate.rate_date <= day]
    return max(known, key=lambda rate: rate.rate_date, default=None)


def book(minor: int, rate: Rate, *, places: int, base_places: int) -> Booked:
    return Booked(convert_minor(minor, rate=rate.rate, places=places, base_places=base_places), rate.rate, rate.rate_date)
