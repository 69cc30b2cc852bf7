"""Reads of incentives. Import this package; its modules are its own business."""

from .conditions import condition_choices, with_conditions
from .plans import (
    PlanPage,
    PlanRow,
    VersionRow,
    draft_id_of,
    export_plans,
    is_published,
    list_plans,
    may,
    newest_plans,
    open_plans,
    plan_page,
    plan_row,
    plan_terms,
    plans_in_force,
)
from .usage import (
    CreditRow,
    LineRow,
    MonthRow,
    ShareRow,
    credits,
    export_credits,
    export_lines,
    list_credits,
    list_lines,
    months,
    newest_credits,
    newest_lines,
    open_month,
    shares,
    usage_line,
)

__all__ = [
    "CreditRow", "LineRow", "MonthRow", "PlanPage", "PlanRow", "ShareRow", "VersionRow", "condition_choices", "credits", "draft_id_of", "export_credits",
    "export_lines", "export_plans", "is_published", "list_credits", "list_lines", "list_plans", "may", "months", "newest_credits", "newest_lines",
    "newest_plans", "open_month", "open_plans", "plan_page", "plan_row", "plan_terms", "plans_in_force", "shares", "usage_line", "with_conditions",
]  # fmt: skip
