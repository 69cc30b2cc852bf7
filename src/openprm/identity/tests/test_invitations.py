import re
from datetime import timedelta

import pytest

from openprm.audit.models import Event
from openprm.identity import queries, services
from openprm.identity.models import Invitation, Membership, User
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db


def invite(cast, actor, at, *, email="Sanna@Kallio.Example", role="partner_sales", organization=None):
    return services.invite_person(actor=actor, organization_id=(organization or cast.partner).pk, email=email, name="Sanna Aho", role=role, at=at)


def link_in(mail) -> str:
    return re.search(r"/auth/invitation/([\w-]+)/", mail.body)[1]


@pytest.fixture
def sent(cast, at, as_actor, run_jobs, outbox):
    """An invitation by the partner's administrator, mailed; gives its token."""
    with as_actor(cast.partner_admin):
        invite(cast, cast.partner_admin, at)
    run_jobs()
    return link_in(outbox[-1])


def test_a_partner_admin_invites_and_the_mail_carries_the_link(cast, sent, outbox):
    mail = outbox[0]

    assert mail.to == ['"Sanna Aho" <sanna@kallio.example>']
    assert mail.subject == "Mika Virtanen invites you to Halden Software"
    assert "Mika Virtanen invites you to the Halden Software partner portal, in the team of Kallio Digital." in mail.body
    assert f"/auth/invitation/{sent}/" in mail.alternatives[0][0]


def test_the_secret_is_nowhere_but_in_the_mail(cast, sent):
    with system_scope():
        invitation = Invitation.objects.get()
        logged = [str(event.changes) + str(event.data) for event in Event.objects.all()]

    assert sent not in invitation.token_hash
    assert invitation.token_hash not in "".join(logged)


def test_a_new_person_joins_with_a_password(cast, sent, at):
    with system_scope():
        user_id = services.accept_invitation(token=sent, name="Sanna Aho", password="a long winter night", at=at)
        user = User.objects.get(pk=user_id)

    assert user.check_password("a long winter night")
    assert user.time_zone == "Europe/Helsinki"
    assert queries.actor_of(user_id).roles == {"partner_sales"}


def test_a_new_person_joins_without_a_password(cast, sent, at):
    with system_scope():
        user_id = services.accept_invitation(token=sent, name="Sanna Aho", password="", at=at)

    assert not User.objects.get(pk=user_id).has_usable_password()


def test_a_weak_password_leaves_the_invitation_open(cast, sent, at):
    with system_scope(), pytest.raises(Invalid) as refusal:
        services.accept_invitation(token=sent, name="Sanna Aho", password="12345678", at=at)

    assert refusal.value.field == "password"
    assert not User.objects.filter(email="sanna@kallio.example").exists()
    with system_scope():
        assert Invitation.objects.get().accepted_at is None


def test_an_invitation_works_once(cast, sent, at):
    with system_scope():
        services.accept_invitation(token=sent, name="Sanna Aho", password="", at=at)

    with system_scope(), pytest.raises(services.InvitationClosed) as refusal:
        services.accept_invitation(token=sent, name="Sanna Aho", password="", at=at)

    assert refusal.value.message == "This invitation was used already. Sign in instead."
    with system_scope():
        assert Membership.objects.filter(user__email="sanna@kallio.example").count() == 1


def test_an_invitation_expires_after_14_days(cast, sent, at):
    with system_scope(), pytest.raises(services.InvitationClosed) as refusal:
        services.find_invitation(token=sent, at=at + timedelta(days=14))

    assert "expired" in refusal.value.message


def test_sending_again_kills_the_old_link(cast, sent, at, as_actor, run_jobs, outbox):
    with as_actor(cast.partner_admin):
        services.resend_invitation(actor=cast.partner_admin, invitation_id=Invitation.objects.get().pk, at=at + timedelta(days=20))
    run_jobs()

    with system_scope(), pytest.raises(NotFound):
        services.find_invitation(token=sent, at=at)
    with system_scope():
        assert services.find_invitation(token=link_in(outbox[-1]), at=at + timedelta(days=20)).email == "sanna@kallio.example"


def test_sending_again_has_an_end(cast, sent, at, as_actor):
    with as_actor(cast.partner_admin):
        invitation = Invitation.objects.get()
        for _time in range(5):
            services.resend_invitation(actor=cast.partner_admin, invitation_id=invitation.pk, at=at)
        with pytest.raises(TooMany):
            services.resend_invitation(actor=cast.partner_admin, invitation_id=invitation.pk, at=at)


