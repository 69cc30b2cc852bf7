"""Funds in every state, with known ids, for pictures and browser walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from openprm.funds import services
from openprm.funds.models import Allocation, Budget, Claim, FundRequest, Settlement
from openprm.funds.services import BudgetDraft, Part
from openprm.funds.testing import approve, approve_claim, make_claim, make_draft, make_fund, make_kind, make_request
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope

ROOT, REGION, FUND, DRAFT, PENDING, APPROVED, PAID, CLAIMED, SETTLED = (UUID(int=number) for number in range(801, 810))


@contextmanager
def _known(model: type, *ids: UUID) -> Iterator[None]:
    field = model._meta.get_field("id")  # type: ignore[attr-defined]
    numbers = iter(ids)
    field.__dict__["_get_default"] = lambda: next(numbers)
    try:
        yield
    finally:
        field.__dict__.pop("_get_default")


def make_showcase(cast: Any) -> None:
    at = now()
    year = {"starts_on": date(at.year, 1, 1), "ends_on": date(at.year + 1, 6, 30)}
    with system_scope(), _known(Budget, ROOT, REGION):
        root = BudgetDraft(name="Partner marketing", currency="EUR", amount_minor=250_000_00, about="Everything partners do for us in public.", **year)
        services.create_budget(actor=SYSTEM, draft=root, at=at)
        services.create_budget(actor=SYSTEM, draft=BudgetDraft(name="Nordics", parent_id=ROOT, amount_minor=90_000_00), at=at)
    with _known(Allocation, FUND):
        make_fund(cast.partner.pk, budget_id=REGION, amount_minor=30_000_00, name="Marketing fund", plan_by=(at + timedelta(days=20)).date(), at=at)
    kind_id = make_kind(name="Trade fair", code="fair")
    days = {"starts_on": (at - timedelta(days=4)).date(), "ends_on": (at - timedelta(days=2)).date(), "at": at}
    with _known(FundRequest, DRAFT, PENDING, APPROVED, PAID):
        make_draft(cast.partner_admin, FUND, kind_id, **days)
        make_request(cast.partner_admin, FUND, kind_id, planned_minor=18_000_00, asked_minor=9_000_00, **days)
        make_request(cast.partner_admin, FUND, kind_id, **days)
        make_request(cast.partner_admin, FUND, kind_id, **days)
    approve(APPROVED, at=at)
    approve(PAID, at=at)
    with _known(Claim, CLAIMED, SETTLED):
        make_claim(cast.partner_admin, APPROVED, spent=Money(7_200_00, "EUR"), at=at)
        make_claim(cast.partner_admin, PAID, at=at)
    approve_claim(SETTLED, at=at)
    parts = [Part(amount_minor=1_500_00, payable_from=at.date()), Part(amount_minor=2_500_00, payable_from=(at + timedelta(days=30)).date())]
    with system_scope():
        services.schedule_instalments(actor=SYSTEM, claim_id=SETTLED, parts=parts, at=at)
        first = Settlement.objects.get(claim_id=SETTLED, fund_minor=1_500_00)
        services.record_payment(actor=SYSTEM, settlement_id=first.pk, paid_on=at.date(), reference="SEPA 2026-11", at=at)
