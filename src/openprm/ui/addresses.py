"""Query strings as lists of pairs: pure."""

from collections.abc import Iterable
from urllib.parse import urlencode

Pairs = tuple[tuple[str, str], ...]


def query_string(pairs: Iterable[tuple[str, str]]) -> str:
    return urlencode([(name, value) for name, value in pairs if value != ""])


def without(pairs: Pairs, *names: str, value: str | None = None) -> Pairs:
    """The pairs less those of the names (and, when given, only those with that value)."""
    return tuple((name, held) for name, held in pairs if name not in names or (value is not None and held != value))


def with_(pairs: Pairs, **values: str) -> Pairs:
    """The pairs with some names replaced; an empty value takes the name out."""
    return (*without(pairs, *values), *((name, value) for name, value in values.items() if value))


def link(pairs: Iterable[tuple[str, str]]) -> str:
    """A relative address: the same page with this query. "?" alone clears the query."""
    return "?" + query_string(pairs)
