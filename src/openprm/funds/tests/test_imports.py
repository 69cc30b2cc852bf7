"""Budgets and funds from files: a tree in its order, a fund in the currency of its budget, and what is refused."""

from datetime import UTC, date, datetime

import pytest

from openprm.funds.models import Allocation, Budget
from openprm.funds.testing import make_budget
from openprm.funds.transfer import AllocationImporter, BudgetImporter
from openprm.kernel.errors import Conflict
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
YEAR = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31), "currency": "EUR"}


def bring(cast, importer, *rows):
    with scope(cast.finance_manager):
        return importer.create(actor=cast.finance_manager, rows=rows, source="sheet", at=AT)


def test_a_tree_is_read_in_its_order(cast):
    root = {"external_id": "B1", "name": "Marketing", "amount_minor": 100_00, **YEAR}
    below = {"external_id": "B2", "name": "Nordics", "parent": "B1", "amount_minor": 60_00, **YEAR}
    bring(cast, BudgetImporter(), root, below)
    with system_scope():
        assert list(Budget.objects.order_by("level").values_list("name", "level", "allotted_minor")) == [("Marketing", 1, 60_00), ("Nordics", 2, 0)]


def test_a_row_below_a_budget_that_is_not_there_is_refused(cast):
    with pytest.raises(Conflict, match=r"There is no budget “B9” from this source"):
        bring(cast, BudgetImporter(), {"external_id": "B2", "name": "Nordics", "parent": "B9", "amount_minor": 60_00, **YEAR})
    with system_scope():
        assert not Budget.objects.exists()


def test_a_fund_in_another_currency_than_its_budget_is_named_in_the_dry_run(cast):
    row = {"external_id": "F1", "budget": make_budget(at=AT), "partner": cast.partner.pk, "amount_minor": 50_00, "currency": "USD"}
    with scope(cast.finance_manager):
        ((problem,),) = AllocationImporter().check(actor=cast.finance_manager, rows=[row], found=[None])
    assert problem.message == "The budget is in EUR; a fund has the currency of its budget."


def test_a_fund_is_read_and_known_the_next_time(cast):
    row = {"external_id": "F1", "budget": make_budget(at=AT), "partner": cast.partner.pk, "amount_minor": 50_00}
    (fund_id,) = bring(cast, AllocationImporter(), row)
    with scope(cast.finance_manager):
        assert AllocationImporter().find(actor=cast.finance_manager, rows=[row], source="sheet") == [fund_id]
    with system_scope():
        assert Allocation.objects.get().amount_minor == 50_00
