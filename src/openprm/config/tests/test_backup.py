"""Backup and restore: complete or not at all, and at home on the embedded server as on an external one."""

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from openprm.config.tests.conftest import Folder, SecondCluster, make_folder, openprm

pytestmark = pytest.mark.slow

SHAPE = """
select c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relowner::regrole::text,
  (select count(*) from pg_policy where polrelid = c.oid), (select count(*) from pg_trigger where tgrelid = c.oid and not tgisinternal),
  (select count(*) from pg_constraint where conrelid = c.oid), has_table_privilege('openprm_partner', c.oid, 'select'),
  has_table_privilege('openprm_app', c.oid, 'insert')
from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1
"""


def settings(data: Path) -> dict[str, str]:
    return {"OPENPRM_DATA": str(data), "OPENPRM_PG_DURABLE": "0"}


@pytest.fixture(scope="module")
def source() -> Iterator[Folder]:
    """A migrated installation with one organization and one uploaded file."""
    folder = Folder(make_folder())
    assert openprm("migrate", **settings(folder.data)).returncode == 0
    keep = folder.join()
    with folder.connect("openprm_owner") as owner:
        owner.execute("create table told as select 'the whole story' as text")
    (folder.data / "media/deals").mkdir(parents=True)
    (folder.data / "media/deals/quote.pdf").write_bytes(b"%PDF-1.7 the quote")
    yield folder
    keep.kill()
    folder.remove()


@pytest.fixture
def archive(source: Folder, tmp_path: Path) -> Path:
    file = tmp_path / "backup.tar"
    done = openprm("backup", str(file), "--format", "json", **settings(source.data))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["postgresql"] == 18
    assert file.stat().st_mode & 0o777 == 0o600
    return file


@pytest.fixture
def target() -> Iterator[Folder]:
    folder = Folder(make_folder())
    yield folder
    folder.remove()


def shape(folder: Folder) -> list[tuple]:
    folder.join()
    with folder.connect() as connection:
        return connection.execute(SHAPE).fetchall()


def test_a_restore_brings_back_rows_files_and_every_guard(source: Folder, archive: Path, target: Folder):
    done = openprm("restore", str(archive), **settings(target.data))

    assert done.returncode == 0, done.stderr
    assert shape(target) == shape(source)
    with target.connect("openprm_app") as app:
        assert app.execute("select text from told").fetchone() == ("the whole story",)
    assert (target.data / "media/deals/quote.pdf").read_bytes() == b"%PDF-1.7 the quote"
    assert openprm("migrate", "--check", **settings(target.data)).returncode == 0
    assert openprm("check", **settings(target.data)).returncode == 0


def test_a_database_that_is_not_empty_is_kept_unless_told_otherwise(archive: Path, target: Folder):
    assert openprm("restore", str(archive), **settings(target.data)).returncode == 0
    target.join()
    with target.connect() as connection:
        connection.execute("update told set text = 'what happened since'")

    refused = openprm("restore", str(archive), **settings(target.data))

    assert refused.returncode == 2
    assert refused.stderr.endswith("The database is not empty: say --replace to put the backup in its place.\n")
    with target.connect() as connection:
        assert connection.execute("select text from told").fetchone() == ("what happened since",)

    replaced = openprm("restore", "--replace", str(archive), **settings(target.data))

    assert replaced.returncode == 0, replaced.stderr
    with target.connect() as connection:
        assert connection.execute("select text from told").fetchone() == ("the whole story",)
        assert connection.execute("select count(*) from pg_database where datname ~ 'restoring|replaced'").fetchone() == (0,)


def test_a_backup_moves_from_the_embedded_server_to_an_external_one(archive: Path, second: SecondCluster):
    name = second.make_database(migrator_rights="createrole")

    done = openprm("restore", str(archive), **second.settings_for(name))

    assert done.returncode == 0, done.stderr
    with second.connect(f"{name}_web", name) as web:
        assert web.execute("select text from told").fetchone() == ("the whole story",)
        assert web.execute("select count(*) from pg_class where relforcerowsecurity").fetchone()[0] > 0
    assert openprm("migrate", **second.settings_for(name)).returncode == 0


def test_a_backup_moves_from_an_external_server_to_the_embedded_one(second: SecondCluster, target: Folder, tmp_path: Path):
    name = second.make_database(migrator_rights="createrole")
    assert openprm("migrate", **second.settings_for(name)).returncode == 0
    with second.connect("dba", name) as dba:
        types = dba.execute("select count(*) from django_content_type").fetchone()

    assert openprm("backup", str(tmp_path / "b.tar"), **second.settings_for(name)).returncode == 0
    done = openprm("restore", str(tmp_path / "b.tar"), **settings(target.data))

    assert done.returncode == 0, done.stderr
    assert {row[3] for row in shape(target)} == {"openprm_owner"}
    with target.connect() as connection:
        assert connection.execute("select count(*) from django_content_type").fetchone() == types


@pytest.mark.parametrize("harm", ["cut", "changed", "foreign"])
def test_a_bad_file_changes_nothing(archive: Path, target: Folder, tmp_path: Path, harm: str):
    bad = tmp_path / "bad.tar"
    if harm == "cut":
        bad.write_bytes(archive.read_bytes()[:20_000])
    elif harm == "changed":
        with tarfile.open(archive) as whole:
            whole.extractall(tmp_path / "x", filter="data")
        with (tmp_path / "x/database.dump").open("r+b") as dump:
            dump.seek(5000)
            dump.write(b"\0\1\2\3")
        with tarfile.open(bad, "w") as made:
            made.add(tmp_path / "x", ".")
    else:
        shutil.copy(__file__, bad)

    refused = openprm("restore", str(bad), **settings(target.data))

    assert refused.returncode == 2
    assert "bad.tar is " in refused.stderr
    assert "Traceback" not in refused.stderr
    assert shape(target) == []


def test_a_backup_that_fails_leaves_no_file_behind(target: Folder, tmp_path: Path):
    refused = openprm("backup", str(tmp_path / "nowhere" / "b.tar"), **settings(target.data))

    assert refused.returncode == 2
    assert list(tmp_path.iterdir()) == []
