import pytest

from openprm.correspondence import services
from openprm.correspondence.testing import make_mail
from openprm.identity import services as identity
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db

OWN, LOG = "/api/v1/mail-and-calendar", "/api/v1/received-mail"


@pytest.fixture
def call(cast, client):
    def ask(actor, method, url, body=None, **headers):
        with scope(actor):
            made = identity.create_api_token(actor=actor, name="t", scopes=("correspondence:read", "correspondence:write"), days=1, at=now())
        given = {"Authorization": f"Bearer {made.raw}", "Idempotency-Key": str(new_id())} | {name.replace("_", "-"): value for name, value in headers.items()}
        return client.generic(method, url, __import__("json").dumps(body or {}), content_type="application/json", headers=given)

    return ask


def test_a_feed_is_made_set_and_ended(cast, call, client):
    made = call(cast.partner_rep, "POST", f"{OWN}/feed")
    url = made.json()["url"]
    assert (made.status_code, client.get(url.removeprefix("https://partners.halden.example")).status_code) == (201, 200)

    values = {"left_out": ["deals.tasks"], "remind_minutes": 15}
    stale = call(cast.partner_rep, "PUT", f"{OWN}/feed", values, If_Match='"9"')
    missing = call(cast.partner_rep, "PUT", f"{OWN}/feed", values)
    put = call(cast.partner_rep, "PUT", f"{OWN}/feed", values, If_Match='"1"')

    assert (stale.status_code, missing.status_code, put.status_code, put["ETag"]) == (412, 428, 200, '"2"')
    assert {row["code"]: row["is_in"] for row in call(cast.partner_rep, "GET", f"{OWN}/date-kinds").json()}["deals.tasks"] is False
    assert call(cast.partner_rep, "DELETE", f"{OWN}/feed").status_code == 204
    assert client.get(url.removeprefix("https://partners.halden.example")).status_code == 404


def test_a_bad_kind_is_refused_by_field(cast, call):
    call(cast.partner_rep, "POST", f"{OWN}/feed")

    answer = call(cast.partner_rep, "PUT", f"{OWN}/feed", {"left_out": ["nope"], "remind_minutes": 15}, If_Match="*")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "left_out")


def test_links_and_addresses_are_listed_and_revoked(cast, call, link):
    link(cast.partner_manager)
    (found,) = call(cast.partner_manager, "GET", f"{OWN}/action-links").json()
    (address,) = call(cast.partner_manager, "GET", f"{OWN}/reply-addresses").json()
    assert (found["action"], found["state"], address["kind"]) == ("Approve the registration", "active", "Deal")

    assert call(cast.partner_rep, "DELETE", f"{OWN}/action-links/{found['id']}").status_code == 404
    assert call(cast.partner_manager, "DELETE", f"{OWN}/action-links/{found['id']}").status_code == 204
    assert call(cast.partner_manager, "POST", f"{OWN}/revoke").json() == {"ended": 1}
    assert call(cast.partner_manager, "GET", f"{OWN}/reply-addresses").json() == []


def test_the_log_is_the_administrators(cast, call, reply_to, at):
    address = reply_to(cast.partner_rep)
    services.receive(raw=make_mail(sender="x@evil.example", to=address).as_bytes(), recipient=address, at=at)

    (row,) = call(cast.vendor_admin, "GET", f"{LOG}?outcome=refused").json()["items"]

    assert (row["reason_code"], row["sender"], row["person"]) == ("sender_differs", "x@evil.example", "Aino Laine")
    assert call(cast.vendor_admin, "GET", f"{LOG}/{row['id']}").json() == row
    assert call(cast.vendor_reader, "GET", LOG).status_code == 403
    assert call(cast.partner_admin, "GET", LOG).status_code == 403


def test_the_ways_are_set_with_the_version_that_was_read(cast, call):
    read = call(cast.vendor_admin, "GET", f"{LOG}/settings")
    values = {"replies": False, "links": True, "links_past_second_factor": True}

    put = call(cast.vendor_admin, "PUT", f"{LOG}/settings", values, If_Match=read["ETag"])

    assert (put.status_code, put.json()["replies"], put["ETag"]) == (200, False, '"2"')
    assert call(cast.vendor_admin, "PUT", f"{LOG}/settings", values, If_Match=read["ETag"]).status_code == 412


def test_an_administrator_closes_ways_in(cast, call, link, deal):
    link(cast.partner_manager)

    assert call(cast.partner_manager, "POST", f"{LOG}/revoke", {"subject_id": str(deal)}).status_code == 403
    assert call(cast.vendor_admin, "POST", f"{LOG}/revoke", {"user_id": str(new_id())}).status_code == 404
    assert call(cast.vendor_admin, "POST", f"{LOG}/revoke", {"subject_id": str(deal)}).json() == {"ended": 2}


def test_ones_own_dates_are_listed(cast, call, deal):
    (due,) = call(cast.vendor_admin, "GET", f"{OWN}/dates").json()

    assert due["uid"].startswith("promises.clock:")
    assert due["all_day"] is False
