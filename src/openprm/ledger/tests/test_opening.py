"""Moving in: opening balances come from a file, once, and can be taken back; what is owed to partners does not come this way."""

from datetime import UTC, date, datetime

import pytest

from openprm.kernel.errors import Conflict, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.ledger import queries as books
from openprm.ledger import services as ledger
from openprm.ledger.models import Entry
from openprm.ledger.transfer import OpeningBalanceImporter

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BANK = {"external_id": "TB-1800", "account": "1800", "debit": 250_000_00, "currency": "EUR", "value_date": date(2026, 10, 31)}
IMPORTER = OpeningBalanceImporter()


def bring(actor, *rows):
    with scope(actor):
        return IMPORTER.create(actor=actor, rows=rows, source="old-books", at=AT)


def balance(account):
    with system_scope():
        return books.balance(account, currency="EUR")


def problems(cast, row):
    with scope(cast.finance_manager):
        ((*found,),) = IMPORTER.check(actor=cast.finance_manager, rows=[row], found=[None])
    return [(one.field, one.message) for one in found]


def test_a_balance_stands_against_the_opening_account_once_whatever_its_account_is_called(cast):
    fees = {**BANK, "external_id": "TB-6880", "account": "Exchange differences", "debit": None, "credit": 1_250_00}
    first = bring(cast.finance_manager, BANK, fees)
    again = bring(cast.finance_manager, BANK)

    assert again[0] == first[0]
    assert (balance("cash.bank"), balance("fx.difference"), balance("opening")) == (250_000_00, -1_250_00, -248_750_00)
    with scope(cast.finance_manager):
        assert IMPORTER.find(actor=cast.finance_manager, rows=[BANK, {**BANK, "external_id": "else"}], source="old-books") == [first[0], None]
        current = IMPORTER.current(actor=cast.finance_manager, ids=[first[0]])[first[0]]
    assert current | {"memo": ""} == {**BANK, "account": "cash.bank", "credit": None, "memo": ""}


def test_an_import_that_is_taken_back_leaves_nothing_and_may_come_again(cast):
    (first,) = bring(cast.finance_manager, BANK)
    with scope(cast.finance_manager):
        IMPORTER.remove(actor=cast.finance_manager, ids=[first], at=AT)
        assert IMPORTER.find(actor=cast.finance_manager, rows=[BANK], source="old-books") == [None]
    assert balance("cash.bank") == 0
    (second,) = bring(cast.finance_manager, {**BANK, "debit": 100_00})
    assert (second != first, balance("cash.bank")) == (True, 100_00)


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"account": "partner.payable"}, "account", "is the sum of lines. Bring the lines in"),
        ({"account": "Payable to partners"}, "account", "is the sum of lines. Bring the lines in"),
        ({"account": "opening"}, "account", "is the other side of every row"),
        ({"account": "=HYPERLINK(1)"}, "account", "There is no kind of account"),
        ({"debit": None}, "debit", "Give a debit or a credit"),
        ({"credit": 5}, "debit", "Give a debit or a credit"),
        ({"debit": -5}, "debit", "Amounts are above zero"),
    ],
)
def test_a_row_that_cannot_be_booked_is_named_in_the_dry_run_and_changes_nothing(cast, changed, field, said):
    ((found, message),) = problems(cast, {**BANK, **changed})

    assert (found, said in message) == (field, True)
    with system_scope():
        assert not Entry.objects.exists()


def test_a_balance_into_a_closed_month_is_refused_with_the_day_that_is_open(cast):
    bring(cast.finance_manager, BANK)
    with scope(cast.finance_manager):
        seen = books.closing(cast.finance_manager, date(2026, 10, 1), AT).seen
        ledger.close_period(actor=cast.finance_manager, month=date(2026, 10, 1), seen=seen, at=AT)
    with pytest.raises(ledger.PeriodClosed, match="2026-11-01"):
        bring(cast.finance_manager, {**BANK, "external_id": "late"})
    assert balance("cash.bank") == 250_000_00


def test_only_finance_brings_balances_in_and_none_is_edited(cast):
    with pytest.raises(NotAllowed):
        bring(cast.partner_manager, BANK)
    (entry_id,) = bring(cast.finance_manager, BANK)
    from openprm.kernel.transfer import Change

    with pytest.raises(Conflict, match="stays as it is"), scope(cast.finance_manager):
        IMPORTER.update(actor=cast.finance_manager, changes=[Change(entry_id, {"debit": 250_000_00}, {"debit": 1})], at=AT)
    assert balance("cash.bank") == 250_000_00
