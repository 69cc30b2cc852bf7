"""What incentives do. Import this package; its modules are its own business."""

from .plans import PlanStarted, announce_published, change_plan, create_plan, discard_draft, end_plan, publish_plan, save_terms
from .usage import Booked, MonthClosed, MonthNotOver, SharesExceedCap, UsageReport, close_month, report_usage, set_share

__all__ = [
    "Booked",
    "MonthClosed",
    "MonthNotOver",
    "PlanStarted",
    "SharesExceedCap",
    "UsageReport",
    "announce_published",
    "change_plan",
    "close_month",
    "create_plan",
    "discard_draft",
    "end_plan",
    "publish_plan",
    "report_usage",
    "save_terms",
    "set_share",
]  # fmt: skip
