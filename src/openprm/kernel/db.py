"""Small help for SQL that an ORM cannot say."""

from typing import Any

from django.db import connection


def rows(sql: str, params: list[Any] | dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows of one statement as dictionaries, in the running transaction and scope."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def value(sql: str, params: list[Any] | None = None) -> Any:
    """The first column of the first row, or None."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return row[0] if row else None
