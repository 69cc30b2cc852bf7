from datetime import UTC, date, datetime

import pytest

from openprm.promises.rules.record import Week, pattern, rate, week_mark, week_of

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(("week", "mark"), [(Week(), "n"), (Week(4, 0), "k"), (Week(4, 1), "w"), (Week(2, 1), "w"), (Week(1, 1), "b"), (Week(0, 1), "b")])
def test_the_mark_of_a_week(week, mark):
    assert week_mark(week) == mark


@pytest.mark.parametrize(("kept", "total", "expected"), [(42, 43, 42 / 43), (0, 3, 0.0), (0, 0, None)])
def test_the_rate_of_nothing_is_nothing(kept, total, expected):
    assert rate(kept, total) == expected


def test_a_week_begins_on_monday():
    assert week_of(datetime(2026, 11, 29, 23, 59, tzinfo=UTC)) == date(2026, 11, 23)


def test_the_running_week_is_the_last_mark():
    weeks = {date(2026, 11, 23): Week(1, 0), date(2026, 11, 9): Week(0, 1)}

    assert pattern(weeks, at=AT, count=4) == "nbnk"
