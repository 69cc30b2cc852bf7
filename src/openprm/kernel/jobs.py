"""Queue entry points. A job takes ids and plain values, runs in the system's scope, and is safe to run twice."""

import inspect
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as queue
from procrastinate.jobs import Job as QueuedJob

from openprm.kernel.clock import now
from openprm.kernel.scope import system_scope

RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@dataclass(frozen=True, eq=False)
class Job:
    """A function the worker can run. Call it directly in tests; `defer` it in this transaction elsewhere."""

    func: Callable[..., Any]
    name: str
    queue: str = "default"
    every: str | None = None
    lock: str | None = None
    hints: dict[str, Any] = field(default_factory=dict)

    def __call__(self, **kwargs: Any) -> Any:
        return self.func(**kwargs)

    def defer(self, **kwargs: Any) -> None:
        defer_all([(self, {name: encode(value) for name, value in kwargs.items()})])

    def run(self, payload: dict[str, Any]) -> Any:
        """Run as the worker does: decode, open the system's scope, fill in `at` when it was not sent."""
        arguments = {name: decode(self.hints.get(name, Any), value) for name, value in payload.items()}
        if "at" in self.hints and "at" not in arguments:
            arguments["at"] = now()
        with system_scope():
            return self.func(**arguments)


def job(*, name: str, queue: str = "default", every: str | None = None, lock: str | None = None) -> Callable[[Callable[..., Any]], Job]:
    """Make a queue job. `every` is a cron line for periodic work; `lock` lets only one of its kind run at a time."""

    def make(func: Callable[..., Any]) -> Job:
        made = Job(func=func, name=name, queue=queue, every=every, lock=lock, hints=_hints(func))
        made.__dict__["__doc__"] = func.__doc__
        return made

    return make


def _hints(func: Callable[..., Any]) -> dict[str, Any]:
    hints = get_type_hints(func)
    return {name: hints.get(name, Any) for name in inspect.signature(func).parameters}


_wanted: ContextVar[Callable[[str], bool] | None] = ContextVar("wanted_jobs", default=None)


@contextmanager
def only(wanted: Callable[[str], bool]) -> Iterator[None]:
    """Queue no job inside but those whose name is wanted: for a history that is played, whose news nobody waits for."""
    token = _wanted.set(wanted)
    try:
        yield
    finally:
        _wanted.reset(token)


def defer_all(work: Iterable[tuple[Job, dict[str, Any]]]) -> None:
    """Queue several jobs in one round trip, inside the running transaction."""
    wanted = _wanted.get()
    jobs = [
        QueuedJob(id=None, queue=job.queue, lock=job.lock, queueing_lock=None, task_name=job.name, task_kwargs=payload, priority=0)
        for job, payload in work
        if wanted is None or wanted(job.name)
    ]
    if jobs:
        connection.ensure_connection()
        queue.job_manager.batch_defer_jobs(jobs)


def register(app: Any) -> None:
    """Tell the queue library of every contributed job; called once, when the applications are ready."""
    from openprm.kernel.registry import registry

    for made in registry.jobs():
        task = app.task(name=made.name, queue=made.queue, lock=made.lock, retry=RETRY)(_runner(made))
        if made.every:
            app.periodic(cron=made.every, periodic_id=made.name)(task)


def _runner(made: Job) -> Callable[..., Any]:
    def run(timestamp: int | None = None, **payload: Any) -> None:
        made.run(payload)

    return run


def encode(value: Any) -> Any:
    """A value as JSON can carry it: ids, dates and decimals as text, tuples as lists."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list | set | frozenset):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return value


def decode(hint: Any, value: Any) -> Any:
    """What `encode` wrote, back in the type that the function's annotation names."""
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = [part for part in get_args(hint) if part is not type(None)]
        return decode(inner[0], value) if len(inner) == 1 else value
    if origin in (tuple, list):
        item = (get_args(hint) or (Any,))[0]
        return origin(decode(item, part) for part in value)
    if hint in (UUID, Decimal):
        return hint(value)
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value
