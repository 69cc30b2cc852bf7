"""Processes that belong together: start them, bring back one that was killed, end them all at once."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 10.0
STEADY_SECONDS = 30.0
STOP_SECONDS = 20.0
BEAT_SECONDS = 0.2


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent dies, even by kill -9. Nothing outside Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT_SECONDS
    due: float = 0.0

    def start(self) -> None:
        # Its own session: Ctrl-C reaches us alone, and we end the children in order.
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, start_new_session=True)
        self.started = time.monotonic()

    def is_dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> None:
        """Note the death, end what it left behind, and set the time of the next start: later each time it dies young."""
        assert self.process is not None
        signal_group(self.process.pid, signal.SIGKILL)
        lived = time.monotonic() - self.started
        self.wait = FIRST_WAIT_SECONDS if lived > STEADY_SECONDS else min(self.wait * 2, LONGEST_WAIT_SECONDS)
        self.due = time.monotonic() + self.wait
        self.process = None


@dataclass
class Supervisor:
    """Runs children until it is told to stop. `gives_up(child, exit_code)` says which deaths are final."""

    children: list[Child]
    gives_up: Callable[[Child, int], bool] = field(default=lambda child, code: False)
    tell: Callable[[str], None] = field(default=print)

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self.exit_code = 0

    def run(self) -> int:
        """Block until stopped; returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stopping.set())
        try:
            while not self._stopping.is_set():
                for child in self.children:
                    self._tend(child)
                self._stopping.wait(BEAT_SECONDS)
        finally:
            self._stop_all()
        return self.exit_code

    def stop(self, exit_code: int = 0) -> None:
        self.exit_code = exit_code
        self._stopping.set()

    def _tend(self, child: Child) -> None:
        if child.process is None and time.monotonic() >= child.due:
            child.start()
        elif child.is_dead():
            code = child.process.returncode if child.process else 0
            child.bury()
            if self.gives_up(child, code):
                self.stop(code or 1)
            else:
                self.tell(f"The {child.name} process ended ({_cause(code)}); starting it again in {child.wait:g} s.")

    def _stop_all(self) -> None:
        living = [child.process for child in self.children if child.process is not None]
        for process in living:
            signal_process(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in living:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            signal_group(process.pid, signal.SIGKILL)  # whatever would not go, or was left behind


def _cause(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"


def signal_process(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
