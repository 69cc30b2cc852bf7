"""The language in which rules speak. The one seam through which translations reach the pure part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

_translate: Callable[[str], str] = str


def _english() -> str:
    return "en"


_locale: Callable[[], str] = _english


def speak(*, translate: Callable[[str], str], locale: Callable[[], str]) -> None:
    """Set once at start: who translates, and who knows the reader's locale."""
    global _translate, _locale
    _translate, _locale = translate, locale


def gettext(message: str) -> str:
    return _translate(message)


def _reader() -> Locale:
    return _parsed(_locale())


@lru_cache(maxsize=64)
def _parsed(code: str) -> Locale:
    return Locale.parse(code.replace("-", "_"))


def money_words(amount: Decimal, currency: str) -> str:
    """'€50,000', and '€50,000.50' when there are cents."""
    return _money_words(amount, currency, _reader())


def number_words(number: Decimal) -> str:
    return _number_words(number, _reader())


@lru_cache(maxsize=4096)
def _money_words(amount: Decimal, currency: str, reader: Locale) -> str:
    if amount != amount.to_integral_value():
        return format_currency(amount, currency, locale=reader)
    whole = reader.currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(amount, currency, format=whole, currency_digits=False, locale=reader)


@lru_cache(maxsize=4096)
def _number_words(number: Decimal, reader: Locale) -> str:
    return format_decimal(number, locale=reader, decimal_quantization=False)


def date_words(day: date) -> str:
    """'24 December 2026': plain English reads the day before the month, as the product's own copy does."""
    reader = _reader()
    return format_date(day, format="long", locale="en_150" if str(reader) == "en" else reader)


def one_of_words(parts: list[str], last: str) -> str:
    """'A, B or C', with the given last joint."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
