from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from openprm.audit.models import Event
from openprm.correspondence import services
from openprm.correspondence.models import ActionLink
from openprm.deals import services as deals
from openprm.deals.testing import stored as deal_row
from openprm.identity.models import Membership
from openprm.inbox import services as inbox
from openprm.kernel.clock import stopped
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(cast):
    return cast.client("stranger")


@pytest.fixture(autouse=True)
def stopped_clock(at):
    with stopped(at):
        yield


def status(deal) -> str:
    return deal_row(deal).status


def token(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def test_looking_changes_nothing_however_often(cast, deal, link, browser, stored):
    url = link(cast.partner_manager)

    for _again in range(3):
        page = browser.get(url)

    assert page.status_code == 200
    assert "Approve the registration" in page.content.decode()
    assert "You approve this registration of Kallio Digital." in page.content.decode()
    assert "until 30 Nov 2026, 11:00 CET." in page.content.decode()
    assert (page["Cache-Control"], page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-store", "same-origin", "noindex")
    assert status(deal) in ("submitted", "under_review", "pending_approval")
    assert stored()[0].used_at is None


def test_the_button_acts_as_the_person_through_the_same_service(cast, deal, link, browser, stored, at):
    url = link(cast.partner_manager)

    page = browser.post(url)

    assert page.status_code == 200
    assert "You approved DR-" in page.content.decode()
    assert status(deal) == "approved"
    assert stored()[0].used_at == at
    with system_scope():
        approved, by_link = Event.objects.get(verb="deal.approved"), Event.objects.get(verb="mail.acted")
    assert (approved.actor_id, by_link.actor_id, by_link.note) == (cast.partner_manager.user_id, cast.partner_manager.user_id, "Approve the registration")
    assert deal in by_link.refs


def test_the_timeline_says_by_a_link_from_a_mail(cast, deal, link, browser):
    browser.post(link(cast.partner_manager))

    assert "acted by a link from a mail" in cast.client("vendor_admin").get(f"/app/deals/{deal}/").content.decode()


def test_a_link_acts_once(cast, deal, link, browser):
    url = link(cast.partner_manager)
    browser.post(url)

    again, look = browser.post(url), browser.get(url)

    assert (again.status_code, look.status_code) == (410, 410)
    assert "This was done already" in look.content.decode()
    with system_scope():
        assert Event.objects.filter(verb="mail.acted").count() == 1


def test_the_secret_is_kept_as_a_hash_alone(cast, link, stored):
    url = link(cast.partner_manager)

    row = stored()[0]
    assert len(token(url)) == 43
    assert token(url) not in str(row.__dict__)


def test_a_link_expires(cast, deal, link, browser, at):
    url = link(cast.partner_manager)

    with stopped(at + timedelta(days=7)):
        page, acted = browser.get(url), browser.post(url)

    assert (page.status_code, acted.status_code) == (410, 410)
    assert "This link has expired" in page.content.decode()
    assert status(deal) != "approved"


def test_a_link_can_be_revoked(cast, deal, link, browser, stored, at):
    url = link(cast.partner_manager)
    with scope(cast.partner_manager):
        services.revoke_link(actor=cast.partner_manager, link_id=stored()[0].pk, at=at)

    page = browser.post(url)

    assert page.status_code == 410
    assert "This link was revoked" in page.content.decode()
    assert status(deal) != "approved"


def test_what_was_decided_meanwhile_is_said_and_nothing_changes(cast, deal, link, browser, at, stored):
    url = link(cast.partner_manager)
    with scope(cast.vendor_admin):
        deals.reject(actor=cast.vendor_admin, registration_id=deal, reason="A direct customer of ours.", at=at)

    look, acted = browser.get(url), browser.post(url)

    assert (look.status_code, acted.status_code) == (409, 409)
    assert "This can no longer be done from the mail" in look.content.decode()
    assert "does not wait for an approval" in look.content.decode()
    assert status(deal) == "rejected"
    assert stored()[0].used_at is None


def test_the_right_is_asked_at_that_moment(cast, deal, link, browser):
    url = link(cast.partner_manager)
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_manager"]).update(role="vendor_reader")

    page = browser.post(url)

    assert page.status_code == 409
    assert "Your role cannot approve registrations." in page.content.decode()
    assert status(deal) != "approved"


def test_a_person_without_access_acts_no_more(cast, deal, link, browser):
    url = link(cast.partner_manager)
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_manager"]).update(state="disabled")

    assert browser.post(url).status_code == 409
    assert status(deal) != "approved"


def test_an_unknown_link_is_not_found(browser):
    assert browser.get("/mail/do/x/").status_code == 404
    assert browser.post(f"/mail/do/{'a' * 43}/").status_code == 404
    assert browser.post(f"/mail/do/{'a' * 500}/").status_code == 404


def test_a_second_link_about_the_same_thing_ends_with_the_first(cast, deal, link, browser):
    first, second = link(cast.partner_manager), link(cast.partner_manager)
    browser.post(first)

    assert browser.get(second).status_code == 410


def test_whoever_signs_in_with_a_second_factor_gets_no_links(cast, deal, additions, browser, at):
    _give_second_factor(cast.users["partner_manager"])

    assert additions(cast.partner_manager).buttons == ()

    with scope(cast.vendor_admin):
        services.set_ways(actor=cast.vendor_admin, replies=True, links=True, links_past_second_factor=True, at=at)
    assert len(additions(cast.partner_manager).buttons) == 1


def test_a_second_factor_that_came_later_closes_the_link(cast, deal, link, browser):
    url = link(cast.partner_manager)
    _give_second_factor(cast.users["partner_manager"])

    page = browser.post(url)

    assert page.status_code == 409
    assert "You sign in with a second factor" in page.content.decode()
    assert status(deal) != "approved"


def _give_second_factor(user) -> None:
    from allauth.mfa.models import Authenticator

    with system_scope():
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})


