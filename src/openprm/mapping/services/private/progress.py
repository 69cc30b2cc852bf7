"""How far a job is with a run, told on a connection of its own: the job's transaction shows nothing before it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from uuid import UUID

from django.db import DatabaseError, connection, connections

from openprm.kernel.ids import new_id
from openprm.mapping.engine.psi.cipher import Tell

EVERY_SECONDS = 1.0
_BEGIN = "select set_config('role', 'openprm_vendor', false), set_config('lock_timeout', '200ms', false)"
_WRITE = """
    insert into mapping_psiprogress (id, run_id, done, total, created_at, updated_at) values (%s, %s, %s, %s, now(), now())
    on conflict (run_id) do update set done = excluded.done, total = excluded.total, updated_at = now()"""


@contextmanager
def progress_of(run_id: UUID) -> Iterator[Tell]:
    """What the engine tells is written once a second; it is a courtesy, and the work goes on without it."""
    beside, last = None, monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal beside, last
        if monotonic() - last < EVERY_SECONDS:
            return
        last = monotonic()
        beside = beside or connections[connection.alias].copy()
        try:
            with beside.cursor() as cursor:
                cursor.execute(_BEGIN)
                cursor.execute(_WRITE, [new_id(), run_id, done, total])
        except DatabaseError:
            last = float("inf")

    try:
        yield tell
    finally:
        if beside is not None:
            beside.close()
