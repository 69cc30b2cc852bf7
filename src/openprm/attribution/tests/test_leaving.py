"""A partner that leaves takes its credit along, its people are forgotten, and what was locked stays."""

from datetime import timedelta

import pytest

from openprm.accounts.testing import make_account
from openprm.attribution import services
from openprm.attribution.leaving import EXPORT
from openprm.attribution.models import Claim, Credit, Dispute
from openprm.attribution.testing import OCTOBER, make_claim, make_run, make_touch, make_win
from openprm.attribution.transfer import CreditExporter
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked(cast, at):
    account_id = make_account(partner_id=cast.partner_id)
    deal_id = make_win(account_id)
    make_touch(cast.partner_id, account_id, at=at)
    make_touch(cast.other_partner_id, account_id, at=at, occurred_at=at - timedelta(days=50))
    run = make_run(at=at)
    make_claim(cast.partner_rep, account_id, at=at)
    with scope(cast.partner_rep) as actor:
        dispute_id = services.open_dispute(actor=actor, deal_id=deal_id, reason="We also ran the demo.", at=at)
    with scope(cast.partner_manager) as actor:
        services.settle_dispute(actor=actor, dispute_id=dispute_id, uphold=False, answer="No.", at=at)
    with scope(cast.finance_manager) as actor:
        services.lock_month(actor=actor, month=OCTOBER, at=at)
    return run.run_id


def test_a_partner_takes_its_own_credit_touches_claims_and_disputes(cast, locked):
    with scope(cast.partner_admin) as actor:
        taken = {part.code: list(part.rows(actor)) for part in EXPORT}

    assert [(row["basis_points"], row["is_locked"], row["month"]) for row in taken["credit"]] == [(5000, True, OCTOBER)]
    assert {name: len(rows) for name, rows in taken.items()} == {"credit": 1, "touches": 1, "credit_claims": 1, "credit_disputes": 1}
    assert all(set(row) == set(part.columns) for part in EXPORT for row in taken[part.code])


def test_names_are_forgotten_and_what_was_locked_stays(cast, at, locked):
    with system_scope():
        assert services.forget_people(partner_id=cast.partner_id, people=[cast.partner_rep.user_id], at=at) == 2
        assert services.forget_people(partner_id=cast.partner_id, people=[cast.partner_rep.user_id], at=at) == 0
        assert (Claim.objects.get().made_by_name, Dispute.objects.get().opened_by_name, Dispute.objects.get().reason) == ("", "", "We also ran the demo.")
        assert Credit.objects.filter(run=locked, partner_id=cast.partner_id).count() == 1
    with scope(cast.vendor_reader) as actor:
        assert services.replay(actor=actor, run_id=locked).is_equal


def test_credit_is_exported_with_its_links(cast, at, locked):
    exporter = CreditExporter()
    with scope(cast.vendor_reader) as actor:
        rows = list(exporter.rows(actor=actor, filters={}, at=at))
    with scope(cast.partner_reader) as actor:
        own = list(exporter.rows(actor=actor, filters={}, at=at))

    assert (len(rows), len(own), len(rows[0])) == (2, 1, len(exporter.columns))
    assert own[0][8] == cast.partner_id