def test_links_can_be_switched_off_for_everybody_and_for_oneself(cast, deal, additions, at):
    with scope(cast.partner_manager):
        services.choose(actor=cast.partner_manager, replies=True, links=False, at=at)
    assert additions(cast.partner_manager).buttons == ()
    assert len(additions(cast.vendor_admin).buttons) == 1

    with scope(cast.vendor_admin):
        services.set_ways(actor=cast.vendor_admin, replies=True, links=False, links_past_second_factor=False, at=at)
    assert additions(cast.vendor_admin).buttons == ()


def test_only_who_may_act_gets_a_button(cast, deal, additions):
    assert [len(additions(person).buttons) for person in (cast.vendor_admin, cast.vendor_reader, cast.partner_rep)] == [1, 0, 0]


def test_a_conflict_wants_a_look_first(cast, deal, additions):
    with system_scope():
        from openprm.deals.models import Registration

        Registration.objects.filter(pk=deal).update(verdict="possible")

    assert additions(cast.vendor_admin).buttons == ()


def test_the_mail_carries_the_button_with_its_limits(cast, deal, at, run_jobs, outbox):
    inbox.notify(to=[cast.vendor_admin.user_id], kind="deals.submitted", title="Kallio registered Ostrava", url="/app/", refs=[deal], at=at)
    run_jobs()

    (mail,) = outbox
    assert "Approve the registration:\nhttps://partners.halden.example/mail/do/" in mail.body
    assert "The buttons act at once, without a sign-in, until 30 Nov 2026, 11:00 CET and one time." in mail.body
    assert "https://partners.halden.example/mail/do/" in mail.alternatives[0][0]


def test_the_database_keeps_a_used_link_used(cast, deal, link, browser, stored):
    browser.post(link(cast.partner_manager))

    with system_scope(), pytest.raises(DatabaseError), transaction.atomic():
        ActionLink.objects.update(used_at=None)
    assert stored()[0].used_at is not None


def test_a_partner_reads_only_its_own_links(cast, link):
    from openprm.kernel.db import value

    link(cast.partner_manager)

    with scope(cast.partner_rep):
        assert value("select count(*) from correspondence_actionlink") == 0


def test_of_two_who_press_at_once_one_acts(cast, deal, link):
    url = link(cast.partner_manager)
    services.act(token=token(url), at=stopped_at(cast))

    with pytest.raises(services.Spent):
        services.act(token=token(url), at=stopped_at(cast))


def stopped_at(cast):
    from openprm.kernel.clock import now

    return now()


def test_an_administrator_closes_a_thread_a_person_and_everything(cast, deal, link, additions, at):
    for close in (
        lambda: services.revoke_thread(actor=cast.vendor_admin, subject_id=deal, at=at),
        lambda: services.revoke_of(actor=cast.vendor_admin, user_id=cast.partner_manager.user_id, at=at),
        lambda: services.revoke_everything(actor=cast.vendor_admin, at=at),
    ):
        url = link(cast.partner_manager)
        with scope(cast.vendor_admin):
            assert close() == 2  # the link, and the reply address that came with it
        assert services.look(token=token(url), at=at).state == "revoked"


def test_with_the_access_all_ways_in_end_and_none_comes_back(cast, deal, link, browser, run_jobs, at):
    from openprm.identity import services as identity
    from openprm.identity.testing import membership_of

    url = link(cast.partner_manager)
    with scope(cast.vendor_admin):
        membership = membership_of(cast.users["partner_manager"])
        identity.disable_person(actor=cast.vendor_admin, membership_id=membership.pk, at=at)
    run_jobs()
    with system_scope():
        Membership.objects.filter(pk=membership.pk).update(state="active")

    assert browser.post(url).status_code == 410
    assert status(deal) != "approved"


def test_nobody_else_closes_what_belongs_to_others(cast, deal, link, stored, at):
    from openprm.kernel.errors import NotAllowed

    link(cast.partner_manager)
    with scope(cast.vendor_reader):
        with pytest.raises(NotFound):
            services.revoke_link(actor=cast.vendor_reader, link_id=stored()[0].pk, at=at)
        with pytest.raises(NotAllowed):
            services.revoke_everything(actor=cast.vendor_reader, at=at)
    assert stored()[0].revoked_at is None
