"""Deals in every state, with known ids, for pictures and browser walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from openprm.deals import services
from openprm.deals.models import Registration
from openprm.deals.rules.draft import LineDraft
from openprm.deals.testing import make_approved, make_catalogue, make_draft, make_opportunity, make_registration, stored
from openprm.kernel.clock import now
from openprm.kernel.scope import scope

OSTRAVA, PELICAN, RETURNED, DRAFT, WON, LUMEN = (UUID(int=number) for number in range(1, 7))
CONFLICT, REJECTED = UUID(int=7), UUID(int=8)


@contextmanager
def _known_ids(*ids: UUID) -> Iterator[None]:
    field = Registration._meta.get_field("id")
    numbers = iter(ids)
    field.__dict__["_get_default"] = lambda: next(numbers)
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")


def make_showcase(cast: Any) -> None:
    at, catalogue = now(), make_catalogue()
    rep, manager, admin, other = cast.partner_rep, cast.partner_manager, cast.vendor_admin, cast.other_partner_rep
    with _known_ids(PELICAN, LUMEN, WON, OSTRAVA, RETURNED, DRAFT, CONFLICT, REJECTED, *(UUID(int=number) for number in range(100, 140))):
        _approved(rep, admin, catalogue, "Pelican Foods", "pelican.example", 72_000_00, at - timedelta(days=84))
        lumen = _approved(rep, admin, catalogue, "Lumen Retail Group", "lumen.example", 184_000_00, at - timedelta(days=29))
        won = _approved(rep, admin, catalogue, "Northwind Freight", "northwind.example", 121_000_00, at - timedelta(days=50))
        with scope(rep):
            services.move_stage(actor=rep, registration_id=lumen, stage="technical_validation", next_step="Pricing workshop, 2 Dec", at=at)
            services.mark_won(actor=rep, registration_id=won, amount_minor=None, at=at - timedelta(days=2))
        make_opportunity(name="Ostrava direct talks")
        make_registration(
            rep, catalogue, at=at - timedelta(hours=5), currency="EUR",
            lines=(LineDraft(product_id=catalogue.mes_core.pk, quantity=3, amount_minor=240_000_00), LineDraft(product_id=catalogue.edge_gateway.pk, quantity=14, amount_minor=12_600_00)),
            next_step="Pricing workshop, 2 Dec", description="Three plants in two phases. Petra asked for us by name after the plant demo.",
        )  # fmt: skip
        asked = make_registration(
            rep,
            catalogue,
            at=at - timedelta(days=1),
            customer_name="Castell Insurance",
            customer_domain="castell.example",
            title="Castell Insurance, data residency",
        ).registration_id
        _draft(rep, catalogue, at)
        make_registration(other, catalogue, at=at - timedelta(hours=2), customer_name="Ostrava Steelworks", title="Ostrava, one plant")
        refused = make_registration(
            rep, catalogue, at=at - timedelta(days=3), customer_name="Vega Logistics", customer_domain="vega.example", title="Vega Logistics"
        ).registration_id
        for number in range(8):
            make_registration(
                other,
                catalogue,
                at=at - timedelta(days=number),
                customer_name=f"Customer {number} Oy",
                customer_domain=f"customer{number}.example",
                title=f"Customer {number}",
            )
    _decide(manager, asked, refused, at)
    with scope(manager):
        services.add_note(
            actor=manager, registration_id=OSTRAVA, body="Spoke with Petra. She asked for Kallio by name after the plant demo.", visibility="internal", at=at
        )
        services.add_task(actor=manager, registration_id=OSTRAVA, title="Call the plant manager", due_date=date(2026, 12, 2), at=at)
        services.attach_document(
            actor=manager, registration_id=OSTRAVA, name="Plant survey.pdf", content=b"%PDF-1.7\n" + b"x" * 240_000, visibility="shared", at=at
        )
    with scope(rep):
        services.pre_check(actor=rep, customer="ostravasteel.example", product_line_id=catalogue.mes.pk, at=at)
        services.pre_check(actor=rep, customer="brightwater.example", product_line_id=catalogue.mes.pk, at=at)


def _approved(rep: Any, admin: Any, catalogue: Any, name: str, domain: str, amount: int, at: Any) -> UUID:
    lines = (LineDraft(product_id=catalogue.edge_gateway.pk, quantity=1, amount_minor=amount),)
    return make_approved(
        rep,
        admin,
        catalogue,
        at=at,
        customer_name=name,
        customer_domain=domain,
        title=f"{name}, Edge Gateway",
        lines=lines,
        expected_close_date=(at + timedelta(days=120)).date(),
    )


def _draft(rep: Any, catalogue: Any, at: Any) -> None:
    with scope(rep):
        services.save_draft(actor=rep, draft=make_draft(catalogue, customer_name="Ribera Hotels", customer_domain="", contact_email="", title=""), at=at)


def _decide(manager: Any, asked: UUID, refused: UUID, at: Any) -> None:
    with scope(manager):
        if stored(asked).status != "approved":
            services.return_for_information(
                actor=manager,
                registration_id=asked,
                fields=["lines", "contact_phone", "expected_close_date"],
                message="Which offices are in the first phase, and when does the budget close?",
                at=at,
            )
        if stored(refused).status != "approved":
            services.reject(actor=manager, registration_id=refused, reason="Vega Logistics is a direct account of ours. Ask us to work on it together.", at=at)
