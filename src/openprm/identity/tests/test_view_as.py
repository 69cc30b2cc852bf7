from datetime import timedelta

import pytest

from openprm.audit.models import Event
from openprm.identity import services
from openprm.identity.models import PortalView
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def start(actor, organization, at, reason="They cannot find the deal"):
    with scope(actor):
        return services.start_view_as(actor=actor, organization_id=organization.pk, reason=reason, at=at)


def events(verb):
    with system_scope():
        return list(Event.objects.filter(verb=verb))


def test_a_partner_manager_looks_for_half_an_hour(cast, at):
    started = start(cast.partner_manager, cast.partner, at)

    assert started.ends_at == at + timedelta(minutes=30)
    assert started.organization_id == cast.partner.pk


def test_both_sides_find_it_in_their_history(cast, at):
    start(cast.partner_manager, cast.partner, at)

    (event,) = events("portal_view.started")
    assert event.visible_to == [cast.partner.pk]
    assert event.note == "They cannot find the deal"


@pytest.mark.parametrize("name", ["vendor_reader", "finance_manager"])
def test_others_of_the_vendor_may_not_look(cast, at, name):
    with pytest.raises(NotAllowed):
        start(getattr(cast, name), cast.partner, at)

    assert events("portal_view.started") == []


def test_a_partner_may_not_look_at_another(cast, at):
    with pytest.raises(NotFound):
        start(cast.partner_admin, cast.other_partner, at)


def test_leaving_writes_the_end(cast, at):
    start(cast.partner_manager, cast.partner, at)

    with scope(cast.partner_manager):
        services.stop_view_as(actor=cast.partner_manager, at=at + timedelta(minutes=5))

    (event,) = events("portal_view.ended")
    assert event.visible_to == [cast.partner.pk]
    with system_scope():
        assert PortalView.objects.get().ended_at == at + timedelta(minutes=5)


def test_looking_at_a_second_partner_ends_the_first(cast, at):
    start(cast.partner_manager, cast.partner, at)
    start(cast.partner_manager, cast.other_partner, at + timedelta(minutes=1))

    with system_scope():
        assert PortalView.objects.filter(ended_at=None).get().organization_id == cast.other_partner.pk


def test_a_view_that_ran_out_is_closed_at_its_end(cast, at):
    start(cast.partner_manager, cast.partner, at)

    with system_scope():
        assert services.end_views_that_ran_out(actor=SYSTEM, at=at + timedelta(minutes=29)) == 0
        assert services.end_views_that_ran_out(actor=SYSTEM, at=at + timedelta(hours=2)) == 1
        assert services.end_views_that_ran_out(actor=SYSTEM, at=at + timedelta(hours=2)) == 0
        assert PortalView.objects.get().ended_at == at + timedelta(minutes=30)


@pytest.fixture
def viewing(cast):
    """A browser in which the partner manager looks at the portal as the partner."""
    client = cast.client("partner_manager")
    response = client.post(f"/app/view-as/{cast.partner.pk}/", {"reason": "Helping"})
    assert response.status_code == 303
    return client


def test_the_view_shows_the_partners_portal_with_a_banner(cast, viewing):
    page = viewing.get("/portal/settings/team/")

    assert page.status_code == 200
    assert "You see the portal as <b>Kallio Digital</b>" in page.content.decode()
    assert "Aino Laine" in page.content.decode()


def test_in_the_view_the_vendors_workspace_is_not_there(viewing):
    assert viewing.get("/app/people/").status_code == 404


@pytest.mark.parametrize("path", ["/portal/settings/profile/", "/portal/settings/team/", "/portal/settings/tokens/", "/portal/settings/organization/"])
def test_every_write_is_refused_in_the_view(cast, viewing, path):
    response = viewing.post(path, {"name": "Changed", "email": "x@y.example", "role": "partner_admin"})

    assert response.status_code == 403
    assert "Nothing can be changed in this view" in response.content.decode()
    with system_scope():
        cast.partner.refresh_from_db()
        assert cast.partner.name == "Kallio Digital"


def test_how_one_signs_in_is_not_changed_from_the_view(cast, viewing):
    response = viewing.post("/auth/password/set/", {"password1": "a long winter night", "password2": "a long winter night"})

    assert response.status_code == 403
    assert not type(cast.users["partner_manager"]).objects.get(pk=cast.partner_manager.user_id).has_usable_password()


def test_leaving_brings_back_the_workspace(viewing):
    assert viewing.post("/leave-view/").status_code == 303

    assert viewing.get("/app/people/").status_code == 200
    assert len(events("portal_view.ended")) == 1


def test_the_view_ends_by_itself(viewing):
    session = viewing.session
    session["openprm_view_as"] = session["openprm_view_as"] | {"ends_at": "2020-01-01T00:00:00+00:00"}
    session.save()

    assert viewing.get("/app/people/").status_code == 200


def test_the_view_ends_with_the_right_to_it(cast, viewing):
    from openprm.identity.models import Membership

    with system_scope():
        Membership.objects.filter(user=cast.users["partner_manager"]).update(role="vendor_reader")

    assert viewing.get("/portal/settings/team/").status_code == 404
