"""Keyset paging over any queryset: the page after a row, not page number 4,711. Costs the same on row one and a million."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import F, Field, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

COUNT_UP_TO = 1000
Row = TypeVar("Row")
Other = TypeVar("Other")


class BrokenCursor(ValueError):
    """A cursor that this list and this order did not make."""


@dataclass(frozen=True, slots=True)
class Position:
    """Between which rows a page begins: after (or before) the row with this sort value and id; `first` is its ordinal."""

    value: Any
    row_id: str
    backward: bool = False
    first: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Which page of which list: pass it from the page to the query."""

    key: str
    sort: str
    descending: bool = True
    position: Position | None = None
    limit: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice(Generic[Row]):
    """One page of rows. `total` is exact, or the floor when `more_than_total`; None when nobody counted."""

    rows: tuple[Row, ...]
    next_cursor: str = ""
    previous_cursor: str = ""
    first: int = 1
    total: int | None = None
    more_than_total: bool = False

    def map(self, make: Callable[[Row], Other]) -> "Slice[Other]":
        return replace(self, rows=tuple(make(row) for row in self.rows))  # type: ignore[return-value]

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def slice_of(queryset: QuerySet, page: PageRequest, *, order_by: Mapping[str, str], count: bool = True) -> Slice:
    """The asked page. `order_by` maps the list's sort names to field paths; ties are broken by id.

    Two queries: the rows (one more than asked, to know whether a next page exists) and a count that stops at 1,000.
    """
    path = order_by[page.sort]
    order = _Order(path, page.descending, _can_be_null(queryset, path))
    found = list(order.of(queryset, page.position)[: page.limit + 1])
    rows, more = found[: page.limit], len(found) > page.limit
    if page.position and page.position.backward:
        rows.reverse()
    first = _first(page, len(rows))
    total, floor = _count(queryset) if count else (None, False)
    return Slice(rows=tuple(rows), first=first, total=total, more_than_total=floor, **_neighbours(page, rows, more, first))


def _count(queryset: QuerySet) -> tuple[int, bool]:
    counted = queryset.order_by().values("pk")[: COUNT_UP_TO + 1].count()
    return min(counted, COUNT_UP_TO), counted > COUNT_UP_TO


def _first(page: PageRequest, got: int) -> int:
    if page.position is None:
        return 1
    return max(1, page.position.first - got) if page.position.backward else page.position.first


def _neighbours(page: PageRequest, rows: list, more: bool, first: int) -> dict[str, str]:
    """Cursors to the next and the previous page, each empty where there is none."""
    if not rows:
        return {}
    backward = bool(page.position and page.position.backward)
    has_next, has_previous = (True, more) if backward else (more, page.position is not None)
    after = encode(page, _position(rows[-1], first=first + len(rows))) if has_next else ""
    before = encode(page, _position(rows[0], backward=True, first=first)) if has_previous else ""
    return {"next_cursor": after, "previous_cursor": before}


def _position(row: Any, **kwargs: Any) -> Position:
    value, row_id = (row["_sort_value"], row["id"]) if isinstance(row, dict) else (row._sort_value, row.pk)
    return Position(value, str(row_id), **kwargs)


@dataclass(frozen=True, slots=True)
class _Order:
    path: str
    descending: bool
    nullable: bool

    def of(self, queryset: QuerySet, position: Position | None) -> QuerySet:
        descending = self.descending is not bool(position and position.backward)
        nulls = {("nulls_first" if position and position.backward else "nulls_last"): True} if self.nullable else {}
        sort = F(self.path).desc(**nulls) if descending else F(self.path).asc(**nulls)
        ordered = queryset.annotate(_sort_value=F(self.path)).order_by(sort, "-pk" if descending else "pk")
        return ordered.filter(self._beyond(position, descending)) if position else ordered

    def _beyond(self, position: Position, descending: bool) -> Q:
        """The rows past a position in the walking direction. Nulls come last, so walking back they come first."""
        past, path = ("lt" if descending else "gt"), self.path
        null, tie = Q(**{f"{path}__isnull": True}), Q(**{f"pk__{past}": position.row_id})
        if position.value is None:
            return (null & tie) | Q(**{f"{path}__isnull": False}) if position.backward else null & tie
        value = position.value
        beyond = Q(**{f"{path}__{past}e": value}) & (Q(**{f"{path}__{past}": value}) | tie)
        return beyond | null if self.nullable and not position.backward else beyond


def _can_be_null(queryset: QuerySet, path: str) -> bool:
    """Whether a field path can be null. An index cannot serve NULLS LAST on a plain column, so only then is it asked for."""
    model, nullable = queryset.model, False
    if path.split(LOOKUP_SEP)[0] in queryset.query.annotations:
        return True
    for name in path.split(LOOKUP_SEP):
        found: Field = model._meta.pk if name == "pk" else model._meta.get_field(name)  # type: ignore[assignment]
        nullable = nullable or bool(getattr(found, "null", True))
        model = found.related_model or model  # type: ignore[assignment]
    return nullable


# Cursors: signed, so that a hostile one never reaches the database, and bound to list and order.
def encode(page: PageRequest, position: Position) -> str:
    return signing.dumps([*_packed(position.value), position.row_id, position.backward, position.first], salt=_salt(page))


def decode(page: PageRequest, cursor: str) -> Position:
    """The position of a cursor. Raises BrokenCursor."""
    try:
        kind, value, row_id, backward, first = signing.loads(cursor, salt=_salt(page))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BrokenCursor(cursor[:40]) from error
    return Position(_UNPACK[kind](value), row_id, backward, first)


def _salt(page: PageRequest) -> str:
    return f"lists:{page.key}:{page.sort}:{page.descending}"


_UNPACK: dict[str, Callable[[Any], Any]] = {
    "plain": lambda value: value, "moment": datetime.fromisoformat, "date": date.fromisoformat, "decimal": Decimal, "uuid": UUID,
}  # fmt: skip


def _packed(value: Any) -> tuple[str, Any]:
    match value:
        case datetime():
            return "moment", value.isoformat()
        case date():
            return "date", value.isoformat()
        case Decimal():
            return "decimal", str(value)
        case UUID():
            return "uuid", str(value)
    return "plain", value
