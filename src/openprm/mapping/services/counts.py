"""Telling the database that a list or a comparison has changed much, so that it plans the pages by what is there now."""

from django.db import connection

MANY = 5_000


def take_counts(moved: int) -> None:
    """After so many rows were written or deleted in this transaction. Of few nothing is taken; the database does that by itself in time."""
    if moved >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("select mapping_take_counts()")
