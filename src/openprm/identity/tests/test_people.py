import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from openprm.identity import queries, services
from openprm.identity.models import ApiToken, Membership
from openprm.identity.testing import membership_of
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db


def member(cast, name):
    with system_scope():
        return membership_of(cast.users[name])


def test_a_partner_admin_changes_the_role_of_its_people(cast, at, as_actor):
    rep = member(cast, "partner_rep")

    with as_actor(cast.partner_admin):
        services.change_role(actor=cast.partner_admin, membership_id=rep.pk, role="partner_marketer", at=at)

    assert member(cast, "partner_rep").role == "partner_marketer"
    assert member(cast, "partner_rep").version == 2


def test_a_rep_cannot_change_roles(cast, at, as_actor):
    reader = member(cast, "partner_reader")

    with as_actor(cast.partner_rep), pytest.raises(NotAllowed) as refusal:
        services.change_role(actor=cast.partner_rep, membership_id=reader.pk, role="partner_admin", at=at)

    assert refusal.value.message == "Only an administrator of Kallio Digital can change its people."
    assert member(cast, "partner_reader").role == "partner_reader"


def test_another_partners_person_does_not_exist_for_an_admin(cast, at, as_actor):
    stranger = member(cast, "other_partner_rep")

    with as_actor(cast.partner_admin), pytest.raises(NotFound):
        services.disable_person(actor=cast.partner_admin, membership_id=stranger.pk, at=at)

    assert member(cast, "other_partner_rep").state == "active"


def test_a_partner_role_stays_a_partner_role(cast, at, as_actor):
    rep = member(cast, "partner_rep")

    with as_actor(cast.partner_admin), pytest.raises(Invalid) as refusal:
        services.change_role(actor=cast.partner_admin, membership_id=rep.pk, role="vendor_admin", at=at)

    assert refusal.value.field == "role"
    assert member(cast, "partner_rep").role == "partner_sales"


def test_nobody_changes_their_own_role(cast, at, as_actor):
    own = member(cast, "partner_admin")

    with as_actor(cast.partner_admin), pytest.raises(NotAllowed):
        services.change_role(actor=cast.partner_admin, membership_id=own.pk, role="partner_sales", at=at)


def test_the_last_administrator_stays(cast, at, as_actor):
    admin = member(cast, "partner_admin")

    with as_actor(cast.partner_manager), pytest.raises(services.LastAdministrator):
        services.disable_person(actor=cast.partner_manager, membership_id=admin.pk, at=at)
    with as_actor(cast.partner_manager), pytest.raises(services.LastAdministrator):
        services.change_role(actor=cast.partner_manager, membership_id=admin.pk, role="partner_sales", at=at)

    assert member(cast, "partner_admin").role == "partner_admin"
    assert member(cast, "partner_admin").is_active


def test_a_disabled_person_loses_sessions_and_tokens_at_once(cast, at, as_actor):
    rep, user = member(cast, "partner_rep"), cast.users["partner_rep"]
    client = cast.client("partner_rep")
    UserSession.objects.get_or_create(session_key=client.session.session_key, defaults={"user": user, "ip": "127.0.0.1", "user_agent": "x"})
    with as_actor(cast.partner_rep):
        made = services.create_api_token(actor=cast.partner_rep, name="sync", scopes=("identity:read",), days=30, at=at)

    with as_actor(cast.partner_admin):
        services.disable_person(actor=cast.partner_admin, membership_id=rep.pk, at=at)

    assert queries.actor_for_token(made.raw, at) is None
    assert not Session.objects.filter(session_key=client.session.session_key).exists()
    with system_scope():
        assert ApiToken.objects.get(pk=made.id).revoked_at == at
        assert Membership.objects.get(pk=rep.pk).disabled_at == at


def test_access_comes_back_but_tokens_do_not(cast, at, as_actor):
    rep = member(cast, "partner_rep")
    with as_actor(cast.partner_rep):
        made = services.create_api_token(actor=cast.partner_rep, name="sync", scopes=("identity:read",), days=30, at=at)

    with as_actor(cast.partner_admin):
        services.disable_person(actor=cast.partner_admin, membership_id=rep.pk, at=at)
        services.enable_person(actor=cast.partner_admin, membership_id=rep.pk, at=at)

    assert member(cast, "partner_rep").is_active
    assert queries.actor_for_token(made.raw, at) is None


def test_an_old_version_is_refused(cast, at, as_actor):
    rep = member(cast, "partner_rep")

    with as_actor(cast.partner_admin), pytest.raises(Stale):
        services.change_role(actor=cast.partner_admin, membership_id=rep.pk, role="partner_reader", at=at, version=7)


def test_the_database_refuses_a_vendor_role_in_a_partner_organization(cast):
    from django.db import IntegrityError, transaction

    with system_scope(), pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(role="vendor_admin")


def test_a_profile_is_changed_by_its_person(cast, at, as_actor):
    with as_actor(cast.partner_rep):
        services.update_profile(actor=cast.partner_rep, changes={"name": "Aino  Laine-Virta", "time_zone": "Europe/Madrid", "theme": "dark"}, at=at)

        profile = queries.profile(cast.partner_rep.user_id)

    assert (profile.name, profile.time_zone, profile.theme, profile.version) == ("Aino Laine-Virta", "Europe/Madrid", "dark", 2)


@pytest.mark.parametrize(("field", "value"), [("time_zone", "Mars/Olympus"), ("locale", "xx"), ("theme", "pink"), ("name", " "), ("name", "x" * 121)])
def test_a_profile_refuses_what_it_does_not_know(cast, at, as_actor, field, value):
    with as_actor(cast.partner_rep), pytest.raises(Invalid) as refusal:
        services.update_profile(actor=cast.partner_rep, changes={field: value}, at=at)

    assert refusal.value.field == field


def test_only_the_system_adds_people_without_an_invitation(cast, at, as_actor):
    with as_actor(cast.vendor_admin), pytest.raises(NotAllowed):
        services.add_person(actor=cast.vendor_admin, organization_id=cast.partner.pk, email="a@b.example", name="A", role="partner_sales", at=at)
