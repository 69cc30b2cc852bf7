"""Ring 4, by raw SQL: what each database role reads of identity, whatever the code above it does."""

import pytest
from django.db import connection

from openprm.identity import services
from openprm.identity.models import Invitation
from openprm.kernel.db import value
from openprm.kernel.scope import NoScope, scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(cast, at):
    """Each partner has an invitation, a token and a saved view."""
    for actor in (cast.partner_admin, cast.other_partner_admin):
        with scope(actor):
            services.invite_person(actor=actor, organization_id=actor.organization_id, email="new@person.example", role="partner_sales", at=at)
            services.create_api_token(actor=actor, name="sync", scopes=("identity:read",), days=30, at=at)
            services.save_view(actor=actor, list_key="deals.registrations", name="Mine", query="status=approved", at=at)
    return cast


def names(table: str, column: str) -> set:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from {table}")
        return {row[0] for row in cursor.fetchall()}


def test_a_partner_reads_its_own_organization_and_the_vendors(full):
    with scope(full.partner_rep):
        assert names("identity_organization", "name") == {"Halden Software", "Kallio Digital"}


def test_a_partner_reads_its_own_people_and_the_vendors(full):
    with scope(full.partner_rep):
        emails = names("identity_user", "email")

    assert full.partner_admin.email in emails
    assert full.vendor_admin.email in emails
    assert full.other_partner_rep.email not in emails


@pytest.mark.parametrize("table", ["identity_invitation", "identity_apitoken", "identity_savedview"])
def test_a_partner_reads_only_its_own(full, table):
    with scope(full.partner_admin):
        assert value(f"select count(*) from {table}") == 1
    with system_scope():
        assert value(f"select count(*) from {table}") == 2


def test_a_colleague_does_not_read_saved_views(full):
    with scope(full.partner_rep):
        assert value("select count(*) from identity_savedview") == 0


@pytest.mark.parametrize("table", ["identity_signinlink", "identity_portalview"])
def test_a_partner_reads_nothing_of_the_vendors_own(full, at, table):
    services.sign_in_link(full.users["partner_rep"], at)
    with scope(full.partner_manager):
        services.start_view_as(actor=full.partner_manager, organization_id=full.partner.pk, reason="", at=at)

    with scope(full.partner_admin):
        assert value(f"select count(*) from {table}") == 0
    with system_scope():
        assert value(f"select count(*) from {table}") == 1


def test_a_partner_cannot_write_the_vendors_rows(full):
    with scope(full.partner_admin), connection.cursor() as cursor:
        cursor.execute("update identity_organization set name = 'Taken over' where kind = 'vendor'")
        touched = cursor.rowcount
        cursor.execute("update identity_membership set role = 'vendor_reader' where side = 'vendor'")
        touched += cursor.rowcount
        cursor.execute("update identity_user set email = 'taken@over.example' where email like 'vendor%'")
        touched += cursor.rowcount

    assert touched == 0


def test_the_login_role_reads_what_an_actor_is_made_of_and_writes_none_of_it(full):
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    assert value("select count(*) from identity_organization") == 3
    assert value("select count(*) from identity_membership") == 13
    assert value("select count(*) from identity_apitoken") == 2
    assert value("select count(*) from identity_invitation") == 0
    assert value("select count(*) from identity_signinlink") == 0
    with connection.cursor() as cursor:
        cursor.execute("update identity_membership set role = 'partner_admin' where side = 'partner'")
        assert cursor.rowcount == 0


def test_without_a_scope_the_managers_refuse():
    with pytest.raises(NoScope):
        Invitation.objects.count()
