"""kill -9 of the database and of the web under a stream of submits: what was acknowledged is there, once.

A real installation in a folder of its own: migrated, served by web and worker under their supervisor,
written to over the API by clients that repeat a write with its Idempotency-Key until it is answered.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from openprm.config.environment import CHECKOUT
from openprm.config.tests.conftest import Folder, clean_environ, make_folder, openprm, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

CLIENTS = 4
BETWEEN_KILLS = 12  # acknowledged submits


@dataclass
class Client(threading.Thread):
    """Registers one deal after the other until it is stopped; never gives one up."""

    port: int
    token: str
    product_id: str
    stop: threading.Event
    number: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    failures: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        count = 0
        while not self.stop.is_set():
            count += 1
            self._register(f"Customer {self.number}-{count}", str(uuid.uuid4()))

    def _register(self, customer: str, key: str) -> None:
        body = json.dumps(self._deal(customer))
        while key not in self.acknowledged:
            try:
                status, answer = self._post(body, key)
            except (OSError, http.client.HTTPException):
                status, answer = 0, {}
            if status == 201:
                self.acknowledged[key] = answer["id"]
            elif 400 <= status < 500 and status not in (409, 429):
                self.refused.append(f"{status} {answer}")
                self.stop.set()
                return
            else:
                self.failures += 1
                time.sleep(0.2)

    def _deal(self, customer: str) -> dict[str, object]:
        domain = customer.lower().replace(" ", "-")
        return {
            "submit": True,
            "title": f"{customer}, MES rollout",
            "customer_name": f"{customer} {uuid.uuid5(uuid.NAMESPACE_DNS, customer).hex[:12]} a.s.",
            "customer_domain": f"{domain}.example",
            "customer_country": "CZ",
            "contact_name": "Petra Malá",
            "contact_email": f"petra@{domain}.example",
            "expected_close_date": "2027-11-30",
            "lines": [{"product_id": self.product_id, "quantity": 3, "amount_minor": 40_000_00}],
        }

    def _post(self, body: str, key: str) -> tuple[int, dict]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": key}
            connection.request("POST", "/api/v1/registrations", body, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"{}")
        finally:
            connection.close()


class Installation:
    def __init__(self, folder: Folder):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environ = clean_environ() | {"OPENPRM_DATA": str(folder.data), "OPENPRM_WEB_WORKERS": "2", "PYTHONPATH": f"{CHECKOUT}:{CHECKOUT / 'src'}"}
        done = openprm("migrate", OPENPRM_DATA=str(folder.data))
        assert done.returncode == 0, done.stderr
        made = subprocess.run([sys.executable, "-m", "openprm.config.tests.submitters"], env=self.environ, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr
        self.access = json.loads(made.stdout)
        self.log = (folder.data / "serve.log").open("w")
        command = [sys.executable, "-m", "openprm.config.cli", "serve", "--with-worker", "--port", str(self.port)]
        self.supervisor = subprocess.Popen(command, env=self.environ, stdout=self.log, stderr=self.log)
        wait_until(self.answers, "the web answers")

    def answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            assert self.supervisor.poll() is None, Path(self.log.name).read_text()[-3000:]
            return False

    def web(self) -> psutil.Process:
        """The web's parent, which the supervisor started."""
        return next(child for child in psutil.Process(self.supervisor.pid).children() if "serve" in child.cmdline())

    def web_worker(self) -> psutil.Process:
        return max(self.web().children(), key=lambda child: child.memory_info().rss)

    def worker(self) -> psutil.Process:
        return next(child for child in psutil.Process(self.supervisor.pid).children() if "worker" in child.cmdline())

    def jobs_left(self) -> int:
        with self.folder.connect() as connection:
            return connection.execute(
                "select count(*) from procrastinate_jobs where status in ('todo', 'doing') and coalesce(scheduled_at, now()) <= now()"
            ).fetchone()[0]

    def end(self) -> None:
        if self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
            self.supervisor.wait(60)
        self.log.close()
        self.folder.remove()


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    installation = Installation(Folder(make_folder(), durable=True))
    yield installation
    installation.end()


def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(installation: Installation):
    stop = threading.Event()
    clients = [
        Client(installation.port, installation.access["tokens"][number % 2], installation.access["product_id"], stop, number) for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()

    def acknowledged() -> int:
        assert [client.refused for client in clients] == [[]] * CLIENTS
        return sum(len(client.acknowledged) for client in clients)

    def kill_under_load(what: str, pid: Callable[[], int]) -> None:
        before = acknowledged()
        wait_until(lambda: acknowledged() >= before + BETWEEN_KILLS, f"submits go on before the {what} is killed")
        os.kill(pid(), signal.SIGKILL)

    kill_under_load("database", installation.folder.postmaster)
    kill_under_load("web process", lambda: installation.web_worker().pid)
    kill_under_load("worker", lambda: installation.worker().pid)
    kill_under_load("web's parent", lambda: installation.web().pid)
    kill_under_load("database again", installation.folder.postmaster)
    before = acknowledged()
    wait_until(lambda: acknowledged() >= before + BETWEEN_KILLS, "submits go on after all")
    stop.set()
    for client in clients:
        client.join(60)
        assert not client.is_alive()

    wait_until(lambda: installation.jobs_left() == 0, "the jobs of the killed worker are taken up")

    ids = [answer for client in clients for answer in client.acknowledged.values()]
    with installation.folder.connect() as connection:
        found = [str(row[0]) for row in connection.execute("select id from deals_registration")]
        submitted = connection.execute("select subject_id::text from audit_event where verb = 'deal.submitted'").fetchall()
        lost_jobs = connection.execute("select count(*) from procrastinate_jobs where status = 'failed'").fetchone()
    assert len(ids) >= 6 * BETWEEN_KILLS
    assert sorted(ids) == sorted(found), "every acknowledged registration is there, and no other"
    assert sorted(subject for (subject,) in submitted) == sorted(ids), "each was submitted once, and the history says so"
    assert lost_jobs == (0,)
    assert sum(client.failures for client in clients) > 0, "the kills were felt"


def test_a_killed_supervisor_takes_web_and_worker_along_and_the_server_after_them(installation: Installation):
    family = [*psutil.Process(installation.supervisor.pid).children(recursive=True)]

    installation.supervisor.kill()
    installation.supervisor.wait(30)

    wait_until(lambda: not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family), "web and worker end")
    wait_until(lambda: not installation.folder.is_up(), "the keeper stops the server")
