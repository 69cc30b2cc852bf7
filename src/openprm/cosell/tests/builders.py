"""Builders for tests: the companies of one deal, each with a person who sells."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from openprm.cosell import queries, services
from openprm.cosell.models import Engagement
from openprm.cosell.services import Draft, Opened
from openprm.identity.models import Membership, Organization, User
from openprm.kernel.actor import Actor, Side
from openprm.kernel.scope import scope, system_scope
from openprm.partners.models import Partner

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Company:
    """A partner with one person who sells for it."""

    id: UUID
    name: str
    rep: Actor
    user: User


def make_partner(name: str, type: str, *, status: str = "active", manager: Any = None) -> Company:
    """An active partner of a type, with one person in sales."""
    short = name.split()[0].lower()
    with system_scope():
        home = Organization.objects.create(kind="partner", name=name, legal_name=name, domain=f"{short}.example", country="DE", status=status)
        Partner.objects.create(organization=home, type=type, motion="solution", manager=manager)
        user = User(email=f"rep@{short}.example", name=f"Rep of {name}")
        user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, organization=home, side="partner", role="partner_sales")
    rep = Actor(
        side=Side.PARTNER,
        name=user.name,
        email=user.email,
        user_id=user.pk,
        organization_id=home.pk,
        partner_ids=(home.pk,),
        roles=frozenset({"partner_sales"}),
    )
    return Company(id=home.pk, name=name, rep=rep, user=user)


def make_draft(**changes: Any) -> Draft:
    """€240,000 at Ostrava Steelworks, closing in four months."""
    values: dict[str, Any] = {
        "title": "Ostrava, plant rollout",
        "customer_name": "Ostrava Steelworks a.s.",
        "customer_country": "CZ",
        "customer_domain": "ostravasteel.example",
        "contact_name": "Petra Malá",
        "contact_email": "petra.mala@ostravasteel.example",
        "description": "Three plants in two phases.",
        "competitor": "Rival Works",
        "expected_close_date": date(2027, 3, 31),
        "amount_minor": 240_000_00,
        "currency": "EUR",
    }
    return Draft(**{**values, **changes})


def make_engagement(host: Actor, *, at: datetime = SOME_DAY, deal_type: str = "co_sell", role: str = "", **changes: Any) -> Opened:
    with scope(host):
        return services.open_engagement(actor=host, draft=make_draft(**changes), deal_type=deal_type, role=role, at=at)


def invited(host: Actor, engagement_id: UUID, receiver_id: UUID, role: str, *, at: datetime = SOME_DAY, **terms: Any) -> UUID:
    with scope(host):
        return services.invite(actor=host, engagement_id=engagement_id, receiver_id=receiver_id, role=role, at=at, **terms)


def joined(host: Actor, engagement_id: UUID, member: Actor, role: str, *, at: datetime = SOME_DAY, **terms: Any) -> UUID:
    """Invite a company and let its person accept."""
    receiver = member.organization_id
    assert receiver
    invitation_id = invited(host, engagement_id, receiver, role, at=at, **terms)
    with scope(member):
        services.accept_invitation(actor=member, invitation_id=invitation_id, at=at)
    return invitation_id


@dataclass(frozen=True, slots=True)
class Room:
    """Everybody of the matrix in one engagement: the vendor opened it; the integrator has full view, the software vendor limited view,
    the hidden one full view. The stranger is not in it."""

    id: UUID
    vendor: Actor
    integrator: Company
    isv: Company
    hidden: Company
    stranger: Company

    def actors(self) -> dict[str, Actor]:
        return {
            "vendor": self.vendor,
            "integrator": self.integrator.rep,
            "isv": self.isv.rep,
            "hidden": self.hidden.rep,
            "stranger": self.stranger.rep,
        }


def make_room(cast: Any, at: datetime = SOME_DAY) -> Room:
    vendor = cast.partner_manager
    integrator = make_partner("Brückner Systems", "si", manager=cast.users["partner_manager"])
    isv = make_partner("Lumio Software", "isv")
    hidden = make_partner("Vantaa Consulting", "si")
    stranger = make_partner("Corvo Trading", "reseller")
    opened = make_engagement(vendor, at=at)
    joined(vendor, opened.engagement_id, integrator.rep, "services", at=at)
    joined(vendor, opened.engagement_id, isv.rep, "software", visibility="limited", at=at)
    joined(vendor, opened.engagement_id, hidden.rep, "services", hidden=True, at=at)
    return Room(opened.engagement_id, vendor, integrator, isv, hidden, stranger)


def seen(actor: Actor, engagement_id: UUID, at: datetime = SOME_DAY) -> Any:
    """The room as this actor reads it."""
    with scope(actor):
        return queries.room(actor, engagement_id, at)


def stored(engagement_id: UUID) -> Engagement:
    with system_scope():
        return Engagement.objects.get(pk=engagement_id)


@contextmanager
def nothing_changes(*models: Any) -> Iterator[None]:
    """The rows of these models are the same before and after."""

    def rows() -> list[Any]:
        with system_scope():
            return [sorted(map(repr, model.objects.values_list())) for model in models]

    before = rows()
    yield
    assert rows() == before
