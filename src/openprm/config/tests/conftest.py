"""Real servers in throw-away folders, and the processes that use them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from openprm.config.embedded.cluster import Cluster

PATIENCE_SECONDS = 60.0


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
