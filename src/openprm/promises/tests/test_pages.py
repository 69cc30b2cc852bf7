from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from openprm.kernel.clock import now
from openprm.kernel.scope import system_scope
from openprm.promises import services
from openprm.promises.models import BusinessCalendar, CalendarVersion, TargetVersion
from openprm.promises.testing import DECIDE, make_clock, make_subject, make_target

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promises")]


@pytest.fixture
def kept(cast):
    """One promise that was kept three hours ago and one that runs, of each partner."""
    at = now()
    with system_scope():
        for partner, label in ((cast.partner, "Ours"), (cast.other_partner, "Theirs")):
            subject = make_subject(f"{label} kept")
            make_clock(partner.pk, subject=subject, at=at - timedelta(hours=4))
            services.keep(subject.pk, DECIDE.code, at - timedelta(hours=3))
            make_clock(partner.pk, subject=make_subject(f"{label} running"), at=at)


def text(client, name, *args, query=""):
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_vendor_sees_promised_against_kept(cast, kept):
    page = text(cast.client("vendor_reader"), "promises:record")

    assert "Decide in 2 working days" in page
    assert "2 of 2" in page
    assert "Kallio Digital" in page
    assert "Sintra Systems" in page


@pytest.mark.parametrize(
    "query", ["?sort=-rate&weeks=4", "?sort=name", "?sort=nonsense&weeks=3&page=999999999", "?page=-1", "?sort=median&page=٣", "?weeks=%00"]
)
def test_no_address_breaks_the_record(cast, kept, query):
    text(cast.client("vendor_reader"), "promises:record", query=query)
    text(cast.client("partner_reader"), "promises:portal_record", query=query)


def test_a_partner_sees_its_own_record_and_no_name_of_another(cast, kept):
    page = text(cast.client("partner_rep"), "promises:portal_record")

    assert "We decide in 2 working days" in page
    assert "1 of 1" in page
    assert "Sintra" not in page


def test_a_partner_sees_its_own_clocks_only(cast, kept):
    page = text(cast.client("partner_rep"), "promises:portal_clocks")

    assert "Ours kept" in page
    assert "Theirs" not in page


def test_the_clocks_of_one_partner(cast, kept):
    page = text(cast.client("partner_manager"), "promises:partner_clocks", cast.other_partner.pk)

    assert "Promises to Sintra Systems" in page
    assert "Theirs running" in page
    assert "Ours" not in page


@pytest.mark.parametrize(("state", "found"), [("kept", "Ours kept"), ("running", "Ours running"), ("overdue", None), ("paused", None)])
def test_clocks_are_filtered_by_state(cast, kept, state, found):
    page = text(cast.client("vendor_reader"), "promises:clocks", query=f"?state={state}")

    assert [label for label in ("Ours kept", "Ours running") if label in page] == ([found] if found else [])


def test_clocks_are_exported_as_filtered(cast, kept):
    response = cast.client("vendor_reader").get(reverse("promises:clocks") + "?state=kept&export=csv")

    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("About,Promise,Partner,State")
    assert sorted(line.split(",")[0] for line in lines[1:]) == ["Ours kept", "Theirs kept"]


def test_a_change_that_comes_is_told_to_partners(cast):
    with system_scope():
        make_target(DECIDE.code, 3, effective_at=now() + timedelta(days=20), notice="During our move.")

    page = text(cast.client("partner_rep"), "promises:portal_record")

    assert "3 working days" in page
    assert "During our move." in page


def publish(client, **values):
    with system_scope():
        calendar = BusinessCalendar.objects.get(is_default=True)
    form = {
        "code": DECIDE.code,
        "amount": "1",
        "unit": "business_days",
        "program": "",
        "tier": "",
        "calendar": str(calendar.pk),
        "effective_at": "",
        "notice": "",
    }
    return client.post(reverse("promises:settings"), form | values)


def newest():
    with system_scope():
        return TargetVersion.objects.filter(code=DECIDE.code).order_by("-number").first()


def test_an_administrator_publishes_a_new_time(cast):
    response = publish(cast.client("vendor_admin"), amount="1", notice="Faster now.")

    assert (response.status_code, response.headers["Location"]) == (303, reverse("promises:settings"))
    assert (newest().number, newest().amount, newest().notice, newest().published_by) == (2, 1, "Faster now.", "Ingrid Solberg")


def test_a_refused_time_is_said_beside_its_field(cast):
    response = publish(cast.client("vendor_admin"), amount="9", effective_at=timezone.now().date().isoformat())

    page = response.content.decode()
    assert response.status_code == 422
    assert "14 days of notice" in page
    assert 'id="id_effective_at_error"' in page
    assert newest().number == 1


