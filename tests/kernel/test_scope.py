import pytest

from openprm.identity.models import Membership, Organization
from openprm.kernel import db
from openprm.kernel.clock import stopped
from openprm.kernel.scope import NoScope, current_actor, scope, system_scope

pytestmark = pytest.mark.django_db

ROLE = "select current_setting('role')"
PARTNERS = "select current_setting('openprm.partners', true)"


def test_a_scoped_model_cannot_be_read_outside_a_scope():
    with pytest.raises(NoScope, match="Organization was read outside scope"):
        Organization.objects.count()


def test_the_scope_sets_role_and_partner_set_and_leaves_nothing_behind(cast):
    with scope(cast.partner_rep):
        inside = (db.value(ROLE), db.value(PARTNERS), current_actor())

    assert inside == ("openprm_partner", str(cast.partner.pk), cast.partner_rep)
    assert (db.value(ROLE), db.value(PARTNERS), current_actor()) == ("none", "", None)


def test_a_scope_inside_another_gives_the_outer_actor_back(cast):
    with scope(cast.partner_rep):
        with system_scope():
            inner = db.value(ROLE)
        outer = (db.value(ROLE), db.value(PARTNERS))

    assert inner == "openprm_vendor"
    assert outer == ("openprm_partner", str(cast.partner.pk))


def test_a_scope_that_fails_inside_another_gives_the_outer_actor_back(cast):
    with scope(cast.partner_rep):
        with pytest.raises(ZeroDivisionError), system_scope():
            raise ZeroDivisionError
        outer = (db.value(ROLE), current_actor())

    assert outer == ("openprm_partner", cast.partner_rep)


def test_a_partner_sees_the_people_of_its_own_organization_only(cast):
    with scope(cast.other_partner_rep):
        organizations = set(Membership.objects.filter(side="partner").values_list("organization_id", flat=True))

    assert organizations == {cast.other_partner.pk}


def test_a_row_made_while_the_clock_is_stopped_carries_that_moment(cast, at):
    with system_scope(), stopped(at):
        organization = Organization.objects.create(kind="partner", name="Tessera Data")

    assert (organization.created_at, organization.updated_at) == (at, at)
