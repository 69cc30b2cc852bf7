"""Budgets and funds from files: a tree in its order, a fund in the currency of its budget, and what is refused."""

from datetime import UTC, date, datetime

import pytest

from openprm.funds.models import Allocation, Budget
from openprm.funds.testing import approve, make_budget, make_claim, make_fund, make_kind, make_request
from openprm.funds.transfer import AllocationExporter, AllocationImporter, BudgetExporter, BudgetImporter, ClaimExporter, RequestExporter
from openprm.kernel.errors import Conflict
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
YEAR = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31), "currency": "EUR"}


def bring(cast, importer, *rows):
    with scope(cast.finance_manager):
        return importer.create(actor=cast.finance_manager, rows=rows, source="sheet", at=AT)


def written(actor, exporter):
    """The rows of a file as dictionaries."""
    with scope(actor):
        names = [column.name for column in exporter.columns]
        return [dict(zip(names, row, strict=True)) for row in exporter.rows(actor=actor, filters={}, at=AT)]


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


def test_the_share_of_a_fund_comes_with_the_file_and_one_that_is_none_is_named(cast):
    budget_id = make_budget(at=AT)
    row = {"external_id": "F1", "budget": budget_id, "partner": cast.partner.pk, "amount_minor": 50_00, "currency": "EUR", "vendor_percent": 60}
    bring(cast, AllocationImporter(), row)
    with system_scope():
        assert Allocation.objects.get().vendor_percent == 60
    with scope(cast.finance_manager):
        ((problem,),) = AllocationImporter().check(actor=cast.finance_manager, rows=[row | {"vendor_percent": 101}], found=[None])
    assert problem.field == "vendor_percent"


def test_what_was_read_in_is_written_again_and_a_partner_gets_its_own_without_the_budgets(cast):
    bring(cast, BudgetImporter(), {"external_id": "B1", "name": "Marketing", "amount_minor": 100_00, **YEAR})
    with system_scope():
        budget = Budget.objects.get()
    row = {"external_id": "F1", "budget": budget.pk, "partner": cast.partner.pk, "amount_minor": 50_00, "currency": "EUR", "name": "Autumn"}
    bring(cast, AllocationImporter(), row)
    [set_up] = written(cast.finance_manager, BudgetExporter())
    assert (set_up["number"], set_up["amount"], set_up["left"], set_up["currency"]) == (budget.number, "100.00", "50.00", "EUR")
    [given] = written(cast.finance_manager, AllocationExporter())
    assert (given["budget"], given["partner"], given["amount"], given["left"]) == (budget.number, cast.partner.name, "50.00", "50.00")
    [own] = written(cast.partner_admin, AllocationExporter())
    assert (own["budget"], own["amount"]) == ("", "50.00")
    assert written(cast.other_partner_admin, AllocationExporter()) == []


def test_requests_and_claims_are_written_with_their_amounts(cast):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner.pk, at=AT), make_kind(), at=AT)
    approve(request_id, at=AT)
    make_claim(cast.partner_admin, request_id, at=AT)
    [asked] = written(cast.partner_admin, RequestExporter())
    assert (asked["status"], asked["asked"], asked["approved"], asked["currency"]) == ("claimed", "4000.00", "4000.00", "EUR")
    [claimed] = written(cast.finance_manager, ClaimExporter())
    assert (claimed["spent"], claimed["asked"], claimed["spent_currency"], claimed["worth"], claimed["paid"]) == (
        "8000.00",
        "4000.00",
        "EUR",
        "4000.00",
        "0.00",
    )
