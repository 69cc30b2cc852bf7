"""Deals with a life after their approval, with known ids, for pictures: a change that waits, a split, a loss, a renewal, stages of one's own."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from openprm.deals import services
from openprm.deals.models import Amendment, Renewal
from openprm.deals.rules.draft import LineDraft
from openprm.deals.rules.stages import DEFAULT, Criterion, Process, StageDef
from openprm.deals.testing import make_approved, make_catalogue
from openprm.deals.tests.showcase import _known_ids
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope

DEAL, SPLIT, LOST, SOLD = (UUID(int=number) for number in range(1, 5))
AMENDMENT, RENEWAL = UUID(int=51), UUID(int=52)
STRICT = Process(
    stages=(
        StageDef("prospect", "First talk", 10),
        StageDef("qualified", "Qualified", 25),
        StageDef("proof", "Proof of concept", 50, (Criterion("field", "competitor"), Criterion("activity", "demo"))),
        StageDef("offer", "Offer", 70, (Criterion("amount", "5000000"), Criterion("next_step"))),
        StageDef("committed", "Verbal yes", 90, (Criterion("document"), Criterion("days", "5"))),
    ),
    entry="qualified",
    lost_reasons=DEFAULT.lost_reasons,
)


def make_showcase(cast: Any) -> None:
    at, catalogue = now(), make_catalogue()
    rep, manager = cast.partner_rep, cast.partner_manager
    both = (
        LineDraft(product_id=catalogue.mes_core.pk, quantity=3, amount_minor=140_000_00),
        LineDraft(product_id=catalogue.edge_gateway.pk, quantity=14, amount_minor=12_600_00),
    )
    named = (
        ("Pelican Foods", "pelican.example", both, 30),
        ("Lumen Retail Group", "lumen.example", both, 29),
        ("Northwind Freight", "northwind.example", both, 20),
        ("Castell Insurance", "castell.example", (LineDraft(product_id=catalogue.mes_core.pk, amount_minor=88_000_00, term_months=2),), 40),
    )
    with _known_ids(DEAL, SPLIT, LOST, SOLD, *(UUID(int=number) for number in range(100, 120))):
        for name, domain, lines, days in named:
            make_approved(
                rep, manager, catalogue, at=at - timedelta(days=days), lines=lines, customer_name=name, customer_domain=domain,
                title=f"{name}, MES rollout", expected_close_date=(at + timedelta(days=90)).date(),
            )  # fmt: skip
        with scope(cast.vendor_admin):
            services.publish_process(actor=cast.vendor_admin, program_id=None, process=STRICT, note="An offer needs an amount.", at=at)
        with scope(manager):
            services.split_registration(actor=manager, registration_id=SPLIT, product_line_ids=[catalogue.edge.pk], reason="Two budgets", at=at)
        with scope(rep):
            more = (LineDraft(product_id=catalogue.mes_core.pk, quantity=5, amount_minor=210_000_00), both[1])
            reason = "The second plant is in now."
            services.propose_amendment(actor=rep, registration_id=DEAL, changes={"lines": more, "contact_name": "Jan Novák"}, reason=reason, at=at)
            services.mark_lost(actor=rep, registration_id=LOST, code="competitor", competitor="Rivalis", at=at)
            services.mark_won(actor=rep, registration_id=SOLD, at=at)
    with system_scope():
        services.alert_stalled(at=at)
        services.open_renewals(at=at)
        Amendment.objects.filter(registration_id=DEAL).update(id=AMENDMENT)
        Renewal.objects.filter(registration_id=SOLD).update(id=RENEWAL)
