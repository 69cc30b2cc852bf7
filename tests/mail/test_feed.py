from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from openprm.correspondence import services
from openprm.correspondence.engine import calendar
from openprm.correspondence.models import CalendarFeed
from openprm.correspondence.ports import DueDate
from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.identity.models import Membership
from openprm.kernel.clock import stopped
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.scope import scope, system_scope

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SHEET = calendar.Sheet(name="Halden, due dates", time_zone="Europe/Helsinki", host="halden.example", home="https://halden.example", remind_minutes=60)
MEETING = DueDate(uid="test:1", title="Answer, Ostrava; \\ plant\nnow", starts_at=AT, ends_at=AT + timedelta(hours=1), url="/portal/", note="Näin\nja näin")
DAY = DueDate(uid="test:2", title="Task", starts_at=date(2026, 11, 30))


def write(*dates: DueDate, sequence: int = 0) -> bytes:
    return calendar.write([calendar.Entry(due, sequence, AT) for due in dates], SHEET)


def events(content: bytes) -> list:
    return Calendar.from_ical(content).walk("VEVENT")


def test_a_calendar_reads_back_as_it_was_written():
    first, second = events(write(MEETING, DAY, sequence=2))

    assert first.start == AT.astimezone(ZoneInfo("Europe/Helsinki"))
    assert first.end - first.start == timedelta(hours=1)
    assert (str(first["UID"]), first["SEQUENCE"], first["DTSTAMP"].dt, first["LAST-MODIFIED"].dt) == ("test:1@halden.example", 2, AT, AT)
    assert str(first["SUMMARY"]) == "Answer, Ostrava; \\ plant\nnow"
    assert (second["DTSTART"].dt, second["DTEND"].dt) == (date(2026, 11, 30), date(2026, 12, 1))


def test_a_calendar_keeps_the_rules_of_rfc_5545():
    content = write(MEETING, DAY)

    lines = content.split(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert content.endswith(b"END:VCALENDAR\r\n")
    whole = Calendar.from_ical(content)
    assert (str(whole["VERSION"]), str(whole["PRODID"]), "METHOD" in whole) == ("2.0", "-//OpenPRM//Due dates//EN", False)
    for event in whole.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(event)
        assert event.errors == []
        (alarm,) = event.walk("VALARM")
        assert {"ACTION", "TRIGGER", "DESCRIPTION"} <= set(alarm)
        assert alarm["TRIGGER"].dt == -timedelta(hours=1)
    assert [str(zone["TZID"]) for zone in whole.walk("VTIMEZONE")] == ["Europe/Helsinki"]
    assert b"DTSTART;TZID=Europe/Helsinki:20261123T120000" in content
    assert b"DTSTART;VALUE=DATE:20261130" in content


def test_the_same_dates_are_the_same_bytes():
    assert write(MEETING, DAY) == write(MEETING, DAY)


def test_a_title_cannot_write_lines_of_its_own():
    hostile = DueDate(uid="test:3", title="x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged", starts_at=AT)

    assert len(events(write(hostile))) == 1


def test_an_end_before_its_beginning_is_left_out():
    (event,) = events(write(DueDate(uid="test:4", title="x", starts_at=AT, ends_at=AT - timedelta(hours=1))))

    assert "DTEND" not in event


def test_an_empty_calendar_is_a_calendar():
    assert events(write()) == []


# -- the feed ------------------------------------------------------------------------------------------


@pytest.fixture
def feed(db, cast, at):
    """A feed's path for a person."""

    def make(actor):
        with scope(actor):
            return services.renew_feed(actor=actor, at=at).url.removeprefix("https://partners.halden.example")

    return make


@pytest.fixture
def approved(cast, at):
    return make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=at - timedelta(days=1))


@pytest.fixture
def read(cast, at):
    def get(url, *, when=at, **headers):
        with stopped(when):
            return cast.client("stranger").get(url, headers=headers)

    return get


def titles(response) -> list[str]:
    return sorted(str(event["SUMMARY"]) for event in events(response.content))


def test_a_feed_holds_what_its_person_keeps_in_time(cast, feed, approved, read, at):
    with scope(cast.partner_rep):
        deals.add_task(
            actor=cast.partner_rep, registration_id=approved, title="Send the offer", visibility="shared", assignee_id=cast.partner_rep.user_id,
            due_date=date(2026, 12, 1), at=at,
        )  # fmt: skip

    response = read(feed(cast.partner_rep))

    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert titles(response) == ["Protection ends: Ostrava Steelworks, MES rollout", "Send the offer"]


def test_a_promise_of_ones_own_side_is_in_it(cast, deal, feed, read):
    """The vendor owes the decision, the partner does not."""
    (title,) = titles(read(feed(cast.vendor_admin)))
    assert title.startswith("DR-")
    assert title.endswith(": Answer deals in 2 working days")
    assert titles(read(feed(cast.partner_rep))) == []


