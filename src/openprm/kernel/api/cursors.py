"""Cursor pages: newest first on (created_at, id), so that rows added meanwhile move nothing.

A cursor is opaque to callers: it holds the last row's key, and a changed one is refused by name.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid

DEFAULT_LIMIT = 50
MAX_LIMIT = 200

T = TypeVar("T")
Key = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page of rows, and the cursor of the next one, None on the last."""

    items: list[T]
    next_cursor: str | None


class BadCursor(Invalid):
    def default_message(self) -> str:
        return _("This cursor is not one that the API gave. Start again without a cursor.")


def encode_cursor(at: datetime, row_id: UUID) -> str:
    text = json.dumps([at.astimezone(UTC).isoformat(), str(row_id)], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> Key:
    """The key inside a cursor. Raises BadCursor."""
    try:
        at, row_id = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("a cursor carries its zone")
        return moment, UUID(row_id)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise BadCursor(field="cursor") from None


def paginate(rows: QuerySet | Sequence[T], cursor: str | None = None, limit: int = DEFAULT_LIMIT, *, key: Callable[[Any], Key] | None = None) -> Slice:
    """The page of `rows` after `cursor`, newest first.

    A queryset is read with one query of limit + 1 rows; a sequence must already be sorted
    by (created_at, id) descending, or by what `key` gives. The limit is cut to MAX_LIMIT.
    """
    key = key or key_of
    limit = max(1, min(limit, MAX_LIMIT))
    after = decode_cursor(cursor) if cursor else None
    window = _window_of_queryset(rows, after, limit) if isinstance(rows, QuerySet) else _window_of_sequence(rows, after, limit, key)
    items = window[:limit]
    has_more = len(window) > limit
    return Slice(items=items, next_cursor=encode_cursor(*key(items[-1])) if has_more else None)


def key_of(row: Any) -> Key:
    return row.created_at, row.id


def _window_of_queryset(rows: QuerySet, after: Key | None, limit: int) -> list[Any]:
    ordered = rows.order_by("-created_at", "-id")
    if after:
        # A row comparison is one index range; the OR that Django would write is not.
        ordered = ordered.extra(where=[_row_comparison(rows)], params=list(after))  # noqa: S610  the table name is the model's own
    return list(ordered[: limit + 1])


def _row_comparison(rows: QuerySet) -> str:
    table = rows.model._meta.db_table
    return f'("{table}"."created_at", "{table}"."id") < (%s, %s)'


def _window_of_sequence(rows: Sequence[T], after: Key | None, limit: int, key: Callable[[T], Key]) -> list[T]:
    rest = [row for row in rows if after is None or key(row) < after]
    return rest[: limit + 1]
