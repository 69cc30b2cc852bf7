"""What changes promises: the steps of clocks, and what is published."""

from openprm.promises.services.clocks import cancel, keep, mark_overdue, pause, resume, start, sum_up, warn_due_soon
from openprm.promises.services.publishing import ALWAYS, PublishedMeanwhile, ensure_defaults, publish_hours, publish_target, withdraw_target

__all__ = [
    "ALWAYS", "PublishedMeanwhile", "cancel", "ensure_defaults", "keep", "mark_overdue", "pause", "publish_hours", "publish_target", "resume", "start",
    "sum_up", "warn_due_soon", "withdraw_target",
]  # fmt: skip
