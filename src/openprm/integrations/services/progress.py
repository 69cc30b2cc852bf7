"""How far an import is, told on a connection of its own: the import's transaction shows nothing until it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from uuid import UUID

from django.db import DatabaseError, connections

EVERY_SECONDS = 0.5
_BEGIN = "select set_config('role', 'openprm_vendor', false), set_config('lock_timeout', '200ms', false)"
_FORGET = "delete from integrations_importprogress where import_id = %s"
_WRITE = """
    insert into integrations_importprogress (import_id, done, total, stage, updated_at) values (%s, %s, %s, %s, now())
    on conflict (import_id) do update set done = excluded.done, total = excluded.total, stage = excluded.stage, updated_at = now()"""


class Progress:
    """Counts rows and writes the count at most twice a second."""

    def __init__(self, import_id: UUID, total: int, connection: object | None):
        self.import_id, self.total, self.connection = import_id, total, connection
        self.done, self.stage, self.written_at = 0, "", 0.0

    def stage_is(self, stage: str) -> None:
        self.stage = stage
        self._write()

    def tick(self, rows: int) -> None:
        self.done += rows
        if monotonic() - self.written_at > EVERY_SECONDS:
            self._write()

    def _write(self) -> None:
        self.written_at = monotonic()
        self._say(_WRITE, [self.import_id, min(self.done, self.total), self.total, self.stage[:80]])

    def forget(self) -> None:
        self._say(_FORGET, [self.import_id])

    def _say(self, statement: str, values: list[object]) -> None:
        if self.connection is None:
            return
        try:
            with self.connection.cursor() as cursor:  # type: ignore[attr-defined]
                cursor.execute(_BEGIN)
                cursor.execute(statement, values)
        except DatabaseError:
            self.connection = None  # a count is a courtesy: the import goes on without it, and never waits for it


@contextmanager
def progress_of(import_id: UUID, total: int, *, is_shown: bool) -> Iterator[Progress]:
    """A progress that others can read while it moves; a silent one when nobody looks (the command line)."""
    if not is_shown:
        yield Progress(import_id, total, None)
        return
    beside = connections["default"].copy()
    progress = Progress(import_id, total, beside)
    try:
        yield progress
    finally:
        progress.forget()
        beside.close()
