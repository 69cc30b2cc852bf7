"""A plan in work with known ids, and a pipeline beside it, for pictures and browser walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.actionplans import queries, services
from openprm.actionplans.services import plans
from openprm.actionplans.testing import template_id
from openprm.deals.rules.draft import LineDraft
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.clock import now
from openprm.kernel.scope import scope

PLAN, FIRST_STEP = UUID(int=1), UUID(int=101)


@contextmanager
def _known_ids(plan_id: UUID) -> Iterator[None]:
    """The next plan gets this id, its steps those from 101 on."""
    numbers = iter(UUID(int=number) for number in range(101, 200))
    before = plans.new_id
    plans.new_id = lambda: next(ids)
    ids = iter((plan_id, *numbers))
    try:
        yield
    finally:
        plans.new_id = before


def make_showcase(cast: Any) -> None:
    at, catalogue = now(), make_catalogue()
    rep, manager = cast.partner_rep, cast.partner_manager
    close = (at + timedelta(days=40)).date()
    deal = make_approved(rep, cast.vendor_admin, catalogue, at=at - timedelta(days=20), expected_close_date=close)
    begun = at - timedelta(days=15)
    with scope(rep), _known_ids(PLAN):
        plan_id = services.start_plan(actor=rep, subject_id=deal, template_id=template_id(), at=begun)
        for step in queries.plan(rep, plan_id, begun).steps[:1]:
            services.finish_step(actor=rep, step_id=step.id, note="Workshop on 3 November, minutes attached.", at=begun)
        services.sign_plan(actor=rep, plan_id=plan_id, at=begun)
        services.add_step(actor=rep, plan_id=plan_id, title="Ask our lawyer about the warranty clause", side="partner", due_date=close, private=True, at=at)
    with scope(manager):
        services.sign_plan(actor=manager, plan_id=plan_id, at=begun)
        waiting = [step for step in queries.plan(manager, plan_id, at).steps if step.state == "open"]
        services.change_step(actor=manager, step_id=waiting[-2].id, values={"due_date": waiting[-2].due_date + timedelta(days=3)}, at=at)
    for name, amount in (("Pelican Foods", 72), ("Lumen Retail", 184), ("Northwind Freight", 121)):
        _deal(cast, catalogue, name, amount, at)


def _deal(cast: Any, catalogue: Any, name: str, amount: int, at: Any) -> None:
    lines = (LineDraft(product_id=catalogue.edge_gateway.pk, quantity=1, amount_minor=amount * 100_000),)
    domain = name.split()[0].lower() + ".example"
    named = {"customer_name": name, "customer_domain": domain, "title": f"{name}, gateways", "lines": lines}
    close = (at + timedelta(days=amount)).date()
    make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=at - timedelta(days=amount // 5), expected_close_date=close, **named)
