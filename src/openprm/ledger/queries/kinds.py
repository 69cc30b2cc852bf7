"""The kinds of accounts and of entries, as all rooms declare them."""

from functools import cache
from typing import Any
from uuid import UUID

from openprm.kernel.registry import registry
from openprm.ledger.ports import AccountKind


@cache
def kinds() -> dict[str, AccountKind]:
    """Every kind of account by its code, in the order of the rooms."""
    return {kind.code: kind for kind in registry.filling("ledger.account_kinds")}


def title_of(code: str) -> str:
    """The words for a kind of account; the code itself where its room is gone."""
    kind = kinds().get(code)
    return str(kind.title) if kind else code


@cache
def _entry_kinds() -> dict[str, Any]:
    return {code: (label, source) for source in registry.filling("ledger.entry_kinds") for code, label in source.labels.items()}


def entry_label(kind: str) -> str:
    """The words for a kind of entry; made from its code where no room named it."""
    named = _entry_kinds().get(kind)
    return str(named[0]) if named else kind.replace(".", ": ").replace("_", " ").capitalize()


def entry_kinds() -> dict[str, str]:
    return {code: str(label) for code, (label, _source) in _entry_kinds().items()}


def url_of(kind: str, about: UUID | None) -> str:
    """Where what an entry is about can be looked at, or nothing."""
    named = _entry_kinds().get(kind)
    return named[1].url(kind=kind, about=about) if named and about else ""
