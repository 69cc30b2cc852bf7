"""A partner leaves with money due: nothing is forfeited by it, and the next run pays."""

from datetime import timedelta

import pytest

from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books
from openprm.offboarding import services as offboarding
from openprm.offboarding.models import Offboarding
from openprm.offboarding.testing import make_offboarding
from openprm.payouts import services
from openprm.payouts.models import Payout
from openprm.payouts.testing import make_paying, make_ready

pytestmark = pytest.mark.django_db


def test_money_that_is_due_stays_due_and_is_paid_after_the_partner_has_left(cast, at, source, run_jobs):
    before = at - timedelta(days=40)
    make_paying(cast.vendor_admin, before)
    make_ready(cast.partner_admin, cast.finance_manager, cast.partner_id, before)
    source.owe(cast.partner_id, 120_00, at=before)
    case = make_offboarding(cast.vendor_admin, cast.partner_id, at=at)
    with scope(cast.vendor_admin):
        state = offboarding.run_step(actor=cast.vendor_admin, offboarding_id=case, code="money", at=at)
    with system_scope():
        step = Offboarding.objects.get(pk=case).steps.get(code="money")
    assert (state, step.note) == ("done", "€120.00 stays due and is paid with the next run. Leaving forfeits nothing.")

    gone = at + timedelta(days=40)
    with scope(cast.vendor_admin):
        for code in ("deals", "export", "access", "membership", "retention"):
            offboarding.run_step(actor=cast.vendor_admin, offboarding_id=case, code=code, at=gone)
    run_jobs()
    with system_scope():
        assert Offboarding.objects.get(pk=case).status == "done"
        assert -books.balance("partner.payable", owner_id=cast.partner_id, currency="EUR") == 120_00
    with scope(cast.finance_manager):
        run_id = services.prepare(actor=cast.finance_manager, at=gone + timedelta(days=1))
    with system_scope():
        payout = Payout.objects.get(run=run_id)
    assert (payout.partner_id, payout.amount_minor, payout.state) == (cast.partner_id, 120_00, "pending")


def test_a_partner_to_whom_nothing_is_due_leaves_with_the_step_skipped(cast, at, source):
    case = make_offboarding(cast.vendor_admin, cast.partner_id, at=at)
    with scope(cast.vendor_admin):
        assert offboarding.run_step(actor=cast.vendor_admin, offboarding_id=case, code="money", at=at) == "skipped"
