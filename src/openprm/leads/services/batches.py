"""Writing many rows of one table by one statement with one value: a fraction of the work of a placeholder for each cell."""

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models import Model

from openprm.kernel.clock import now

MOMENTS = frozenset({"created_at", "updated_at"})


def insert_all(rows: Sequence[Model]) -> None:
    """Insert new rows of one model, in the running transaction. Constraints, triggers and row-level security hold as ever."""
    if not rows:
        return
    fields = rows[0]._meta.concrete_fields
    names = ", ".join(field.column for field in fields)
    shape = ", ".join(f"{field.column} {field.db_type(connection)}" for field in fields)
    moment = now()
    cells = [{field.column: moment if field.column in MOMENTS else getattr(row, field.attname) for field in fields} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {rows[0]._meta.db_table} ({names}) select {names} from jsonb_to_recordset(%s::jsonb) as r({shape})",  # noqa: S608  names of our own
            [json.dumps(cells, default=str)],
        )
    for row in rows:
        row._state.adding = False
