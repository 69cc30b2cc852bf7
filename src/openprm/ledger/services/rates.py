"""Rates of the day between any two currencies, from the one table of rates there is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.kernel.money import Money, minor_units
from openprm.ledger.rules.fx import Rate, convert_minor, cross
from openprm.ledger.services.refusals import NoRate


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """An amount in another currency, with the rate that made it."""

    money: Money
    rate: Rate


def rate(*, currency: str, to: str, on: date) -> Rate:
    """What one unit of `currency` is in `to`, by the last rate known on that day. Raises NoRate, Invalid (no currency code)."""
    minor_units(currency), minor_units(to)
    if currency == to:
        return Rate(currency=currency, to=to, rate=Decimal(1), rate_date=on)
    first, second = _against_base(currency, on), _against_base(to, on)
    return cross(first, second)


def convert(money: Money, *, to: str, on: date) -> Converted:
    """`money` in another currency at the rate of the day, rounded once, halves to even. Raises NoRate, Invalid."""
    used = rate(currency=money.currency, to=to, on=on)
    minor = convert_minor(money.minor, used.rate, places=minor_units(money.currency), to_places=minor_units(to))
    return Converted(money=Money(minor, to), rate=used)


def _against_base(currency: str, on: date) -> Rate:
    known = deals.rate_on(currency, on)
    if known is None:
        raise NoRate(
            _("There is no exchange rate for %(currency)s on %(day)s. Ask for the rate to be added, or choose another day or currency.")
            % {"currency": currency, "day": on.isoformat()},
            field="currency",
        )
    return Rate(currency=currency, to=known.base, rate=known.rate, rate_date=known.rate_date, source=known.source)
