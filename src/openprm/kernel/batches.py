"""Writing many rows of one table by one statement with one value: no model is built, and there is no placeholder for each cell."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from openprm.kernel.clock import now

MOMENTS = frozenset({"created_at", "updated_at"})


def insert_all(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows given by attribute name, in the running transaction; what a row leaves out has the model's default.

    Constraints, triggers and row-level security hold as ever.
    """
    if not rows:
        return
    fields = model._meta.concrete_fields
    names = ", ".join(field.column for field in fields)
    shape = ", ".join(f"{field.column} {field.db_type(connection)}" for field in fields)
    moment = now()
    given = frozenset(rows[0])
    left_out = [field for field in fields if field.attname not in given]
    cells = [{**{field.column: _default(field, moment) for field in left_out}, **row} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {model._meta.db_table} ({names}) select {names} from jsonb_to_recordset(%s::jsonb) as r({shape})",  # noqa: S608  names of our own
            [json.dumps(cells, default=_spelled)],
        )


def _spelled(value: Any) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _default(field: Field, moment: Any) -> Any:
    return moment if field.column in MOMENTS else field.get_default()
