"""Invitations (A2): the vendor invites a partner's first contact, partners invite their own people."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import policies, queries, rules
from openprm.identity.events import PersonInvited, PersonJoined
from openprm.identity.models import Invitation, Membership, Organization, User
from openprm.identity.services import checks
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, TooMany, refuse_if, refused_by
from openprm.kernel.events import publish


class AlreadyOnTheTeam(Conflict):
    def default_message(self) -> str:
        return _("This person is on the team already. Look in the list below, also among the disabled.")


class AlreadyInvited(Conflict):
    def default_message(self) -> str:
        return _("This person has an open invitation. Send it again instead of making a second one.")


class InvitationClosed(Conflict):
    """The invitation was accepted, revoked, or has expired."""


@transaction.atomic
def invite_person(*, actor: Actor, organization_id: UUID, email: str, role: str, at: datetime, name: str = "") -> UUID:
    """Invite somebody to an organization; a mail with a personal link follows. Raises NotFound, NotAllowed, Invalid,
    AlreadyOnTheTeam, AlreadyInvited, TooMany."""
    organization = policies.reach_own_organizations(actor).one(organization_id)
    refuse_if(policies.why_not_invite(actor, organization, role))
    email, name = checks.email(email), checks.text("name", name, longest=120)
    _refuse_double(organization, email, at)
    invitation = Invitation(
        organization=organization,
        email=email,
        name=name,
        role=role,
        token_hash=rules.new_secret().digest,
        expires_at=at + rules.INVITATION_LASTS,
        invited_by_id=actor.user_id,
    )
    with refused_by("one_open_invitation_per_email", AlreadyInvited(field="email")):
        invitation.save()
    _record(actor, "person.invited", invitation, None, at)
    publish(PersonInvited(invitation_id=invitation.pk, at=at))
    return invitation.pk


@transaction.atomic
def resend_invitation(*, actor: Actor, invitation_id: UUID, at: datetime) -> None:
    """Send an invitation again, with a new link and a new term; the old link dies. Raises NotFound, NotAllowed,
    InvitationClosed, TooMany."""
    invitation = _open(actor, invitation_id)
    if invitation.sent_count >= rules.INVITATION_SENDS:
        raise TooMany(_("This invitation was sent %(count)s times. Check the address, then invite anew.") % {"count": invitation.sent_count})
    before = invitation.snapshot()
    invitation.sent_count += 1
    invitation.expires_at = at + rules.INVITATION_LASTS
    invitation.save()
    _record(actor, "person.invited_again", invitation, before, at)
    publish(PersonInvited(invitation_id=invitation.pk, at=at))


@transaction.atomic
def revoke_invitation(*, actor: Actor, invitation_id: UUID, at: datetime) -> None:
    """Take an invitation back; its link stops working. Raises NotFound, NotAllowed, InvitationClosed."""
    invitation = _open(actor, invitation_id)
    before = invitation.snapshot()
    invitation.revoked_at = at
    invitation.save()
    _record(actor, "person.invitation_revoked", invitation, before, at)


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, at: datetime) -> UUID:
    """Turn an invitation into a membership; gives the user's id. Runs in the system's scope: the link is the key.

    A new person gets an account, with a password or without (then links by e-mail sign in); a person
    who has one keeps it as it is. Raises NotFound, InvitationClosed, Invalid.
    """
    invitation = _by_token(token)
    _refuse_closed(invitation, at)
    user = User.objects.filter(email=invitation.email).first() or _new_user(invitation, name, password)
    membership, created = Membership.objects.get_or_create(
        user=user, organization=invitation.organization, defaults={"side": invitation.organization.kind, "role": invitation.role}
    )
    if not created and not membership.is_active:
        raise InvitationClosed(_("Your access to %(organization)s was ended. Ask its administrator.") % {"organization": invitation.organization.name})
    before = invitation.snapshot()
    invitation.accepted_at = at
    invitation.save()
    joined = queries.actor_of(user.pk, invitation.organization_id)
    _record(joined, "person.joined", invitation, before, at)
    publish(
        PersonJoined(user_id=user.pk, organization_id=invitation.organization_id, invitation_id=invitation.pk, invited_by_id=invitation.invited_by_id, at=at)
    )
    return user.pk


def user_to_sign_in(user_id: UUID) -> User:
    """The person who just accepted, for the sign-in library."""
    return User.objects.get(pk=user_id)


def find_invitation(*, token: str, at: datetime) -> queries.OpenInvitation:
    """What the holder of an invitation link sees before accepting. Raises NotFound, InvitationClosed."""
    invitation = _by_token(token)
    _refuse_closed(invitation, at)
    return queries.OpenInvitation(
        id=invitation.pk,
        email=invitation.email,
        name=invitation.name,
        role=invitation.role,
        organization_name=invitation.organization.name,
        organization_kind=invitation.organization.kind,
        invited_by=invitation.invited_by.name if invitation.invited_by else "",
        expires_at=invitation.expires_at,
        has_account=User.objects.filter(email=invitation.email).exists(),
    )


def renew_invitation_link(*, invitation_id: UUID, at: datetime) -> tuple[Invitation, str] | None:
    """A fresh secret for the mail that is about to leave, or None when the invitation was closed meanwhile."""
    invitation = Invitation.objects.select_related("organization", "invited_by").locked().one(invitation_id)
    if invitation.state(at) != "open":
        return None
    secret = rules.new_secret()
    invitation.token_hash = secret.digest
    invitation.save(update_fields=["token_hash", "updated_at"])
    return invitation, secret.raw


def _by_token(token: str) -> Invitation:
    rows = Invitation.objects.select_related("organization", "invited_by").locked()
    invitation = rows.filter(token_hash=rules.digest(token)).first()
    if invitation is None:
        raise NotFound(_("This invitation link is not valid. It may have been replaced by a newer mail, or cut off when it was copied."))
    return invitation


def _refuse_closed(invitation: Invitation, at: datetime) -> None:
    sentences = {
        "accepted": _("This invitation was used already. Sign in instead."),
        "revoked": _("This invitation was taken back. Ask the person who invited you."),
        "expired": _("This invitation has expired. Ask the person who invited you to send it again."),
    }
    state = invitation.state(at)
    if state in sentences:
        raise InvitationClosed(sentences[state])


def _new_user(invitation: Invitation, name: str, password: str) -> User:
    user = User(
        email=invitation.email,
        name=checks.text("name", name, longest=120, required=True),
        time_zone=invitation.organization.time_zone,
        locale=invitation.organization.locale,
    )
    if password:
        _refuse_weak(user, password)
    user.set_password(password or None)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _refuse_weak(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from None


def _refuse_double(organization: Organization, email: str, at: datetime) -> None:
    if Membership.objects.filter(organization=organization, user__email=email).exists():
        raise AlreadyOnTheTeam(field="email")
    unanswered = Invitation.objects.filter(organization=organization, accepted_at=None, revoked_at=None)
    unanswered.filter(email=email, expires_at__lte=at).update(revoked_at=at)
    if unanswered.count() >= rules.OPEN_INVITATIONS:
        raise TooMany(_("There are %(count)s open invitations. Take some back before you invite more people.") % {"count": rules.OPEN_INVITATIONS})


def _open(actor: Actor, invitation_id: UUID) -> Invitation:
    invitation = policies.reach_invitations(actor).locked().one(invitation_id)
    refuse_if(policies.why_not_manage_people(actor, invitation.organization))
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationClosed(_("This invitation was answered or taken back already."))
    return invitation


def _record(actor: Actor, verb: str, invitation: Invitation, before: dict | None, at: datetime) -> None:
    organization = invitation.organization
    visible = () if organization.is_vendor else (organization.pk,)
    data = {"person": invitation.name or invitation.email, "role": invitation.role}
    audit.record(actor, verb, invitation, before=before, refs=(organization.pk,), visible_to=visible, data=data, at=at)
