"""Reads of the KPIs: `from openprm.kpis import queries`."""

from openprm.kpis.definitions.facts import Segment
from openprm.kpis.queries.figures import Asked, Definition, Figure, definition, definitions, figure, figures
from openprm.kpis.queries.history import CostView, Kept, TargetView, costs, history, targets
from openprm.kpis.queries.rows import RowsView, rows
from openprm.kpis.queries.series import Sheet, Span, sheet, trends
from openprm.kpis.queries.stress import stress

__all__ = [
    "Asked",
    "CostView",
    "Definition",
    "Figure",
    "Kept",
    "RowsView",
    "Segment",
    "Sheet",
    "Span",
    "TargetView",
    "costs",
    "definition",
    "definitions",
    "figure",
    "figures",
    "history",
    "rows",
    "sheet",
    "stress",
    "targets",
    "trends",
]
