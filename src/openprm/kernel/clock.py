"""The only place that reads the clock. Call it at the edge (pages, API, jobs, commands) and pass `at` down."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_stopped: ContextVar[datetime | None] = ContextVar("openprm_clock", default=None)


def now() -> datetime:
    return _stopped.get() or datetime.now(UTC)


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Let it be `at` inside the block: for tests, and for loading a history that happened earlier."""
    token = _stopped.set(at)
    try:
        yield
    finally:
        _stopped.reset(token)
