import re
from datetime import timedelta

import pytest

from openprm.identity import services
from openprm.identity.models import Membership, SignInLink
from openprm.kernel.errors import NotFound, TooMany
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db

BROWSER = "a browser's own secret"


def ask(email, at, *, address="203.0.113.7"):
    services.request_sign_in_link(email=email, browser=BROWSER, network_address=address, at=at)


def token_in(text) -> str:
    return re.search(r"/auth/link/([\w-]+)/", text)[1]


@pytest.fixture
def mailed(cast, at, run_jobs, outbox):
    ask(cast.partner_rep.email.upper(), at)
    run_jobs()
    return token_in(outbox[-1].body)


def test_the_mail_carries_a_link_that_signs_in(cast, at, mailed, outbox):
    assert outbox[0].subject == "Your link to sign in to Halden Software"
    assert outbox[0].to == ['"Aino Laine" <partner.rep@kallio.example>']

    assert services.use_link(token=mailed, browser=BROWSER, at=at).pk == cast.partner_rep.user_id


def test_a_link_works_once(cast, at, mailed):
    services.use_link(token=mailed, browser=BROWSER, at=at)

    with pytest.raises(services.LinkUsedUp):
        services.use_link(token=mailed, browser=BROWSER, at=at)


def test_looking_at_a_link_does_not_spend_it(cast, at, mailed):
    services.find_link(token=mailed, browser=BROWSER, at=at)

    assert services.use_link(token=mailed, browser=BROWSER, at=at).name == "Aino Laine"


def test_a_link_expires_after_15_minutes(cast, at, mailed):
    with pytest.raises(services.LinkUsedUp):
        services.use_link(token=mailed, browser=BROWSER, at=at + timedelta(minutes=15))


def test_a_link_works_in_the_browser_that_asked(cast, at, mailed):
    with pytest.raises(services.OtherBrowser):
        services.use_link(token=mailed, browser="another browser", at=at)

    with system_scope():
        assert SignInLink.objects.get().used_at is None


def test_one_used_link_ends_the_others(cast, at, mailed, run_jobs, outbox):
    ask(cast.partner_rep.email, at)
    run_jobs()
    second = token_in(outbox[-1].body)

    services.use_link(token=second, browser=BROWSER, at=at)

    with pytest.raises(services.LinkUsedUp):
        services.use_link(token=mailed, browser=BROWSER, at=at)


def test_a_link_made_up_is_not_found(cast, at):
    with pytest.raises(NotFound):
        services.use_link(token="x" * 43, browser=BROWSER, at=at)


def test_an_unknown_address_gets_no_mail_and_no_hint(cast, at, run_jobs, outbox):
    ask("nobody@nowhere.example", at)
    run_jobs()

    assert outbox == []
    with system_scope():
        assert SignInLink.objects.get().user is None


def test_a_disabled_person_gets_no_mail(cast, at, run_jobs, outbox):
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(state="disabled")

    ask(cast.partner_rep.email, at)
    run_jobs()

    assert outbox == []


def test_a_person_disabled_meanwhile_cannot_use_the_link(cast, at, mailed):
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(state="disabled")

    with pytest.raises(services.LinkUsedUp):
        services.use_link(token=mailed, browser=BROWSER, at=at)


@pytest.mark.parametrize("email", ["partner.rep@kallio.example", "nobody@nowhere.example"])
def test_known_and_unknown_addresses_meet_the_same_limit(cast, at, email):
    for _time in range(5):
        ask(email, at)

    with pytest.raises(TooMany):
        ask(email, at)
    ask(email, at + timedelta(hours=1, seconds=1))


def test_one_network_address_meets_a_limit(cast, at):
    for number in range(20):
        ask(f"person{number}@nowhere.example", at)

    with pytest.raises(TooMany):
        ask("person21@nowhere.example", at)


def test_the_operators_link_needs_no_browser_and_works_once(cast, at):
    with system_scope():
        url = services.sign_in_link(cast.users["vendor_admin"], at)

    assert services.use_link(token=token_in(url), browser="", at=at).name == "Ingrid Solberg"
    with pytest.raises(services.LinkUsedUp):
        services.use_link(token=token_in(url), browser="", at=at)


def test_the_demos_link_lasts_a_month(cast, at):
    with system_scope():
        token = token_in(services.sign_in_link(cast.users["vendor_admin"], at, long_lived=True))

    for days in (0, 1, 29):
        assert services.use_link(token=token, browser="", at=at + timedelta(days=days)).name == "Ingrid Solberg"
    with pytest.raises(services.LinkUsedUp):
        services.use_link(token=token, browser="", at=at + timedelta(days=30))


def test_old_links_are_forgotten(cast, at, mailed):
    with system_scope():
        assert services.forget_old_links(at=at + timedelta(days=6)) == 0
        assert services.forget_old_links(at=at + timedelta(days=8)) == 1
