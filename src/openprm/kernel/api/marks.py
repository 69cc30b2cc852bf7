"""What an operation declares about itself; the pipeline acts on it and the schema documents it."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def needs(permission: str) -> Callable[[View], View]:
    """Mark an operation with the permission it needs; the token scope it needs follows from that."""

    def mark(view: View) -> View:
        view.openprm_permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def idempotent(view: View) -> View:
    """Mark a write whose answer is replayed when its `Idempotency-Key` comes again."""
    view.openprm_idempotent = True  # type: ignore[attr-defined]
    return view


def question(view: View) -> View:
    """Mark a POST that only asks: it changes nothing, so that nothing is kept of it, and it may be sent again at any time."""
    view.openprm_question = True  # type: ignore[attr-defined]
    return view


def updates(view: View) -> View:
    """Mark an operation that calls `require_match`, so that the schema asks for If-Match."""
    view.openprm_if_match = True  # type: ignore[attr-defined]
    return view


def permission_of(view: Callable[..., Any]) -> str | None:
    return getattr(view, "openprm_permission", None)


def is_idempotent(view: Callable[..., Any]) -> bool:
    return getattr(view, "openprm_idempotent", False)


def is_question(view: Callable[..., Any]) -> bool:
    return getattr(view, "openprm_question", False)


def needs_match(view: Callable[..., Any]) -> bool:
    return getattr(view, "openprm_if_match", False)