def test_nothing_of_others_is_in_it(cast, feed, approved, deal_of_other, read):
    assert titles(read(feed(cast.other_partner_rep))) == ["Protection ends: Lumen"]
    assert "Lumen" not in read(feed(cast.partner_rep)).content.decode()
    assert "Protection ends" not in read(feed(cast.vendor_reader)).content.decode()


@pytest.fixture
def deal_of_other(cast, approved, at):
    from openprm.deals.models import Product
    from openprm.deals.rules.draft import LineDraft
    from openprm.deals.services import approve, register
    from openprm.deals.testing import make_draft

    with system_scope():
        product = Product.objects.get(code="edge-gateway")
    draft = make_draft(
        type("C", (), {"mes_core": product}), title="Lumen", customer_name="Lumen Retail", customer_domain="lumen.example",
        lines=(LineDraft(product_id=product.pk, quantity=1, amount_minor=40_000_00),),
    )  # fmt: skip
    with scope(cast.other_partner_rep):
        made = register(actor=cast.other_partner_rep, draft=draft, at=at - timedelta(days=1))
    if made.status != "approved":
        with scope(cast.vendor_admin):
            approve(actor=cast.vendor_admin, registration_id=made.registration_id, at=at)


def test_a_feed_that_did_not_change_is_not_sent_again(cast, feed, approved, read, at):
    url = feed(cast.partner_rep)
    first = read(url)

    again = read(url, when=at + timedelta(hours=2), if_none_match=first["ETag"])

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "private, max-age=300"


def test_a_date_that_moves_keeps_its_uid_and_counts_up(cast, feed, approved, read, at):
    url = feed(cast.partner_rep)
    before = events(read(url).content)[0]
    with system_scope():
        from openprm.deals.models import Registration

        Registration.objects.filter(pk=approved).update(protected_until=at + timedelta(days=200))
    later = at + timedelta(hours=1)

    after = events(read(url, when=later).content)[0]

    assert (str(before["UID"]), before["SEQUENCE"], before["LAST-MODIFIED"].dt) == (f"deals.protection:{approved}@partners.halden.example", 0, at)
    assert (str(after["UID"]), after["SEQUENCE"], after["LAST-MODIFIED"].dt) == (str(before["UID"]), 1, later)


def test_a_person_chooses_what_is_in_it_and_when_it_rings(cast, feed, approved, read, at):
    url = feed(cast.partner_rep)
    with scope(cast.partner_rep):
        services.set_feed(actor=cast.partner_rep, left_out=["promises.owed"], remind_minutes=0, at=at)
    assert events(read(url).content)[0].walk("VALARM") == []

    with scope(cast.partner_rep):
        services.set_feed(actor=cast.partner_rep, left_out=["deals.protections"], remind_minutes=15, at=at)
    assert titles(read(url)) == []


def test_an_unknown_kind_or_reminder_is_refused(cast, feed, at):
    feed(cast.partner_rep)

    with scope(cast.partner_rep):
        for values in ({"left_out": ["no.such"], "remind_minutes": 60}, {"left_out": [], "remind_minutes": 7}):
            with pytest.raises(Invalid):
                services.set_feed(actor=cast.partner_rep, **values, at=at)
        assert CalendarFeed.objects.get().version == 1


def test_a_new_address_ends_the_old_one(cast, feed, read):
    old = feed(cast.partner_rep)
    new = feed(cast.partner_rep)

    assert (read(old).status_code, read(new).status_code) == (404, 200)


def test_an_ended_feed_is_not_found(cast, feed, read, at):
    url = feed(cast.partner_rep)
    with scope(cast.partner_rep):
        services.end_feed(actor=cast.partner_rep, at=at)
        services.end_feed(actor=cast.partner_rep, at=at)

    assert read(url).status_code == 404


def test_a_person_without_access_has_no_feed(cast, feed, read):
    url = feed(cast.partner_rep)
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(state="disabled")

    assert read(url).status_code == 404


def test_rubbish_is_not_found(read, db):
    assert read("/calendar/x.ics").status_code == 404
    assert read(f"/calendar/{'a' * 400}.ics").status_code == 404


def test_the_secret_of_a_feed_is_kept_as_a_hash_alone(cast, feed):
    url = feed(cast.partner_rep)

    with system_scope():
        assert url.rpartition("/")[2].removesuffix(".ics") not in str(CalendarFeed.objects.get().__dict__)


def test_one_date_is_a_file_of_its_own(cast, approved, at):
    with scope(cast.partner_rep):
        (event,) = events(services.single(actor=cast.partner_rep, uid=f"deals.protection:{approved}", at=at))
        assert str(event["SUMMARY"]) == "Protection ends: Ostrava Steelworks, MES rollout"
    with scope(cast.other_partner_rep), pytest.raises(NotFound):
        services.single(actor=cast.other_partner_rep, uid=f"deals.protection:{approved}", at=at)
