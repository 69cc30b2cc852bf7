from datetime import UTC, date, datetime, timedelta

import pytest

from openprm.ui import format as fmt
from openprm.ui.format import Viewer

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MADRID = Viewer(at=AT, locale="en", time_zone="Europe/Madrid")


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=-12), "12 min ago"),
        (timedelta(minutes=20), "in 20 min"),
        (timedelta(hours=-5), "5 h ago"),
        (timedelta(hours=47, minutes=59), "in 47 h"),
        (timedelta(hours=48), "Wed 25 Nov"),
        (timedelta(hours=-48), "Sat 21 Nov"),
        (timedelta(days=-400), "19 Oct 2025"),
    ],
)
def test_times_are_relative_within_48_hours_and_days_after_that(distance, words):
    assert fmt.relative(AT + distance, MADRID) == words


@pytest.mark.parametrize(
    ("distance", "words"),
    [(timedelta(hours=5), "5 h left"), (timedelta(hours=-7), "7 h late"), (timedelta(days=-3), "3 d late"), (timedelta(days=3), "Thu 26 Nov")],
)
def test_a_deadline_says_what_is_left_or_how_late_it_is(distance, words):
    assert fmt.left(AT + distance, MADRID) == words


def test_a_moment_is_shown_in_the_readers_zone():
    late = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)

    assert fmt.moment(late, MADRID) == "Fri 27 Nov, 00:30"
    assert fmt.exact(late, MADRID) == "27 Nov 2026, 00:30 CET"
    assert fmt.zone_sentence(MADRID) == "All times in Madrid time (CET)"


def test_an_unknown_zone_or_language_falls_back_instead_of_failing():
    odd = Viewer(at=AT, locale="xx-nothing", time_zone="Mars/Olympus")

    assert fmt.day(date(2026, 11, 26), odd) == "Thu 26 Nov"
    assert fmt.zone_sentence(odd) == "All times in UTC"


def test_other_languages_write_days_their_own_way():
    assert fmt.day(date(2026, 11, 26), Viewer(at=AT, locale="de")) == "Do., 26. Nov."


@pytest.mark.parametrize(
    ("hour", "words"),
    [(3, "Good evening, Ingrid"), (4, "Good morning, Ingrid"), (9, "Good morning, Ingrid"), (12, "Good afternoon, Ingrid"), (17, "Good evening, Ingrid")],
)
def test_the_greeting_follows_the_clock_of_the_person(hour, words):
    oslo = Viewer(at=datetime(2026, 11, 23, hour, 30, tzinfo=UTC), time_zone="Europe/Oslo")

    assert fmt.greeting("Ingrid Solberg", oslo) == words


def test_a_ratio_is_written_as_per_cent():
    assert fmt.percent(0.98, MADRID) == "98%"
    assert fmt.percent(0.9777, MADRID, digits=1) == "97.8%"
