"""`openprm worker`."""

from __future__ import annotations

import click

from openprm.config import environment as environments
from openprm.config.commands.runtime import start_django
from openprm.config.processes import die_with_parent


@click.command()
@click.option("--jobs", type=click.IntRange(1, 64), help="How many jobs run at the same time [OPENPRM_JOB_WORKERS].")
@click.option("--queue", "queues", multiple=True, help="Only jobs of this queue; may be given more than once.")
@click.option("--once", is_flag=True, help="Stop when the queue is empty.")
@click.option("--with-parent", is_flag=True, hidden=True)
def worker(jobs: int | None, queues: tuple[str, ...], once: bool, with_parent: bool) -> None:
    """Run the queued and the periodic jobs until stopped."""
    if with_parent:
        die_with_parent()
    environment = environments.load()
    start_django()
    from openprm.config import jobs as running

    click.echo("The worker is ready.", err=True)
    running.run(concurrency=jobs or environment.job_workers, once=once, queues=list(queues) or None)
