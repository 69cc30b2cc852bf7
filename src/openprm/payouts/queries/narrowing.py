"""Lists that are computed and not stored (what is due, who is a payee): searched, filtered, sorted and cut into pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from openprm.payouts.queries.results import DueRow, PayeeRow
from openprm.ui.paging import PageRequest, Position, Slice, encode

DUE_SORTS: Mapping[str, Callable[[DueRow], Any]] = {
    "partner": lambda row: row.partner.casefold(), "amount": lambda row: row.money.minor, "lines": lambda row: row.lines,
    "since": lambda row: row.since, "state": lambda row: row.state,
}  # fmt: skip
PAYEE_SORTS: Mapping[str, Callable[[PayeeRow], Any]] = {
    "partner": lambda row: row.partner.casefold(), "country": lambda row: row.country, "state": lambda row: (-row.waiting, row.state, row.partner.casefold()),
    "since": lambda row: row.since,
}  # fmt: skip


def narrowed_due(rows: Iterable[DueRow], search: str, filters: Mapping[str, Any]) -> list[DueRow]:
    """Rows of the desk that fit all filters: `state`, `currency` and `source` each hold one of several values."""
    found = [row for row in rows if _has(search, row.partner) and _one_of(filters, "state", row.state) and _one_of(filters, "currency", row.money.currency)]
    wanted = filters.get("source")
    return [row for row in found if set(row.source_codes) & set(wanted)] if wanted else found


def narrowed_payees(rows: Iterable[PayeeRow], search: str, filters: Mapping[str, Any]) -> list[PayeeRow]:
    return [row for row in rows if _has(search, row.partner) and _one_of(filters, "state", row.state) and _one_of(filters, "country", row.country)]


def ordered(rows: Iterable[Any], page: PageRequest, sorts: Mapping[str, Callable[[Any], Any]]) -> list[Any]:
    """All rows in the order that was asked for."""
    return sorted(rows, key=sorts[page.sort], reverse=page.descending)


def sliced(rows: Sequence[Any], page: PageRequest, sorts: Mapping[str, Callable[[Any], Any]]) -> Slice:
    """The asked page of rows that are all in memory; its cursors count places."""
    found, first = ordered(rows, page, sorts), _first(page)
    shown = found[first - 1 : first - 1 + page.limit]
    last = first - 1 + len(shown)
    after = encode(page, Position(None, "", first=last + 1)) if last < len(found) else ""
    before = encode(page, Position(None, "", backward=True, first=first)) if first > 1 and shown else ""
    return Slice(rows=tuple(shown), next_cursor=after, previous_cursor=before, first=first, total=len(found))


def _first(page: PageRequest) -> int:
    if page.position is None:
        return 1
    return max(1, page.position.first - page.limit) if page.position.backward else page.position.first


def _has(search: str, text: str) -> bool:
    return not search or search.casefold() in text.casefold()


def _one_of(filters: Mapping[str, Any], name: str, value: str) -> bool:
    return not filters.get(name) or value in filters[name]
