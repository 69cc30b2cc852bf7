import pytest

from openprm.identity import services
from openprm.identity.testing import membership_of
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(cast, client):
    """call("partner_admin", "GET", "/people", scopes=...) as that person's token."""

    def call(name, method, path, body=None, *, scopes=("identity:read", "identity:write"), **headers):
        actor = getattr(cast, name)
        with scope(actor):
            made = services.create_api_token(actor=actor, name="test", scopes=scopes, days=1, at=now())
        headers = {"Authorization": f"Bearer {made.raw}", "Idempotency-Key": str(new_id())} | {key.replace("_", "-"): value for key, value in headers.items()}
        return client.generic(method, f"/api/v1{path}", "" if body is None else __import__("json").dumps(body), "application/json", headers=headers)

    return call


def test_a_token_knows_who_it_is(cast, call):
    answer = call("partner_rep", "GET", "/me", scopes=("identity:read",)).json()

    assert (answer["name"], answer["side"], answer["roles"], answer["scopes"]) == ("Aino Laine", "partner", ["partner_sales"], ["identity:read"])
    assert answer["organization_id"] == str(cast.partner.pk)


def test_a_partner_lists_its_own_people_only(cast, call):
    answer = call("partner_rep", "GET", "/people?limit=50").json()

    assert {row["organization_id"] for row in answer["items"]} == {str(cast.partner.pk)}
    assert len(answer["items"]) == 6


def test_people_are_paged(call):
    first = call("vendor_admin", "GET", "/people?limit=10").json()
    second = call("vendor_admin", "GET", f"/people?limit=10&cursor={first['next_cursor']}").json()

    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (10, 3, None)
    assert not {row["id"] for row in first["items"]} & {row["id"] for row in second["items"]}


def test_a_change_needs_the_version_it_is_about(cast, call):
    with system_scope():
        reader = membership_of(cast.users["partner_reader"])
    path = f"/people/{reader.pk}"

    assert call("partner_admin", "PATCH", path, {"role": "partner_sales"}).status_code == 428
    assert call("partner_admin", "PATCH", path, {"role": "partner_sales"}, If_Match='"7"').status_code == 412
    changed = call("partner_admin", "PATCH", path, {"role": "partner_sales"}, If_Match='"1"')

    assert (changed.status_code, changed.json()["role"], changed["ETag"]) == (200, "partner_sales", '"2"')


def test_a_read_token_changes_nothing(cast, call):
    body = {"organization_id": str(cast.partner.pk), "email": "sanna@kallio.example", "role": "partner_sales"}

    assert call("partner_admin", "POST", "/invitations", body, scopes=("identity:read",)).status_code == 403
    assert call("partner_admin", "GET", "/invitations").json()["items"] == []


def test_an_invitation_is_made_and_taken_back(cast, call):
    body = {"organization_id": str(cast.partner.pk), "email": "sanna@kallio.example", "role": "partner_sales", "name": "Sanna"}

    made = call("partner_admin", "POST", "/invitations", body)

    assert (made.status_code, made.json()["email"]) == (201, "sanna@kallio.example")
    assert call("other_partner_admin", "DELETE", f"/invitations/{made.json()['id']}").status_code == 404
    assert call("partner_admin", "DELETE", f"/invitations/{made.json()['id']}").status_code == 204
    assert call("partner_admin", "GET", "/invitations").json()["items"] == []


def test_problems_name_their_field(cast, call):
    body = {"organization_id": str(cast.partner.pk), "email": "not an address", "role": "partner_sales"}

    answer = call("partner_admin", "POST", "/invitations", body)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == "email"


def test_no_secret_is_ever_listed(call):
    answer = call("partner_admin", "GET", "/tokens")

    (row,) = answer.json()
    assert set(row) == {"id", "name", "prefix", "person", "scopes", "state", "created_at", "expires_at", "last_used_at"}
    assert len(row["prefix"]) == len("oprm_") + 12


@pytest.mark.parametrize("token", ["", "oprm_x", "oprm_000000000000_" + "a" * 43, "x" * 199])
def test_a_wrong_token_is_nobody(client, db, token):
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
