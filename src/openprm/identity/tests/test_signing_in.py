"""The doors as a browser walks them."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache

from openprm.identity import services
from openprm.identity.models import Membership
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db

PASSWORD = "a long winter night"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def rep(cast):
    """The partner's rep, with a password."""
    user = cast.users["partner_rep"]
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client, email, password=PASSWORD):
    return client.post("/auth/login/", {"login": email, "password": password})


def confirm(client) -> None:
    """Say once more that it is you, as the library asks before it lets anybody change how they sign in."""
    client.post("/auth/reauthenticate/", {"password": PASSWORD})


def is_signed_in(client) -> bool:
    return client.get("/portal/settings/profile/").status_code == 200


def test_a_person_signs_in_with_a_password_in_any_case(client, rep):
    response = sign_in(client, rep.email.upper())

    assert response.status_code == 302
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_read_alike(client, rep):
    wrong = sign_in(client, rep.email, "not the password").content.decode()
    unknown = sign_in(client, "nobody@nowhere.example", "not the password").content.decode()

    said = re.findall(r'<div class="callout is-bad.*?</div></div>', wrong, re.S)
    assert said
    assert said == re.findall(r'<div class="callout is-bad.*?</div></div>', unknown, re.S)
    assert not is_signed_in(client)


def test_the_sixth_wrong_password_is_stopped(client, rep):
    for _time in range(5):
        sign_in(client, rep.email, "not the password")

    sign_in(client, rep.email)

    assert not is_signed_in(client)


def test_a_disabled_person_does_not_get_in(client, rep):
    with system_scope():
        Membership.objects.filter(user=rep).update(state="disabled")

    response = sign_in(client, rep.email)

    assert response.url == "/auth/inactive/"
    assert "Your access has ended" in client.get("/auth/inactive/").content.decode()
    assert not is_signed_in(client)


def test_sign_up_is_by_invitation(client, db):
    page = client.get("/auth/by-invitation/")

    assert "People join by invitation" in page.content.decode()
    assert client.post("/auth/by-invitation/", {"email": "new@x.example", "password1": PASSWORD}).status_code == 200
    assert not EmailAddress.objects.exists()


def test_a_link_signs_in_after_the_button_and_not_before(client, rep, run_jobs, outbox):
    client.post("/auth/link/", {"email": rep.email})
    run_jobs()
    path = re.search(r"/auth/link/[\w-]+/", outbox[-1].body)[0]

    page = client.get(path)

    assert "Sign in as Aino Laine" in page.content.decode()
    assert not is_signed_in(client)
    assert client.post(path).status_code == 302
    assert is_signed_in(client)
    assert client.post(path).status_code == 409


def test_asking_for_a_link_says_the_same_to_everybody(client, rep, run_jobs, outbox):
    known = client.post("/auth/link/", {"email": rep.email}).content.decode().replace(rep.email, "X")
    unknown = client.post("/auth/link/", {"email": "nobody@nowhere.example"}).content.decode().replace("nobody@nowhere.example", "X")

    scrubbed = [re.sub(r'csrf[^>]*value="[^"]*"|x-csrftoken": "[^"]*"', "", page) for page in (known, unknown)]
    assert scrubbed[0] == scrubbed[1]


def test_a_link_for_somebody_else_ends_the_session_before(client, rep, cast, at):
    client.force_login(cast.users["vendor_admin"], backend="allauth.account.auth_backends.AuthenticationBackend")
    from openprm.kernel.clock import now

    path = services.sign_in_link(rep, now()).partition("://")[2].partition("/")[2]

    client.post(f"/{path}")

    assert is_signed_in(client)


def test_a_second_factor_is_asked_for_after_password_and_after_link(client, rep):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(rep, secret)
    sign_in(client, rep.email)
    assert not is_signed_in(client)

    from openprm.kernel.clock import now

    path = services.sign_in_link(rep, now()).partition("://")[2].partition("/")[2]
    response = client.post(f"/{path}")
    assert response.url.startswith("/auth/2fa/authenticate/")
    assert not is_signed_in(client)

    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    client.post("/auth/2fa/authenticate/", {"code": code})

    assert is_signed_in(client)


