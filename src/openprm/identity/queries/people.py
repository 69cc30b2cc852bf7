"""People: teams, invitations, who holds a permission."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from openprm.identity import policies, rules
from openprm.identity.models import Invitation, Membership, Organization, User
from openprm.identity.queries.organizations import OrganizationView
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.registry import registry
from openprm.ui.paging import PageRequest, Slice, slice_of

DIRECTORY_ORDER = {"name": "user__name", "organization_name": "organization__name", "last_seen_at": "user__last_login"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody on a team. `state` is active, pending (invited, not yet in) or disabled."""

    id: UUID | None
    membership_id: UUID | None
    name: str
    email: str
    role: str
    state: str
    organization_id: UUID
    organization_name: str
    version: int = 1
    last_seen_at: datetime | None = None
    invitation_id: UUID | None = None
    expires_at: datetime | None = None

    @property
    def url(self) -> str:
        return reverse("identity:partner_team", args=[self.organization_id])

    @property
    def is_pending(self) -> bool:
        return self.state in ("pending", "expired")

    @property
    def is_active(self) -> bool:
        return self.state == "active"

    @property
    def is_disabled(self) -> bool:
        return self.state == "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """What a mail needs to know about a person. `is_active` is false when nobody would read it."""

    user_id: UUID
    name: str
    email: str
    time_zone: str
    locale: str
    is_active: bool
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    id: UUID
    name: str
    email: str
    time_zone: str
    locale: str
    theme: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvitation:
    """An invitation as the person who holds its link sees it."""

    id: UUID
    email: str
    name: str
    role: str
    organization_name: str
    organization_kind: str
    invited_by: str
    expires_at: datetime
    has_account: bool


def people(actor: Actor, organization_id: UUID, at: datetime | None = None) -> list[Person]:
    """The team of one organization, active first, then invited, then disabled. Raises NotFound."""
    home = policies.reach_own_organizations(actor).one(organization_id)
    members = [person_of(row) for row in policies.reach_memberships(actor).filter(organization=home).order_by("state", "user__name")]
    invited = [_invited(row, at) for row in open_invitations(actor).filter(organization=home).order_by("email")]
    active = [person for person in members if person.is_active]
    return active + invited + [person for person in members if not person.is_active]


@dataclass(frozen=True, slots=True)
class TeamRights:
    """What this actor may do to an organization, for its pages to show or leave out."""

    manage: bool
    edit: bool
    brand: bool
    view_as: bool


def team_rights(actor: Actor, organization: OrganizationView) -> TeamRights:
    row = policies.reach_organizations(actor).one(organization.id)
    return TeamRights(
        manage=policies.why_not_manage_people(actor, row) is None,
        edit=policies.why_not_update_organization(actor, row) is None,
        brand=policies.why_not_brand(actor, row) is None,
        view_as=policies.why_not_view_as(actor, row) is None,
    )


def why_not_view_as(actor: Actor, organization_id: UUID) -> str | None:
    return policies.why_not_view_as(actor, policies.reach_organizations(actor).one(organization_id))


def person(actor: Actor, membership_id: UUID) -> Person:
    return person_of(policies.reach_memberships(actor).one(membership_id))


def person_by_user(actor: Actor, user_id: UUID, organization_id: UUID) -> Person:
    row = policies.reach_memberships(actor).filter(user=user_id, organization=organization_id).first()
    if row is None:
        raise NotFound()
    return person_of(row)


def membership(actor: Actor, membership_id: UUID) -> Membership:
    """One membership with its person. Raises NotFound."""
    return policies.reach_memberships(actor).one(membership_id)


def memberships(actor: Actor, *, organization_id: UUID | None = None) -> QuerySet[Membership]:
    """The reachable memberships, for the API, which pages in the database."""
    rows = policies.reach_memberships(actor)
    return rows.filter(organization=organization_id) if organization_id else rows


def partner_people(actor: Actor, filters: Mapping[str, Any], text: str, page: PageRequest) -> Slice[Person]:
    """One page of the directory of all partners' people."""
    return slice_of(_partner_people(actor, filters, text), page, order_by=DIRECTORY_ORDER).map(person_of)


def partner_people_rows(actor: Actor, filters: Mapping[str, Any], text: str) -> Iterator[Person]:
    """The same people unpaged, for an export."""
    return map(person_of, _partner_people(actor, filters, text).order_by("organization__name", "user__name").iterator(chunk_size=2000))


def _partner_people(actor: Actor, filters: Mapping[str, Any], text: str) -> QuerySet[Membership]:
    rows = policies.reach_memberships(actor).filter(side=Organization.Kind.PARTNER)
    for name in ("role", "state"):
        if filters.get(name):
            rows = rows.filter(**{f"{name}__in": filters[name]})
    if text:
        rows = rows.filter(Q(user__name__icontains=text) | Q(user__email__icontains=text) | Q(organization__name__icontains=text))
    return rows


def open_invitations(actor: Actor) -> QuerySet[Invitation]:
    return policies.reach_invitations(actor).filter(accepted_at=None, revoked_at=None)


def invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    return policies.reach_invitations(actor).one(invitation_id)


def holders_of(permission: str, organization_id: UUID | None = None) -> list[Person]:
    """The active people whose role grants `permission`: on the vendor's side, or in one organization."""
    rows = Membership.objects.select_related("user", "organization").filter(
        role__in=registry.roles_with(permission), state=Membership.State.ACTIVE, user__is_active=True
    )
    rows = rows.filter(organization=organization_id) if organization_id else rows.filter(side=Organization.Kind.VENDOR)
    return [person_of(row) for row in rows.order_by("user__name", "pk")]


def names_of(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by user id, of those that the running scope may read."""
    return dict(User.objects.filter(pk__in=list(user_ids)).values_list("pk", "name"))


def user_id_of(email: str) -> UUID | None:
    """The person who signs in with this address, for commands."""
    return User.objects.filter(email=rules.normal_email(email)).values_list("pk", flat=True).first()


def recipients(user_ids: Iterable[UUID]) -> list[Recipient]:
    """Who would get a mail: people with at least one active membership are active."""
    rows = Membership.objects.select_related("user").filter(user__in=list(user_ids)).order_by("user_id", "state")
    found: dict[UUID, Recipient] = {}
    for row in rows:
        found.setdefault(row.user_id, _recipient(row))
    return list(found.values())


def profile(user_id: UUID) -> Profile:
    user = User.objects.get(pk=user_id)
    return Profile(id=user.pk, name=user.name, email=user.email, time_zone=user.time_zone, locale=user.locale, theme=user.theme, version=user.version)


def person_of(row: Membership) -> Person:
    return Person(
        id=row.user_id,
        membership_id=row.pk,
        name=row.user.name,
        email=row.user.email,
        role=row.role,
        state=row.state,
        organization_id=row.organization_id,
        organization_name=row.organization.name,
        version=row.version,
        last_seen_at=row.user.last_login,
    )


def _invited(row: Invitation, at: datetime | None) -> Person:
    is_expired = at is not None and row.state(at) == "expired"
    return Person(
        id=None,
        membership_id=None,
        name=row.name or row.email,
        email=row.email,
        role=row.role,
        state="expired" if is_expired else "pending",
        organization_id=row.organization_id,
        organization_name=row.organization.name,
        invitation_id=row.pk,
        expires_at=row.expires_at,
    )


def _recipient(row: Membership) -> Recipient:
    user = row.user
    return Recipient(
        user_id=user.pk,
        name=user.name,
        email=user.email,
        time_zone=user.time_zone,
        locale=user.locale,
        is_active=row.is_active and user.is_active,
        side=row.side,
    )
