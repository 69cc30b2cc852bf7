from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprm.promises.rules.calendar import (
    Calendar,
    NeverOpen,
    NotACalendar,
    add_working_time,
    is_open,
    working_seconds_between,
)

NINE_TO_FIVE = (((540, 1020),),) * 5 + ((), ())
ROUND_THE_CLOCK = (((0, 1440),),) * 7
HOUR = 3600


def calendar(zone="Europe/Oslo", week=NINE_TO_FIVE, holidays=()):
    closed = {date.fromisoformat(day) for day in holidays}
    return Calendar(zone=zone, week=week, is_holiday=closed.__contains__)


def utc(text):
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("what", "start", "hours", "end", "week", "zone", "holidays"),
    [
        ("within a day", "2026-11-23T10:00+01:00", 3, "2026-11-23T13:00+01:00", NINE_TO_FIVE, "Europe/Oslo", ()),
        ("exactly to closing time", "2026-11-23T10:00+01:00", 7, "2026-11-23T17:00+01:00", NINE_TO_FIVE, "Europe/Oslo", ()),
        ("two working days from Monday", "2026-11-23T10:00+01:00", 16, "2026-11-25T10:00+01:00", NINE_TO_FIVE, "Europe/Oslo", ()),
        ("over a weekend", "2026-11-27T16:00+01:00", 2, "2026-11-30T10:00+01:00", NINE_TO_FIVE, "Europe/Oslo", ()),
        ("from a Saturday", "2026-11-28T12:00+01:00", 1, "2026-11-30T10:00+01:00", NINE_TO_FIVE, "Europe/Oslo", ()),
        ("from before opening", "2026-11-23T05:00+01:00", 1, "2026-11-23T10:00+01:00", NINE_TO_FIVE, "Europe/Oslo", ()),
        ("from after closing", "2026-11-23T20:00+01:00", 1, "2026-11-24T10:00+01:00", NINE_TO_FIVE, "Europe/Oslo", ()),
        ("over Christmas", "2026-12-24T16:00+01:00", 2, "2026-12-28T10:00+01:00", NINE_TO_FIVE, "Europe/Oslo", ("2026-12-25", "2026-12-26")),
        ("with a lunch break", "2026-11-23T11:00+01:00", 2, "2026-11-23T14:00+01:00", (((540, 720), (780, 1020)),) * 7, "Europe/Oslo", ()),
        ("a night in which the clock skips an hour", "2026-03-28T22:00+01:00", 8, "2026-03-29T07:00+02:00", ROUND_THE_CLOCK, "Europe/Oslo", ()),
        ("a night in which an hour comes twice", "2026-10-24T22:00+02:00", 8, "2026-10-25T05:00+01:00", ROUND_THE_CLOCK, "Europe/Oslo", ()),
        ("opening in the hour that is skipped", "2026-03-29T00:00+01:00", 1, "2026-03-29T04:00+02:00", (((150, 600),),) * 7, "Europe/Oslo", ()),
        ("a half-hour change of the clock", "2026-04-05T00:00+11:00", 4, "2026-04-05T03:30+10:30", ROUND_THE_CLOCK, "Australia/Lord_Howe", ()),
        ("a zone without changes", "2026-11-23T16:30+05:45", 1, "2026-11-24T09:30+05:45", NINE_TO_FIVE, "Asia/Kathmandu", ()),
    ],
)
def test_working_time_is_added(what, start, hours, end, week, zone, holidays):
    place = calendar(zone, week, holidays)

    assert add_working_time(place, utc(start), hours * HOUR) == utc(end)
    assert working_seconds_between(place, utc(start), utc(end)) == hours * HOUR


def test_a_day_that_a_country_skipped_has_no_working_time():
    samoa = calendar("Pacific/Apia", ROUND_THE_CLOCK)

    # 30 December 2011 did not exist in Samoa, which moved over the date line.
    assert working_seconds_between(samoa, utc("2011-12-29T00:00-10:00"), utc("2012-01-01T00:00+14:00")) == 48 * HOUR


def test_the_first_moment_counts_not_the_last():
    friday_evening = add_working_time(calendar(), utc("2026-11-27T09:00+01:00"), 8 * HOUR)

    assert friday_evening == utc("2026-11-27T17:00+01:00")


