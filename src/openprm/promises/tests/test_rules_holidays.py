from datetime import date

import pytest

from openprm.promises.rules.holidays import NoSuchPlace, closed_on, days_off, is_known


def test_the_holidays_of_a_country_are_off():
    is_off = closed_on(country="NO")

    assert [day for day in (date(2026, 5, 17), date(2026, 5, 18), date(2027, 1, 1)) if is_off(day)] == [date(2026, 5, 17), date(2027, 1, 1)]


def test_a_part_of_a_country_has_its_own():
    assert date(2026, 1, 6) in days_off("DE", "BY", 2026)
    assert date(2026, 1, 6) not in days_off("DE", "HH", 2026)


def test_own_days_come_before_the_countrys():
    is_off = closed_on(country="NO", closed=frozenset({date(2026, 12, 24)}), opened=frozenset({date(2026, 12, 26)}))

    assert [is_off(date(2026, 12, day)) for day in (23, 24, 25, 26)] == [False, True, True, False]


def test_without_a_country_only_own_days_are_off():
    assert not closed_on(country="")(date(2026, 12, 25))


@pytest.mark.parametrize(("country", "part", "known"), [("FI", "", True), ("XX", "", False), ("DE", "BY", True), ("DE", "QQ", False), ("", "", False)])
def test_a_place_is_known_or_not(country, part, known):
    assert is_known(country, part) is known


def test_an_unknown_place_is_refused():
    with pytest.raises(NoSuchPlace):
        days_off("XX", "", 2026)
