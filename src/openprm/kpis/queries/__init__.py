"""Reads of the KPIs: `from openprm.kpis import queries`."""

from openprm.kpis.definitions.facts import Segment
from openprm.kpis.queries.aims import TargetFor, targets_for
from openprm.kpis.queries.figures import Asked, Definition, Figure, definition, definitions, figure, figures
from openprm.kpis.queries.history import (
    CostView,
    Kept,
    TargetView,
    cost,
    costs,
    costs_by_external_ids,
    history,
    imported_costs,
    target,
    target_from_words,
    target_in_words,
    targets,
)
from openprm.kpis.queries.labels import FACTS as LABEL_FACTS
from openprm.kpis.queries.labels import LabelState, LabelView, absolute, labels, public_label, public_labels
from openprm.kpis.queries.pack import pack
from openprm.kpis.queries.packs import FORMS, PackFile, PackView, get_pack, open_pack, packs
from openprm.kpis.queries.rows import RowsView, rows
from openprm.kpis.queries.segments import PARTS as SEGMENT_PARTS
from openprm.kpis.queries.segments import parts_of, segment_choices, segment_of, segment_words
from openprm.kpis.queries.series import Sheet, Span, sheet, trends
from openprm.kpis.queries.stress import Standing, standing, stress

__all__ = [
    "FORMS",
    "LABEL_FACTS",
    "SEGMENT_PARTS",
    "Asked",
    "CostView",
    "Definition",
    "Figure",
    "Kept",
    "LabelState",
    "LabelView",
    "PackFile",
    "PackView",
    "RowsView",
    "Segment",
    "Sheet",
    "Span",
    "Standing",
    "TargetFor",
    "TargetView",
    "absolute",
    "cost",
    "costs",
    "costs_by_external_ids",
    "definition",
    "definitions",
    "figure",
    "figures",
    "get_pack",
    "history",
    "imported_costs",
    "labels",
    "open_pack",
    "pack",
    "packs",
    "parts_of",
    "public_label",
    "public_labels",
    "rows",
    "segment_choices",
    "segment_of",
    "segment_words",
    "sheet",
    "standing",
    "stress",
    "target",
    "target_from_words",
    "target_in_words",
    "targets",
    "targets_for",
    "trends",
]
