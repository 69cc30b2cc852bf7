"""The facts that a person may read, for as long as a session is open."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from openprm.analytics.datasets import all_datasets
from openprm.analytics.session import Session, session
from openprm.deals.queries import base_currency
from openprm.funds.queries.assumptions import assumptions
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.kpis.definitions.facts import Facts, Segment
from openprm.kpis.definitions.kinds import Kpi
from openprm.kpis.definitions.measuring import measure
from openprm.kpis.queries import compiled
from openprm.kpis.rules.configuration import Configuration
from openprm.kpis.rules.outcomes import Outcome
from openprm.kpis.rules.windows import Window

MOST_REMEMBERED, MOST_CONTENTS = 5_000, 16


def known_datasets() -> frozenset[str]:
    return frozenset(dataset.name for dataset in all_datasets())


def configuration() -> Configuration:
    """The margin is the one that the vendor assumes for market funds: said once, used twice."""
    with system_scope():
        margin = assumptions()[None].margin_percent
    return Configuration(currency=base_currency(), margin_percent=margin)


class Reading:
    """One state of the asked data sets, that of `as_of`; as many windows and segments over it as wanted.

    What was made of rows is remembered in this process: who asks the same of the same rows, whoever may read them, gets the same.
    """

    def __init__(self, data: Session, setting: Configuration, known: frozenset[str]):
        self._data, self.configuration, self.known, self.as_of = data, setting, known, data.as_of

    def facts(self, kpi: Kpi, window: Window, segment: Segment) -> Facts:
        return Facts(self._data.table, window=window, configuration=self.configuration, segment=segment)

    def measured(self, kpi: Kpi, window: Window, segment: Segment) -> Outcome:
        key = (kpi.name, window, segment)
        return self.remembered(key, lambda: measure(kpi, self.facts(kpi, window, segment), lambda make: self.asked(key, make)))

    def asked(self, key: Hashable, make: Callable[[], Any]) -> list[dict[str, Any]]:
        """The rows of an expression; the key says all that it depends on beside the configuration."""
        return compiled.asked(self._data, (self.configuration, key), make)

    def remembered(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once for these rows and this configuration. The key says all that it depends on beside them; it is not changed later."""
        if not self._data.content:
            return make()
        whole = (self.configuration, key)
        with _memory.of(self._data.content) as kept:
            if whole in kept:
                return kept[whole]
        made = make()
        with _memory.of(self._data.content) as kept:
            if len(kept) < MOST_REMEMBERED:
                kept[whole] = made
        return made


class _Memory:
    """What is remembered of some sets of rows; those that were asked last stay."""

    def __init__(self) -> None:
        self._lock, self._kept = Lock(), OrderedDict[str, dict[Hashable, Any]]()

    @contextmanager
    def of(self, content: str) -> Iterator[dict[Hashable, Any]]:
        with self._lock:
            found = self._kept.setdefault(content, {})
            self._kept.move_to_end(content)
            while len(self._kept) > MOST_CONTENTS:
                self._kept.popitem(last=False)
            yield found

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


_memory = _Memory()


def forget() -> None:
    """Begin with nothing remembered."""
    _memory.clear()


@contextmanager
def reading(actor: Actor, kpis: Iterable[Kpi], *more: str) -> Iterator[Reading]:
    """Opens what these KPIs need and somebody contributes, once. Inside `scope(actor)`."""
    known = known_datasets()
    asked = {name for kpi in kpis for name in kpi.needs} | set(more)
    with session(actor=actor, datasets=sorted(asked & known)) as data:
        yield Reading(data, configuration(), known)
