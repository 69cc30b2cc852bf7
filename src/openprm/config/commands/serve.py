"""`openprm serve`: the web processes, and with --with-worker everything an installation runs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import click

from openprm.config import environment as environments
from openprm.config.commands.runtime import start_django, start_server
from openprm.config.environment import Environment
from openprm.config.processes import Child, Supervisor, die_with_parent

READY_SECONDS = 120
STOP_SECONDS = 10
BACKLOG = 1024
CANNOT_SERVE = 3  # the web process found a reason that a restart would not cure


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--with-worker", is_flag=True, help="Also run the worker, and bring back either when it dies.")
@click.option("--migrate", is_flag=True, help="Bring the database to this version first.")
@click.option("--demo", is_flag=True, help="Load the demo ecosystem first and print its sign-in links.")
@click.option("--with-parent", is_flag=True, hidden=True)
def serve(host: str, port: int, with_worker: bool, migrate: bool, demo: bool, with_parent: bool) -> None:
    """Serve the two workspaces and the API."""
    if with_parent:
        die_with_parent()
    os.environ.setdefault("OPENPRM_URL", f"http://{host}:{port}")
    environment = environments.load()
    refuse_busy_port(host, port)
    start_server(environment)
    links = _run_ourselves("migrate", *(["--with-demo"] if demo else [])) if migrate or demo else ""
    if not with_worker:
        click.echo(links, nl=False)
        _serve_web(environment, host, port)
        return
    sys.exit(_serve_all(host, port, links))


def refuse_busy_port(host: str, port: int) -> None:
    """Raises UsageError when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.UsageError(
                f"Cannot listen on {host}:{port} ({error.strerror}). Stop the program that uses this port, or choose another with --port."
            ) from error


def _run_ourselves(*arguments: str) -> str:
    """What another of our commands answers, run in a process of its own; a failure of it ends us with its exit code."""
    done = subprocess.run(_ourselves(*arguments), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode if done.returncode > 0 else 1)
    return done.stdout


def _ourselves(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "openprm.config.cli", *arguments]


# -- the web alone -------------------------------------------------------------------------------------


def _serve_web(environment: Environment, host: str, port: int) -> None:
    start_django(pool=True)
    if not _is_fit_to_serve():
        sys.exit(CANNOT_SERVE)
    environment.media.mkdir(parents=True, exist_ok=True)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "openprm.config.serving:application", address=host, port=port, interface=Interfaces.WSGI,
        workers=environment.web_workers, blocking_threads=environment.web_threads, backlog=BACKLOG,
        backpressure=environment.web_threads * 32, log_level=LogLevels.warning, websockets=False,
        respawn_failed_workers=True, workers_kill_timeout=STOP_SECONDS,
    ).serve()  # fmt: skip


def _is_fit_to_serve() -> bool:
    """Collect the static files; say so when the database is of another version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from openprm.config.static import collect_if_changed

    collect_if_changed()
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    connection.close()
    connection.close_pool()  # the web processes are forks of this one, and two must never share a connection
    if missing:
        click.echo(f"The database lacks {missing} migrations of this version: run `openprm migrate`, or serve with --migrate.", err=True)
    return not missing


# -- everything ----------------------------------------------------------------------------------------


def _serve_all(host: str, port: int, links: str) -> int:
    web = Child("web", _ourselves("serve", "--host", host, "--port", str(port), "--with-parent"))
    worker = Child("worker", _ourselves("worker", "--with-parent"))
    supervisor = Supervisor(
        [web, worker],
        gives_up=lambda child, code: child is web and code in (2, CANNOT_SERVE),
        tell=lambda message: click.echo(message, err=True),
    )
    threading.Thread(target=_announce, args=(host, port, links), daemon=True).start()
    return supervisor.run()


def _announce(host: str, port: int, links: str) -> None:
    """Say where the system is once it answers, and the sign-in links last, where they are seen."""
    address = f"http://{host}:{port}"
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if _answers(f"{address}/healthz"):
            click.echo(f"OpenPRM serves at {address}. Ctrl-C stops it.", err=True)
            click.echo(links, nl=False)
            return
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
