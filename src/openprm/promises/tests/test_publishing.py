from datetime import date, timedelta

import pytest

from openprm.audit.models import Event
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.promises import queries, services
from openprm.promises.models import BusinessCalendar, CalendarVersion, TargetVersion
from openprm.promises.testing import DECIDE, INFORM, make_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promises")]
NINE_TO_FIVE = [[(540, 1020)]] * 5 + [[], []]


def publish(actor, at, **values):
    with scope(actor):
        return services.publish_target(actor=actor, at=at, **{"code": DECIDE.code, "amount": 1} | values)


def publish_hours(actor, at, **values):
    with scope(actor):
        return services.publish_hours(actor=actor, at=at, **{"week": NINE_TO_FIVE} | values)


def versions():
    with system_scope():
        return TargetVersion.objects.filter(code__startswith="tests.").count()


def test_a_quicker_promise_counts_at_once(cast, at):
    publish(cast.vendor_admin, at, amount=1)

    with scope(cast.partner_rep):
        assert queries.promised(DECIDE.code, at=at) == "1 working day"
        assert queries.promised(DECIDE.code, at=at - timedelta(seconds=1)) == "2 working days"


@pytest.mark.parametrize("days", [0, 13])
def test_a_slower_promise_needs_notice(cast, at, days):
    with pytest.raises(Invalid, match="14 days of notice: choose 7 December 2026") as refusal:
        publish(cast.vendor_admin, at, amount=3, effective_at=at + timedelta(days=days))

    assert (refusal.value.problems[0].field, versions()) == ("effective_at", 2)


def test_a_slower_promise_counts_after_the_notice(cast, at):
    publish(cast.vendor_admin, at, amount=3, effective_at=at + timedelta(days=14), notice="We move house.")

    with scope(cast.partner_rep):
        view = next(view for view in queries.promises(cast.partner_rep, at) if view.code == DECIDE.code)
    assert [target.words for target in view.in_force] == ["2 working days"]
    assert [(target.words, target.notice) for target in view.coming] == [("3 working days", "We move house.")]


def test_a_harder_duty_of_partners_needs_notice(cast, at):
    with pytest.raises(Invalid):
        publish(cast.vendor_admin, at, code=INFORM.code, amount=2, unit="days")
    publish(cast.vendor_admin, at, code=INFORM.code, amount=9, unit="days")


def test_a_tier_can_have_its_own_and_lose_it_after_notice(cast, at):
    version = publish(cast.vendor_admin, at, amount=1, program_id=cast.program.pk, tier_code="gold")
    with scope(cast.vendor_admin):
        services.withdraw_target(actor=cast.vendor_admin, version_id=version.pk, at=at)
        scoped = {"program_id": cast.program.pk, "tier_code": "gold"}

        assert queries.promised(DECIDE.code, at=at + timedelta(days=13), **scoped) == "1 working day"
        assert queries.promised(DECIDE.code, at=at + timedelta(days=14), **scoped) == "2 working days"


def test_what_everybody_is_promised_cannot_be_withdrawn(cast, at):
    with pytest.raises(Invalid, match="not withdrawn"):
        publish(cast.vendor_admin, at, amount=None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "tests.unknown"}, "code"),
        ({"amount": 0}, "amount"),
        ({"amount": 10**9}, "amount"),
        ({"unit": "fortnights"}, "unit"),
        ({"effective_at": "past"}, "effective_at"),
    ],
)
def test_what_cannot_be_promised_is_refused(cast, at, values, field):
    if values.get("effective_at"):
        values = {"effective_at": at - timedelta(seconds=1)}

    with pytest.raises(Invalid) as refusal:
        publish(cast.vendor_admin, at, **values)

    assert (refusal.value.problems[0].field, versions()) == (field, 2)


@pytest.mark.parametrize("person", ["partner_manager", "vendor_reader", "partner_admin"])
def test_only_an_administrator_of_the_vendor_publishes(cast, at, person):
    with pytest.raises(NotAllowed):
        publish(getattr(cast, person), at)
    with pytest.raises(NotAllowed):
        publish_hours(getattr(cast, person), at)

    assert versions() == 2


def test_publishing_is_in_the_log(cast, at):
    version = publish(cast.vendor_admin, at, notice="Faster from now on.")

    with system_scope():
        event = Event.objects.get(subject_id=version.pk)
    assert (event.verb, event.actor_name, event.note) == ("promise.target_published", "Ingrid Solberg", "Faster from now on.")


def test_new_hours_count_for_new_clocks_only(cast, oslo):
    with system_scope():
        calendar = BusinessCalendar.objects.get(is_default=True)
        running = make_clock(cast.partner.pk, at=oslo("11-23T08:00"))
    publish_hours(cast.vendor_admin, oslo("11-23T08:30"), calendar_id=calendar.pk, week=[[(480, 720)]] * 5 + [[], []])
    with system_scope():
        new = make_clock(cast.partner.pk, at=oslo("11-23T09:00"))

    assert running.due_at == oslo("11-24T17:00")
    assert new.due_at == oslo("11-25T09:00"), "a working day is four hours now"


def test_a_calendar_of_its_own_for_a_support_desk(cast, at):
    version = publish_hours(cast.vendor_admin, at, name="Support desk", zone="America/New_York", country="US", closed_dates=[date(2026, 12, 24)])

    with scope(cast.partner_rep):
        view = next(view for view in queries.calendars(at) if view.name == "Support desk")
    assert (view.zone, view.number, version.number) == ("America/New_York", 1, 1)
    assert [name for day, name in view.days_off if day == date(2026, 12, 24)] == ["Own day off"]
    assert date(2026, 11, 26) in [day for day, _name in view.days_off], "Thanksgiving"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"week": [[]] * 7}, "week"),
        ({"week": [[(600, 540)]] + [[]] * 6}, "week"),
        ({"country": "XX"}, "country"),
        ({"country": "DE", "subdivision": "QQ"}, "subdivision"),
        ({"closed_dates": [date(2026, 1, 1)], "opened_dates": [date(2026, 1, 1)]}, "opened_dates"),
        ({"closed_dates": [date(2026, 1, 1) + timedelta(days=number) for number in range(201)]}, "closed_dates"),
        ({"name": "!!!"}, "name"),
        ({"name": "Office"}, "name"),
    ],
)
def test_hours_that_make_no_calendar_are_refused(cast, at, values, field):
    with pytest.raises(Invalid) as refusal:
        publish_hours(cast.vendor_admin, at, **{"name": "New"} | values)

    with system_scope():
        assert (refusal.value.problems[0].field, CalendarVersion.objects.count()) == (field, 1)


def test_hours_of_a_calendar_that_is_not_there(cast, at):
    with pytest.raises(NotFound):
        publish_hours(cast.vendor_admin, at, calendar_id=cast.partner.pk)
