from datetime import timedelta

import pytest

from openprm.identity import services as identity
from openprm.identity.models import Membership
from openprm.identity.testing import membership_of
from openprm.inbox import queries, services
from openprm.inbox.models import Notification
from openprm.inbox.rules import Choice
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def tell(people, at, *, kind="test.approved", title="Ostrava Steelworks is approved", body="Protected until 22 February 2027.", **values):
    return services.notify(to=[person.user_id for person in people], kind=kind, title=title, body=body, url="/portal/deals/1/", at=at, **values)


def choose(actor, at, **choices):
    with scope(actor):
        services.set_preferences(actor=actor, choices={f"test.{name}": choice for name, choice in choices.items()}, at=at)


def unread(actor) -> int:
    with scope(actor):
        return queries.unread_count(actor)


def test_news_reaches_the_app_and_the_mail(cast, at, run_jobs, outbox):
    assert tell([cast.partner_rep, cast.partner_admin], at) == 2
    run_jobs()

    assert (unread(cast.partner_rep), unread(cast.partner_admin), unread(cast.partner_reader)) == (1, 1, 0)
    assert sorted(mail.to[0] for mail in outbox) == ['"Aino Laine" <partner.rep@kallio.example>', '"Mika Virtanen" <partner.admin@kallio.example>']


def test_the_mail_says_exactly_this(cast, at, run_jobs, outbox, settings):
    settings.OPENPRM_URL = "https://partners.halden.example"
    tell([cast.partner_rep], at)
    run_jobs()

    (mail,) = outbox
    stop = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert mail.subject == "Ostrava Steelworks is approved"
    assert mail.body == (
        "Ostrava Steelworks is approved\n\nProtected until 22 February 2027.\n\nWhen: 23 Nov 2026, 12:00 EET\n\n"
        "Open:\nhttps://partners.halden.example/portal/deals/1/\n\n--\nHalden Software\nYou get this mail when a registration is approved.\n"
        f"Stop these mails: {stop}\nChoose what you get by e-mail: https://partners.halden.example/portal/settings/notifications/\n"
    )
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with system_scope():
        assert mail.extra_headers["Message-ID"] == f"<{Notification.objects.get().pk}@partners.halden.example>"
    html, kind = mail.alternatives[0]
    assert kind == "text/html"
    assert 'href="https://partners.halden.example/portal/deals/1/"' in html


def test_hostile_words_stay_words(cast, at, run_jobs, outbox):
    tell([cast.partner_rep], at, title="<script>alert(1)</script>\r\nBcc: x@y.example", body="<img src=x onerror=alert(1)>")
    run_jobs()

    (mail,) = outbox
    assert mail.subject == "<script>alert(1)</script> Bcc: x@y.example"
    assert "<script>" not in mail.alternatives[0][0]
    assert "<img src=x" not in mail.alternatives[0][0]
    mail.message()


def test_the_same_news_is_told_once(cast, at, run_jobs, outbox):
    tell([cast.partner_rep], at)
    assert tell([cast.partner_rep], at) == 0
    run_jobs()
    with system_scope():
        assert not services.send_mail(notification_id=Notification.objects.get().pk, at=at)

    assert unread(cast.partner_rep) == 1
    assert len(outbox) == 1


def test_a_key_of_its_own_makes_news_once(cast, at):
    assert tell([cast.partner_rep], at, key="protection:1:30-days") == 1
    assert tell([cast.partner_rep], at + timedelta(days=1), key="protection:1:30-days") == 0


def test_a_disabled_person_gets_nothing(cast, at, run_jobs, outbox):
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(state="disabled")

    assert tell([cast.partner_rep], at) == 0
    run_jobs()

    assert outbox == []


def test_a_person_disabled_before_the_mail_leaves_gets_none(cast, at, run_jobs, outbox):
    tell([cast.partner_rep], at)
    with scope(cast.partner_admin):
        with system_scope():
            rep = membership_of(cast.users["partner_rep"])
        identity.disable_person(actor=cast.partner_admin, membership_id=rep.pk, at=at)
    run_jobs()

    assert outbox == []


def test_choices_are_honoured(cast, at, run_jobs, outbox):
    choose(cast.partner_rep, at, approved=Choice(in_app=True, mail="off"))
    choose(cast.partner_admin, at, approved=Choice(in_app=False, mail="now"))
    choose(cast.partner_reader, at, approved=Choice(in_app=False, mail="off"))

    tell([cast.partner_rep, cast.partner_admin, cast.partner_reader], at)
    run_jobs()

    assert [unread(person) for person in (cast.partner_rep, cast.partner_admin, cast.partner_reader)] == [1, 0, 0]
    assert [mail.to for mail in outbox] == [['"Mika Virtanen" <partner.admin@kallio.example>']]


def test_a_mail_switched_off_meanwhile_does_not_leave(cast, at, run_jobs, outbox):
    tell([cast.partner_rep], at)
    choose(cast.partner_rep, at, approved=Choice(in_app=True, mail="off"))
    run_jobs()

    assert outbox == []


def test_a_kind_that_nobody_declares_is_a_defect(cast, at):
    with pytest.raises(KeyError):
        tell([cast.partner_rep], at, kind="nobody.knows")