def test_the_authenticator_app_is_set_up_with_recovery_codes(client, rep):
    sign_in(client, rep.email)
    confirm(client)
    page = client.get("/auth/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret" value="(\w+)"', page)[1]

    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    client.post("/auth/2fa/totp/activate/", {"code": code})

    assert {row.type for row in Authenticator.objects.filter(user=rep)} == {"totp", "recovery_codes"}
    assert client.get("/auth/2fa/recovery-codes/").status_code == 200
    assert client.get("/auth/2fa/recovery-codes/download/")["Content-Type"].startswith("text/plain")


def test_a_recovery_code_signs_in_once(client, rep):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    totp.TOTP.activate(rep, totp.generate_totp_secret())
    code = RecoveryCodes.activate(rep).get_unused_codes()[0]

    sign_in(client, rep.email)
    client.post("/auth/2fa/authenticate/", {"code": code})
    assert is_signed_in(client)
    client.post("/auth/logout/")
    sign_in(client, rep.email)
    client.post("/auth/2fa/authenticate/", {"code": code})

    assert not is_signed_in(client)


def test_a_forgotten_password_is_set_anew(client, rep, run_jobs, outbox):
    assert client.post("/auth/password/reset/", {"email": rep.email}).url == "/auth/password/reset/done/"
    run_jobs()
    path = re.search(r"/auth/password/reset/key/[\w-]+/", outbox[-1].body)[0]

    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "another long night", "password2": "another long night"})

    assert outbox[0].subject == "Set a new password"
    sign_in(client, rep.email, "another long night")
    assert is_signed_in(client)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client, rep, run_jobs, outbox):
    assert client.post("/auth/password/reset/", {"email": "nobody@nowhere.example"}).url == "/auth/password/reset/done/"
    run_jobs()

    assert outbox == []


def test_changing_the_password_is_told_by_mail(client, rep, run_jobs, outbox):
    sign_in(client, rep.email)

    client.post("/auth/password/change/", {"oldpassword": PASSWORD, "password1": "another long night", "password2": "another long night"})
    run_jobs()

    assert [message.to for message in mail.outbox] == [['"Aino Laine" <partner.rep@kallio.example>']]
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "path",
    [
        "login/", "logout/", "by-invitation/", "inactive/", "password/reset/", "password/reset/done/", "password/reset/key/done/",
        "password/reset/key/1-x/", "link/",
    ],
)  # fmt: skip
def test_every_door_for_visitors_opens(client, db, path):
    assert client.get(f"/auth/{path}", follow=True).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "logout/", "password/change/", "reauthenticate/", "2fa/", "2fa/totp/activate/", "2fa/passkeys/", "2fa/passkeys/add/",
    ],
)  # fmt: skip
def test_every_door_for_signed_in_people_opens(client, rep, path):
    sign_in(client, rep.email)
    confirm(client)

    page = client.get(f"/auth/{path}")

    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1


def test_changing_how_one_signs_in_asks_again_who_one_is(client, rep):
    sign_in(client, rep.email)

    assert client.get("/auth/2fa/totp/activate/").url.startswith("/auth/reauthenticate/")


@pytest.mark.parametrize("path", ["totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "reauthenticate/"])
def test_every_door_of_the_second_factor_opens(client, rep, path):
    sign_in(client, rep.email)
    confirm(client)
    totp.TOTP.activate(rep, totp.generate_totp_secret())
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    RecoveryCodes.activate(rep)

    page = client.get(f"/auth/2fa/{path}")

    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1


def test_a_passkey_sign_in_begins_with_a_challenge(client, db):
    assert client.get("/auth/2fa/passkeys/login/", headers={"X-Requested-With": "XMLHttpRequest"}).json()["request_options"]["publicKey"]["challenge"]


def test_an_invitation_is_accepted_in_the_browser(client, cast, at, run_jobs, outbox):
    from openprm.kernel.clock import now

    with scope(cast.partner_admin):
        services.invite_person(actor=cast.partner_admin, organization_id=cast.partner.pk, email="sanna@kallio.example", role="partner_sales", at=now())
    run_jobs()
    path = re.search(r"/auth/invitation/[\w-]+/", outbox[-1].body)[0]

    assert "Join Kallio Digital" in client.get(path).content.decode()
    weak = client.post(path, {"name": "Sanna Aho", "password": "12345"})
    assert weak.status_code == 422
    assert client.post(path, {"name": "Sanna Aho", "password": PASSWORD}).status_code == 302
    assert is_signed_in(client)
    assert client.get(path).status_code == 409


def test_sessions_are_listed_and_ended(client, rep):
    other = type(client)()
    sign_in(client, rep.email)
    sign_in(other, rep.email)

    page = client.get("/portal/settings/sessions/").content.decode()
    assert "This one" in page
    client.post("/portal/settings/sessions/", {})

    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_somebody_elses_session_cannot_be_ended(client, rep, cast):
    from allauth.usersessions.models import UserSession

    other = type(client)()
    sign_in(other, rep.email)
    admin = cast.client("partner_admin")

    assert admin.post("/portal/settings/sessions/", {"session": UserSession.objects.get(user=rep).pk}).status_code == 404
    assert is_signed_in(other)


def test_ended_sessions_are_forgotten_and_live_ones_stay(client, rep):
    from datetime import timedelta

    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    from openprm.kernel.clock import now

    other = type(client)()
    sign_in(client, rep.email)
    sign_in(other, rep.email)
    Session.objects.filter(session_key=other.session.session_key).update(expire_date=now() - timedelta(days=1))

    with system_scope():
        assert services.forget_ended_sessions(at=now()) == 1

    assert [row.session_key for row in UserSession.objects.all()] == [client.session.session_key]
    assert is_signed_in(client)
