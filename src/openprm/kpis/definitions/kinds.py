"""What a KPI is: said once, read by the pages, the API, the exports, the packs and the command."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import ibis

from openprm.kpis.definitions.facts import Facts
from openprm.kpis.rules.outcomes import Outcome

Unit = Literal["money", "money_per_day", "percent", "points", "ratio", "days", "hours", "count", "index"]
Rows = Sequence[dict[str, Any]]
Group = Literal["revenue", "profit", "partners", "deals", "leads", "money", "experience"]
RowKind = Literal["deal", "registration", "offer", "referral", "partner", "allocation", "claim", "line", "payout", "clock", "customer", "overlap", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """`expression` asks the facts (an Ibis expression, so any engine answers it), `finish` makes the number of its rows, `rows` is the drill-down.

    A number with `missing` is of facts that no room keeps: it has no expression and says what is missing.
    `direction` is where better lies; `by_segment` False when a part of the partners has no such number; `for_partners` when a partner has it of itself.
    """

    name: str
    group: Group
    label: Any
    unit: Unit
    formula: Any
    source: str
    edge_cases: tuple[Any, ...]
    direction: Literal["up", "down", "none"]
    needs: tuple[str, ...] = ()
    expression: Callable[[Facts], ibis.Table] | None = None
    finish: Callable[[Rows, Facts], Outcome] | None = None
    rows: Callable[[Facts], ibis.Table] | None = None
    row_kind: RowKind = "none"
    missing: Any = ""
    by_segment: bool = True
    for_partners: bool = False
    additive: bool = True