def test_nothing_added_is_the_start_itself():
    saturday = utc("2026-11-28T12:00+01:00")

    assert add_working_time(calendar(), saturday, 0) == saturday


def test_time_does_not_run_backwards():
    assert working_seconds_between(calendar(), utc("2026-11-23T12:00+01:00"), utc("2026-11-23T10:00+01:00")) == 0
    with pytest.raises(ValueError):
        add_working_time(calendar(), utc("2026-11-23T12:00+01:00"), -1)


def test_a_full_day_is_the_longest_of_the_week():
    short_friday = (((540, 1020),),) * 4 + (((540, 780),), (), ())

    assert calendar(week=short_friday).full_day == 8 * HOUR


def test_a_calendar_that_is_always_on_holiday_says_so():
    closed = Calendar(zone="UTC", week=NINE_TO_FIVE, is_holiday=lambda day: True)

    with pytest.raises(NeverOpen):
        add_working_time(closed, utc("2026-11-23T10:00+00:00"), 1)


@pytest.mark.parametrize(
    ("zone", "week"),
    [
        ("Mars/Olympus", NINE_TO_FIVE),
        ("../etc/passwd", NINE_TO_FIVE),
        ("UTC", ((),) * 7),
        ("UTC", NINE_TO_FIVE[:6]),
        ("UTC", (((600, 540),),) * 7),
        ("UTC", (((540, 1441),),) * 7),
        ("UTC", (((-1, 540),),) * 7),
        ("UTC", (((540, 700), (690, 800)),) * 7),
    ],
)
def test_hours_that_make_no_calendar_are_refused(zone, week):
    with pytest.raises(NotACalendar):
        Calendar(zone=zone, week=week)


def test_open_means_from_opening_until_before_closing():
    place = calendar()

    assert is_open(place, utc("2026-11-23T09:00+01:00"))
    assert not is_open(place, utc("2026-11-23T17:00+01:00"))
    assert not is_open(place, utc("2026-11-28T12:00+01:00"))


ZONES = st.sampled_from(
    ["UTC", "Europe/Oslo", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Africa/Casablanca"]
)
MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))


@st.composite
def weeks(draw):
    def day():
        edges = sorted(draw(st.lists(st.integers(0, 1440), max_size=6, unique=True)))
        return tuple(zip(edges[::2], edges[1::2], strict=False))

    week = tuple(day() for _ in range(7))
    return week if any(week) else NINE_TO_FIVE


@st.composite
def calendars(draw):
    weekday_off = draw(st.integers(0, 27))
    return Calendar(zone=draw(ZONES), week=draw(weeks()), is_holiday=lambda day: day.toordinal() % 28 == weekday_off)


@given(calendars(), MOMENTS, st.integers(1, 400_000))
def test_adding_and_measuring_are_inverse(place, start, seconds):
    end = add_working_time(place, start, seconds)

    assert working_seconds_between(place, start, end) == seconds
    assert working_seconds_between(place, start, end - timedelta(seconds=1)) == seconds - 1, "the end is the first moment"


@given(calendars(), MOMENTS, st.integers(1, 200_000), st.integers(1, 200_000))
def test_adding_in_two_steps_is_adding_at_once(place, start, one, other):
    assert add_working_time(place, add_working_time(place, start, one), other) == add_working_time(place, start, one + other)


@given(calendars(), st.lists(MOMENTS, min_size=3, max_size=3))
def test_measured_pieces_add_up(place, moments):
    first, second, third = sorted(moments)

    # Years of days are slow to walk; a month shows the same.
    second, third = min(second, first + timedelta(days=20)), min(third, first + timedelta(days=40))

    assert working_seconds_between(place, first, second) + working_seconds_between(place, second, third) == working_seconds_between(place, first, third)


@given(calendars(), MOMENTS, st.integers(0, 10_000_000))
def test_working_time_is_never_more_than_elapsed_time(place, start, elapsed):
    end = start + timedelta(seconds=elapsed)

    assert 0 <= working_seconds_between(place, start, end) <= elapsed


@given(ZONES, MOMENTS, st.integers(0, 5_000_000))
def test_round_the_clock_every_second_counts(zone, start, elapsed):
    always = Calendar(zone=zone, week=ROUND_THE_CLOCK)

    assert working_seconds_between(always, start, start + timedelta(seconds=elapsed)) == elapsed
