"""Real servers in throw-away folders, and the processes that use them."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from openprm.config.embedded.cluster import Cluster

PATIENCE_SECONDS = 180.0  # machines that build much else at once are slow
PASSWORD = "made up for a test"


def wait_until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"waited {PATIENCE_SECONDS:g} s in vain: {what}"
        time.sleep(0.05)


class Folder:
    """A data folder, and everything a test may ask of the server in it from outside."""

    def __init__(self, data: Path, *, durable: bool = False):
        self.data = data
        self.root = data / "postgres"
        self.cluster = Cluster(self.root, test=not durable)
        self.holders: list[subprocess.Popen[str]] = []

    def join(self) -> subprocess.Popen[str]:
        holder = self.start_joining()
        assert holder.stdout.readline() == "ready\n", holder.communicate()
        return holder

    def start_joining(self) -> subprocess.Popen[str]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("OPENPRM_")}
        holder = subprocess.Popen(
            [sys.executable, "-m", "openprm.config.tests.holder", str(self.root), *([] if self.cluster.test else ["durable"])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ,
        )  # fmt: skip
        self.holders.append(holder)
        return holder

    def postmaster(self) -> int:
        return int((self.root / "data/postmaster.pid").read_text().split("\n", 1)[0])

    def is_up(self) -> bool:
        try:
            with self.connect():
                return True
        except psycopg.OperationalError:
            return False

    def connect(self, user: str = "postgres", database: str = "openprm") -> psycopg.Connection:
        return psycopg.connect(**self.cluster.parameters(user=user, database=database), autocommit=True, connect_timeout=5)

    def remove(self) -> None:
        for holder in self.holders:
            holder.kill()
            holder.wait(30)
        if (self.root / "data/postmaster.pid").exists():
            wait_until(lambda: not self.cluster.is_alive(), "the keeper stops the server")
        shutil.rmtree(self.root.resolve(), ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)


def make_folder() -> Path:
    """In memory where there is such a place; open to the server's user, who is not root."""
    fast = Path("/dev/shm")
    path = Path(tempfile.mkdtemp(prefix="openprm-", dir=fast if os.access(fast, os.W_OK) else None))
    path.chmod(0o755)
    return path


@pytest.fixture
def folder() -> Iterator[Folder]:
    folder = Folder(make_folder())
    yield folder
    folder.remove()


@pytest.fixture
def durable_folder() -> Iterator[Folder]:
    """One whose server writes what it was told before it says so, as in use."""
    folder = Folder(make_folder(), durable=True)
    yield folder
    folder.remove()


def openprm(*arguments: str, timeout: float = 240, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours in a process of its own, with these settings and no others."""
    command = [sys.executable, "-m", "openprm.config.cli", *arguments]
    return subprocess.run(command, env=clean_environ() | environ, capture_output=True, text=True, timeout=timeout, check=False)


def clean_environ() -> dict[str, str]:
    names = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if not name.startswith("OPENPRM_") and name not in names}


class SecondCluster:
    """A server that OpenPRM did not make: other role names, passwords, TCP."""

    def __init__(self, folder: Folder):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        cluster = self.folder.cluster
        cluster.make_root()
        cluster.copy_binaries()
        secret = cluster.home / "password"
        secret.write_text(PASSWORD)
        cluster.give_to_server(secret)
        data = cluster.data
        data.mkdir(mode=0o700)
        cluster.give_to_server(data)
        cluster.run(cluster.binary("initdb"), "-D", data, "-U", "dba", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync", "--locale=C.UTF-8")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        cluster.run(cluster.binary("pg_ctl"), "-D", data, "-w", "-l", data / "server.log", "-o", options, "start")

    def url(self, login: str, database: str) -> str:
        return f"postgresql://{login}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}/{database}"

    def connect(self, login: str, database: str) -> psycopg.Connection:
        return psycopg.connect(self.url(login, database), autocommit=True)

    def make_database(self, *, migrator_rights: str) -> str:
        """A database with two logins, as an administrator hands it over."""
        name = f"prm_{secrets.token_hex(4)}"
        with self.connect("dba", "postgres") as dba:
            dba.execute(f"create role {name}_migrator login password '{PASSWORD}' {migrator_rights}")
            dba.execute(f"create role {name}_web login password '{PASSWORD}'")
            dba.execute(f"create database {name} owner {name}_migrator")
        return name

    def settings_for(self, name: str) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url(f"{name}_web", name),
            "OPENPRM_OWNER_DATABASE_URL": self.url(f"{name}_migrator", name),
            "OPENPRM_DATA": str(self.folder.data / "data"),
        }


@pytest.fixture
def second() -> Iterator[SecondCluster]:
    folder = Folder(make_folder())
    cluster = SecondCluster(folder)
    cluster.start()
    yield cluster
    folder.cluster.stop()
    folder.remove()
