"""One KPI on given facts: the expression is asked, the rows are made into a number."""

from collections.abc import Callable
from typing import Any

import ibis

from openprm.analytics.session import plain_rows as asked_rows
from openprm.kpis.definitions.facts import Facts
from openprm.kpis.definitions.kinds import Kpi
from openprm.kpis.rules.outcomes import Outcome, Why, nothing


def measure(kpi: Kpi, facts: Facts, ask: Callable[[Callable[[], ibis.Table]], list[dict[str, Any]]] | None = None) -> Outcome:
    """Only for a KPI that can be measured (`registry.missing` says nothing). `ask` gives the rows of the expression that is made for it."""
    if not kpi.by_segment and not facts.segment.is_all:
        return nothing(Why.SEGMENT)
    rows = ask(lambda: kpi.expression(facts)) if ask else asked_rows(kpi.expression(facts))  # type: ignore[misc]
    return kpi.finish(rows, facts)  # type: ignore[misc]


def rows_of(kpi: Kpi, facts: Facts, most: int) -> list[dict[str, Any]]:
    """The rows a number stands on, at most `most` of them."""
    if kpi.rows is None or (not kpi.by_segment and not facts.segment.is_all):
        return []
    return asked_rows(kpi.rows(facts).limit(most))
