import re

import pytest
from django.test import Client

from openprm.inbox import queries, services
from openprm.inbox.models import Notification, Preference
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast):
    """The rep was told 35 pieces of news."""
    for number in range(35):
        services.notify(
            to=[cast.partner_rep.user_id], kind="test.approved" if number % 2 else "test.comment", title=f"News {number:02}", url="/portal/", at=now()
        )
    with system_scope():
        return list(Notification.objects.order_by("at"))


def test_news_is_listed_newest_first_and_paged(cast, told):
    client = cast.client("partner_rep")

    first = client.get("/portal/notifications/").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = client.get("/portal/notifications/" + older).content.decode()

    assert first.index("News 34") < first.index("News 05")
    assert "News 04" not in first
    assert "News 04" in second
    assert "35 are new to you." in first


def test_opening_news_marks_it_read_and_goes_there(cast, told):
    client = cast.client("partner_rep")

    response = client.get(f"/portal/notifications/{told[0].pk}/")

    assert (response.status_code, response.url) == (303, "/portal/")
    with scope(cast.partner_rep):
        assert queries.unread_count(cast.partner_rep) == 34


def test_somebody_elses_news_is_not_found(cast, told):
    assert cast.client("partner_admin").get(f"/portal/notifications/{told[0].pk}/").status_code == 404
    assert cast.client("vendor_admin").get(f"/app/notifications/{told[0].pk}/").status_code == 404


def test_all_is_marked_read_without_a_script(cast, told):
    client = cast.client("partner_rep")

    client.post("/portal/notifications/read/")

    assert "All read" in client.get("/portal/notifications/?show=unread").content.decode()


def test_choices_are_saved_by_form(cast):
    client = cast.client("partner_rep")

    client.post("/portal/settings/notifications/", {"mail:test.approved": "daily", "in_app:test.approved": "on", "mail:test.comment": "off"})

    with system_scope():
        rows = {row.kind: (row.in_app, row.mail) for row in Preference.objects.all()}
    assert rows == {"test.approved": (True, "daily"), "test.comment": (False, "off"), "inbox.invitee_joined": (False, "daily")}


def test_a_nonsense_choice_changes_nothing(cast):
    assert cast.client("partner_rep").post("/portal/settings/notifications/", {"mail:test.approved": "hourly"}).status_code == 422

    with system_scope():
        assert not Preference.objects.exists()


@pytest.fixture
def stop_path(cast, run_jobs, outbox):
    services.notify(to=[cast.partner_rep.user_id], kind="test.approved", title="News", at=now())
    run_jobs()
    return "/" + outbox[0].extra_headers["List-Unsubscribe"].strip("<>").partition("://")[2].partition("/")[2]


def test_a_mail_program_unsubscribes_with_one_bare_post(cast, stop_path):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(stop_path, {"List-Unsubscribe": "One-Click"}).status_code == 200

    with system_scope():
        assert Preference.objects.get().mail == "off"
        assert Preference.objects.get().in_app


def test_looking_at_the_link_stops_nothing(client, stop_path):
    assert "Stop these mails?" in client.get(stop_path).content.decode()

    with system_scope():
        assert not Preference.objects.exists()


def test_a_made_up_link_is_not_found(client, db):
    assert client.post("/mail/stop/abc:def:ghi/").status_code == 404
