"""People of a team: their roles, their access, their own profile."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import policies, rules
from openprm.identity.events import PersonDisabled, RoleChanged
from openprm.identity.models import ApiToken, Membership, Organization, User
from openprm.identity.services import checks
from openprm.identity.services.sessions import end_sessions_of
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Stale, refuse_if
from openprm.kernel.events import publish


class LastAdministrator(Conflict):
    """Every organization keeps at least one active administrator."""

    def default_message(self) -> str:
        return _("This is the last administrator. Make somebody else an administrator first.")


@transaction.atomic
def add_person(*, actor: Actor, organization_id: UUID, email: str, name: str, role: str, at: datetime) -> UUID:
    """Put a person on a team at once, without a mail, and give the user's id: for the system alone (demo, single sign-on).

    Somebody who is on the team already keeps the role they have. Raises NotFound, NotAllowed, Invalid.
    """
    if not actor.is_system:
        refuse_if(_("People join by invitation."))
    organization = policies.reach_organizations(actor).one(organization_id)
    role = checks.choice("role", role, rules.roles_of(organization.kind))
    user = _user(organization, checks.email(email), checks.text("name", name, longest=120, required=True))
    membership, created = Membership.objects.get_or_create(user=user, organization=organization, defaults={"side": organization.kind, "role": role})
    if created:
        _record(actor, "person.joined", membership, {}, at)
    return user.pk


def _user(organization: Organization, email: str, name: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email=email, name=name, time_zone=organization.time_zone, locale=organization.locale)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@transaction.atomic
def change_role(*, actor: Actor, membership_id: UUID, role: str, at: datetime, version: int | None = None) -> None:
    """Give a person another role. Raises NotFound, NotAllowed, Invalid, Stale, LastAdministrator."""
    membership = _locked(actor, membership_id, version)
    role = checks.choice("role", role, rules.roles_of(membership.side))
    if role == membership.role:
        return
    if role != rules.admin_role(membership.side):
        _keep_an_administrator(membership)
    before = membership.snapshot()
    _save(membership, role=role)
    _record(actor, "person.role_changed", membership, before, at)
    publish(RoleChanged(user_id=membership.user_id, organization_id=membership.organization_id, before=before["role"], after=role, at=at))


@transaction.atomic
def disable_person(*, actor: Actor, membership_id: UUID, at: datetime, version: int | None = None) -> None:
    """Take a person's access away at once: sessions and tokens end with it. Raises NotFound, NotAllowed, LastAdministrator."""
    membership = _locked(actor, membership_id, version)
    if not membership.is_active:
        return
    _keep_an_administrator(membership)
    before = membership.snapshot()
    _save(membership, state=Membership.State.DISABLED, disabled_at=at)
    ApiToken.objects.filter(membership=membership, revoked_at=None).update(revoked_at=at)
    end_sessions_of(membership.user_id)
    _record(actor, "person.disabled", membership, before, at)
    publish(PersonDisabled(user_id=membership.user_id, organization_id=membership.organization_id, at=at))


@transaction.atomic
def enable_person(*, actor: Actor, membership_id: UUID, at: datetime, version: int | None = None) -> None:
    """Give a disabled person access again; tokens stay revoked. Raises NotFound, NotAllowed."""
    membership = _locked(actor, membership_id, version)
    if membership.is_active:
        return
    before = membership.snapshot()
    _save(membership, state=Membership.State.ACTIVE, disabled_at=None)
    _record(actor, "person.enabled", membership, before, at)


@transaction.atomic
def update_profile(*, actor: Actor, changes: dict[str, Any], at: datetime, version: int | None = None) -> None:
    """Change one's own name, time zone, language or theme. Raises Invalid, Stale."""
    if actor.read_only:
        refuse_if(_("You are viewing the portal as a partner. Leave the view before you change your profile."))
    user = User.objects.select_for_update().get(pk=actor.user_id)
    if version is not None and version != user.version:
        raise Stale()
    before = user.snapshot()
    values = _profile(changes)
    for name, value in values.items():
        setattr(user, name, value)
    user.version += 1
    user.save(update_fields=[*values, "version", "updated_at"])
    audit.record(actor, "person.profile_changed", user, before=before, refs=(user.pk,), visible_to=actor.partner_ids, at=at)


def _profile(changes: dict[str, Any]) -> dict[str, str]:
    readers = {
        "name": lambda value: checks.text("name", value, longest=120, required=True),
        "time_zone": checks.time_zone,
        "locale": checks.locale,
        "theme": lambda value: checks.choice("theme", value, User.Theme.values),
    }
    return {field: readers[field](value) for field, value in changes.items() if field in readers}


def _locked(actor: Actor, membership_id: UUID, version: int | None) -> Membership:
    """The membership, with its organization locked: two administrators cannot remove each other at once."""
    found = policies.reach_memberships(actor).one(membership_id)
    Organization.objects.filter(pk=found.organization_id).locked().get()
    membership = policies.reach_memberships(actor).locked().one(membership_id)
    refuse_if(policies.why_not_change(actor, membership))
    if version is not None and version != membership.version:
        raise Stale()
    return membership


def _keep_an_administrator(membership: Membership) -> None:
    admins = Membership.objects.filter(organization=membership.organization_id, role=rules.admin_role(membership.side), state=Membership.State.ACTIVE)
    if rules.leaves_no_admin(admin_ids=list(admins.values_list("pk", flat=True)), losing=membership.pk):
        raise LastAdministrator()


def _save(membership: Membership, **values: Any) -> None:
    for name, value in values.items():
        setattr(membership, name, value)
    membership.version += 1
    membership.save()


def _record(actor: Actor, verb: str, membership: Membership, before: dict[str, Any], at: datetime) -> None:
    partner = (membership.organization_id,) if membership.side == Organization.Kind.PARTNER else ()
    refs = (membership.organization_id, membership.user_id)
    audit.record(actor, verb, membership, before=before, refs=refs, visible_to=partner, data={"person": membership.user.name}, at=at)
