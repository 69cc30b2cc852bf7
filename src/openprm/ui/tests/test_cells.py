from datetime import UTC, datetime, timedelta

import pytest

from openprm.kernel.money import Money
from openprm.ui import cells
from openprm.ui.cells import Badge, Company, Due, Share
from openprm.ui.format import Viewer

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
VIEWER = Viewer(at=AT, time_zone="Europe/Oslo")
HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", HOSTILE), ("prose", HOSTILE), ("mono", HOSTILE), ("badge", Badge(HOSTILE, 'ok" evil="', HOSTILE)), ("badge", HOSTILE), ("badges", (HOSTILE, Badge(HOSTILE))),
        ("company", Company(HOSTILE, HOSTILE, HOSTILE)), ("person", HOSTILE), ("due", Due(AT, "bad", HOSTILE)), ("due", Due(None, "bad", HOSTILE)),
        ("share", Share(50, HOSTILE, 'x" evil="')),
    ],
)  # fmt: skip
def test_nothing_in_a_cell_becomes_markup(kind, value):
    html = cells.draw(kind, value, VIEWER)

    assert "<img" not in html
    assert 'onerror="' not in html
    assert 'evil="' not in html


@pytest.mark.parametrize("kind", sorted(cells.KINDS))
def test_an_empty_cell_says_none(kind):
    assert cells.draw(kind, None, VIEWER) == cells.EMPTY


def test_values_read_as_people_write_them():
    assert cells.draw("money", Money(24_000_000, "EUR"), VIEWER) == "€240,000"
    assert cells.draw("money", Money(125_050, "EUR"), VIEWER) == "€1,250.50"
    assert ">€240k<" in cells.draw("money_compact", Money(24_000_000, "EUR"), VIEWER)
    assert ">€61.3k<" in cells.draw("money_compact", Money(6_130_000, "EUR"), VIEWER)
    assert cells.draw("money", Money(1_250, "JPY"), VIEWER) == "¥1,250"
    assert cells.draw("number", 1234567, VIEWER) == "1,234,567"
    assert cells.draw("percent", 0.42, VIEWER) == "42%"
    assert ">5 h ago<" in cells.draw("datetime", AT - timedelta(hours=5), VIEWER)
    assert 'title="23 Nov 2026, 06:00 CET"' in cells.draw("datetime", AT - timedelta(hours=5), VIEWER)
    assert "7 h late" in cells.draw("due", Due(AT - timedelta(hours=7), "bad"), VIEWER)


def test_zero_and_no_are_values_not_gaps():
    assert cells.draw("number", 0, VIEWER) == "0"
    assert "No" in cells.draw("bool", False, VIEWER)


def test_a_share_stays_within_its_circle():
    assert "--v:100" in cells.draw("share", Share(640, "much"), VIEWER)
    assert "--v:0" in cells.draw("share", Share(-3, "less"), VIEWER)
