from datetime import date

import pytest

from openprm.promises.rules.spelling import NotDays, NotHours, parse_days, parse_spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        (" – ", ()),
        ("09:00-17:00", ((540, 1020),)),
        ("9-12, 13.30–17", ((540, 720), (810, 1020))),
        ("00:00–24:00", ((0, 1440),)),
    ],
)
def test_hours_are_read_as_people_type_them(text, spans):
    assert parse_spans(text) == spans


@pytest.mark.parametrize("text", ["nine to five", "9-25", "17-9", "09:00-09:00", "09:61-10:00", "9", "24:30-25:00", "9-12-13", "٩-١٢x", "9-12," * 60])
def test_what_is_no_hours_is_refused(text):
    with pytest.raises(NotHours):
        parse_spans(text)


def test_days_stand_on_lines():
    assert parse_days("2026-12-24\n\n 2026-12-31 \n") == [date(2026, 12, 24), date(2026, 12, 31)]


def test_the_line_that_is_no_day_is_named():
    with pytest.raises(NotDays, match=r"31\.12\.2026"):
        parse_days("2026-12-24\n31.12.2026")
