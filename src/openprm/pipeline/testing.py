"""Builders for tests and pictures: a small pipeline with known sums."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from openprm.deals import services as deals
from openprm.deals.rules.draft import LineDraft
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.scope import scope

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DEALS = (  # customer, amount, close date, whose
    ("Ostrava Steelworks", 40_000_00, date(2026, 12, 15), "partner_rep"),
    ("Pelican Foods", 100_000_00, date(2027, 2, 26), "partner_rep"),
    ("Lumen Retail", 10_000_00, date(2026, 11, 27), "other_partner_rep"),
)


def make_pipeline(cast: Any, *, at: datetime = SOME_DAY) -> dict[str, UUID]:
    """Three approved deals of two partners, by customer."""
    catalogue = make_catalogue()
    return {name: _deal(cast, catalogue, name, amount, close, whose, at) for name, amount, close, whose in DEALS}


def _deal(cast: Any, catalogue: Any, name: str, amount: int, close: date, whose: str, at: datetime) -> UUID:
    lines = (
        LineDraft(product_id=catalogue.mes_core.pk, quantity=1, amount_minor=amount // 4),
        LineDraft(product_id=catalogue.edge_gateway.pk, quantity=1, amount_minor=amount - amount // 4),
    )
    domain = name.split()[0].lower() + ".example"
    return make_approved(
        getattr(cast, whose),
        cast.vendor_admin,
        catalogue,
        at=at,
        customer_name=name,
        customer_domain=domain,
        title=name,
        lines=lines,
        expected_close_date=close,
    )


def move(actor: Any, registration_id: UUID, *stages: str, at: datetime = SOME_DAY) -> None:
    """Walk a deal through stages, meeting what they ask for by a next step."""
    with scope(actor):
        for stage in stages:
            deals.move_stage(actor=actor, registration_id=registration_id, stage=stage, next_step="Call on Monday", at=at)
