import re

import pytest

from openprm.identity.models import ApiToken, Invitation, Organization, User
from openprm.identity.testing import make_person, membership_of
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def test_a_profile_is_saved_and_the_theme_kept_in_a_cookie(cast):
    client = cast.client("partner_rep")

    response = client.post("/portal/settings/profile/", {"name": "Aino L", "time_zone": "Europe/Madrid", "locale": "en", "theme": "dark"})

    assert response.status_code == 303
    assert client.cookies["theme"].value == "dark"
    page = text(client.get("/portal/settings/profile/"))
    assert 'data-theme="dark"' in page
    assert User.objects.get(pk=cast.partner_rep.user_id).time_zone == "Europe/Madrid"


def test_a_wrong_profile_is_shown_again_with_the_reason(cast):
    response = cast.client("partner_rep").post("/portal/settings/profile/", {"name": "", "time_zone": "Mars", "locale": "en", "theme": "dark"})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in text(response)
    assert User.objects.get(pk=cast.partner_rep.user_id).name == "Aino Laine"


def test_a_token_is_shown_once(cast):
    client = cast.client("partner_rep")

    made = text(client.post("/portal/settings/tokens/", {"name": "CRM sync", "days": "30", "scopes": ["identity:read"]}))

    raw = re.search(r"oprm_\w{12}_[\w-]{43}", made)[0]
    assert raw not in text(client.get("/portal/settings/tokens/"))
    with system_scope():
        token = ApiToken.objects.get()
    client.post("/portal/settings/tokens/revoke/", {"token": token.pk})
    assert "Revoked" in text(client.get("/portal/settings/tokens/"))


def test_a_partner_admin_runs_the_team(cast):
    client = cast.client("partner_admin")

    client.post("/portal/settings/team/", {"email": "sanna@kallio.example", "name": "Sanna Aho", "role": "partner_sales"})
    page = text(client.get("/portal/settings/team/"))
    assert "sanna@kallio.example" in page
    assert "Invited" in page

    with system_scope():
        invitation = Invitation.objects.get()
        rep = membership_of(cast.users["partner_rep"])
    assert client.post("/portal/settings/team/invitation/", {"invitation": invitation.pk, "action": "revoke"}).status_code == 303
    assert client.post("/portal/settings/team/person/", {"person": rep.pk, "action": "disable"}).status_code == 303

    assert cast.client("partner_rep").get("/portal/settings/profile/").status_code == 302
    assert "Disabled" in text(client.get("/portal/settings/team/"))


def test_a_rep_sees_the_team_without_the_means_to_change_it(cast):
    page = text(cast.client("partner_rep").get("/portal/settings/team/"))

    assert "Mika Virtanen" in page
    assert "Invite a person" not in page
    assert "End access" not in page


def test_the_vendor_helps_a_partners_team(cast):
    client = cast.client("partner_manager")

    response = client.post(f"/app/people/{cast.partner.pk}/", {"email": "sanna@kallio.example", "name": "", "role": "partner_admin"})

    assert response.url == f"/app/people/{cast.partner.pk}/"
    with system_scope():
        assert Invitation.objects.get().role == "partner_admin"


def test_the_directory_is_searched_filtered_and_exported(cast):
    client = cast.client("vendor_reader")

    page = text(client.get("/app/people/?q=kallio&role=partner_sales"))
    assert "Aino Laine" in page
    assert "Mika Virtanen" not in page
    assert "Marta Nunes" not in page
    export = client.get("/app/people/?role=partner_sales&export=csv")
    assert export["Content-Type"].startswith("text/csv")
    assert {"Aino Laine", "Marta Nunes"} <= {line.split(",")[0] for line in export.content.decode("utf-8-sig").splitlines()}


def test_the_directory_costs_a_known_number_of_queries(cast, django_assert_max_num_queries):
    with system_scope():
        for number in range(20):
            make_person(cast.partner, "partner_sales", name=f"Person {number}")
    client = cast.client("vendor_reader")
    client.get("/app/people/")

    with django_assert_max_num_queries(17):
        client.get("/app/people/")


def test_a_person_of_two_organizations_switches_between_them(cast):
    with system_scope():
        from openprm.identity.models import Membership

        Membership.objects.create(user=cast.users["partner_rep"], organization=cast.other_partner, side="partner", role="partner_admin")
    client = cast.client("partner_rep")
    assert "Your organizations" in text(client.get("/portal/settings/profile/"))

    client.post("/portal/settings/organizations/switch/", {"organization": cast.other_partner.pk})

    assert "Rui Costa" in text(client.get("/portal/settings/team/"))
    assert client.post("/portal/settings/organizations/switch/", {"organization": cast.vendor.pk}).status_code == 404


def test_an_organization_profile_is_saved(cast):
    values = {"name": "Kallio", "legal_name": "", "domain": "kallio.example", "country": "FI", "time_zone": "Europe/Helsinki"}

    assert cast.client("partner_admin").post("/portal/settings/organization/", values).status_code == 303
    assert cast.client("partner_rep").post("/portal/settings/organization/", values | {"name": "Mine"}).status_code == 403

    with system_scope():
        assert Organization.objects.get(pk=cast.partner.pk).name == "Kallio"


def test_a_list_names_its_saved_views(cast):
    client = cast.client("vendor_admin")
    client.post("/app/views/save/", {"list": "identity.partner_people", "name": "Sales people", "query": "role=partner_sales", "next": "/app/people/"})

    assert "Sales people" in text(client.get("/app/people/"))


def test_the_operators_command_prints_a_link(cast, capsys):
    from click.testing import CliRunner

    from openprm.identity.commands import sign_in_link

    found = CliRunner().invoke(sign_in_link, [cast.partner_rep.email])
    unknown = CliRunner().invoke(sign_in_link, ["nobody@nowhere.example"])

    assert found.exit_code == 0
    assert re.fullmatch(r"http\S+/auth/link/[\w-]{43}/\n", found.stdout)
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "Nobody signs in with nobody@nowhere.example" in unknown.stderr
