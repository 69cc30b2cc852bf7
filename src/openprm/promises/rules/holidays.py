"""Public holidays of a country, year by year."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import holidays


class NoSuchPlace(ValueError):
    """The country, or the part of it, is not in the tables."""


def is_known(country: str, subdivision: str = "") -> bool:
    parts = holidays.list_supported_countries(include_aliases=False).get(country)
    return parts is not None and (not subdivision or subdivision in parts)


def countries() -> list[str]:
    return sorted(code for code in holidays.list_supported_countries(include_aliases=False) if len(code) == 2)


@lru_cache(maxsize=2048)
def days_off(country: str, subdivision: str, year: int) -> frozenset[date]:
    """The public holidays of one year. Raises NoSuchPlace."""
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        raise NoSuchPlace(f"{country} {subdivision}".strip()) from None


def named(country: str, subdivision: str, year: int) -> list[tuple[date, str]]:
    """The holidays of one year with their English or local names, in order. Raises NoSuchPlace."""
    try:
        return sorted(holidays.country_holidays(country, subdiv=subdivision or None, years=year).items())
    except NotImplementedError:
        raise NoSuchPlace(f"{country} {subdivision}".strip()) from None


def closed_on(*, country: str, subdivision: str = "", closed: frozenset[date] = frozenset(), opened: frozenset[date] = frozenset()) -> Callable[[date], bool]:
    """Whether a day is off: own days first, then days the place works although it is a holiday, then the country's."""

    def is_off(day: date) -> bool:
        if day in closed:
            return True
        return bool(country) and day not in opened and day in days_off(country, subdivision, day.year)

    return is_off
