"""What is asked, and when a mailing is due."""

from datetime import UTC, date, datetime

import pytest

from openprm.dashboards.rules.asking import Ask, Bad, asked
from openprm.dashboards.rules.rhythm import next_after

CHOICES = {"motion": frozenset({"transact"})}
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_an_address_and_its_words_are_the_same():
    words = {"as_of": "2026-06-30", "period": "quarter", "compare": "last_year", "motion": "transact", "beside": "tier"}

    ask, problems = asked("executive", words, CHOICES)

    assert problems == ()
    assert ask.words() == words
    assert asked("executive", {}, {})[0].words() == {}
    assert Ask().on(date(2026, 1, 2)).as_of == date(2026, 1, 2)


def test_what_is_not_known_is_told_and_left_out():
    ask, problems = asked("manager", {"as_of": "1800-01-01", "motion": "x" * 500, "whose": "ours", "beside": "tier"}, CHOICES)

    assert ask == Ask()
    assert [(one.field, one.bad) for one in problems] == [("as_of", Bad.DAY), ("motion", Bad.PART), ("whose", Bad.WHOSE)]
    assert len(problems[1].given) == 80


def test_a_partner_is_asked_for_days_alone():
    assert asked("partner", {"motion": "transact", "tier": "gold", "period": "month"}, CHOICES) == (Ask(period="month"), ())


@pytest.mark.parametrize(
    ("every", "day", "hour", "zone", "after", "due"),
    [
        ("weekly", 0, 8, "UTC", MONDAY, "2026-11-30 08:00"),
        ("weekly", 0, 12, "UTC", MONDAY, "2026-11-23 12:00"),
        ("weekly", 4, 8, "Europe/Oslo", MONDAY, "2026-11-27 07:00"),
        ("monthly", 1, 6, "America/New_York", MONDAY, "2026-12-01 11:00"),
        ("monthly", 28, 8, "UTC", datetime(2026, 12, 28, 8, tzinfo=UTC), "2027-01-28 08:00"),
        ("weekly", 6, 2, "Europe/Oslo", datetime(2026, 3, 28, 12, tzinfo=UTC), "2026-03-29 01:00"),
    ],
)
def test_the_next_date_is_in_the_zone_that_was_chosen(every, day, hour, zone, after, due):
    assert f"{next_after(every, day, hour, zone, after):%Y-%m-%d %H:%M}" == due
