"""Ring 4: row-level security, proved with raw SQL under the role that the application has."""

import pytest
from django.apps import apps
from django.db import connection

from openprm.kernel import db
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db

# Tables without rows of a partner. Each says why it needs no row-level security.
OPEN_TABLES = {
    "identity_user": "people sign in before a scope exists",
}


def _tables() -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if model.__module__.startswith("openprm.")}


def _columns(table: str) -> set[str]:
    return {row["column_name"] for row in db.rows("select column_name from information_schema.columns where table_name = %s", [table])}


def _owned() -> set[str]:
    return {table for table in _tables() if _columns(table) & {"partner_id", "organization_id"}}


def test_the_application_connects_as_a_role_that_owns_nothing():
    facts = db.rows("select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = session_user")
    owned = db.value("select count(*) from pg_class where relowner = (select oid from pg_roles where rolname = session_user)")

    assert facts == [{"rolsuper": False, "rolbypassrls": False, "rolcreatedb": False, "rolcreaterole": False}]
    assert owned == 0


def test_every_table_with_rows_of_a_partner_forces_row_level_security():
    rows = db.rows("select relname from pg_class where relkind in ('r', 'p') and relrowsecurity and relforcerowsecurity")
    forced = {row["relname"] for row in rows}

    assert _owned() - forced - set(OPEN_TABLES) == set()


def test_no_policy_joins_two_scopes_with_or():
    policies = db.rows("select tablename, policyname, roles, coalesce(qual, '') as qual from pg_policies where schemaname = 'public'")

    assert [p["tablename"] for p in policies if len(p["roles"]) > 1] == []
    assert [p["tablename"] for p in policies if "current_setting('role" in p["qual"]] == []


@pytest.mark.parametrize("column", ["partner_id", "organization_id"])
def test_a_partner_reads_no_row_of_another_partner_with_raw_sql(cast, column):
    leaks = []
    with scope(cast.partner_rep):
        for table in sorted(_owned()):
            if column not in _columns(table):
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"select count(*) from {table} where {column} = %s", [cast.other_partner.pk])
                if cursor.fetchone()[0]:
                    leaks.append(table)

    assert leaks == []


def test_without_a_scope_the_tables_of_the_business_are_empty(cast):
    with system_scope():
        seen_by_vendor = db.value("select count(*) from partners_enrollment")

    assert seen_by_vendor == 2
    assert db.value("select count(*) from partners_enrollment") == 0
