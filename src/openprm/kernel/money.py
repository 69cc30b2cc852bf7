"""Money is an integer of minor units and an ISO 4217 code. Rounding happens once, at the edge."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from babel.numbers import (
    NumberFormatError,
    format_compact_currency,
    format_currency,
    get_currency_precision,
    list_currencies,
    parse_decimal,
)
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid

LARGEST_MINOR = 10**15  # one thousandth of a bigint: sums of thousands of rows cannot overflow


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`minor` units of `currency`: Money(12_50, "EUR") is twelve euro fifty, Money(1250, "JPY") 1,250 yen."""

    minor: int
    currency: str

    @property
    def major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-minor_units(self.currency))


@cache
def currencies() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def minor_units(currency: str) -> int:
    """Decimal places of a currency (EUR 2, JPY 0, BHD 3), from the CLDR data that Babel ships."""
    if currency not in currencies():
        raise Invalid(_("“%(code)s” is not a currency code. Use three letters, for example EUR.") % {"code": currency}, field="currency")
    return get_currency_precision(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """Whole minor units of a decimal amount, halves to even."""
    return int(amount.scaleb(minor_units(currency)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def parse_amount(text: str, currency: str, locale: str = "en", *, field: str = "amount") -> Money:
    """The money a person typed in the way of `locale`. Raises Invalid for what is no amount or is finer than a minor unit."""
    places = minor_units(currency)
    try:
        amount = parse_decimal(text.strip(), locale=locale.replace("-", "_"), strict=True)
    except (NumberFormatError, ValueError):
        raise Invalid(_("“%(text)s” is not an amount. Write digits, for example 12500.00.") % {"text": text[:40]}, field=field) from None
    if not amount.is_finite() or abs(amount.scaleb(places)) > LARGEST_MINOR:
        raise Invalid(_("This amount is too large. Check the number of digits."), field=field)
    if amount != amount.quantize(Decimal(1).scaleb(-places)):
        raise Invalid(_("%(currency)s has %(places)d decimal places. Shorten the amount.") % {"currency": currency, "places": places}, field=field)
    return Money(to_minor(amount, currency), currency)


def convert(money: Money, *, to: str, rate: Decimal) -> Money:
    """`money` in another currency at `rate` units of `to` per unit of its own, halves to even."""
    return Money(to_minor(money.major * rate, to), to)


def format_money(money: Money, locale: str = "en", *, compact: bool = False) -> str:
    """€240,000.00 in tables, €240K where space is short."""
    locale = locale.replace("-", "_")
    if compact:
        return format_compact_currency(money.major, money.currency, locale=locale, fraction_digits=1 if abs(money.major) < 1_000_000 else 2)
    return format_currency(money.major, money.currency, locale=locale)
