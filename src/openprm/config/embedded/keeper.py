"""The process beside an embedded server: brings it back when it was killed, stops it when nobody uses it.

Run as `python -m openprm.config.embedded.keeper ROOT [--keep] [--test] [--os-user NAME]`.
Killing it does no harm: the next process that joins the server starts another.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from openprm.config.embedded import locks
from openprm.config.embedded.errors import EmbeddedPostgresError

if TYPE_CHECKING:
    from openprm.config.embedded.server import EmbeddedPostgres

BEAT_SECONDS = 0.5


def spawn(server: EmbeddedPostgres) -> None:
    """Start a keeper unless one is at work; call it holding the mutex and a lease."""
    if not _is_vacant(server.root):
        return
    command = [sys.executable, "-m", __name__, str(server.root)]
    command += ["--keep"] if server.keep else []
    command += [] if not server.cluster.test else ["--test"]
    command += ["--os-user", server.cluster.os_user] if server.cluster.os_user else []
    with open(server.root / "control.log", "ab") as log:
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
            start_new_session=True,  # Ctrl-C is for the one who pressed it, not for the server of everybody
        )  # fmt: skip


def _is_vacant(root: Path) -> bool:
    post = locks.try_exclusive(root / "keeper")
    if post is None:
        return False
    os.close(post)
    return True


def watch(server: EmbeddedPostgres) -> None:
    """Stay until the server is not needed any more. Returns at once when another keeper is at work."""
    post = locks.try_exclusive(server.root / "keeper")
    if post is None:
        return
    while server.root.exists():
        time.sleep(BEAT_SECONDS)
        if _beat(server):
            break
    os.close(post)


def _beat(server: EmbeddedPostgres) -> bool:
    """One look. True when nobody uses the server and the keeper may go."""
    with locks.exclusive(server.root / "mutex"):
        if server.stop_if_unused():
            return True
        try:
            server.restart_if_dead()
        except EmbeddedPostgresError as error:
            sys.stderr.write(f"{error}\n")
    return False


def main() -> None:
    from openprm.config.embedded.server import EmbeddedPostgres

    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--os-user")
    options = parser.parse_args()
    watch(EmbeddedPostgres(options.root, keep=options.keep, test=options.test, os_user=options.os_user))


if __name__ == "__main__":
    main()
