"""A late answer of ours that the published rule makes good with money: from the broken promise to the books."""

from datetime import timedelta

import pytest

from openprm.deals import services as deals
from openprm.deals.testing import make_catalogue, make_registration
from openprm.earnings import services
from openprm.earnings.models import Earning
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books
from openprm.promises import services as promises
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def late(cast, at):
    """The rules in force credit 250 EUR for a decision that comes late; one does."""
    table = Table(inputs=(), outputs=("remedy", "days", "credit"), rows=(Row("R1", then={"remedy": '"credit"', "days": "0", "credit": "250"}),))
    with scope(cast.vendor_admin) as actor:
        draft_id = rulebook.create_draft(actor=actor, kind="deals.remedy", at=at - 30 * DAY)
        rulebook.save_draft(actor=actor, draft_id=draft_id, table=table, at=at - 30 * DAY)
        rulebook.publish(actor=actor, draft_id=draft_id, effective_at=at - 10 * DAY, note="Our delay costs us.", at=at - 30 * DAY)
    return make_registration(cast.partner_rep, make_catalogue(), at=at)


def lines():
    with system_scope():
        return list(Earning.objects.values_list("partner_id", "source_key", "amount_minor", "currency", "state", "clause", "is_automatic"))


def test_a_broken_promise_becomes_a_line_that_is_owed_at_once(cast, late, at, run_jobs):
    with system_scope():
        promises.mark_overdue(at=at + 5 * DAY)
        run_jobs()

    key = f"late_answer:{late.registration_id}"
    assert lines() == [(cast.partner_id, key, 250_00, "EUR", "approved", "R1", True)]
    with system_scope():
        assert books.balance("partner.payable", owner_id=cast.partner_id, currency="EUR") == -250_00


def test_told_twice_it_is_credited_once(cast, late, at, run_jobs):
    said = {"partner_id": cast.partner_id, "number": late.number, "credit_minor": 250_00, "currency": "EUR", "clause": "R1", "clause_text": "We were late."}
    with system_scope():
        assert deals.remedy_late_decision(registration_id=late.registration_id, at=at + 5 * DAY) == "credit"
        run_jobs()
        assert services.credit_late_answer(registration_id=late.registration_id, at=at + 6 * DAY, **said) is None

    assert len(lines()) == 1
