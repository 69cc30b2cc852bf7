"""Reads of earnings: `from openprm.earnings import queries as earnings`."""

from openprm.earnings.queries.asked import (
    OpenedFile,
    Waiting,
    adjustment,
    adjustment_view,
    adjustments,
    alert,
    alerts,
    bounties,
    bounty,
    bounty_views,
    newest_adjustments,
    newest_alerts,
    newest_bounties,
    newest_statements,
    open_bounties,
    open_proof,
    statement,
    statement_row,
    statements,
    waiting,
)
from openprm.earnings.queries.detail import alert_view, earning_for_partner, earning_for_vendor, proof, running_rebates
from openprm.earnings.queries.lists import (
    earnings,
    export_earnings,
    figures,
    listed,
    monthly,
    next_forfeiture,
    of_source,
    payable,
    plan_choices,
    rows_of,
    waiting_count,
)
from openprm.earnings.queries.results import (
    AdjustmentView,
    AlertView,
    BountyView,
    EarnedMonth,
    Figures,
    Filters,
    PartnerDetail,
    PartnerLineRow,
    PayableEarning,
    StatementRow,
    VendorDetail,
    VendorLineRow,
)

__all__ = [
    "AdjustmentView", "AlertView", "BountyView", "EarnedMonth", "Figures", "Filters", "OpenedFile", "PartnerDetail", "PartnerLineRow", "PayableEarning",
    "StatementRow", "VendorDetail", "VendorLineRow", "Waiting", "adjustment", "adjustment_view", "adjustments", "alert", "alert_view", "alerts", "bounties",
    "bounty", "bounty_views", "earning_for_partner", "earning_for_vendor", "earnings", "export_earnings", "figures", "listed", "monthly",
    "newest_adjustments", "newest_alerts", "newest_bounties", "newest_statements", "next_forfeiture", "of_source",
    "open_bounties", "open_proof", "payable", "plan_choices", "proof",
    "rows_of", "running_rebates", "statement", "statement_row", "statements", "waiting", "waiting_count",
]  # fmt: skip
