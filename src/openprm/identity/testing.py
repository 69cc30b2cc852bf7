"""Builders of organizations and people for other domains' tests. Use inside a vendor's or the system's scope."""

from openprm.identity.models import Membership, Organization, User
from openprm.kernel.ids import new_id


def make_organization(name: str = "Bluecrest Cloud", *, kind: str = "partner", **values) -> Organization:
    return Organization.objects.create(kind=kind, name=name, **values)


def make_person(organization: Organization, role: str | None = None, *, name: str = "Lars Holm", email: str = "", password: str | None = None) -> User:
    """A person with an active membership. The role defaults to the organization's administrator."""
    user = User.objects.create_user(email=email or f"{new_id()}@example.com", name=name, password=password)
    role = role or ("vendor_admin" if organization.is_vendor else "partner_admin")
    Membership.objects.create(user=user, organization=organization, side=organization.kind, role=role)
    return user


def membership_of(user: User) -> Membership:
    return Membership.objects.select_related("organization", "user").get(user=user)
