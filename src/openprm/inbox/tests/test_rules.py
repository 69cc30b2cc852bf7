from datetime import UTC, datetime, timedelta

import pytest

from openprm.inbox import rules

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mail", "urgent", "sent"),
    [("now", False, "now"), ("daily", False, "daily"), ("off", False, "off"), ("now", True, "now"), ("daily", True, "now"), ("off", True, "off")],
)
def test_urgent_news_hurries_but_off_stays_off(mail, urgent, sent):
    assert rules.delivery(rules.Choice(True, mail), urgent=urgent).mail == sent


def test_news_that_nobody_wants_is_nothing():
    assert rules.delivery(rules.Choice(False, "off"), urgent=True).is_nothing
    assert not rules.delivery(rules.Choice(True, "off"), urgent=False).is_nothing


def test_the_same_news_has_the_same_key():
    news = {"kind": "deal.approved", "url": "/portal/deals/1/", "title": "Approved"}

    assert rules.dedupe_key(**news, at=AT) == rules.dedupe_key(**news, at=AT)
    assert rules.dedupe_key(**news, at=AT) != rules.dedupe_key(**news, at=AT + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("zone", "at", "last"),
    [
        ("UTC", datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("UTC", datetime(2026, 11, 23, 7, 59, tzinfo=UTC), datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("Europe/Helsinki", datetime(2026, 11, 23, 6, 0, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)),
        ("Europe/Oslo", datetime(2026, 3, 29, 6, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
    ],
)
def test_a_day_of_news_begins_at_eight_where_the_person_is(zone, at, last):
    assert rules.last_digest(time_zone=zone, at=at) == last


@pytest.mark.parametrize(
    ("due_in", "tone"), [(timedelta(hours=-1), "bad"), (timedelta(hours=8), "bad"), (timedelta(hours=9), "warn"), (timedelta(hours=14), ""), (None, "")]
)
def test_a_deadline_gets_louder(due_in, tone):
    assert rules.due_tone(due_at=AT + due_in if due_in else None, at=AT, time_zone="UTC") == tone


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/" + "x" * 300, ""])
def test_a_notification_leads_only_to_this_site(url):
    assert rules.safe_url(url) == ""


def test_a_path_of_this_site_is_kept():
    assert rules.safe_url("/portal/deals/1/?tab=notes") == "/portal/deals/1/?tab=notes"


def test_long_text_is_cut_with_an_ellipsis():
    assert rules.clipped("x" * 300, 200) == "x" * 199 + "…"
    assert rules.clipped(" short ", 200) == "short"
