"""Signed keyset cursors of the list engine, as the API's cursors."""

from typing import Any

from openprm.kernel.api.cursors import BadCursor
from openprm.ui.paging import BrokenCursor, PageRequest, decode


def page_request(key: str, *, cursor: str | None, limit: int, sort: str = "-created") -> PageRequest:
    """The asked page. Raises BadCursor for a cursor of another list or order."""
    name = sort.removeprefix("-")
    page = PageRequest(key=f"api.{key}", sort=name, descending=sort.startswith("-"), limit=limit)
    if not cursor:
        return page
    try:
        position: Any = decode(page, cursor)
    except BrokenCursor:
        raise BadCursor(field="cursor") from None
    return PageRequest(key=page.key, sort=name, descending=page.descending, limit=limit, position=position)
