"""The fixed cast. Tests name people by their role: who owns, who is on the team, who is a stranger."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.test import Client

from openprm.identity.models import Membership, Organization, User
from openprm.kernel.actor import PUBLIC, Actor, Side
from openprm.kernel.scope import system_scope

VENDOR_PEOPLE = {
    "vendor_admin": ("Ingrid Solberg", "vendor_admin"),
    "partner_manager": ("Erik Berg", "partner_manager"),
    "marketing_manager": ("Nora Lund", "marketing_manager"),
    "finance_manager": ("Olav Moen", "finance_manager"),
    "vendor_reader": ("Kari Dahl", "vendor_reader"),
}
PARTNER_PEOPLE = {
    "partner_admin": ("Mika Virtanen", "partner_admin"),
    "partner_rep": ("Aino Laine", "partner_sales"),
    "partner_marketer": ("Eero Salo", "partner_marketer"),
    "partner_technical": ("Juho Mäki", "partner_technical"),
    "partner_reader": ("Liisa Koski", "partner_reader"),
    "partner_collaborator": ("Otto Niemi", "partner_collaborator"),
}
OTHER_PEOPLE = {
    "other_partner_admin": ("Rui Costa", "partner_admin"),
    "other_partner_rep": ("Marta Nunes", "partner_sales"),
}


@dataclass
class Cast:
    """Two partner organizations and the vendor, with one person per role. Attributes are `Actor`s."""

    vendor: Organization
    partner: Organization
    other_partner: Organization
    users: dict[str, User]
    program: Any = None
    tier: Any = None

    stranger: Actor = PUBLIC

    def __getattr__(self, name: str) -> Actor:
        if name not in self.__dict__.get("users", {}):
            raise AttributeError(name)
        return self._actor(name)

    def _actor(self, name: str) -> Actor:
        side, organization, role = self.place(name)
        user = self.users[name]
        return Actor(
            side=side,
            name=user.name,
            email=user.email,
            user_id=user.pk,
            organization_id=organization.pk,
            partner_ids=(organization.pk,) if side is Side.PARTNER else (),
            roles=frozenset({role}),
            time_zone=user.time_zone,
        )

    def place(self, name: str) -> tuple[Side, Organization, str]:
        if name in VENDOR_PEOPLE:
            return Side.VENDOR, self.vendor, VENDOR_PEOPLE[name][1]
        if name in PARTNER_PEOPLE:
            return Side.PARTNER, self.partner, PARTNER_PEOPLE[name][1]
        return Side.PARTNER, self.other_partner, OTHER_PEOPLE[name][1]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.users, "stranger")

    def client(self, name: str, **kwargs: Any) -> Client:
        """A browser in which this person is signed in; the stranger's is signed out."""
        client = Client(**kwargs)
        if name != "stranger":
            client.force_login(self.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    @cached_property
    def partner_id(self) -> Any:
        return self.partner.pk

    @cached_property
    def other_partner_id(self) -> Any:
        return self.other_partner.pk


def make_cast() -> Cast:
    """Create the cast in the running database. Needs no scope of its own."""
    with system_scope():
        vendor = Organization.objects.create(
            kind="vendor", name="Halden Software", legal_name="Halden Software AS", domain="halden.example", country="NO", time_zone="Europe/Oslo"
        )
        partner = Organization.objects.create(
            kind="partner", name="Kallio Digital", legal_name="Kallio Digital Oy", domain="kallio.example", country="FI", time_zone="Europe/Helsinki"
        )
        other = Organization.objects.create(
            kind="partner", name="Sintra Systems", legal_name="Sintra Systems Lda", domain="sintra.example", country="PT", time_zone="Europe/Lisbon"
        )
        users: dict[str, User] = {}
        for organization, people in ((vendor, VENDOR_PEOPLE), (partner, PARTNER_PEOPLE), (other, OTHER_PEOPLE)):
            for name, (full_name, role) in people.items():
                users[name] = _person(organization, name, full_name, role)
        cast = Cast(vendor=vendor, partner=partner, other_partner=other, users=users)
        _enroll(cast)
    return cast


def _person(organization: Organization, name: str, full_name: str, role: str) -> User:
    user = User(email=f"{name}@{organization.domain}".replace("_", "."), name=full_name, time_zone=organization.time_zone)
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, organization=organization, side=organization.kind, role=role)
    return user


def _enroll(cast: Cast) -> None:
    """Both partners are active members of one resale program, Gold and Silver."""
    from datetime import UTC, datetime

    from openprm.partners.models import Enrollment, Partner, Program, Tier

    since = datetime(2025, 1, 1, tzinfo=UTC)
    program = Program.objects.create(code="resell", name="Halden Resell", motion="transact", currency="EUR")
    silver = Tier.objects.create(program=program, code="silver", name="Silver", rank=1)
    gold = Tier.objects.create(program=program, code="gold", name="Gold", rank=2)
    for organization, tier in ((cast.partner, gold), (cast.other_partner, silver)):
        partner = Partner.objects.create(organization=organization, type="reseller", motion="transact", manager=cast.users["partner_manager"])
        Enrollment.objects.create(partner=partner, program=program, tier=tier, status="approved", since=since)
    cast.program, cast.tier = program, gold
