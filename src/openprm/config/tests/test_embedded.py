"""The embedded PostgreSQL as processes meet it: started once, shared, never orphaned, never lost."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from openprm.config.embedded.errors import EmbeddedPostgresError
from openprm.config.embedded.server import EmbeddedPostgres
from openprm.config.tests.conftest import Folder, wait_until


def leave(holder: subprocess.Popen) -> None:
    holder.stdin.close()
    assert holder.wait(30) == 0


def kill(holder: subprocess.Popen) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait(30)


def test_the_last_one_out_stops_the_server(folder: Folder):
    first, second = folder.join(), folder.join()

    leave(first)
    assert folder.is_up()
    leave(second)

    assert not folder.is_up()
    assert not (folder.root / "data/postmaster.pid").exists()


def test_eight_processes_that_start_at_once_share_one_server(folder: Folder):
    holders = [folder.start_joining() for _ in range(8)]

    ready = [holder.stdout.readline() for holder in holders]

    assert ready == ["ready\n"] * 8, [holder.stderr.read() for holder, line in zip(holders, ready, strict=True) if not line]
    assert (folder.root / "server.log").read_text().count("ready to accept connections") == 1


def test_a_killed_user_leaves_no_server_behind(folder: Folder):
    holder = folder.join()

    kill(holder)

    wait_until(lambda: not folder.is_up(), "the keeper stops a server that nobody uses")


def test_a_killed_user_does_not_take_the_server_from_the_others(folder: Folder):
    first, second = folder.join(), folder.join()

    kill(first)

    with folder.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    leave(second)
    assert not folder.is_up()


def test_a_killed_server_comes_back_with_all_it_had(durable_folder: Folder):
    durable_folder.join()
    with durable_folder.connect() as connection:
        connection.execute("create table kept as select 42 as answer")
    before = durable_folder.postmaster()

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: durable_folder.is_up() and durable_folder.postmaster() != before, "the keeper brings the server back")
    with durable_folder.connect() as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)


def test_a_killed_keeper_is_replaced_by_the_next_to_join(folder: Folder):
    folder.join()
    subprocess.run(["kill", "-9", *_keepers(folder)], check=True)
    wait_until(lambda: not _keepers(folder), "the keeper dies")

    folder.join()

    assert len(_keepers(folder)) == 1


def _keepers(folder: Folder) -> list[str]:
    found = subprocess.run(["pgrep", "-f", f"openprm.config.embedded.keeper {folder.root}"], capture_output=True, text=True)
    return found.stdout.split()


@pytest.mark.parametrize("pid", ["1", "999999"])
def test_a_stale_pid_file_does_not_keep_the_server_from_starting(folder: Folder, pid: str):
    leave(folder.join())
    (folder.root / "data/postmaster.pid").write_text(f"{pid}\n{folder.root}/data\n1\n5432\n\n\n\n\n")

    holder = folder.join()

    assert folder.is_up()
    leave(holder)


def test_a_folder_of_another_major_version_is_refused_untouched(folder: Folder):
    leave(folder.join())
    version = folder.root / "data/PG_VERSION"
    version.write_text("17\n")

    with pytest.raises(EmbeddedPostgresError) as refusal:
        EmbeddedPostgres(folder.root, test=True).lease()

    assert "was made by PostgreSQL 17, this OpenPRM brings PostgreSQL 18" in str(refusal.value)
    assert "openprm backup" in str(refusal.value)
    assert "openprm restore" in str(refusal.value)
    assert not (folder.root / "data/postmaster.pid").exists()
    version.write_text("18\n")


def test_a_start_that_died_half_way_is_made_good(folder: Folder):
    (folder.root / "data.new").mkdir(parents=True)
    (folder.root / "data.new/PG_VERSION").write_text("18\n")

    folder.join()

    assert folder.is_up()


def test_the_roles_are_bound_by_row_level_security(folder: Folder):
    folder.join()

    with folder.connect("openprm_app") as connection:
        unbound = connection.execute("select rolname from pg_roles where rolname like 'openprm%' and (rolsuper or rolbypassrls or rolcreaterole)").fetchall()
        logins = connection.execute("select rolname from pg_roles where rolname like 'openprm%' and rolcanlogin order by 1").fetchall()
        inherited = connection.execute(
            "select bool_or(inherit_option), bool_and(set_option) from pg_auth_members where roleid = any (array['openprm_vendor', 'openprm_partner']::regrole[])"
        ).fetchone()

    assert unbound == []
    assert logins == [("openprm_app",), ("openprm_owner",)]
    assert inherited == (False, True)


def test_what_the_owner_makes_the_app_may_use_but_not_change_in_shape(folder: Folder):
    folder.join()
    with folder.connect("openprm_owner") as owner:
        owner.execute("create table thing (id bigint generated always as identity, name text)")

    with folder.connect("openprm_app") as app:
        app.execute("insert into thing (name) values ('a')")
        app.execute("set role openprm_partner")
        assert app.execute("select name from thing").fetchall() == [("a",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("alter table thing add column more text")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("truncate thing")


def test_a_database_made_later_has_the_extensions_and_the_rights(folder: Folder):
    folder.join()
    with folder.connect() as administrator:
        administrator.execute("create database later owner openprm_owner")
    with folder.connect("openprm_owner", "later") as owner:
        owner.execute("create table thing (name citext)")

    with folder.connect("openprm_app", "later") as app:
        extensions = {name for (name,) in app.execute("select extname from pg_extension")}
        assert app.execute("select count(*) from thing").fetchone() == (0,)

    assert {"btree_gist", "pg_trgm", "unaccent", "citext", "vector"} <= extensions


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_may_keep_its_data_where_the_server_cannot_enter():
    closed = Path(tempfile.mkdtemp())
    folder = Folder(closed / "data")
    try:
        holder = folder.join()

        assert folder.is_up()
        assert folder.root.is_symlink()
        assert folder.root.resolve().parent == Path("/var/lib/openprm")
        leave(holder)
    finally:
        folder.remove()
        closed.rmdir()


def test_a_deep_folder_still_has_a_socket(folder: Folder):
    deep = Folder(folder.data / ("deep" * 20))

    holder = deep.join()

    assert str(deep.cluster.socket_folder).startswith("/tmp/openprm-")
    assert deep.is_up()
    leave(holder)
    deep.cluster.socket_folder.rmdir()


def test_a_kept_server_outlives_its_users(folder: Folder):
    server = EmbeddedPostgres(folder.root, test=True, keep=True)
    server.lease()

    server.release()

    assert folder.is_up()
    folder.cluster.stop()