@pytest.mark.parametrize(
    "values", [{"amount": "many"}, {"amount": "-1"}, {"code": "x"}, {"calendar": "x"}, {"effective_at": "soon"}, {"unit": ""}, {"notice": "x" * 2001}]
)
def test_a_form_that_makes_no_sense_publishes_nothing(cast, values):
    response = publish(cast.client("vendor_admin"), **values)

    assert (response.status_code, newest().number) == (422, 1)


def test_somebody_who_may_not_publish_changes_nothing(cast):
    assert publish(cast.client("partner_manager")).status_code == 403
    assert newest().number == 1


def test_a_time_of_a_tier_is_withdrawn_after_notice(cast):
    with system_scope():
        version = make_target(DECIDE.code, 1, program_id=cast.program.pk, tier_code="gold")

    response = cast.client("vendor_admin").post(reverse("promises:withdraw"), {"target": str(version.pk)})

    assert response.status_code == 303
    assert (newest().amount, newest().tier_code) == (None, "gold")
    assert newest().effective_at - newest().published_at == timedelta(days=14)


@pytest.mark.parametrize("target", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_nothing_to_withdraw_is_not_found(cast, target):
    assert cast.client("vendor_admin").post(reverse("promises:withdraw"), {"target": target}).status_code == 404


HOURS = {f"day_{number}": "09:00-12:00, 13:00-17:00" for number in range(5)} | {"day_5": "", "day_6": "", "zone": "", "country": "", "has_holidays": "on"}


def test_an_administrator_publishes_new_hours(cast):
    with system_scope():
        calendar = BusinessCalendar.objects.get(is_default=True)

    response = cast.client("vendor_admin").post(
        reverse("promises:hours", args=[calendar.pk]), HOURS | {"name": "Office", "closed_dates": "2026-12-24\n2026-12-31"}
    )

    assert response.status_code == 303
    with system_scope():
        version = CalendarVersion.objects.order_by("-number").first()
    assert (version.number, version.week[0], [day.isoformat() for day in version.closed_dates]) == (2, [[540, 720], [780, 1020]], ["2026-12-24", "2026-12-31"])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"day_0": "nine to five"}, "is no working time"),
        ({"closed_dates": "24.12.2026"}, "is no day"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        (dict.fromkeys(HOURS, ""), "at least one day"),
        ({"country": "DE", "subdivision": "QQ"}, "has no part"),
    ],
)
def test_hours_that_cannot_be_used_are_refused(cast, values, words):
    with system_scope():
        calendar = BusinessCalendar.objects.get(is_default=True)

    response = cast.client("vendor_admin").post(reverse("promises:hours", args=[calendar.pk]), HOURS | {"name": "Office"} | values)

    assert response.status_code == 422
    assert words in response.content.decode()
    with system_scope():
        assert CalendarVersion.objects.count() == 1


def test_a_new_calendar_can_be_added(cast):
    response = cast.client("vendor_admin").post(reverse("promises:new_calendar"), HOURS | {"name": "Support desk", "zone": "America/New_York"})

    assert response.status_code == 303
    with system_scope():
        assert BusinessCalendar.objects.filter(code="support-desk").exists()


def test_the_api_tells_what_is_promised_and_what_was_kept(cast, kept):
    client = cast.client("partner_rep")

    promised = client.get("/api/v1/promises").json()
    record = client.get("/api/v1/promises/record").json()
    clocks = client.get("/api/v1/promises/clocks?limit=1").json()

    assert [(one["code"], one["in_force"][0]["words"]) for one in promised] == [("tests.decide", "2 working days"), ("tests.inform", "5 days")]
    assert (record[0]["kept"], record[0]["total"], record[0]["rate"]) == (1, 1, 1.0)
    assert (clocks["items"][0]["subject_label"], clocks["items"][0]["state"]) == ("Ours running", "running")
    rest = client.get(f"/api/v1/promises/clocks?cursor={clocks['next_cursor']}").json()
    assert ([item["subject_label"] for item in rest["items"]], rest["next_cursor"]) == (["Ours kept"], None)


def test_the_api_publishes_once_for_one_key(cast):
    client = cast.client("vendor_admin")
    body = {"code": DECIDE.code, "amount": 1}

    answers = [client.post("/api/v1/promises/targets", body, content_type="application/json", headers={"Idempotency-Key": "k" * 20}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert newest().number == 2
    refused = client.post("/api/v1/promises/targets", {**body, "amount": 9}, content_type="application/json", headers={"Idempotency-Key": "l" * 20})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "effective_at")
