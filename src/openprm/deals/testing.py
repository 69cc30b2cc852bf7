"""Builders for tests: plain and typed. Deals are made through the services, so that audit, promises and protections are true."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.deals import services
from openprm.deals.models import ExchangeRate, Opportunity, Product, ProductLine, Registration, Territory
from openprm.deals.rules.draft import LineDraft, RegistrationDraft
from openprm.deals.services.results import Submitted
from openprm.kernel.actor import Actor
from openprm.kernel.scope import scope, system_scope

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Two product lines with a product each, a territory of two countries, and one for the rest of the world."""

    mes: ProductLine
    edge: ProductLine
    mes_core: Product
    edge_gateway: Product
    nordics: Territory
    world: Territory
    rates: tuple[ExchangeRate, ...] = field(default=())


def make_catalogue() -> Catalogue:
    with system_scope():
        mes = ProductLine.objects.create(code="mes", name="MES")
        edge = ProductLine.objects.create(code="edge", name="Edge", position=1)
        return Catalogue(
            mes=mes,
            edge=edge,
            mes_core=Product.objects.create(line=mes, code="mes-core", name="MES Core", list_price_minor=12_000_00, currency="EUR"),
            edge_gateway=Product.objects.create(line=edge, code="edge-gateway", name="Edge Gateway", list_price_minor=900_00, currency="EUR"),
            nordics=Territory.objects.create(code="nordics", name="Nordics", countries=["FI", "SE"]),
            world=Territory.objects.create(code="world", name="World", is_default=True),
            rates=(ExchangeRate.objects.create(currency="SEK", base="EUR", rate=Decimal("0.0915"), rate_date=date(2026, 11, 1)),),
        )


def make_draft(catalogue: Catalogue, **changes: Any) -> RegistrationDraft:
    """A complete draft for Ostrava Steelworks: €40,000 of MES Core, closing in four months."""
    values: dict[str, Any] = {
        "title": "Ostrava Steelworks, MES rollout",
        "customer_name": "Ostrava Steelworks a.s.",
        "customer_domain": "ostravasteel.example",
        "customer_country": "CZ",
        "contact_name": "Petra Malá",
        "contact_email": "petra.mala@ostravasteel.example",
        "expected_close_date": date(2027, 3, 31),
        "lines": (LineDraft(product_id=catalogue.mes_core.pk, quantity=3, amount_minor=40_000_00),),
    }
    return RegistrationDraft(**{**values, **changes})


def make_registration(actor: Actor, catalogue: Catalogue, *, at: datetime = SOME_DAY, partner_id: UUID | None = None, **changes: Any) -> Submitted:
    """A submitted registration, by `actor`; whatever the rules did with it."""
    with scope(actor):
        return services.register(actor=actor, draft=make_draft(catalogue, **changes), partner_id=partner_id, at=at)


def make_approved(actor: Actor, approver: Actor, catalogue: Catalogue, *, at: datetime = SOME_DAY, **changes: Any) -> UUID:
    """An approved, protected registration."""
    made = make_registration(actor, catalogue, at=at, **changes)
    if made.status != "approved":
        with scope(approver):
            services.approve(actor=approver, registration_id=made.registration_id, at=at + timedelta(hours=1))
    return made.registration_id


def make_opportunity(**values: Any) -> Opportunity:
    """An opportunity of the vendor's own unless a partner is given."""
    with system_scope():
        return Opportunity.objects.create(**{"name": "Direct talks", "amount_minor": 10_000_00, "currency": "EUR", **values})


def stored(registration_id: UUID) -> Registration:
    """The row as it stands."""
    with system_scope():
        return Registration.objects.get(pk=registration_id)
