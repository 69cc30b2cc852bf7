"""Booking an amount in the reporting currency at the rate of the day."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from openprm.deals.models import ExchangeRate, Opportunity, Registration
from openprm.deals.rules.fx import Booked, Rate, book
from openprm.deals.services.refusals import NoExchangeRate
from openprm.kernel.money import minor_units

FX_FIELDS = ("base_amount_minor", "base_currency", "fx_rate", "fx_date")


def base_currency() -> str:
    return getattr(settings, "OPENPRM_CURRENCY", "EUR")


def booked_amount(amount_minor: int, currency: str, day: date) -> Booked:
    """The amount in the reporting currency. Raises NoExchangeRate."""
    base = base_currency()
    return book(amount_minor, _rate(currency, base, day), places=minor_units(currency), base_places=minor_units(base))


def book_on(row: Registration | Opportunity, day: date) -> None:
    """Set base amount, rate and rate date of a row from its amount and currency."""
    booked = booked_amount(row.amount_minor or 0, row.currency, day)
    row.base_amount_minor, row.base_currency = booked.base_minor, base_currency()
    row.fx_rate, row.fx_date = booked.rate, booked.rate_date


def _rate(currency: str, base: str, day: date) -> Rate:
    if currency == base:
        return Rate(currency, Decimal(1), day)
    known = ExchangeRate.objects.filter(base=base, currency=currency, rate_date__lte=day).order_by("-rate_date").first()
    if known is None:
        raise NoExchangeRate(
            _("There is no exchange rate for %(currency)s on %(day)s. Choose another currency or ask for the rate to be added.")
            % {"currency": currency, "day": day.isoformat()},
            field="currency",
        )
    return Rate(currency, known.rate, known.rate_date)


def at_booked_rate(row: Registration) -> int:
    """The row's amount in the reporting currency at the rate it was booked with."""
    rate = Rate(row.currency, row.fx_rate, row.fx_date)
    return book(row.amount_minor, rate, places=minor_units(row.currency), base_places=minor_units(row.base_currency)).base_minor


def rates_of(currency: str) -> list[Rate]:
    """Every known rate of a currency, for booking many rows."""
    rows = ExchangeRate.objects.filter(base=base_currency(), currency=currency).values_list("rate", "rate_date")
    return [Rate(currency, rate, day) for rate, day in rows]
