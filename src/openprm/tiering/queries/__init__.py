"""Reads of tiering: `from openprm.tiering import queries as tiering`."""

from openprm.tiering.queries.facts import FactSheet
from openprm.tiering.queries.health import health_of
from openprm.tiering.queries.metrics import CURRENCY, STANDARD, MetricView, all_metrics, by_hand, metric
from openprm.tiering.queries.progress import progress_of, vendor_progress_of
from openprm.tiering.queries.results import (
    CriterionView,
    Health,
    HealthItem,
    MoveRow,
    PartnerMove,
    PolicyView,
    Progress,
    StandingRow,
    StepView,
    ValueRow,
    VendorProgress,
)
from openprm.tiering.queries.settings import may, policies_of, policy_view, program_price, values_of
from openprm.tiering.queries.standings import (
    danger_count,
    danger_total,
    export_moves,
    export_standings,
    move,
    move_row,
    moves,
    moves_of,
    newest_moves,
    newest_standings,
    partner_move,
    standing_row,
    standings,
    state_counts,
    to_refresh,
    waiting_count,
    waiting_moves,
)

__all__ = [
    "CriterionView", "FactSheet", "Health", "HealthItem", "MetricView", "MoveRow", "PartnerMove", "PolicyView", "Progress", "CURRENCY", "STANDARD", "StandingRow",
    "StepView", "ValueRow", "VendorProgress", "all_metrics", "by_hand", "danger_count", "danger_total", "export_moves", "export_standings", "health_of",
    "may", "metric", "move", "move_row", "moves", "moves_of", "newest_moves", "newest_standings", "partner_move", "policies_of", "policy_view",
    "program_price", "progress_of", "standing_row", "standings", "state_counts", "to_refresh", "values_of", "vendor_progress_of", "waiting_count",
    "waiting_moves",
]  # fmt: skip
