"""Builders for tests: plain and typed. Leads are made through the services, so that audit, promises and offers are true."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.leads import services
from openprm.leads.models import Lead, Offer, Receiver, Routing
from openprm.leads.rules.intake_draft import LeadDraft
from openprm.leads.services import Received

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def make_draft(**changes: Any) -> LeadDraft:
    """Ostrava Steelworks asks for MES in two plants, €40,000, from Ostrava."""
    values: dict[str, Any] = {
        "company_name": "Ostrava Steelworks",
        "company_domain": "ostravasteel.example",
        "country": "FI",
        "city": "Tampere",
        "contact_name": "Petra Malá",
        "contact_email": "petra.mala@ostravasteel.example",
        "contact_phone": "+358 40 1234567",
        "title": "MES for two plants",
        "message": "We look for a partner who knows steel.",
        "industry": "manufacturing",
        "employees": 800,
        "amount_minor": 40_000_00,
        "source": "manual",
    }
    return LeadDraft(**{**values, **changes})


def make_lead(*, at: datetime = SOME_DAY, route: bool = True, **changes: Any) -> Received:
    """A lead that came in, and was routed unless told otherwise."""
    with system_scope():
        return services.receive_lead(actor=SYSTEM, draft=make_draft(**changes), route=route, at=at)


def make_receiver(partner_id: UUID, **values: Any) -> None:
    with system_scope():
        services.ensure_receivers()
        Receiver.objects.filter(partner_id=partner_id).update(**values)


def offer_lead(lead_id: UUID, partner_id: UUID, *, at: datetime = SOME_DAY) -> None:
    """Offered to this partner by hand."""
    with system_scope():
        services.assign_lead(actor=SYSTEM, lead_id=lead_id, partner_id=partner_id, reason="They know the plant.", at=at)


def stored(lead_id: UUID) -> Lead:
    with system_scope():
        return Lead.objects.select_related("person").get(pk=lead_id)


def offers_of(lead_id: UUID) -> list[Offer]:
    with system_scope():
        return list(Offer.objects.filter(lead_id=lead_id).order_by("offered_at", "position", "pk"))


def routings_of(lead_id: UUID) -> list[Routing]:
    with system_scope():
        return list(Routing.objects.filter(lead_id=lead_id).order_by("round"))
