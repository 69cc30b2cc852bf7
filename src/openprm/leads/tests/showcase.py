"""Leads in every state, with known ids, for pictures and browser walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.deals.testing import make_catalogue
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope
from openprm.leads import services
from openprm.leads.models import Lead
from openprm.leads.testing import make_lead, make_receiver

OFFERED, OPENED, ACCEPTED, CLAIM, UNROUTED = (UUID(int=number) for number in range(701, 706))


@contextmanager
def _known_ids(*ids: UUID) -> Iterator[None]:
    field = Lead._meta.get_field("id")
    numbers = iter(ids)
    field.__dict__["_get_default"] = lambda: next(numbers)
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")


def make_showcase(cast: Any) -> None:
    at, catalogue = now(), make_catalogue()
    make_receiver(cast.partner.pk, countries=["FI", "SE"], skills=["mes", "edge"], weight=3, latitude=60.17, longitude=24.94)
    make_receiver(cast.other_partner.pk, countries=["PT", "FI"], skills=["edge"], weight=0)
    rep = cast.partner_rep
    with _known_ids(OFFERED, OPENED, ACCEPTED, CLAIM, UNROUTED):
        make_lead(at=at - timedelta(hours=3), product_line_id=catalogue.mes.pk, source="web_form", campaign="Autumn 2026", grade="B")
        _lead(at - timedelta(hours=8), "Lumen Retail Group", "lumen", skills=("edge", "mes"), title="Edge gateways for 40 shops")
        _lead(at - timedelta(days=2), "Pelican Foods", "pelican", product_line_id=catalogue.edge.pk, amount_minor=72_000_00, source="crm")
        _lead(at - timedelta(hours=1), "Northwind Freight", "northwind", grade="C", amount_minor=9_000_00, city="Oulu")
        _lead(at - timedelta(days=1), "Osaka Pumps", "osakapumps", country="JP", city="Osaka")
    with scope(rep):
        services.open_lead(actor=rep, lead_id=OPENED, at=at - timedelta(hours=7))
        services.accept_lead(actor=rep, lead_id=ACCEPTED, at=at - timedelta(days=1))
        services.add_note(actor=rep, lead_id=ACCEPTED, body="Petra asks for a visit in week 50. Which of your engineers knows cold stores?", at=at)
        services.add_note(actor=rep, lead_id=ACCEPTED, body="Margin is thin; offer the small edition first.", audience="private", at=at)
    with scope(cast.partner_manager) as manager:
        services.add_note(actor=manager, lead_id=ACCEPTED, body="Mika does. He is free on Thursday and takes the demo kit along.", at=at)
    with system_scope():
        services.ensure_receivers()


def _lead(at: Any, name: str, domain: str, **values: Any) -> None:
    make_lead(at=at, company_name=name, company_domain=f"{domain}.example", contact_email=f"petra@{domain}.example", **values)
