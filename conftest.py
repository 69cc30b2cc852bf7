"""Real PostgreSQL for every test: the migrations run once into a template, each process clones it."""

import fcntl
import gc
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
KEPT_TEMPLATES = 6
MIGRATED_AT = datetime(2026, 11, 23, tzinfo=UTC)  # the night before the day of the tests (`at`), whatever day they are run on
INSTALLED_AT = datetime(2024, 1, 1, tzinfo=UTC)

gc.disable()  # until everything is loaded: see `pytest_collection_finish`


def pytest_collection_finish() -> None:
    """What is loaded by now stays; nothing is gained by looking through it again at each collection."""
    gc.collect()
    gc.freeze()
    gc.enable()


def _fingerprint() -> str:
    digest = hashlib.sha256(str(MIGRATED_AT).encode())
    for path in sorted((ROOT / "src/openprm").glob("**/migrations/*.py")):
        digest.update(path.read_bytes())
    for path in sorted((ROOT / "src/openprm").glob("*/guards.py")):
        digest.update(path.read_bytes())
    return f"template_{digest.hexdigest()[:16]}"


class _Cluster:
    """The test server, with superuser access for creating and dropping databases."""

    def __init__(self) -> None:
        from django.conf import settings

        from openprm.config.database import embedded

        self.server = embedded(settings.ENVIRONMENT)
        self.server.lease()

    def sql(self, statement: str) -> list:
        import psycopg

        with psycopg.connect(**self.server.parameters(database="postgres", user="postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def clone(self, name: str, template: str) -> None:
        """By copying files: a third of the time of writing them through the log."""
        self.sql(f'drop database if exists "{name}" with (force)')
        self.sql(f'create database "{name}" template "{template}" owner openprm_owner strategy file_copy')

    def drop(self, name: str) -> None:
        self.sql(f'drop database if exists "{name}" with (force)')


@contextmanager
def _connected_to(name: str, user: str | None = None) -> Iterator[None]:
    from django.db import connections

    settings = connections["default"].settings_dict
    before = {key: settings[key] for key in ("NAME", "USER")}
    connections["default"].close()
    settings.update({"NAME": name} | ({"USER": user} if user else {}))
    try:
        yield
    finally:
        connections["default"].close()
        settings.update(before)


def _template(cluster: _Cluster) -> str:
    from django.core.management import call_command

    from openprm.kernel.clock import stopped

    name = _fingerprint()
    folder = Path(os.environ["OPENPRM_DATA"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if cluster.sql(f"select 1 from pg_database where datname = '{name}'"):
            return name
        draft = f"draft_{os.getpid()}"
        cluster.drop(draft)
        cluster.sql(f'create database "{draft}" owner openprm_owner')
        with _connected_to(draft, "openprm_owner"), stopped(MIGRATED_AT):
            call_command("migrate", verbosity=0, interactive=False)
        cluster.sql(f'alter database "{draft}" rename to "{name}"')
        stale = cluster.sql(f"select datname from pg_database where datname ~ '^template_[0-9a-f]+$' order by oid desc offset {KEPT_TEMPLATES}")
        for (old,) in stale:
            cluster.drop(old)
    return name


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> None:
    """Pages name their files by content, so the files are collected before the first page is drawn."""
    from openprm.config.static import collect_if_changed

    collect_if_changed()


@pytest.fixture(scope="session")
def cluster() -> Iterator[_Cluster]:
    cluster = _Cluster()
    yield cluster
    cluster.server.release()


@pytest.fixture(scope="session")
def template_database(cluster: _Cluster, django_db_blocker) -> str:
    with django_db_blocker.unblock():
        return _template(cluster)


@pytest.fixture(scope="session")
def installed_database(cluster: _Cluster, template_database: str, django_db_blocker) -> Iterator[str]:
    """The template with what an installation begins with; each database of this process is a copy of it."""
    name = f"installed_{os.getpid()}"
    cluster.clone(name, template_database)
    with django_db_blocker.unblock(), _connected_to(name):
        install()
    yield name
    cluster.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(cluster: _Cluster, installed_database: str, django_db_blocker) -> Iterator[None]:
    """One database per test process, connected to as the role that the application has."""
    name = f"test_{os.getpid()}"
    cluster.clone(name, installed_database)
    with django_db_blocker.unblock(), _connected_to(name):
        yield
    cluster.drop(name)


def install() -> None:
    """What `openprm migrate` does after the migrations: default rules, promises, calendars."""
    from openprm.kernel.registry import registry
    from openprm.kernel.scope import system_scope

    with system_scope():
        for fill in registry.filling("install"):
            fill(at=INSTALLED_AT)


@pytest.fixture
def committed_db(request, cluster: _Cluster, installed_database: str, django_db_setup, django_db_blocker) -> Iterator[None]:
    """A database of its own in which commits are real: for threads, processes and races."""
    name = f"committed_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**8}"
    cluster.clone(name, installed_database)
    with django_db_blocker.unblock(), _connected_to(name):
        yield
    cluster.drop(name)


@pytest.fixture(autouse=True)
def _nothing_is_remembered_between_tests() -> None:
    from openprm.kernel.memory import forget_everything

    forget_everything()


@pytest.fixture
def cast(request):
    """The cast, in the test's own transaction or in its committed database."""
    request.getfixturevalue("committed_db" if "committed_db" in request.fixturenames else "db")
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def at() -> datetime:
    """A Monday morning: 2026-11-23 10:00 UTC."""
    return datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def as_actor() -> Callable:
    from openprm.kernel.scope import scope

    return scope


@pytest.fixture
def as_system(db) -> Iterator[None]:
    from openprm.kernel.scope import system_scope

    with system_scope():
        yield


@pytest.fixture
def run_jobs() -> Callable[..., list[str]]:
    """Run everything that is queued in this transaction, as the worker would, until nothing is left; gives the names run."""
    from openprm.kernel.testing import run_queued_jobs

    return run_queued_jobs


@pytest.fixture
def outbox(settings) -> list:
    """The mails sent during the test."""
    from django.core import mail

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox
