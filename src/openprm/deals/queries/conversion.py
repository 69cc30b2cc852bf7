"""Amounts of other rooms in the reporting currency, inside the SQL of a data set: at the newest rate that was known on the day."""

from functools import cache

from openprm.deals.queries.boards import base_currency
from openprm.kernel.money import currencies, minor_units


@cache
def _places() -> str:
    """Which currencies have other than two decimal places, as the arms of a SQL case."""
    odd = sorted((minor_units(code), code) for code in currencies() if minor_units(code) != 2)
    return " ".join(f"when '{code}' then {places}" for places, code in odd)


def in_base(amount: str, currency: str, day: str) -> str:
    """A SQL expression: whole minor units of the reporting currency, or null when no rate was known on the day.

    The three are column expressions of the caller's own; nothing that a person typed belongs into them.
    """
    base = base_currency()
    scale = f"power(10::numeric, {minor_units(base)} - case {currency} {_places()} else 2 end)"
    rate = (
        f"(select x.rate from deals_exchangerate x where x.base = '{base}' and x.currency = {currency} and x.rate_date <= {day} "  # noqa: S608
        "order by x.rate_date desc limit 1)"
    )
    return f"case when {currency} = '{base}' then {amount} else round({amount} * {rate} * {scale})::bigint end"
