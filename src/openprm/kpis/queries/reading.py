"""The facts that a person may read, for as long as a session is open."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from openprm.analytics.datasets import all_datasets
from openprm.analytics.session import session
from openprm.deals.queries import base_currency
from openprm.funds.queries.assumptions import assumptions
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.kpis.definitions.facts import Facts, Segment
from openprm.kpis.definitions.kinds import Kpi
from openprm.kpis.rules.configuration import Configuration
from openprm.kpis.rules.windows import Window


def known_datasets() -> frozenset[str]:
    return frozenset(dataset.name for dataset in all_datasets())


def configuration() -> Configuration:
    """The margin is the one that the vendor assumes for market funds: said once, used twice."""
    with system_scope():
        margin = assumptions()[None].margin_percent
    return Configuration(currency=base_currency(), margin_percent=margin)


class Reading:
    """One copy of the asked data sets; as many windows and segments over it as wanted."""

    def __init__(self, tables, setting: Configuration, known: frozenset[str]):
        self._tables, self.configuration, self.known = tables, setting, known

    def facts(self, kpi: Kpi, window: Window, segment: Segment) -> Facts:
        return Facts(self._tables, window=window, configuration=self.configuration, segment=segment)


@contextmanager
def reading(actor: Actor, kpis: Iterable[Kpi], *more: str) -> Iterator[Reading]:
    """Loads what these KPIs need and somebody contributes, once. Inside `scope(actor)`."""
    known = known_datasets()
    asked = {name for kpi in kpis for name in kpi.needs} | set(more)
    with session(actor=actor, datasets=sorted(asked & known)) as data:
        yield Reading(data.table, configuration(), known)
