"""What the database refuses by itself, to the application, to a person with a shell and to the owner of the tables."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from openprm.kernel import db
from openprm.kernel.errors import violated_constraint
from openprm.kernel.scope import scope, system_scope
from openprm.ledger.models import Account, Entry, Leg, Period, Turnover
from openprm.ledger.testing import make_entry

pytestmark = pytest.mark.django_db
ENTRY = """
insert into ledger_entry (id, created_at, updated_at, kind, key, value_date, memo, partner_id, digest, fx_currency, fx_to, fx_source, posted_at, by_name)
values (%s, now(), now(), 'test', %s, %s, '', %s, '', '', '', '', now(), 'shell')
"""
LEG = "insert into ledger_leg (entry_id, account_id, partner_id, currency, amount_minor, value_date) values (%s, %s, %s, %s, %s, %s)"


@pytest.fixture
def accounts(cast, at):
    with system_scope():
        make_entry(cast.partner.pk, key="first", at=at)
        own = Account.objects.get(kind="partner.payable")
        return own, Account.objects.get(kind="rounding")


def write_entry(partner_id, day="2026-11-20"):
    entry_id = uuid4()
    run(ENTRY, [entry_id, f"shell:{entry_id}", day, partner_id])
    return entry_id


def run(sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def refusal_of(work):
    """The constraint or SQLSTATE by which the database refuses `work`, checked as at a commit."""
    with system_scope():
        try:
            with transaction.atomic():
                work()
                run("set constraints all immediate")
        except DatabaseError as error:
            return violated_constraint(error) or error.__cause__.sqlstate
        return None


def test_legs_that_do_not_sum_to_zero_are_refused_at_commit(cast, accounts):
    own, house = accounts

    def one_leg():
        entry = write_entry(cast.partner.pk)
        run(LEG, [entry, own.pk, own.partner_id, "EUR", -500, "2026-11-20"])

    def two_statements():
        one_leg()
        run(LEG, [Entry.objects.latest("number").pk, house.pk, None, "EUR", 499, "2026-11-20"])

    assert refusal_of(one_leg) == "ledger_legs_sum_to_zero"
    assert refusal_of(two_statements) == "ledger_legs_sum_to_zero"
    with system_scope():
        assert Leg.objects.count() == 2
        assert Account.objects.get(pk=own.pk).balance_minor == -1250


def test_legs_of_one_entry_may_come_in_several_statements_when_they_balance_in_the_end(cast, accounts):
    own, house = accounts

    def in_parts():
        entry = write_entry(cast.partner.pk)
        run(LEG, [entry, own.pk, own.partner_id, "EUR", -500, "2026-11-20"])
        run(LEG, [entry, house.pk, None, "EUR", 499, "2026-11-20"])
        run(LEG, [entry, house.pk, None, "EUR", 1, "2026-11-20"])

    assert refusal_of(in_parts) is None
    with system_scope():
        assert Account.objects.get(pk=own.pk).balance_minor == -1750
        assert Turnover.objects.get(account=house).debit_minor == 1750


def test_two_currencies_never_balance_each_other(cast, accounts):
    own, _house = accounts
    with system_scope():
        dollars = Account.objects.create(place="x", kind="rounding", currency="USD", normal=1)

    def mixed():
        entry = write_entry(cast.partner.pk)
        run(LEG, [entry, own.pk, own.partner_id, "EUR", -500, "2026-11-20"])
        run(LEG, [entry, dollars.pk, None, "USD", 500, "2026-11-20"])

    assert refusal_of(mixed) == "ledger_legs_sum_to_zero"


@pytest.mark.parametrize("change", [
    "update ledger_leg set amount_minor = amount_minor + 1", "delete from ledger_leg", "update ledger_entry set memo = 'else'", "delete from ledger_entry",
    "truncate ledger_leg", "truncate ledger_entry cascade", "update ledger_account set balance_minor = 0", "delete from ledger_account",
    "update ledger_turnover set debit_minor = 0", "delete from ledger_turnover", "delete from ledger_period", "delete from ledger_unfinished",
])  # fmt: skip
def test_history_is_changed_by_nobody(accounts, change):
    assert refusal_of(lambda: run(change)) in {"OP001", "42501"}


def test_an_account_begins_at_zero(cast, at):
    def rich():
        Account.objects.create(place="rich", kind="cash.bank", currency="EUR", normal=1, balance_minor=1)

    assert refusal_of(rich) == "ledger_account_begins_at_zero"


def test_a_partner_reads_its_own_legs_and_writes_none(cast, at, accounts):
    with system_scope():
        make_entry(cast.other_partner.pk, key="other", amount_minor=7700, at=at)

    with scope(cast.partner_rep):
        assert list(Leg.objects.values_list("amount_minor", flat=True)) == [-1250]
        assert list(Account.objects.values_list("kind", flat=True)) == ["partner.payable"]
        assert Entry.objects.count() == 1
        assert Turnover.objects.count() == 1
        assert Period.objects.count() == 0
        assert db.value("select count(*) from ledger_leg where partner_id = %s", [cast.other_partner.pk]) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            run(LEG, [Entry.objects.get().pk, accounts[0].pk, cast.partner.pk, "EUR", 5, "2026-11-20"])
