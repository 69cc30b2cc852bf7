"""File locks between processes. The kernel drops them when a process dies, so none is ever stale."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the file for ourselves, waiting for whoever has it."""
    handle = open_lock(path)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)  # said aloud: a fork in another thread may share the descriptor
        os.close(handle)


def take_shared(path: Path) -> int:
    """A descriptor that shares the file with every other user until it is closed."""
    handle = open_lock(path)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def try_exclusive(path: Path) -> int | None:
    """A descriptor that has the file alone, or None while anybody else uses it.

    Always through a new descriptor: a forked child shares its parent's, and raising that one from
    shared to exclusive would wait for ever on itself.
    """
    handle = open_lock(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
