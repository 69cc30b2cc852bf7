"""Many approvals and claims at once: the fund and the request hold, and everybody gets an answer."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.funds import services
from openprm.funds.models import AccrualLine, Allocation, FundRequest
from openprm.funds.services.coop import accrue
from openprm.funds.services.coop_rates import publish_rate
from openprm.funds.testing import activity_of, approve, figures, make_fund, make_kind, make_request
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Refusal
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(work):
    """Run all pieces on a connection each, begun together; a refusal is an answer, anything else rises."""
    work = list(work)
    gate = threading.Barrier(len(work))

    def run(piece):
        gate.wait(120)
        try:
            return piece()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result(240) for future in [pool.submit(run, piece) for piece in work]]


def test_of_twenty_approvals_at_once_only_as_many_pass_as_the_fund_holds(cast, at):
    fund_id, kind_id = make_fund(cast.partner.pk, at=at, amount_minor=10_000_00), make_kind()
    ids = [make_request(cast.partner_admin, fund_id, kind_id, planned_minor=4_000_00, asked_minor=2_000_00, at=at) for _n in range(20)]

    def approving(request_id):
        def piece():
            with system_scope():
                return services.approve_request(actor=SYSTEM, request_id=request_id, at=at)

        return piece

    answers = at_once(approving(one) for one in ids)

    assert Counter(type(answer).__name__ for answer in answers) == {"Changed": 5, "FundTooSmall": 15}
    assert figures(fund_id) == {"amount": 10_000, "approved": 10_000, "released": 0, "waiting": 0, "claimed": 0, "paid": 0}
    with system_scope():
        assert FundRequest.objects.filter(status="approved").count() == 5
        assert books.balance("funds.available", cast.partner.pk, fund_id, "EUR") == 0
        assert books.balance("funds.reserved", cast.partner.pk, fund_id, "EUR") == 10_000_00


def test_fifty_workers_accrue_the_same_won_deals_once_each(cast, at):
    with scope(cast.vendor_admin):
        publish_rate(actor=cast.vendor_admin, program_id=cast.program.pk, share=Decimal("2.5"), effective_from=at.date(), at=at)
    catalogue, won = make_catalogue(), []
    for number in range(4):
        name = {"customer_name": f"Ostrava Steelworks {number} a.s.", "customer_domain": f"ostravasteel{number}.example"}
        won.append(make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=at, **name))
        with scope(cast.partner_rep):
            deals.mark_won(actor=cast.partner_rep, registration_id=won[-1], at=at)

    def accruing(place):
        def piece():
            made = 0
            for deal_id in (*won[place % 4 :], *won[: place % 4]):
                with system_scope():
                    made += accrue(registration_id=deal_id, at=at) is not None
            return made

        return piece

    assert sum(at_once(accruing(place) for place in range(50))) == 4
    with system_scope():
        [pot] = Allocation.objects.filter(kind="coop")
        assert list(AccrualLine.objects.values_list("kind", "amount_minor")) == [("accrued", 1_000_00)] * 4
        assert (pot.amount_minor, pot.budget.amount_minor, pot.budget.allotted_minor) == (4_000_00, 4_000_00, 4_000_00)
        assert books.balance("funds.available", cast.partner.pk, pot.pk, "EUR") == 4_000_00


def test_claims_at_once_never_claim_more_than_the_request(cast, at):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=at), make_kind(), at=at)
    approve(request_id, at=at)
    with system_scope():
        activity_id = activity_of(request_id).pk

    def piece():
        with scope(cast.partner_admin):
            return services.submit_claim(
                actor=cast.partner_admin, activity_id=activity_id, spent=Money(3_000_00, "EUR"), asked=Money(1_500_00, "EUR"), is_final=False, at=at
            )

    answers = at_once([piece] * 6)

    assert Counter(type(answer).__name__ for answer in answers) == {"Changed": 2, "Invalid": 4}
    with system_scope():
        assert activity_of(request_id).waiting_minor == 3_000_00
