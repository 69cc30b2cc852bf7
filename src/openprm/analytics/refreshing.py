"""Bringing the copy up to date: what changed is read again, in the parts that changed, and the manifest is replaced at the end."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
from django.db import connection

from openprm.analytics import copies
from openprm.analytics.copies import Copied, Manifest, Part
from openprm.analytics.datasets import COLUMNAR, Dataset, whole_datasets
from openprm.analytics.session import loaded
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.ids import new_id

LEAST_ROWS = 50_000
"""A program whose largest table is smaller has no copy: it is read as it is."""
KEPT = timedelta(minutes=10)
"""How long a file that no manifest names stays for those who still read it."""
ABANDONED = timedelta(days=1)
"""After which time a folder of a session is one that its process left behind."""
CHANGES = """
select c.relname, concat_ws('.', c.relfilenode, pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_deleted(c.oid)),
       greatest(c.reltuples, 0)::bigint
  from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname = any(%s)
"""
CSV = "copy ({}) to stdout (format csv)"
MEMORY, THREADS = "1GB", 2


def refresh(*, least_rows: int = LEAST_ROWS) -> Manifest | None:
    """Compare the copy with the database and read again what changed. Gives the copy, None where the program is too small for one.

    Inside the system's scope. Another process that does the same is waited for.
    """
    home = copies.folder()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(home):
        counted = _counted()
        before = _usable(copies.manifest())
        if before is None and max((rows for _changes, rows in counted.values()), default=0) < least_rows:
            (home / "manifest.json").unlink(missing_ok=True)
            _tidy(home, None, None)
            return None
        made = _made(home, before, {name: changes for name, (changes, _rows) in counted.items()})
        publish(home, made)
        _tidy(home, before, made)
        return made


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One process at a time; the lock of one that was killed is gone with it."""
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _counted() -> dict[str, tuple[str, int]]:
    """By table: what PostgreSQL counted of its changes, and about how many rows it has. What is counted here is visible from here on."""
    names = sorted({word for dataset in whole_datasets() for word in dataset.words})
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_clear_snapshot()")
        cursor.execute(CHANGES, [names])
        return {name: (changes, rows) for name, changes, rows in cursor.fetchall()}


def _usable(found: Manifest | None) -> Manifest | None:
    return found if found and (found.database, found.definitions) == (copies.database(), copies.definitions()) else None


def _made(home: Path, before: Manifest | None, counted: dict[str, str]) -> Manifest:
    started = now()
    sets = {}
    for dataset in whole_datasets():
        changes = " ".join(f"{word}:{counted[word]}" for word in sorted(dataset.words) if word in counted)
        known = before.sets.get(dataset.name) if before else None
        sets[dataset.name] = known if known and known.changes == changes and copies.is_there(known) else _read_again(home, dataset, changes, known)
    state = before.state if before and _same_rows(before, sets) else new_id().hex
    return Manifest(database=copies.database(), definitions=copies.definitions(), state=state, as_of=started, sets=sets)


def _same_rows(before: Manifest, sets: dict[str, Copied]) -> bool:
    return {name: one.parts for name, one in before.sets.items()} == {name: one.parts for name, one in sets.items()}


def _read_again(home: Path, dataset: Dataset, changes: str, known: Copied | None) -> Copied:
    """The parts whose marker changed or whose file is missing are read again, the others are kept, those that are gone are left out."""
    if dataset.rows is not None:
        return Copied(changes=changes, parts={"all": _whole(home, dataset)})
    if not dataset.parts:
        return Copied(changes=changes, parts={"all": _file(home, dataset, "all", "", None)})
    with connection.cursor() as cursor:
        cursor.execute(dataset.parts)
        markers = {str(part): str(marker) for part, marker in cursor.fetchall()}
    held = {part: one for part, one in (known.parts if known else {}).items() if (home / one.file).exists()}
    return Copied(
        changes=changes,
        parts={
            part: held[part] if part in held and held[part].marker == marker else _file(home, dataset, part, marker, [part]) for part, marker in markers.items()
        },
    )


def _file(home: Path, dataset: Dataset, part: str, marker: str, parts: list[str] | None) -> Part:
    """One part as a Parquet file: PostgreSQL writes lines as the running role may read them, the columnar engine turns them into columns."""
    lines, name = home / f"{new_id().hex}.csv.tmp", f"{dataset.table}-{new_id().hex}.parquet"
    try:
        with lines.open("wb") as out, connection.connection.cursor() as cursor:
            values = dict(dataset.parameters) | ({"parts": parts} if dataset.parts else {})
            with cursor.copy(CSV.format(dataset.sql.strip().rstrip(";")), values or None) as rows:
                for block in rows:
                    out.write(block)
        columns = "{" + ", ".join(f"'{column}': '{COLUMNAR[kind]}'" for column, kind in dataset.columns.items()) + "}"
        source = (
            f"read_csv('{lines}', header=false, auto_detect=false, delim=',', quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false, columns={columns})"
        )
        with _engine(home) as duck:
            duck.execute(f"copy (from {source}) to '{home / name}.tmp' (format parquet, compression zstd)")
            rows_written = duck.sql(f"select count(*) from read_parquet('{home / name}.tmp')").fetchall()[0][0]  # noqa: S608  a file of our own
    finally:
        lines.unlink(missing_ok=True)
    os.replace(home / f"{name}.tmp", home / name)
    return Part(marker=marker, file=name, rows=rows_written)


def _whole(home: Path, dataset: Dataset) -> Part:
    """A data set that is given row by row."""
    name = f"{dataset.table}-{new_id().hex}.parquet"
    with _engine(home) as duck:
        loaded(duck, dataset, SYSTEM)
        duck.execute(f"copy {dataset.table} to '{home / name}.tmp' (format parquet, compression zstd)")
        rows_written = duck.sql(f"select count(*) from {dataset.table}").fetchall()[0][0]  # noqa: S608  a table of our own
    os.replace(home / f"{name}.tmp", home / name)
    return Part(marker="", file=name, rows=rows_written)


@contextmanager
def _engine(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    duck = duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": THREADS, "temp_directory": str(home / "spill.tmp")})
    try:
        yield duck
    finally:
        duck.close()


def publish(home: Path, made: Manifest) -> None:
    """The manifest appears whole or not at all, and after what it names."""
    draft = home / "manifest.tmp"
    with draft.open("w") as out:
        out.write(made.written())
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, home / "manifest.json")


def _tidy(home: Path, before: Manifest | None, made: Manifest | None) -> None:
    """Take away what no manifest names: half-written files at once, rows that somebody may still be reading after a while."""
    named = _named(made)
    for name in _named(before) - named:
        if (home / name).exists():
            os.utime(home / name)
    old = time.time() - KEPT.total_seconds()
    for file in home.iterdir():
        if file.is_dir():
            if file.stat().st_mtime < old - ABANDONED.total_seconds():
                shutil.rmtree(file, ignore_errors=True)
        elif file.suffix == ".tmp" or (file.suffix == ".parquet" and file.name not in named and file.stat().st_mtime < old):
            file.unlink()


def _named(made: Manifest | None) -> set[str]:
    return {part.file for one in made.sets.values() for part in one.parts.values()} if made else set()
