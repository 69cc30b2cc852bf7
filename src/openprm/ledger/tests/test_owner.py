"""What the database refuses even to the owner of the tables, with real commits."""

from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from openprm.kernel.scope import system_scope
from openprm.ledger.models import Period
from openprm.ledger.testing import make_entry
from openprm.ledger.tests.test_guards import ENTRY, LEG

pytestmark = pytest.mark.usefixtures("committed_db")
CHANGES = (
    "update ledger_leg set amount_minor = amount_minor + 1", "delete from ledger_leg", "truncate ledger_leg", "update ledger_entry set memo = 'else'",
    "delete from ledger_entry", "truncate ledger_entry cascade", "update ledger_account set balance_minor = 0", "delete from ledger_account",
    "update ledger_turnover set debit_minor = 0", "delete from ledger_turnover", "truncate ledger_account cascade",
    "update ledger_period set state = 'open', closed_at = null", "update ledger_period set month = '2027-01-01'", "delete from ledger_period",
)  # fmt: skip
DECEMBER = (
    "insert into ledger_period (id, created_at, updated_at, month, state, closed_by_name, note, unposted_count, entry_count, totals, sha256)"
    " values (gen_random_uuid(), now(), now(), '2026-12-01', 'open', '', '', 0, 0, '{}', '')"
)


@contextmanager
def owner_of(cluster):
    where = {**cluster.server.parameters(user="openprm_owner"), "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**where, autocommit=True) as owner:
        yield owner


def test_not_even_the_owner_changes_history_or_books_into_a_closed_month(cast, at, cluster):
    with system_scope():
        make_entry(cast.partner.pk, key="first", at=at)
        Period.objects.filter(state="open").update(state="closed", closed_at=at)

    with owner_of(cluster) as owner:
        for change in CHANGES:
            with pytest.raises(psycopg.Error) as refused:
                owner.execute(change)
            assert refused.value.sqlstate == "OP001", change

        entry, account = owner.execute("select entry_id, account_id from ledger_leg where partner_id is null").fetchone()
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            owner.execute(LEG, [entry, account, None, "EUR", 1, "2026-11-20"])
        assert refused.value.diag.constraint_name == "ledger_leg_fits"

        for day in ("2026-11-02", "2026-10-02"):
            with pytest.raises(psycopg.errors.CheckViolation) as refused:
                owner.execute(ENTRY, [uuid4(), f"shell {day}", day, None])
            assert refused.value.diag.constraint_name == "ledger_period_is_open"

        owner.execute(DECEMBER)
        with pytest.raises(psycopg.errors.CheckViolation) as refused, owner.transaction():
            other = uuid4()
            owner.execute(ENTRY, [other, "shell", "2026-12-02", None])
            owner.execute(LEG, [other, account, None, "EUR", 7, "2026-12-02"])
            owner.execute("delete from ledger_unfinished")
        assert refused.value.diag.constraint_name == "ledger_legs_sum_to_zero"
        assert owner.execute("select count(*), sum(amount_minor) from ledger_leg").fetchone() == (2, 0)
