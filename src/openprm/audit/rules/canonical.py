"""One spelling for every value, so that two programs that hash the same facts get the same hash.

The spelling is RFC 8785 (JSON Canonicalization Scheme) without floating point: keys sorted by UTF-16
code units, no spaces, UTF-8, integers up to 2**53 - 1. Everything else travels as text.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

LARGEST_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """The value has no canonical spelling: a float, an integer beyond 2**53 - 1, a broken character, a foreign type."""


def canonical(value: Any) -> bytes:
    """The canonical JSON of `value` in UTF-8. Raises NotCanonical."""
    try:
        return json.dumps(_ordered(value, "$"), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except UnicodeEncodeError:
        raise NotCanonical("a lone surrogate has no UTF-8 spelling") from None


def _ordered(value: Any, path: str) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise NotCanonical(f"{path}: {value} is beyond 2**53 - 1; send it as text")
        return value
    if isinstance(value, list | tuple):
        return [_ordered(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {key: _ordered(value[key], f"{path}.{key}") for key in sorted(_text_keys(value, path), key=_utf16)}
    raise NotCanonical(f"{path}: {type(value).__name__} has no canonical spelling")


def _text_keys(value: Mapping[Any, Any], path: str) -> list[str]:
    keys = list(value)
    if not all(isinstance(key, str) for key in keys):
        raise NotCanonical(f"{path}: every key must be text")
    return keys


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def stamp(at: datetime) -> str:
    """A moment in UTC with microseconds: "2026-11-23T10:00:00.000000Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> Any:
    """`value` as the log can keep it: what has no canonical spelling becomes text."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_INTEGER else str(value)
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {clean_text(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return clean_text(str(value))


def clean_text(text: str) -> str:
    """`text` without what a database or UTF-8 cannot hold: NUL goes, a lone surrogate becomes U+FFFD."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field -> [old, new] for every field that differs; a field on one side only counts as None on the other."""
    names = sorted(set(before) | set(after))
    pairs = {name: [before.get(name), after.get(name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
