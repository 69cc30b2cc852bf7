"""Who is asking: built in few queries, from what the login role may read before a scope exists."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from openprm.identity import queries
from openprm.identity.models import Membership, Organization
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db


def request_of(cast, name):
    request = RequestFactory().get("/")
    client = cast.client(name)
    request.user = cast.users[name]
    request.session = client.session
    return request


def test_a_visitor_has_no_actor():
    request = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), {}

    assert queries.actor_for_request(request) is None


def test_a_partner_rep_acts_for_its_own_organization(cast):
    actor = queries.actor_for_request(request_of(cast, "partner_rep"))

    assert actor == cast.partner_rep


def test_the_actor_costs_one_query(cast, django_assert_num_queries):
    request = request_of(cast, "vendor_admin")
    request.session.get("anything")

    with django_assert_num_queries(1):
        actor = queries.actor_for_request(request)

    assert actor == cast.vendor_admin


@pytest.mark.parametrize("status", ["suspended", "offboarded"])
def test_people_of_a_suspended_organization_are_signed_out(cast, status):
    with system_scope():
        Organization.objects.filter(pk=cast.partner.pk).update(status=status)
    request = request_of(cast, "partner_rep")

    assert queries.actor_for_request(request) is None
    assert not request.user.is_authenticated


def test_a_disabled_person_is_signed_out(cast):
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(state="disabled")
    request = request_of(cast, "partner_rep")

    assert queries.actor_for_request(request) is None
    assert not request.user.is_authenticated


def test_actor_of_refuses_a_person_without_access(cast):
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_rep"]).update(state="disabled")

        with pytest.raises(NotFound):
            queries.actor_of(cast.users["partner_rep"].pk)


def test_holders_of_a_permission_are_the_active_vendor_people(cast):
    with system_scope():
        Membership.objects.filter(user=cast.users["partner_manager"]).update(state="disabled")

        found = queries.holders_of("identity.preview_portal")

    assert [person.name for person in found] == ["Ingrid Solberg"]


def test_a_partner_can_ask_who_on_the_vendors_side_holds_a_permission(cast, as_actor):
    with as_actor(cast.partner_rep):
        found = queries.holders_of("identity.manage_people")

    assert [person.name for person in found] == ["Ingrid Solberg"]
