"""Two real installations on loopback: a database, a server with TLS and a worker each. And a peer whose software does what a test wants."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import conftest as house

from openprm.kernel.scope import scope, system_scope
from openprm.mapping import services as lists
from openprm.mapping.engine.psi import web
from openprm.mapping.engine.psi.limits import Limits
from openprm.mapping.engine.psi.words import words_of
from openprm.mapping.privatemodels import PsiPeer, PsiRun
from openprm.mapping.queries import private as queries
from openprm.mapping.services import private
from openprm.mapping.tests.test_psi_servers import certificate

READY_SECONDS = 240
PATIENCE = 200  # seconds; a comparison takes two, a busy machine many more
SERVE = """
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
import sys
from pathlib import Path
Granian("openprm.config.wsgi:application", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.WSGI, blocking_threads=2,
        log_level=LogLevels.warning, websockets=False, ssl_cert=Path(sys.argv[2]), ssl_key=Path(sys.argv[3])).serve()
"""


def domains(start, end):
    return [f"company{number}.com" for number in range(start, end)]


class Installation:
    """One company's OpenPRM: its database, its processes, and its administrator and partner manager."""

    def __init__(self, folder, name, cluster, template):
        self.name, self.cluster, self.database = name, cluster, f"private_{name}_{os.getpid()}"
        self.folder = folder / name
        self.folder.mkdir()
        cluster.clone(self.database, template)
        self.tls, self.private = certificate(self.folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = (self.folder / "log").open("w+")
        self.processes = {}
        with self.here(install=True):
            from tests.cast import make_cast

            cast = make_cast()
            self.admin, self.manager = cast.vendor_admin, cast.partner_manager

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}"

    @property
    def address(self):
        return web.Address(self.url, self.tls.read_text())

    @contextmanager
    def here(self, *, install=False):
        """The tests' own connection is to this installation's database."""
        with house._connected_to(self.database):
            if install:
                house.install()
            yield

    @contextmanager
    def acting(self, actor=None):
        with self.here(), scope(actor or self.manager):
            yield

    def environ(self):
        from django.conf import settings

        server = self.cluster.server.parameters(database=self.database)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("OPENPRM_")}
        where = f"postgresql://{server['user']}@/{quote(server['dbname'])}?" + urlencode({"host": server["host"], "port": server.get("port", 5432)})
        return kept | {
            "DATABASE_URL": where,
            "OPENPRM_DATA": str(self.folder),
            "OPENPRM_SECRET_KEY": settings.SECRET_KEY,
            "OPENPRM_URL": self.url,
            "OPENPRM_PEER_NETWORKS": "127.0.0.0/8",
            "OPENPRM_JOB_WORKERS": "1",
            "DJANGO_SETTINGS_MODULE": "openprm.config.settings",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }

    def serves(self):
        self._starts("web", "-c", SERVE, str(self.port), str(self.tls), str(self.private))

    def works(self):
        self._starts("worker", "-m", "openprm.config.cli", "worker")

    def _starts(self, what, *command):
        self.processes[what] = subprocess.Popen(
            [sys.executable, *command], stdout=self.log, stderr=self.log, env=self.environ(), cwd=self.folder, start_new_session=True
        )

    def is_up(self):
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.processes["web"].poll() is None:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.1)
        raise AssertionError(self.said())

    def said(self):
        self.log.flush()
        return (self.folder / "log").read_text()[-4000:]

    def kills(self, what):
        process = self.processes.pop(what)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)

    def stop(self):
        for what in list(self.processes):
            self.kills(what)
        self.log.close()
        self.cluster.drop(self.database)

    # what people do

    def key(self):
        with self.acting(self.admin):
            if queries.own_key(self.admin) is None:
                private.make_key(actor=self.admin, at=now())
            return queries.own_key(self.admin)

    def adds(self, name, line, url, certificate="", limits=None, *, pinned=True):
        """Note a peer, compare its words and pin it."""
        with self.acting(self.admin):
            draft = private.PeerDraft(name=name, url=url, public=line, certificate=certificate)
            peer_id = private.add_peer(actor=self.admin, draft=draft, at=now())
            if pinned:
                words = " ".join(words_of(PsiPeer.objects.get(pk=peer_id).fingerprint))
                private.pin_peer(actor=self.admin, peer_id=peer_id, words=words, at=now())
            if limits:
                private.set_limits(actor=self.admin, peer_id=peer_id, limits=limits, at=now())
        return peer_id

    def list_of(self, found, name="Customers"):
        with self.acting():
            made = lists.create_list(actor=self.manager, draft=lists.ListDraft(name=name, kind="customers", source="upload"), at=now())
            rows = [lists.Row(key=f"{self.name}-{domain}", name=domain.split(".")[0].title(), domain=f"https://www.{domain}/about") for domain in found]
            lists.replace_rows(actor=self.manager, population_id=made, rows=rows, at=now())
        return made

    def starts(self, peer_id, population_id, mode="count", purpose="Joint plan 2027", days=7):
        with self.acting():
            draft = private.RunDraft(peer_id=peer_id, population_id=population_id, mode=mode, purpose=purpose, days=days)
            return private.start(actor=self.manager, draft=draft, at=now())

    def agrees(self, run_id, population_id, mode="count"):
        with self.acting():
            private.agree(actor=self.manager, run_id=run_id, population_id=population_id, mode=mode, at=now())

    def runs(self, peer_id=None):
        with self.acting():
            return queries.runs(queries.newest_runs(self.manager, peer_id))

    def run(self, run_id):
        with self.acting():
            return queries.run(self.manager, run_id)

    def way(self, run_id):
        with self.acting():
            return queries.way(self.manager, run_id)

    def names(self, run_id):
        with self.acting():
            return sorted((one.domain, one.keys, one.name) for one in queries.companies(queries.common(self.manager, run_id)))

    def waits_for(self, holds, seconds=PATIENCE):
        """Until `holds(runs)`, newest first; gives the newest."""
        deadline = time.monotonic() + seconds
        while not holds(found := self.runs()):
            assert time.monotonic() < deadline, f"{self.name}: {found[:2]}\n{self.said()}"
            time.sleep(0.2)
        return found[0] if found else None

    def waits_until(self, run_id, state, seconds=PATIENCE):
        deadline = time.monotonic() + seconds
        while (found := self.run(run_id)).state != state:
            assert time.monotonic() < deadline, f"{self.name}: {found}\n{self.said()}"
            assert not found.is_over or state in ("refused", "expired"), f"{self.name}: {found}"
            time.sleep(0.2)
        return found

    def verbs(self):
        """The steps in the log of this installation, oldest first."""
        from openprm.audit.models import Event

        with self.here(), system_scope():
            found = Event.objects.filter(verb__startswith="mapping.psi_").order_by("at", "pk").values_list("verb", flat=True)
            return [verb.removeprefix("mapping.psi_") for verb in found]

    def works_now(self, rounds=10):
        """Run what is queued in this process: for tests that need no worker beside them."""
        from openprm.kernel.testing import run_queued_jobs

        with self.here():
            return run_queued_jobs(rounds=rounds)


@dataclass
class Pair:
    one: Installation
    other: Installation
    known: tuple = ()

    def meet(self, limits=None):
        """Both administrators add, compare and pin, once; gives the ids of the peers."""
        if self.known:
            return self.known
        keys = self.one.key(), self.other.key()
        first = self.one.adds("Bolt", keys[1].line, self.other.url, self.other.tls.read_text(), limits)
        second = self.other.adds("Acme", keys[0].line, self.one.url, self.one.tls.read_text(), limits)
        self.known = first, second
        return self.known


def line_of(side):
    return base64.b64encode(side.me.key.public_key().public_bytes_raw()).decode()


def now():
    return datetime.now(UTC)


def only_run(installation):
    with installation.here(), system_scope():
        return PsiRun.objects.get()


FREE = Limits(least=10, most=1_000_000, runs=100, few=10)
