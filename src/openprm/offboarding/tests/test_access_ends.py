"""After the step "access" nothing lets anybody of that partner in: asked by real requests, not by looking at rows."""

import json
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from openprm.identity import queries as identity_queries
from openprm.identity import services as identity
from openprm.identity.models import Membership
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope
from openprm.offboarding import services
from openprm.offboarding.models import Offboarding
from openprm.offboarding.testing import make_offboarding
from openprm.partners import queries as partners

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
BROWSER = "a browser's own secret"


@pytest.fixture
def moment():
    return now()


@pytest.fixture
def case(cast, moment):
    return make_offboarding(cast.vendor_admin, cast.partner_id, at=moment - timedelta(hours=1))


def end_access(cast, case, at):
    with scope(cast.vendor_admin):
        return services.run_step(actor=cast.vendor_admin, offboarding_id=case, code="access", at=at)


def token_of(actor, at):
    with scope(actor):
        return identity.create_api_token(actor=actor, name="CRM sync", scopes=("partners:read",), days=30, at=at).raw


def api(raw):
    return Client().get("/api/v1/partners", headers={"Authorization": f"Bearer {raw}"}).status_code


def test_a_session_ends_at_once(cast, case, moment):
    browser = cast.client("partner_rep")
    assert browser.get("/portal/company/").status_code == 200

    assert end_access(cast, case, moment) == "done"

    answer = browser.get("/portal/company/")
    assert (answer.status_code, "/auth/" in answer["Location"]) == (302, True)


def test_a_token_opens_nothing_any_more(cast, case, moment):
    raw = token_of(cast.partner_admin, moment - timedelta(minutes=5))
    assert api(raw) == 200

    end_access(cast, case, moment)

    assert api(raw) == 401


def test_the_api_refuses_a_browser_that_was_signed_in(cast, case, moment):
    browser = cast.client("partner_admin")
    assert browser.get("/api/v1/partners").status_code == 200

    end_access(cast, case, moment)

    assert browser.get("/api/v1/partners").status_code == 401


def test_a_sign_in_link_that_was_mailed_before_is_dead(cast, case, moment, run_jobs, outbox):
    identity.request_sign_in_link(email=cast.partner_rep.email, browser=BROWSER, network_address="203.0.113.7", at=moment - timedelta(minutes=2))
    run_jobs(only="identity.send_sign_in_link")
    token = re.search(r"/auth/link/([\w-]+)/", outbox[-1].body)[1]

    end_access(cast, case, moment)

    with pytest.raises(identity.LinkUsedUp):
        identity.use_link(token=token, browser=BROWSER, at=moment)


def test_a_new_sign_in_link_is_not_even_mailed(cast, case, moment, run_jobs, outbox):
    end_access(cast, case, moment)
    outbox.clear()

    identity.request_sign_in_link(email=cast.partner_rep.email, browser=BROWSER, network_address="203.0.113.7", at=moment)
    run_jobs(only="identity.send_sign_in_link")

    assert outbox == []


def test_a_password_signs_nobody_in(cast, case, moment):
    user = cast.users["partner_rep"]
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    form = {"login": user.email, "password": PASSWORD}
    assert Client().post("/auth/login/", form).status_code == 302

    end_access(cast, case, moment)
    browser = Client()
    browser.post("/auth/login/", form)

    assert browser.get("/portal/").status_code == 302
    assert "_auth_user_id" not in browser.session


def test_an_open_invitation_is_taken_back(cast, case, moment, run_jobs, outbox):
    with scope(cast.partner_admin):
        identity.invite_person(actor=cast.partner_admin, organization_id=cast.partner_id, email="new@kallio.example", role="partner_sales", at=moment)
    run_jobs(only="identity.send_invitation")
    token = re.search(r"/auth/invitation/([\w-]+)/", outbox[-1].body)[1]

    end_access(cast, case, moment)

    with system_scope(), pytest.raises(identity.InvitationClosed):
        identity.accept_invitation(token=token, name="Nora", password="", at=moment)


def test_other_partners_and_the_vendor_notice_nothing(cast, case, moment):
    raw = token_of(cast.other_partner_admin, moment - timedelta(minutes=5))
    browser, vendor = cast.client("other_partner_rep"), cast.client("partner_manager")

    end_access(cast, case, moment)

    assert (api(raw), browser.get("/portal/company/").status_code, vendor.get("/app/partners/").status_code) == (200, 200, 200)
    with system_scope():
        assert partners.partner(cast.vendor_admin, cast.other_partner_id).status == "active"


def test_a_person_of_two_partners_keeps_the_other_place(cast, case, moment):
    person = cast.users["partner_admin"]
    with system_scope():
        Membership.objects.create(user=person, organization=cast.other_partner, side="partner", role="partner_admin")
        other = identity_queries.actor_of(person.pk, cast.other_partner_id)
    kept, lost = token_of(other, moment - timedelta(minutes=5)), token_of(cast.partner_admin, moment - timedelta(minutes=5))
    browser = cast.client("partner_admin")
    assert "Kallio Digital" in browser.get("/portal/company/").content.decode()

    end_access(cast, case, moment)

    page = browser.get("/portal/company/")
    assert page.status_code == 200
    assert "Sintra Systems" in page.content.decode()
    assert "Kallio Digital" not in page.content.decode()
    assert (api(kept), api(lost)) == (200, 401)


def test_ending_it_twice_changes_nothing(cast, case, moment):
    end_access(cast, case, moment)
    with system_scope():
        before = Offboarding.objects.values().get(pk=case)

    assert end_access(cast, case, moment + timedelta(minutes=1)) == "done"

    with system_scope():
        assert Offboarding.objects.values().get(pk=case) == before


def test_the_chosen_moment_ends_it_without_a_person(cast, case, moment, run_jobs):
    from openprm.offboarding import jobs

    later = moment + timedelta(days=40)
    with system_scope():
        jobs.end_due_access(at=moment)
        assert "offboarding.run_step" not in run_jobs(only="offboarding.run_step")
        Offboarding.objects.filter(pk=case).update(access_ends_at=moment - timedelta(minutes=1))
        jobs.end_due_access(at=later)
        assert run_jobs(only="offboarding.run_step") == ["offboarding.run_step"]

        assert Offboarding.objects.get(pk=case).access_ended_at is not None
    assert cast.client("partner_rep").get("/portal/company/").status_code == 302


def test_a_scripted_call_with_the_token_writes_nothing(cast, case, moment):
    raw = token_of(cast.partner_admin, moment - timedelta(minutes=5))
    end_access(cast, case, moment)

    body = json.dumps({"reason": "please"})
    answer = Client().post(
        "/api/v1/offboardings/requests", body, content_type="application/json", headers={"Authorization": f"Bearer {raw}", "Idempotency-Key": "one"}
    )

    assert answer.status_code == 401
