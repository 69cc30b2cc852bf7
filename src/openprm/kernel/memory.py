"""Facts that seldom change, remembered for a moment in each process: published rules, working hours, the vendor's profile.

    TERRITORIES = Remembered("deals.territories")
    rows = TERRITORIES.get(find=lambda: tuple(Territory.objects.all()))
    ...
    TERRITORIES.forget()          # in the service that writes them

A writer forgets at once and remembers nothing more until its transaction has ended, so what was not
committed is never remembered. Another process learns of a change within `SECONDS`. Remember only what
may be that old, never a balance, a protection or a right.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection, transaction

from openprm.kernel.scope import current_actor

SECONDS = 2.0
Fact = TypeVar("Fact")
_everything: "list[Remembered]" = []


class Remembered:
    """One kind of fact, by key. Facts are kept apart by database and by side, as row-level security is."""

    def __init__(self, name: str):
        self.name = name
        self._kept: dict[Any, tuple[float, Any]] = {}
        self._writing = threading.local()
        _everything.append(self)

    def get(self, *, find: Callable[[], Fact], key: Any = None) -> Fact:
        """The remembered fact, or what `find` gives now."""
        if self._is_being_written():
            return find()
        actor = current_actor()
        place = (connection.settings_dict["NAME"], actor.side if actor else None, key)
        until, fact = self._kept.get(place, (0.0, None))
        if until < time.monotonic():
            fact = find()
            self._kept[place] = (time.monotonic() + SECONDS, fact)
        return fact

    def forget(self) -> None:
        """What is remembered may be wrong from here on; call it in the transaction that changes it."""
        self._kept.clear()
        if connection.in_atomic_block:
            self._writing.transaction = _transaction()
            transaction.on_commit(self._kept.clear)

    def drop(self) -> None:
        """Ask again next time. For facts whose writers are many, at the end of a request that wrote."""
        self._kept.clear()

    def _is_being_written(self) -> bool:
        written = getattr(self._writing, "transaction", None)
        return written is not None and written == _transaction()


COUNTS = Remembered("kernel.counts")  # what the navigation counts; a page that writes drops them


def _transaction() -> Any:
    """The identity of the running transaction: its outermost block."""
    return connection.atomic_blocks[0] if connection.atomic_blocks else None


def forget_everything() -> None:
    """For tests, whose transactions are rolled back under the feet of what was remembered."""
    for remembered in _everything:
        remembered._kept.clear()
        remembered._writing.transaction = None