def test_a_revoked_invitation_is_closed_and_not_mailed(cast, at, as_actor, run_jobs, outbox):
    with as_actor(cast.partner_admin):
        made = invite(cast, cast.partner_admin, at)
        services.revoke_invitation(actor=cast.partner_admin, invitation_id=made, at=at)
    run_jobs()

    assert outbox == []
    with as_actor(cast.partner_admin), pytest.raises(services.InvitationClosed):
        services.resend_invitation(actor=cast.partner_admin, invitation_id=made, at=at)


def test_a_second_open_invitation_is_refused(cast, sent, at, as_actor):
    with as_actor(cast.partner_admin), pytest.raises(services.AlreadyInvited) as refusal:
        invite(cast, cast.partner_admin, at)

    assert refusal.value.field == "email"
    with system_scope():
        assert Invitation.objects.count() == 1


def test_an_expired_invitation_makes_room_for_a_new_one(cast, sent, at, as_actor):
    with as_actor(cast.partner_admin):
        invite(cast, cast.partner_admin, at + timedelta(days=15))

    with system_scope():
        assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_somebody_on_the_team_is_not_invited_again(cast, at, as_actor):
    with as_actor(cast.partner_admin), pytest.raises(services.AlreadyOnTheTeam):
        invite(cast, cast.partner_admin, at, email=cast.partner_rep.email)


def test_a_rep_cannot_invite(cast, at, as_actor):
    with as_actor(cast.partner_rep), pytest.raises(NotAllowed):
        invite(cast, cast.partner_rep, at)

    with system_scope():
        assert not Invitation.objects.exists()


def test_a_partner_cannot_invite_into_another_partner(cast, at, as_actor):
    with as_actor(cast.partner_admin), pytest.raises(NotFound):
        invite(cast, cast.partner_admin, at, organization=cast.other_partner)


def test_a_partner_cannot_make_a_vendor_role(cast, at, as_actor):
    with as_actor(cast.partner_admin), pytest.raises(NotAllowed):
        invite(cast, cast.partner_admin, at, role="vendor_admin")


def test_the_vendor_invites_the_first_contact(cast, at, as_actor):
    with as_actor(cast.partner_manager):
        invite(cast, cast.partner_manager, at, role="partner_admin")

        found = queries.people(cast.partner_manager, cast.partner.pk, at)

    assert [(person.email, person.state) for person in found if person.is_pending] == [("sanna@kallio.example", "pending")]


def test_an_account_of_another_organization_gets_a_second_place(cast, at, as_actor, run_jobs, outbox):
    with as_actor(cast.partner_admin):
        invite(cast, cast.partner_admin, at, email=cast.other_partner_rep.email)
    run_jobs()

    with system_scope():
        user_id = services.accept_invitation(token=link_in(outbox[-1]), name="", password="", at=at)

    assert user_id == cast.other_partner_rep.user_id
    assert [organization.name for organization in queries.organizations_of(user_id)] == ["Sintra Systems", "Kallio Digital"]


def test_a_disabled_person_does_not_come_back_by_invitation(cast, at):
    with system_scope():
        membership = Membership.objects.get(user=cast.users["partner_rep"])
        invitation = Invitation.objects.create(
            organization=cast.partner, email=cast.partner_rep.email, role="partner_admin", token_hash="x" * 64, expires_at=at + timedelta(days=1)
        )
        Membership.objects.filter(pk=membership.pk).update(state="disabled")
        from openprm.identity import rules

        secret = rules.new_secret()
        Invitation.objects.filter(pk=invitation.pk).update(token_hash=secret.digest)

        with pytest.raises(Conflict):
            services.accept_invitation(token=secret.raw, name="", password="", at=at)
        assert Membership.objects.get(pk=membership.pk).state == "disabled"


@pytest.mark.parametrize("email", ["", "sanna", "sanna@", "a b@c.example", "x" * 250 + "@kallio.example", "a@b.example\r\nBcc: c@d.example"])
def test_a_broken_address_is_refused_at_its_field(cast, at, as_actor, email):
    with as_actor(cast.partner_admin), pytest.raises(Invalid) as refusal:
        invite(cast, cast.partner_admin, at, email=email)

    assert refusal.value.field == "email"
