"""When a whole organization leaves: every way in closes in one transaction, can open again, and people are forgotten in the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import policies, rules
from openprm.identity.events import PersonDisabled
from openprm.identity.models import ApiToken, Invitation, Membership, Organization, SavedView, SignInLink, User
from openprm.identity.services.people import _record, _save
from openprm.identity.services.sessions import end_sessions_of
from openprm.kernel.actor import Actor
from openprm.kernel.errors import refuse_if
from openprm.kernel.events import publish


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What ended: the memberships that were active until now, and how many of the rest."""

    membership_ids: tuple[UUID, ...]
    tokens: int
    invitations: int
    sessions: int
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """People whose account lost its name, and people who keep it because they also belong elsewhere."""

    user_ids: tuple[UUID, ...]
    kept_user_ids: tuple[UUID, ...]
    invitations: int


@transaction.atomic
def close_ways_in(*, actor: Actor, organization_id: UUID, at: datetime) -> Closed:
    """End the access of everybody at a partner at once: people, tokens, invitations, links, sessions. Safe to repeat.

    Somebody who also belongs to another organization keeps that place, its tokens and the sign-in. Raises NotFound, NotAllowed.
    """
    organization = _locked(actor, organization_id)
    memberships = list(Membership.objects.filter(organization=organization, state=Membership.State.ACTIVE).select_related("user").locked())
    tokens = ApiToken.objects.filter(organization=organization, revoked_at=None).update(revoked_at=at)
    for membership in memberships:
        _disable(actor, membership, at)
    user_ids = list(Membership.objects.filter(organization=organization).values_list("user_id", flat=True))
    homeless = _without_a_place(user_ids)
    return Closed(
        membership_ids=tuple(membership.pk for membership in memberships),
        tokens=tokens,
        invitations=_revoke_invitations(actor, organization, at),
        sessions=sum(end_sessions_of(user_id) for user_id in homeless),
        links=SignInLink.objects.filter(user__in=homeless, expires_at__gt=at).update(expires_at=at),
    )


@transaction.atomic
def reopen_ways_in(*, actor: Actor, organization_id: UUID, membership_ids: Iterable[UUID], at: datetime) -> int:
    """Give these people of a partner their access again; tokens and invitations stay ended. Raises NotFound, NotAllowed."""
    organization = _locked(actor, organization_id)
    rows = Membership.objects.filter(organization=organization, pk__in=list(membership_ids), state=Membership.State.DISABLED).select_related("user")
    found = list(rows.locked())
    for membership in found:
        before = membership.snapshot()
        _save(membership, state=Membership.State.ACTIVE, disabled_at=None)
        _record(actor, "person.enabled", membership, before, at)
    return len(found)


@transaction.atomic
def forget_people(*, actor: Actor, organization_id: UUID, at: datetime) -> Forgotten:
    """Take the names and addresses of a partner's former people off their accounts, for ever. Safe to repeat.

    The account itself stays, so that deals still say that one and the same person acted. Whoever also belongs to
    another organization keeps the account and loses the place here. The sealed log is not touched. Raises NotFound, NotAllowed.
    """
    organization = _locked(actor, organization_id)
    members = list(Membership.objects.filter(organization=organization).select_related("user").locked())
    elsewhere = set(Membership.objects.filter(user__in=[row.user_id for row in members]).exclude(organization=organization).values_list("user_id", flat=True))
    gone = [row.user for row in members if row.user_id not in elsewhere and not rules.is_forgotten(row.user.email)]
    for user in gone:
        _pseudonymise(user)
    Membership.objects.filter(organization=organization, user__in=elsewhere).delete()
    invitations = _forget_invitations(organization)
    if gone or elsewhere or invitations:
        data = {"people": len(gone), "invitations": invitations}
        audit.record(actor, "organization.people_forgotten", organization, after={}, refs=(organization.pk,), visible_to=(organization.pk,), data=data, at=at)
    return Forgotten(user_ids=tuple(user.pk for user in gone), kept_user_ids=tuple(elsewhere), invitations=invitations)


def _locked(actor: Actor, organization_id: UUID) -> Organization:
    organization = policies.reach_organizations(actor).locked().one(organization_id)
    if organization.is_vendor or not actor.can("identity.manage_partner_people"):
        refuse_if(_("Only the vendor's partner managers can end or open the access of a whole partner."))
    return organization


def _disable(actor: Actor, membership: Membership, at: datetime) -> None:
    before = membership.snapshot()
    _save(membership, state=Membership.State.DISABLED, disabled_at=at)
    _record(actor, "person.disabled", membership, before, at)
    publish(PersonDisabled(user_id=membership.user_id, organization_id=membership.organization_id, at=at))


def _revoke_invitations(actor: Actor, organization: Organization, at: datetime) -> int:
    found = list(Invitation.objects.filter(organization=organization, accepted_at=None, revoked_at=None).locked())
    for invitation in found:
        before = invitation.snapshot()
        invitation.revoked_at = at
        invitation.save()
        data = {"person": invitation.name or invitation.email, "role": invitation.role}
        refs = (organization.pk,)
        audit.record(actor, "person.invitation_revoked", invitation, before=before, refs=refs, visible_to=refs, data=data, at=at)
    return len(found)


def _without_a_place(user_ids: Iterable[UUID]) -> list[UUID]:
    """Those whom no organization lets in any more. Sessions of the others act in their other place from the next request on."""
    active = Membership.objects.filter(user__in=list(user_ids), state=Membership.State.ACTIVE, organization__status__in=rules.STATES_LET_IN)
    return sorted(set(user_ids) - set(active.values_list("user_id", flat=True)))


def _pseudonymise(user: User) -> None:
    user.name, user.email = rules.pseudonym(user.pk)
    user.is_active = False
    user.set_unusable_password()
    user.version += 1
    user.save()
    end_sessions_of(user.pk)
    for model in (EmailAddress, Authenticator):
        model.objects.filter(user=user).delete()
    SignInLink.objects.filter(user=user).delete()
    SavedView.objects.filter(user=user).delete()


def _forget_invitations(organization: Organization) -> int:
    known = [row for row in Invitation.objects.filter(organization=organization) if not rules.is_forgotten(row.email)]
    for invitation in known:
        name, email = rules.pseudonym(invitation.pk)
        Invitation.objects.filter(pk=invitation.pk).update(name=name, email=email)
    return len(known)
