"""The worker: runs queued and periodic jobs, outlives a restart of the database, and takes up what a killed worker left."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from typing import Any

from django.db import close_old_connections
from procrastinate import App, exceptions

from openprm.kernel.clock import now

POLL_SECONDS = 0.5  # retries, and jobs that waited for a lock, are found by polling alone
HEARTBEAT_SECONDS = 5
DEAD_AFTER_SECONDS = 15  # without a heartbeat
RESCUE_EVERY_SECONDS = 5
FINISH_SECONDS = 15
RETRY_DATABASE_SECONDS = 1

log = logging.getLogger(__name__)


def run(*, concurrency: int, once: bool = False, queues: list[str] | None = None) -> None:
    """Work until told to stop by a signal, or with `once` until the queue is empty."""
    asyncio.run(_work(concurrency=concurrency, once=once, queues=queues))


async def _work(*, concurrency: int, once: bool, queues: list[str] | None) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set():
        try:
            await _work_until(stopping, concurrency=concurrency, once=once, queues=queues)
        except exceptions.ConnectorException as error:
            log.warning("The database went away; trying again. (%s)", error)
            await asyncio.sleep(RETRY_DATABASE_SECONDS)
            continue
        if once:
            return


async def _work_until(stopping: asyncio.Event, *, concurrency: int, once: bool, queues: list[str] | None) -> None:
    app = _worker_app()
    async with app.open_async():
        working = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency, wait=not once, queues=queues, fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS, stalled_worker_timeout=DEAD_AFTER_SECONDS,
                shutdown_graceful_timeout=FINISH_SECONDS, install_signal_handlers=False, delete_jobs="successful",
            )
        )  # fmt: skip
        helpers = [asyncio.create_task(_rescue_for_ever(app)), asyncio.create_task(_cancel_when(stopping, working))]
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await working
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)


def _worker_app() -> App:
    """The app that the worker takes jobs with. The jobs themselves keep Django's connection, so that
    what a job queues is part of that job's own transaction."""
    from procrastinate.contrib.django import app

    close_old_connections()
    return app.with_connector(app.connector.get_worker_connector())


async def _cancel_when(stopping: asyncio.Event, working: asyncio.Task[Any]) -> None:
    await stopping.wait()
    working.cancel()  # running jobs may finish for FINISH_SECONDS


async def _rescue_for_ever(app: App) -> None:
    while True:
        with contextlib.suppress(exceptions.ConnectorException):
            await rescue(app)
        await asyncio.sleep(RESCUE_EVERY_SECONDS)


async def rescue(app: App) -> int:
    """Queue again the jobs of workers that died; jobs are safe to run twice. How many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS))
    for job in stalled:
        log.warning("Job %s (%s) was left by a worker that died; it is queued again.", job.id, job.task_name)
        await app.job_manager.retry_job(job, retry_at=now())
    return len(stalled)
