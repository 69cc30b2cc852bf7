"""Builders for tests and demos: plain and typed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openprm.directory import services
from openprm.directory.models import Profile
from openprm.kernel.actor import SYSTEM, Actor, Side
from openprm.kernel.scope import scope, system_scope

SOME_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HELSINKI = {"label": "Head office", "street": "Mannerheimintie 12", "postal_code": "00100", "city": "Helsinki", "country": "FI"}
CONTENT: dict[str, Any] = {
    "summary": "We bring factories online, from the sensor to the boardroom.",
    "description": "Forty engineers in Helsinki and Tampere.\n\nWe stay until it runs.",
    "website": "https://www.kallio.example",
    "services": ["implementation", "integration", "support"],
    "products": ["Halden MES"],
    "industries": ["manufacturing", "energy"],
    "languages": ["fi", "en", "sv"],
    "regions": ["nordics", "baltics"],
    "certifications": ["ISO 27001"],
    "contact_email": "hello@kallio.example",
    "takes_messages": True,
}
REFERENCE: dict[str, Any] = {
    "customer": "Ostrava Steelworks",
    "country": "CZ",
    "industry": "manufacturing",
    "title": "Downtime cut by a third",
    "story": "Three lines were connected in eleven weeks.",
    "quote": "They stayed until it ran.",
    "quoted": "Plant manager",
    "consent_by": "Petra Malá",
    "consent_email": "petra@ostravasteel.example",
    "consent_date": "2026-02-20",
}


def editor_of(partner_id: UUID) -> Actor:
    """Somebody of the partner who may write its profile."""
    return Actor(side=Side.PARTNER, name="Editor", partner_ids=(partner_id,), organization_id=partner_id, roles=frozenset({"partner_admin"}))


def make_profile(partner_id: UUID, *, at: datetime = SOME_DAY, offices: tuple[dict[str, Any], ...] = (HELSINKI,), **changes: Any) -> UUID:
    """A profile that its people have written and not sent; gives its id."""
    editor = editor_of(partner_id)
    with scope(editor):
        services.save_profile(actor=editor, partner_id=partner_id, changes=CONTENT | changes, offices=list(offices), at=at)
        return Profile.objects.get(partner=partner_id).pk


def make_submitted(partner_id: UUID, *, at: datetime = SOME_DAY, **changes: Any) -> UUID:
    profile_id, editor = make_profile(partner_id, at=at, **changes), editor_of(partner_id)
    with scope(editor):
        services.submit_profile(actor=editor, partner_id=partner_id, at=at)
    return profile_id


def make_listed(partner_id: UUID, *, at: datetime = SOME_DAY, **changes: Any) -> UUID:
    """A profile that the public sees."""
    profile_id = make_submitted(partner_id, at=at, **changes)
    with system_scope():
        services.approve_profile(actor=SYSTEM, profile_id=profile_id, at=at)
    return profile_id


def make_reference(partner_id: UUID, *, state: str = "draft", at: datetime = SOME_DAY, **changes: Any) -> UUID:
    """A reference: draft, submitted or published."""
    editor = editor_of(partner_id)
    with scope(editor):
        reference_id = services.save_reference(actor=editor, partner_id=partner_id, values=REFERENCE | changes, at=at)
        if state != "draft":
            services.submit_reference(actor=editor, reference_id=reference_id, at=at)
    if state == "published":
        with system_scope():
            services.decide_reference(actor=SYSTEM, reference_id=reference_id, is_published=True, at=at)
    return reference_id


def make_tier_badges(partner_id: UUID, *, at: datetime = SOME_DAY) -> None:
    """The badges of the tiers that a partner holds."""
    with system_scope():
        services.sync_tier_badges(partner_id=partner_id, at=at)
