"""Ring four: what the database itself refuses, asked by raw SQL under the application's roles."""

import pytest
from django.db import DatabaseError, connection, transaction

from openprm.deals import services
from openprm.deals.rules.lifecycle import PARTNER_MAY_SET, TRANSITIONS, Status
from openprm.deals.testing import make_approved, make_catalogue, make_opportunity, make_registration, stored
from openprm.kernel import db
from openprm.kernel.errors import violated_constraint
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db
VENDOR_ONLY = ("finding", "reviewerregion")
OWN_ROWS = ("registration", "line", "collaborator", "approvalstep", "decision", "protectiongrant", "precheck", "opportunity", "note", "task", "document")


@pytest.fixture
def catalogue(db):
    return make_catalogue()


@pytest.fixture
def world(cast, catalogue, at, settings, tmp_path):
    """Both partners have every kind of row, shared and internal; the other one is found by the conflict check."""
    settings.MEDIA_ROOT = tmp_path
    made = {}
    for name, rep in (("own", cast.partner_rep), ("other", cast.other_partner_rep)):
        made[name] = make_approved(rep, cast.partner_manager, catalogue, at=at, customer_name=f"Customer {name}", customer_domain=f"{name}.example")
        make_registration(rep, catalogue, at=at)
        with scope(rep):
            services.pre_check(actor=rep, customer="vega.example", product_line_id=catalogue.mes.pk, at=at)
        with scope(cast.partner_manager):
            for visibility in ("shared", "internal"):
                values = {"actor": cast.partner_manager, "registration_id": made[name], "visibility": visibility, "at": at}
                services.add_note(body=visibility, **values)
                services.add_task(title=visibility, **values)
                services.attach_document(name="a.txt", content=visibility.encode(), **values)
    with scope(cast.vendor_admin):
        services.assign_reviewer(actor=cast.vendor_admin, user_id=cast.users["partner_manager"].pk, basis="customer", region="world", at=at)
    make_opportunity()
    return made


def readable(table):
    """Rows that can be read; none when the role may not even ask."""
    try:
        with transaction.atomic():
            return count(table)
    except DatabaseError:
        return 0


def change_partner_of_lines(registration_id, partner_id):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update deals_line set partner_id = %s where registration_id = %s", [partner_id, registration_id])
        cursor.execute("set constraints all immediate")


def count(table):
    return db.value(f"select count(*) from deals_{table}")


@pytest.mark.parametrize("table", OWN_ROWS)
def test_a_partner_reads_its_own_rows_only(cast, world, table):
    with scope(cast.partner_rep):
        partners = {row["partner_id"] for row in db.rows(f"select distinct partner_id from deals_{table}")}
        seen = count(table)
    with system_scope():
        assert partners == {cast.partner_id}
        assert 0 < seen < count(table)


@pytest.mark.parametrize("table", VENDOR_ONLY)
def test_a_partner_reads_nothing_that_is_the_vendors(cast, world, table):
    with system_scope():
        assert count(table) > 0
    with scope(cast.partner_rep):
        assert count(table) == 0


@pytest.mark.parametrize("table", ["note", "task", "document"])
def test_a_partner_reads_nothing_internal(cast, world, table):
    with scope(cast.partner_rep):
        assert db.rows(f"select distinct visibility from deals_{table}") == [{"visibility": "shared"}]
    with scope(cast.vendor_reader):
        assert len(db.rows(f"select distinct visibility from deals_{table}")) == 2


@pytest.mark.parametrize("table", [*OWN_ROWS, *VENDOR_ONLY, "productline", "product", "territory", "exchangerate"])
def test_without_a_scope_nothing_is_read(world, table):
    assert readable(table) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update deals_registration set status = 'approved', territory_id = (select id from deals_territory limit 1)",
        "update deals_registration set protected_until = now() + interval '1 year'",
        "update deals_registration set account_id = null",
        "update deals_registration set bonus_days = 90",
        "insert into deals_protectiongrant select * from deals_protectiongrant",
    ],
)
def test_a_partners_role_cannot_decide(cast, world, statement):
    before = stored(world["own"]).snapshot()
    with scope(cast.partner_rep), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert stored(world["own"]).snapshot() == before


@pytest.mark.parametrize("table", ["protectiongrant", "decision", "approvalstep", "product", "territory", "exchangerate"])
def test_a_partners_role_cannot_change_what_it_may_read(cast, world, table):
    with scope(cast.partner_rep), connection.cursor() as cursor:
        cursor.execute(f"update deals_{table} set updated_at = now()")
        assert cursor.rowcount == 0
        cursor.execute(f"delete from deals_{table}")
        assert cursor.rowcount == 0


def test_a_line_cannot_name_another_partner_than_its_registration(cast, world):
    with system_scope(), pytest.raises(DatabaseError, match="same_tenant"):
        change_partner_of_lines(world["own"], cast.other_partner_id)


def test_a_precheck_cannot_be_taken_off_the_record(world):
    with system_scope(), pytest.raises(DatabaseError, match="history"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from deals_precheck")


@pytest.mark.parametrize("now", Status)
def test_the_database_lets_a_registration_go_where_the_rules_do(cast, catalogue, at, now):
    registration_id = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    complete = "lost_reason = 'x', ended_reason = 'x', returned_fields = '{title}', decided_at = now()"
    with system_scope(), connection.cursor() as cursor:
        cursor.execute(f"update deals_registration set {complete} where id = %s", [registration_id])
        _place(cursor, registration_id, now)
        allowed = {then for then in Status if then != now and _moves(cursor, then)}

    assert allowed == TRANSITIONS[now]


def _place(cursor, registration_id, status):
    """Put a row in a state by inserting a copy: only changes are watched."""
    cursor.execute("create temporary table copy on commit drop as select * from deals_registration where id = %s", [registration_id])
    cursor.execute("update copy set status = %s, id = uuidv7(), number = number || 'X'", [status])
    columns = "select string_agg(column_name, ',') from information_schema.columns where table_name = 'deals_registration' and is_generated = 'NEVER'"
    cursor.execute(columns)
    names = cursor.fetchone()[0]
    cursor.execute(f"insert into deals_registration ({names}) select {names} from copy")


def _moves(cursor, then):
    """Whether the row can go there; it is put back either way."""
    try:
        with transaction.atomic():
            cursor.execute("update deals_registration set status = %s where number like '%%X'", [then])
            transaction.set_rollback(True)
    except DatabaseError as error:
        return violated_constraint(error) != "registration_status_follows"
    return True


@pytest.mark.parametrize("then", sorted(set(Status) - PARTNER_MAY_SET))
def test_no_decision_is_taken_under_the_partners_role(cast, catalogue, at, then):
    registration_id = make_registration(cast.partner_rep, catalogue, at=at).registration_id
    with scope(cast.partner_rep), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update deals_registration set status = %s, decided_at = now() where id = %s", [then, registration_id])
    assert stored(registration_id).status == "submitted"