def test_a_choice_for_an_unknown_kind_is_refused(cast, at):
    with scope(cast.partner_rep), pytest.raises(Invalid):
        services.set_preferences(actor=cast.partner_rep, choices={"test.vendor_only": Choice(True, "now")}, at=at)
    with scope(cast.partner_rep), pytest.raises(Invalid):
        services.set_preferences(actor=cast.partner_rep, choices={"test.approved": Choice(True, "hourly")}, at=at)

    with scope(cast.partner_rep):
        assert [row.mail for row in queries.preferences(cast.partner_rep)] == ["now", "daily", "daily"]


def test_the_daily_mail_comes_at_eight_where_the_person_is(cast, at, outbox):
    """Helsinki is two hours ahead: its 08:00 is 06:00 UTC."""
    tell([cast.partner_rep], at, kind="test.comment", title="Note on Ostrava")
    tell([cast.partner_rep], at + timedelta(hours=1), kind="test.comment", title="Note on Atrium")
    tuesday = at.replace(day=24, hour=6, minute=0)

    with system_scope():
        assert services.send_digests(at=tuesday - timedelta(minutes=1)) == 0
        assert services.send_digests(at=tuesday) == 1
        assert services.send_digests(at=tuesday + timedelta(minutes=15)) == 0

    (mail,) = outbox
    assert mail.subject == "2 pieces of news, Tue 24 Nov"
    assert mail.body.index("Note on Ostrava (Mon 23 Nov, 12:00)") < mail.body.index("Note on Atrium (Mon 23 Nov, 13:00)")


def test_news_after_eight_waits_for_the_next_daily_mail(cast, at, outbox):
    tell([cast.partner_rep], at, kind="test.comment")

    with system_scope():
        assert services.send_digests(at=at + timedelta(hours=2)) == 0


def test_urgent_news_does_not_wait(cast, at, run_jobs, outbox):
    tell([cast.partner_rep], at, kind="test.comment", urgent=True)
    run_jobs()

    assert len(outbox) == 1


def test_a_disabled_person_gets_no_daily_mail(cast, at, outbox):
    tell([cast.partner_rep], at, kind="test.comment")
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(state="disabled")

        assert services.send_digests(at=at + timedelta(days=1)) == 0
    assert outbox == []


def test_a_partner_can_set_off_news_for_the_vendor(cast, at):
    with scope(cast.partner_rep):
        assert tell([cast.partner_manager], at) == 1

    assert unread(cast.partner_manager) == 1


def test_reading_is_ones_own(cast, at):
    tell([cast.partner_rep], at)
    with system_scope():
        row = Notification.objects.get()

    with scope(cast.partner_admin):
        assert services.mark_read(actor=cast.partner_admin, notification_ids=[row.pk], at=at) == 0
        with pytest.raises(NotFound):
            queries.notification(cast.partner_admin, row.pk)
    with scope(cast.partner_rep):
        assert services.mark_read(actor=cast.partner_rep, at=at) == 1
    assert unread(cast.partner_rep) == 0


def test_one_reads_and_unreads(cast, at):
    tell([cast.partner_rep], at)
    with scope(cast.partner_rep):
        row = Notification.objects.get()
        services.mark_read(actor=cast.partner_rep, notification_ids=[row.pk], at=at)
        services.mark_unread(actor=cast.partner_rep, notification_id=row.pk)

    assert unread(cast.partner_rep) == 1


def test_row_level_security_shows_a_partners_person_its_own_news(cast, at):
    from openprm.kernel.db import value

    tell([cast.partner_rep, cast.other_partner_rep, cast.vendor_admin], at)
    choose(cast.other_partner_rep, at, approved=Choice(True, "off"))

    with scope(cast.partner_rep):
        assert value("select count(*) from inbox_notification") == 1
        assert value("select count(*) from inbox_preference") == 0
    with system_scope():
        assert value("select count(*) from inbox_notification") == 3


def test_whoever_views_the_portal_as_a_partner_sees_no_news(cast, at):
    from dataclasses import replace

    tell([cast.partner_manager], at)
    viewer = replace(cast.partner_admin, user_id=cast.partner_manager.user_id, read_only=True, viewing_as=cast.partner.pk)

    with scope(viewer):
        assert queries.unread_count(viewer) == 0
        with pytest.raises(NotAllowed):
            services.mark_read(actor=viewer, at=at)


def test_whoever_invited_hears_that_the_person_is_in(cast, at, run_jobs, outbox):
    import re

    with scope(cast.partner_admin):
        identity.invite_person(
            actor=cast.partner_admin, organization_id=cast.partner.pk, email="sanna@kallio.example", role="partner_sales", name="Sanna Aho", at=at
        )
    run_jobs()
    token = re.search(r"/auth/invitation/([\w-]+)/", outbox[-1].body)[1]
    with system_scope():
        identity.accept_invitation(token=token, name="Sanna Aho", password="", at=at)
    run_jobs()

    with scope(cast.partner_admin):
        (row,) = queries.latest(cast.partner_admin)
    assert (row.title, row.url) == ("Sanna Aho joined the team", "/portal/settings/team/")
