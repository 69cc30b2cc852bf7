"""DATABASE_URL against a second cluster, reached over TCP with passwords, whose administrator is somebody else."""

from types import SimpleNamespace

import psycopg
import pytest

from openprm.config.environment import load
from openprm.config.external import UnfitDatabase, refuse_old_server, statements_missing
from openprm.config.tests.conftest import SecondCluster, openprm

pytestmark = pytest.mark.slow


def test_a_login_that_may_make_roles_prepares_and_migrates_the_server(second: SecondCluster):
    name = second.make_database(migrator_rights="createrole")
    environ = second.settings_for(name)

    done = openprm("migrate", **environ)

    assert done.returncode == 0, done.stderr
    assert not (second.folder.data / "data/postgres").exists(), "an embedded server was made"
    with second.connect(f"{name}_web", name) as web:
        owner, forced = web.execute("select relowner::regrole::text, relforcerowsecurity from pg_class where relname = 'identity_organization'").fetchone()
        assert (owner, forced) == ("openprm_owner", True)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("create table mine (id int)")
    assert openprm("migrate", "--check", **environ).returncode == 0
    assert statements_missing(load(environ)) == []


def test_rows_are_kept_apart_on_the_external_server_as_on_our_own(second: SecondCluster):
    name = second.make_database(migrator_rights="createrole")
    assert openprm("migrate", **second.settings_for(name)).returncode == 0

    with second.connect(f"{name}_web", name) as web:
        web.execute("begin")
        web.execute("set local role openprm_vendor")
        seen_by_vendor = web.execute("select count(*) from django_content_type").fetchone()
        web.execute("rollback")
        inherited = web.execute("select count(*) from pg_auth_members where member = session_user::regrole and inherit_option").fetchone()

    assert seen_by_vendor[0] > 0
    assert inherited == (1,), "the login inherits the app's rights alone, not those of the scopes"


def test_a_login_that_may_not_make_roles_is_told_the_sql(second: SecondCluster):
    name = second.make_database(migrator_rights="")
    environ = second.settings_for(name)

    refused = openprm("migrate", **environ)
    sql = openprm("migrate", "--sql", **environ)
    with second.connect("dba", name) as dba:
        dba.execute(sql.stdout)
    done = openprm("migrate", **environ)

    assert refused.returncode == 1
    assert f'grant openprm_app to "{name}_web" with inherit true, set true;' in refused.stderr
    assert refused.stdout == ""
    assert done.returncode == 0, done.stderr


def test_one_login_for_both_owns_nothing_until_it_becomes_the_owner(second: SecondCluster):
    name = second.make_database(migrator_rights="createrole")
    environ = {"DATABASE_URL": second.url(f"{name}_migrator", name), "OPENPRM_DATA": str(second.folder.data / "data")}

    done = openprm("migrate", **environ)

    assert done.returncode == 0, done.stderr
    with second.connect(f"{name}_migrator", name) as login:
        owned = login.execute("select count(*) from pg_class where relowner = session_user::regrole and relkind = 'r'").fetchone()
    assert owned == (0,)


def test_a_superuser_is_not_let_in_as_the_app(second: SecondCluster):
    name = second.make_database(migrator_rights="createrole")
    environ = second.settings_for(name) | {"DATABASE_URL": second.url("dba", name)}

    refused = openprm("migrate", **environ)

    assert refused.returncode == 1
    assert "signs in as dba, a superuser" in refused.stderr
    with second.connect("dba", name) as dba:
        assert dba.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)


def test_two_urls_to_two_databases_are_refused(second: SecondCluster):
    name, other = second.make_database(migrator_rights="createrole"), second.make_database(migrator_rights="")
    environ = second.settings_for(name) | {"DATABASE_URL": second.url(f"{other}_web", other)}

    refused = openprm("migrate", **environ)

    assert refused.returncode == 1
    assert f"DATABASE_URL names the database {other}, OPENPRM_OWNER_DATABASE_URL names {name}" in refused.stderr


def test_a_server_that_does_not_answer_is_named(second: SecondCluster):
    refused = openprm("migrate", DATABASE_URL=second.url("dba", "nowhere"), OPENPRM_DATA=str(second.folder.data / "data"))

    assert refused.returncode == 1
    assert 'database "nowhere" does not exist' in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_server_older_than_16_is_refused():
    info = SimpleNamespace(server_version=150018, parameter_status=lambda name: "15.18")

    with pytest.raises(UnfitDatabase) as refusal:
        refuse_old_server(SimpleNamespace(info=info))

    assert str(refusal.value).startswith("The server is PostgreSQL 15.18; OpenPRM needs 16 or newer.")
