"""Help for the tests of all domains."""

import json

from django.db import connection, transaction

from openprm.kernel.registry import registry


def queued_jobs() -> list[tuple[str, dict]]:
    """The jobs waiting in the queue of this database, oldest first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select task_name, args from procrastinate_jobs where status = 'todo' order by id")
        return [(name, json.loads(payload)) for name, payload in cursor.fetchall()]


def run_queued_jobs(*, only: str | None = None, rounds: int = 10) -> list[str]:
    """Run the queued jobs in this process until the queue is empty; gives the names in the order they ran."""
    jobs = {job.name: job for job in registry.jobs()}
    ran: list[str] = []
    for _round in range(rounds):
        with connection.cursor() as cursor:
            cursor.execute(
                "select id, task_name, args from procrastinate_jobs where status = 'todo' and (%s::text is null or task_name = %s) order by id", [only, only]
            )
            waiting = cursor.fetchall()
            for job_id, _name, _args in waiting:  # as the worker does: of jobs with one lock, one at a time
                cursor.execute("update procrastinate_jobs set status = 'doing' where id = %s", [job_id])
                cursor.execute("update procrastinate_jobs set status = 'succeeded' where id = %s", [job_id])
        if not waiting:
            return ran
        for _job_id, name, payload in waiting:
            if name in jobs:
                jobs[name].run(json.loads(payload))
                ran.append(name)
    raise AssertionError(f"jobs keep queueing jobs after {rounds} rounds; last: {ran[-5:]}")
