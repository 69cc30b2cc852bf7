"""The supervisor: brings back what was killed, gives up when told, ends all it started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from openprm.config.tests.conftest import wait_until

FAMILY = """
import sys
from openprm.config.processes import Child, Supervisor, die_with_parent
child = [sys.executable, "-c", "import os, time, sys; from openprm.config.processes import die_with_parent; die_with_parent(); open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(60)"]
sys.exit(Supervisor([Child("one", [*child, sys.argv[1]]), Child("two", [*child, sys.argv[2]])]).run())
"""


class Family:
    def __init__(self, folder: Path):
        self.files = [folder / "one", folder / "two"]
        self.parent = subprocess.Popen([sys.executable, "-c", FAMILY, *map(str, self.files)], stdout=subprocess.PIPE, text=True)

    def lives(self, which: int) -> list[int]:
        return [int(line) for line in self.files[which].read_text().split()] if self.files[which].exists() else []

    def both_live(self) -> bool:
        return all(self.lives(which) for which in (0, 1))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_child_is_started_again(tmp_path: Path):
    family = Family(tmp_path)
    wait_until(family.both_live, "both children start")

    os.kill(family.lives(0)[0], signal.SIGKILL)
    wait_until(lambda: len(family.lives(0)) == 2, "the first child is started again")

    assert len(family.lives(1)) == 1
    family.parent.send_signal(signal.SIGTERM)
    assert family.parent.wait(30) == 0
    assert "The one process ended (signal SIGKILL); starting it again" in family.parent.stdout.read()
    assert not any(is_alive(pid) for pid in family.lives(0) + family.lives(1))


def test_children_die_with_a_killed_parent(tmp_path: Path):
    family = Family(tmp_path)
    wait_until(family.both_live, "both children start")

    family.parent.kill()
    family.parent.wait(30)

    wait_until(lambda: not any(is_alive(pid) for pid in family.lives(0) + family.lives(1)), "the children end")
    family.parent.stdout.close()


def test_a_child_that_cannot_run_ends_the_family():
    program = (
        "import sys; from openprm.config.processes import Child, Supervisor; "
        "sys.exit(Supervisor([Child('web', [sys.executable, '-c', 'raise SystemExit(3)'])], gives_up=lambda child, code: code == 3).run())"
    )
    started = time.monotonic()

    done = subprocess.run([sys.executable, "-c", program], timeout=30)

    assert done.returncode == 3
    assert time.monotonic() - started < 30
