"""Earnings of another system: what is owed opens the books, what was paid is history, and neither is a cost of today."""

from datetime import date

import pytest

from openprm.earnings.models import Earning
from openprm.earnings.testing import SOME_DAY
from openprm.earnings.transfer import EarningImporter
from openprm.kernel.errors import Conflict
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(cast):
    return {
        "external_id": "C-1", "partner_id": cast.partner_id, "label": "Commission, order 4711", "amount_minor": 1_250_00, "currency": "EUR",
        "occurred_on": date(2026, 9, 30),
    }  # fmt: skip


def bring(cast, *rows):
    with scope(cast.finance_manager) as who:
        return EarningImporter().create(actor=who, rows=rows, source="old", at=SOME_DAY)


def balances(cast):
    with system_scope():
        return {
            "opening": books.balance("opening", None, None, "EUR"),
            "expense": books.balance("earnings.expense", None, None, "EUR"),
            "accrued": books.balance("earnings.accrued", cast.partner_id, None, "EUR"),
            "payable": books.balance("partner.payable", cast.partner_id, None, "EUR"),
        }


def test_what_is_still_owed_opens_the_books(cast, row):
    (earning_id,) = bring(cast, row)

    with system_scope():
        assert Earning.objects.get(pk=earning_id).state == "approved"
    assert balances(cast) == {"opening": 1_250_00, "expense": 0, "accrued": 0, "payable": -1_250_00}


def test_what_was_paid_there_stays_out_of_the_books(cast, row):
    (earning_id,) = bring(cast, row | {"paid_on": date(2026, 10, 15)})

    with system_scope():
        line = Earning.objects.get(pk=earning_id)
        assert (line.state, line.paid_at.date()) == ("paid", date(2026, 10, 15))
    assert balances(cast) == {"opening": 0, "expense": 0, "accrued": 0, "payable": 0}


def test_paid_before_it_was_earned_is_named_beside_its_column(cast, row):
    with scope(cast.finance_manager) as who:
        ((problem,), ()) = EarningImporter().check(actor=who, rows=[row | {"paid_on": date(2026, 9, 1)}, row], found=[None, None])

    assert (problem.field, problem.message) == ("paid_on", "It was paid before it was earned. Correct one of the days.")


def test_an_import_is_taken_back_only_while_the_books_do_not_know_it(cast, row):
    owed, paid = bring(cast, row, row | {"external_id": "C-2", "paid_on": date(2026, 10, 15)})

    with scope(cast.finance_manager) as who:
        EarningImporter().remove(actor=who, ids=[paid], at=SOME_DAY)
        with pytest.raises(Conflict, match="is owed and stands in the books"):
            EarningImporter().remove(actor=who, ids=[owed], at=SOME_DAY)

    with system_scope():
        assert list(Earning.objects.values_list("pk", flat=True)) == [owed]
