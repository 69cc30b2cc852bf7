from datetime import timedelta

import pytest

from openprm.identity import queries, services
from openprm.identity.models import ApiToken, Invitation, Membership, Organization, SignInLink, User
from openprm.kernel.errors import NotAllowed
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def close(cast, at):
    with scope(cast.vendor_admin) as who:
        return services.close_ways_in(actor=who, organization_id=cast.partner_id, at=at)


def test_every_way_into_an_organization_ends_in_one_stroke(cast, at):
    with scope(cast.partner_admin) as who:
        services.create_api_token(actor=who, name="CRM", scopes=("identity:read",), days=30, at=at)
        services.invite_person(actor=who, organization_id=cast.partner_id, email="new@kallio.example", role="partner_sales", at=at)
    services.request_sign_in_link(email=cast.partner_rep.email, browser="b", network_address=None, at=at)

    closed = close(cast, at)

    assert (len(closed.membership_ids), closed.tokens, closed.invitations, closed.links) == (6, 1, 1, 1)
    with system_scope():
        assert Membership.objects.filter(organization=cast.partner_id, state="active").count() == 0
        assert ApiToken.objects.filter(revoked_at=None).count() == 0
        assert Invitation.objects.filter(revoked_at=None).count() == 0
        assert SignInLink.objects.filter(expires_at__gt=at).count() == 0
        assert Membership.objects.filter(organization=cast.other_partner_id, state="active").count() == 2


def test_closing_twice_ends_nothing_more(cast, at):
    close(cast, at)

    again = close(cast, at + timedelta(hours=1))

    assert (again.membership_ids, again.tokens, again.invitations, again.sessions) == ((), 0, 0, 0)


def test_only_those_who_were_in_get_in_again(cast, at):
    with system_scope():
        Membership.objects.filter(user=cast.partner_reader.user_id).update(state="disabled", disabled_at=at)
    closed = close(cast, at)

    with scope(cast.vendor_admin) as who:
        back = services.reopen_ways_in(actor=who, organization_id=cast.partner_id, membership_ids=closed.membership_ids, at=at)

    assert back == 5
    with system_scope():
        assert Membership.objects.get(user=cast.partner_reader.user_id).state == "disabled"


@pytest.mark.parametrize("name", ["vendor_reader", "partner_admin", "other_partner_admin"])
def test_nobody_else_can_close_an_organization(cast, at, name):
    actor = getattr(cast, name)
    with scope(actor), pytest.raises(Exception, match=r"Only|no such"):
        services.close_ways_in(actor=actor, organization_id=cast.partner_id, at=at)
    with system_scope():
        assert Membership.objects.filter(organization=cast.partner_id, state="active").count() == 6


def test_the_vendor_itself_is_never_closed_or_forgotten(cast, at):
    for service in (services.close_ways_in, services.forget_people):
        with scope(cast.vendor_admin) as who, pytest.raises(NotAllowed):
            service(actor=who, organization_id=cast.vendor.pk, at=at)
    assert User.objects.get(pk=cast.vendor_admin.user_id).name == "Ingrid Solberg"


@pytest.mark.parametrize(("states", "gets_in"), [(["deactivated"], True), (["banned"], False), (["deactivated", "archived"], False), (["suspended"], False)])
def test_the_state_of_an_organization_says_who_gets_in(cast, states, gets_in):
    with system_scope():
        for status in states:
            Organization.objects.filter(pk=cast.partner_id).update(status=status)

        places = queries.organizations_of(cast.partner_rep.user_id)

    assert bool(places) is gets_in
