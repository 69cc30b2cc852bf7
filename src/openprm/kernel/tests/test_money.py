from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.kernel.errors import Invalid
from openprm.kernel.money import Money, convert, format_money, minor_units, parse_amount, to_minor


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("BHD", 3)])
def test_minor_units_follow_the_currency(currency, places):
    assert minor_units(currency) == places


def test_an_unknown_currency_is_refused_by_name():
    with pytest.raises(Invalid, match="“EURO” is not a currency code"):
        minor_units("EURO")


@pytest.mark.parametrize(
    ("text", "currency", "locale", "minor"),
    [
        ("1,234.50", "EUR", "en", 123450),
        ("1.234,50", "EUR", "de", 123450),
        ("240000", "EUR", "en", 24_000_000),
        ("1250", "JPY", "en", 1250),
        ("0.001", "BHD", "en", 1),
        ("-12.00", "EUR", "en", -1200),
    ],
)
def test_amounts_are_read_in_the_way_of_the_locale(text, currency, locale, minor):
    assert parse_amount(text, currency, locale) == Money(minor, currency)


@pytest.mark.parametrize("text", ["", "abc", "1,23", "12.345", "NaN", "1e400", "9" * 30, "1 OR 1=1", "0.5"])
def test_what_is_no_amount_of_the_currency_is_refused(text):
    currency = "JPY" if text == "0.5" else "EUR"

    with pytest.raises(Invalid):
        parse_amount(text, currency, "en")


def test_conversion_rounds_halves_to_even():
    assert convert(Money(1, "EUR"), to="USD", rate=Decimal("0.5")) == Money(0, "USD")
    assert convert(Money(3, "EUR"), to="USD", rate=Decimal("0.5")) == Money(2, "USD")


def test_conversion_respects_the_places_of_both_currencies():
    assert convert(Money(10_000, "EUR"), to="JPY", rate=Decimal("162.35")) == Money(16235, "JPY")


@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "JPY", "BHD"]))
def test_major_and_minor_units_are_inverse(minor, currency):
    assert to_minor(Money(minor, currency).major, currency) == minor


def test_amounts_are_printed_for_people():
    assert format_money(Money(24_000_000, "EUR"), "en") == "€240,000.00"
    assert format_money(Money(6_130_000, "EUR"), "en", compact=True) == "€61.3K"
