import re

import pytest

from openprm.correspondence.models import ActionLink, CalendarFeed, Choice, ReplyAddress, Ways
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db

PORTAL, APP, ADMIN = "/portal/settings/mail-and-calendar/", "/app/settings/mail-and-calendar/", "/app/settings/receiving-mail/"


def text(response) -> str:
    return response.content.decode()


def test_the_feeds_address_is_shown_once(cast):
    client = cast.client("partner_rep")

    made = client.post(f"{PORTAL}feed/", {"do": "renew"})
    later = client.get(PORTAL)

    url = re.search(r'value="(https://partners\.halden\.example/calendar/[\w-]{43}\.ics)"', text(made))[1]
    assert url not in text(later)
    assert "/calendar/" not in text(later)
    assert (made["Cache-Control"], later["Cache-Control"]) == ("no-store", "no-store")
    assert client.get(url.removeprefix("https://partners.halden.example")).status_code == 200


def test_the_feed_is_set_and_ended_by_form(cast):
    client = cast.client("vendor_admin")
    client.post(f"{APP}feed/", {"do": "renew"})

    saved = client.post(f"{APP}feed/", {"do": "save", "in": ["deals.tasks"], "remind_minutes": "15"})

    with system_scope():
        feed = CalendarFeed.objects.get()
    assert (saved.status_code, feed.remind_minutes) == (303, 15)
    assert "deals.tasks" not in feed.left_out
    assert "promises.owed" in feed.left_out
    client.post(f"{APP}feed/", {"do": "end"})
    with system_scope():
        assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("values", [{"do": "save", "remind_minutes": "7"}, {"do": "save", "remind_minutes": "x" * 900}])
def test_a_nonsense_reminder_changes_nothing(cast, values):
    client = cast.client("partner_rep")
    client.post(f"{PORTAL}feed/", {"do": "renew"})

    assert client.post(f"{PORTAL}feed/", values).status_code == 422
    with system_scope():
        assert CalendarFeed.objects.get().remind_minutes == 60


def test_what_works_is_listed_and_closed_one_by_one(cast, link, additions):
    link(cast.vendor_admin)
    client = cast.client("vendor_admin")
    page = text(client.get(APP))
    assert "Approve the registration" in page
    with system_scope():
        made, address = ActionLink.objects.get(), ReplyAddress.objects.get()

    client.post(f"{APP}revoke/", {"do": "link", "id": str(made.pk)})
    client.post(f"{APP}revoke/", {"do": "address", "id": str(address.pk)})

    page = text(client.get(APP))
    assert "No mail of yours holds a link that still acts." in page
    assert "None yet." in page


def test_everything_is_closed_at_once(cast, link):
    link(cast.vendor_admin)
    client = cast.client("vendor_admin")
    client.post(f"{APP}feed/", {"do": "renew"})

    client.post(f"{APP}revoke/", {"do": "all"})

    with system_scope():
        assert not CalendarFeed.objects.exists()
        assert not ActionLink.objects.filter(revoked_at=None).exists()
        assert not ReplyAddress.objects.filter(revoked_at=None).exists()


def test_nobody_closes_what_is_not_theirs(cast, link):
    link(cast.vendor_admin)
    with system_scope():
        made = ActionLink.objects.get()

    assert cast.client("partner_manager").post(f"{APP}revoke/", {"do": "link", "id": str(made.pk)}).status_code == 404
    assert cast.client("partner_rep").post(f"{PORTAL}revoke/", {"do": "link", "id": str(made.pk)}).status_code == 404
    assert cast.client("vendor_admin").post(f"{APP}revoke/", {"do": "link", "id": "nonsense"}).status_code == 404
    with system_scope():
        assert ActionLink.objects.get().revoked_at is None


def test_a_person_switches_off_what_it_does_not_want(cast, reply_to):
    reply_to(cast.partner_rep)

    cast.client("partner_rep").post(f"{PORTAL}choose/", {"links": "on"})

    with system_scope():
        chosen = Choice.objects.get()
        assert (chosen.replies, chosen.links) == (False, True)
        assert not ReplyAddress.objects.filter(revoked_at=None).exists()
    assert reply_to(cast.partner_rep) == ""


def test_the_page_says_when_mails_cannot_be_answered(cast, settings):
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, reply_domain="")

    assert "No reply domain is set up here" in text(cast.client("partner_rep").get(PORTAL))
    assert "Mails cannot be answered" in text(cast.client("vendor_admin").get(ADMIN))


def test_the_administrator_reads_the_log_and_exports_it(cast, at, reply_to):
    from openprm.correspondence import services
    from openprm.correspondence.testing import make_mail

    address = reply_to(cast.partner_rep)
    services.receive(raw=make_mail(sender="=cmd@evil.example", to=address).as_bytes(), recipient=address, envelope_sender="x@y.example", at=at)
    client = cast.client("vendor_admin")

    page = text(client.get(f"{ADMIN}log/?outcome=refused"))
    export = text(client.get(f"{ADMIN}log/?export=csv"))

    assert "The sender is not the person that the address belongs to." in page
    assert "Aino Laine" in page
    assert "'=cmd@evil.example" in export


def test_the_administrator_sets_what_mails_may_do(cast):
    client = cast.client("vendor_admin")

    client.post(ADMIN, {"version": "1", "replies": "on"})

    with system_scope():
        row = Ways.objects.get()
    assert (row.replies, row.links, row.links_past_second_factor, row.version) == (True, False, False, 2)
    assert client.post(ADMIN, {"version": "1", "links": "on"}).status_code == 412
    with system_scope():
        assert Ways.objects.get().links is False


def test_the_administrator_closes_the_ways_in_of_one_person(cast, link, reply_to):
    link(cast.partner_manager)
    reply_to(cast.partner_rep)

    cast.client("vendor_admin").post(f"{ADMIN}revoke/", {"do": "person", "person": str(cast.partner_manager.user_id)})

    with system_scope():
        assert [row.user_id for row in ReplyAddress.objects.filter(revoked_at=None)] == [cast.partner_rep.user_id]
        assert not ActionLink.objects.filter(revoked_at=None).exists()


def test_whoever_views_the_portal_as_a_partner_sees_and_changes_nothing(cast, at):
    from dataclasses import replace

    from openprm.correspondence import queries, services
    from openprm.kernel.errors import NotAllowed
    from openprm.kernel.scope import scope

    viewer = replace(cast.partner_admin, user_id=cast.partner_manager.user_id, read_only=True, viewing_as=cast.partner.pk)
    with scope(viewer):
        assert queries.feed(viewer) is None
        with pytest.raises(NotAllowed):
            services.renew_feed(actor=viewer, at=at)
