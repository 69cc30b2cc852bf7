"""The copy: what is in it, who gets it, what makes it stale, and what is left when its writer dies."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

import duckdb
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from openprm.analytics import copies, refreshing
from openprm.analytics.datasets import Dataset
from openprm.analytics.session import session
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now, stopped
from openprm.kernel.scope import scope, system_scope

HOSTILE = ["", " ", "NULL", '"', "a,b", "line\nbreak", "back\\slash", "\\N", "'; drop table x", "é\u2028\U0001f600", "\t", '""', "\\."]
ORGANIZATIONS = Dataset(
    name="identity.organizations", about="Organizations", columns={"id": "uuid", "name": "text", "kind": "text"},
    parts="select kind, count(*) || ':' || sum(hashint8(xmin::text::bigint)) from identity_organization group by 1",
    sql="select id, name, kind from identity_organization where (%(parts)s::text[] is null or kind = any(%(parts)s::text[]))",
)  # fmt: skip
TYPES = Dataset(
    name="sample.types", about="Rows of every type", parameters={"texts": HOSTILE},
    columns={"t": "text", "i": "int", "d": "decimal", "b": "bool", "day": "date", "m": "moment", "nothing": "text"},
    sql="select t, 9007199254740993, 0.1::numeric, true, date '2026-11-23', timestamptz '2026-11-23 10:00:00.123456+02', null from unnest(%(texts)s::text[]) t",
)  # fmt: skip
GIVEN = Dataset(name="sample.given", about="Rows that a function gives", columns={"n": "int"}, rows=lambda actor: [(1,), (2,)], reads=("identity_user",))
LENT = (ORGANIZATIONS, TYPES, GIVEN)


@pytest.fixture
def home(tmp_path, committed_db):
    """An empty data folder, and a database in which commits are real."""
    with (
        patch.object(settings, "OPENPRM_DATA", tmp_path),
        patch("openprm.analytics.datasets.all_datasets", lambda: LENT),
        patch.dict("openprm.analytics.session._engines", clear=True),
    ):
        yield tmp_path / "analytics"


def refreshed():
    with system_scope():
        return refreshing.refresh(least_rows=0)


def run(statement, *values):
    with system_scope(), connection.cursor() as cursor:
        cursor.execute("select pg_stat_force_next_flush()")
        cursor.execute(statement, values)


def organization(name, kind="partner"):
    with system_scope(), connection.cursor() as cursor:
        cursor.execute("select pg_stat_force_next_flush()")
        return apps.get_model("identity", "Organization").objects.create(name=name, kind=kind).pk


def names(actor=SYSTEM):
    with scope(actor), session(actor=actor, datasets=["identity.organizations"]) as data:
        return {row["name"] for row in data.sql("select name from identity_organizations")}, data.state


def test_every_value_comes_back_as_it_was(home):
    refreshed()
    with system_scope(), session(actor=SYSTEM, datasets=["sample.types", "sample.given"]) as data:
        rows = data.sql("select * from sample_types")
        given = data.rows(data.table("sample.given").order_by("n"))
    with system_scope(), session(actor=SYSTEM, datasets=[TYPES]) as direct:
        assert direct.state == ""
        assert rows == direct.sql("select * from sample_types")

    assert [row["t"] for row in rows] == HOSTILE
    assert (rows[0]["i"], rows[0]["d"], rows[0]["b"], rows[0]["m"].isoformat()) == (9007199254740993, Decimal("0.1"), True, "2026-11-23T08:00:00.123456+00:00")
    assert given == [{"n": 1}, {"n": 2}]


def test_a_change_is_there_after_the_next_look_and_only_its_part_is_read_again(home):
    organization("Vega", "vendor")
    organization("Lumen")
    first = refreshed()
    again = refreshed()
    organization("Corvin")
    changed = refreshed()

    assert again.sets == first.sets
    assert (again.state, again.as_of > first.as_of) == (first.state, True)
    before, after = (one.sets["identity.organizations"].parts for one in (first, changed))
    assert (before["vendor"], changed.sets["sample.types"]) == (after["vendor"], first.sets["sample.types"])
    assert before["partner"].file != after["partner"].file
    assert names()[0] >= {"Vega", "Lumen", "Corvin"}
    assert names()[1] == changed.state != first.state


def test_what_was_erased_leaves_the_copy_and_its_files(home):
    gone = organization("Somebody to forget")
    kept = refreshed()
    run("delete from identity_organization where id = %s", gone)
    refreshed()
    assert "Somebody to forget" not in names()[0]

    old = home / kept.sets["identity.organizations"].parts["partner"].file
    assert old.exists()  # for who still reads it
    os.utime(old, (time.time() - 700,) * 2)
    refreshed()
    assert not old.exists()


@pytest.mark.parametrize("name", ["identity.organizations", "sample.types", "sample.given"])
def test_a_file_that_somebody_deleted_is_written_anew_and_nobody_is_refused_meanwhile(home, name):
    organization("Vega", "vendor")
    organization("Lumen")
    whole = refreshed()
    part, lost = next(iter(whole.sets[name].parts.items()))
    (home / lost.file).unlink()

    assert names()[0] >= {"Vega", "Lumen"}
    assert names()[1] == ""  # read from the database itself
    mended = refreshed()
    assert (home / mended.sets[name].parts[part].file).exists()
    assert mended.sets[name].parts[part].rows == lost.rows
    assert {other: one for other, one in mended.sets.items() if other != name} == {other: one for other, one in whole.sets.items() if other != name}
    assert names()[1] == mended.state != whole.state


def test_who_reads_while_it_is_replaced_reads_on(home):
    organization("Vega")
    refreshed()
    with system_scope(), session(actor=SYSTEM, datasets=["identity.organizations"]) as data:
        before = data.sql("select count(*) as n from identity_organizations")
        with patch.object(refreshing, "LEAST_ROWS", 0):
            refreshing.refresh(least_rows=0)
        assert data.sql("select count(*) as n from identity_organizations") == before


def test_a_partner_is_never_given_the_copy(home):
    from tests.cast import make_cast

    cast = make_cast()
    refreshed()
    with scope(cast.partner_rep) as actor:
        assert copies.served(actor) is None
        with session(actor=actor, datasets=["identity.organizations"]) as data:
            assert (data.state, data.sql("select * from identity_organizations where kind = 'partner'")[0]["id"]) == ("", str(cast.partner.pk))
            assert len(data.sql("select * from identity_organizations where kind = 'partner'")) == 1
    with scope(cast.vendor_reader) as actor:
        assert copies.served(actor) is not None


def test_a_copy_that_nobody_looks_after_or_of_another_database_or_meaning_is_not_served(home):
    made = refreshed()
    with system_scope():
        assert copies.served(SYSTEM) == made
        with stopped(now() + copies.PROMISE + timedelta(seconds=1)):
            assert copies.served(SYSTEM) is None
        with patch("openprm.analytics.copies.database", lambda: "another"):
            assert copies.served(SYSTEM) is None
        with patch("openprm.analytics.datasets.all_datasets", lambda: LENT[:2]):
            assert copies.served(SYSTEM) is None
        (home / "manifest.json").write_text(made.written()[:50])
        assert copies.served(SYSTEM) is None
    assert refreshed().state != made.state


def test_a_small_program_has_no_copy(home):
    with system_scope():
        assert refreshing.refresh() is None
    assert list(home.glob("*.parquet")) == []
    with system_scope(), session(actor=SYSTEM, datasets=["identity.organizations"]) as data:
        assert data.state == ""


@pytest.mark.parametrize(
    "query", ["select * from read_csv('/etc/passwd')", "copy sample_given to '/tmp/out.csv'", "set enable_external_access = true", "install httpfs"]
)
def test_a_query_over_the_copy_reaches_no_other_file_and_no_network(home, query):
    refreshed()
    with system_scope(), session(actor=SYSTEM, datasets=["sample.given"]) as data, pytest.raises(duckdb.Error):
        data.sql(query)


KILLED = """
import fcntl, os, sys, time
home = sys.argv[1]
lock = open(f"{home}/lock", "w"); fcntl.flock(lock, fcntl.LOCK_EX)
open(f"{home}/half.parquet.tmp", "w").write("half"); open(f"{home}/manifest.tmp", "w").write("{")
print("ready", flush=True); time.sleep(60)
"""


def test_a_writer_that_is_killed_leaves_a_whole_copy_and_no_lock(home):
    made = refreshed()
    writer = subprocess.Popen([sys.executable, "-c", KILLED, str(home)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout.readline() == "ready\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()

    with system_scope():
        assert copies.served(SYSTEM) == made
    assert refreshed().state == made.state
    assert list(home.glob("*.tmp")) == []


@pytest.mark.django_db
def test_the_tables_that_a_data_set_reads_are_known_by_name():
    """Else a change of one of them would not bring the copy up to date."""
    from openprm.analytics.datasets import whole_datasets

    for dataset in (one for one in whole_datasets() if one.sql):
        with system_scope(), connection.cursor() as cursor:
            cursor.execute(f"explain (format json) {dataset.sql}", dict(dataset.parameters) | ({"parts": None} if dataset.parts else {}))
            assert _relations(cursor.fetchone()[0]) <= dataset.words, dataset.name


def _relations(plan):
    if isinstance(plan, list):
        return {name for one in plan for name in _relations(one)}
    if not isinstance(plan, dict):
        return set()
    return ({plan["Relation Name"]} if "Relation Name" in plan else set()) | _relations(list(plan.values()))
